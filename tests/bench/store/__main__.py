"""How fast the store is at any size: each goal beside the bare engine, measured in one run.

    python3 tests/bench/store [--cards 1000000] [--folder DIR]
    python3 tests/bench/store --desk one.db one.csv --desk ten.db ten.csv --only look-ups worklists
    python3 tests/bench/store --desk 'postgresql://desk@/ten?host=/run/postgresql' ten.csv --only look-ups worklists
    python3 tests/bench/store load sample.db 'postgresql://desk@/ten?host=/run/postgresql'
    python3 tests/bench/store soak --desks 100 --minutes 10 --server

Takes sample desks with the codes that `giftdesk sample --codes` keeps, or makes one, and prints a table: median and
99th percentile of ours and, in brackets, the latter of the bare engine. What misses its goal is bold. Figures hold for
the machine and the hour; what can be compared are the columns of one run. On a machine that does other work meanwhile,
--tries 3 counts the shortest of three for each look-up, and --cpu takes the processor's time in place of the wall's;
tills are always timed on the wall. `load` makes a desk on a server of a sample's file; `soak`
lets many desks work on one store for minutes.
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[3])]

from bench.store import loading, running, soak  # noqa: E402

if __name__ == "__main__":
    if sys.argv[1:2] == ["load"]:
        loading.main(sys.argv[2:])
    elif sys.argv[1:2] == ["soak"]:
        soak.main(sys.argv[2:])
    else:
        running.main(sys.argv[1:], __doc__ or "")
