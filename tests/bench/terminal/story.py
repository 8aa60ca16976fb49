"""A call from its first key to the last byte of its reply, over a line of 9,600 baud, 300 ms there and back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.terminal.contestants import ASCII, CODE, FULL, LEAN, STOCK_OUTPUT, at_a_desk
from bench.terminal.figures import Figure, Row
from bench.terminal.measuring import started

BYTES_A_SECOND: Final = 960
ROUND_TRIP_SECONDS: Final = 0.3
ANSWER_SECONDS: Final = 2.0
"""Within that each key's answer is to be complete."""
STORY_SECONDS: Final = 15.0
STORY: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("the code is typed", tuple(CODE)),
    ("Enter: the card stands there", ("enter",)),
    ("`r`: what reactivating would do", ("r",)),
    ("Enter: it is done", ("enter",)),
    ("`y`: the reply is copied", ("y",)),
)
"""What is waited for, and the keys that ask for it."""
# On a busy machine a card takes a while to be read.
_SURELY_SECONDS: Final = 0.6
_COLUMNS: Final = (LEAN, FULL, ASCII, STOCK_OUTPUT)


def on_the_line(sent: int) -> float:
    """Seconds until all bytes of an answer are there, of which the program takes none."""
    return ROUND_TRIP_SECONDS + sent / BYTES_A_SECOND


def measure_story(folder: Path, kind: str) -> tuple[list[Row], Sequence[str]]:
    """What is waited at each step, by the bytes; and in lean on a line that really is as slow."""
    taken = {name: _told(folder, name, kind) for name in _COLUMNS}
    rows = []
    for step, (what, _) in enumerate(STORY):
        told = {name: _figure(name, each[step], ANSWER_SECONDS) for name, each in taken.items()}
        rows.append(Row(what, f"{ANSWER_SECONDS:g} s", told))
    sums = {name: _figure(name, sum(each), STORY_SECONDS) for name, each in taken.items()}
    slow = really_waited(folder, kind)
    return [
        *rows,
        Row("all of it", f"{STORY_SECONDS:g} s", sums),
        Row("all of it, measured on such a line", "", {LEAN: _figure(LEAN, slow, STORY_SECONDS)}),
    ], _COLUMNS


def _figure(name: str, seconds: float, goal: float) -> Figure:
    """The goals are for lean, which is chosen for such a line."""
    return Figure(f"{seconds:.1f} s", seconds <= goal or name not in (LEAN, ASCII))


def _told(folder: Path, name: str, kind: str) -> list[float]:
    each = at_a_desk(folder / "story", name)
    line = started(each.words, each.surroundings, kind=kind)
    try:
        return [on_the_line(line.press(*keys, quiet=_SURELY_SECONDS).sent) for _, keys in STORY]
    finally:
        line.close()


def really_waited(folder: Path, kind: str = "modern") -> float:
    """Seconds from the first key to the last byte on a slow line; the way there and back is added for each step."""
    each = at_a_desk(folder / "slow", LEAN)
    line = started(each.words, each.surroundings, kind=kind, bytes_a_second=BYTES_A_SECOND)
    waited = 0.0
    try:
        for _, keys in STORY:
            begun = line.now
            line.type(*keys)
            line.listen(_SURELY_SECONDS, ANSWER_SECONDS)
            waited += line.arrived[-1].at - begun + ROUND_TRIP_SECONDS
    finally:
        line.close()
    return waited
