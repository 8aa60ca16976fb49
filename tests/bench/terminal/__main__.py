"""What giftdesk costs a terminal and its line: bytes and times beside a bare Textual app and curses by hand.

    python3 tests/bench/terminal [--repeat 5] [--readme] [--json FILE]
    python3 tests/bench/terminal --only starts commands --repeat 20
    python3 tests/bench/terminal --only starts --desk ten.db ten.csv

Each program runs in a pseudo-terminal of 80 by 24, all in turn so that what the machine does meanwhile hits all alike,
and its keys are pressed one by one: what each sends until it is silent is counted, and when the last byte came. Bytes
do not vary with the machine; of times only those of one run can be compared. The program in curses draws the pictures
of giftdesk in lean, letter for letter and in the same looks. What misses its goal is bold. Desks that are named are
samples with the codes that `giftdesk sample --codes` keeps; they are only read.
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[3])]

from bench.terminal import running  # noqa: E402

if __name__ == "__main__":
    running.main(sys.argv[1:], __doc__ or "")
