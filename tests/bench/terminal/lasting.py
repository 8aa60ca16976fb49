"""What goes on for a while: a desk that is left open, and somebody who types without a pause."""

import re
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import pyte
from bench.terminal.contestants import ASCII, CODE, FULL, LEAN, at_a_desk
from bench.terminal.figures import Figure, Row, size
from bench.terminal.line import COLUMNS, ROWS, Line
from bench.terminal.measuring import started

_COLUMNS: Final = (LEAN, FULL, ASCII)
_IDLE_SECONDS: Final = 65.0
"""More than a minute: the countdown goes on once, or twice."""
_MINUTE_BYTES: Final = 120
_APART_SECONDS: Final = 0.5
KEYS_A_SECOND: Final = 50
_WORD: Final = "giftdesk"
_FIELD: Final = re.compile(r"Find\W+(\w+)")


def measure_idle(folder: Path, kind: str) -> tuple[list[Row], Sequence[str]]:
    """What is sent while nobody touches a key, a card with its countdown being open: all programs at once."""
    lines = {}
    for name in _COLUMNS:
        each = at_a_desk(folder / "idle", name)
        lines[name] = started(each.words, each.surroundings, kind=kind)
        lines[name].press(*CODE, "enter")
    begun = {name: len(line.arrived) for name, line in lines.items()}
    until = time.monotonic() + _IDLE_SECONDS
    while time.monotonic() < until:
        for line in lines.values():
            line.listen_for(0.05)
    minutes = {name: list(_bursts(line, begun[name])) for name, line in lines.items()}
    for line in lines.values():
        line.close()
    return [
        Row("left open, between the minutes", "0 B", {name: _between(each) for name, each in minutes.items()}),
        Row("a minute of the countdown", size(_MINUTE_BYTES), {name: _at_most(each) for name, each in minutes.items()}),
    ], _COLUMNS


def _between(minutes: Sequence[int]) -> Figure:
    """Of a little more than a minute, two at the most begin."""
    return Figure("0 B" if len(minutes) <= 2 else f"{len(minutes)} times something", len(minutes) <= 2)


def _at_most(minutes: Sequence[int]) -> Figure:
    most = max(minutes, default=0)
    return Figure(size(most), 0 < most <= _MINUTE_BYTES)


def _bursts(line: Line, begun: int) -> Iterator[int]:
    """The bytes that came together, each time that some did."""
    last, sent = float("-inf"), 0
    for each in line.arrived[begun:]:
        if each.at - last > _APART_SECONDS and sent:
            yield sent
            sent = 0
        last, sent = each.at, sent + len(each.sent)
    if sent:
        yield sent


def measure_burst(folder: Path, kind: str, seconds: float) -> tuple[list[Row], Sequence[str]]:
    """How many of many keys are lost that are typed into the search field, which looks for each."""
    each = at_a_desk(folder / "burst", LEAN)
    line = started(each.words, each.surroundings, kind=kind)
    try:
        line.press(*_WORD)
        keys = list(islice(cycle([*"0123456789", *("backspace",) * 10]), int(seconds * KEYS_A_SECOND) // 20 * 20))
        begun = line.now
        for number, key in enumerate(keys, 1):
            line.type(key)
            line.listen_for(begun + number / KEYS_A_SECOND - line.now)
        line.listen(1.0, 10)
        lost = abs(len(_typed(line)) - len(_WORD))
    finally:
        line.close()
    told = Figure(f"{lost} of {len(keys):,}", not lost)
    return [Row(f"keys lost, {KEYS_A_SECOND} a second", "none", {LEAN: told})], (LEAN,)


def _typed(line: Line) -> str:
    """What stands in the search field."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    for each in line.arrived:
        stream.feed(each.sent)
    found = next(filter(None, map(_FIELD.search, screen.display)), None)
    return found[1] if found else ""
