"""How soon something stands there: of programs that are started again and again, in turn.

giftdesk is fully working when it shows a letter that was typed before it was there; the others when they were painted.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pyte
from bench.terminal.contestants import LEAN, PEERS, TABLE, giftdesk
from bench.terminal.figures import Figure, Row, p50, short, size
from bench.terminal.line import COLUMNS, ROWS, Line
from bench.terminal.measuring import run_through, started

PASS: Final = "python -c pass"
HELLO: Final = "Textual's hello"
_PROMPT: Final = re.compile(r"Find")
_TYPED: Final = re.compile(r"Find\W+B\b")

Taken = dict[str, dict[str, list[float]]]
"""Row -> column -> milliseconds, bytes or megabytes of each time."""

_PROMPT_ROW, _READY = "prompt stands", "fully working"
_CPU, _BYTES, _MEMORY = "processor until then", "bytes until then", "memory"


def measure_starts(
    desks: Mapping[str, Sequence[str]], surroundings: Mapping[str, str], times: int, kind: str
) -> tuple[list[Row], list[str]]:
    """The rows and columns of starts: Python alone, Textual's least, the bare app, and giftdesk at some desks."""
    python = sys.executable
    peers = {HELLO: (python, str(PEERS / "hello.py")), TABLE: (python, str(PEERS / "table.py"))}
    taken: Taken = defaultdict(lambda: defaultdict(list))
    for _ in range(times):
        taken[_READY][PASS].append(run_through((python, "-c", "pass"), surroundings)[0])
        for name, words in (peers | dict(desks)).items():
            line = started(words, surroundings, kind=kind)
            _note(taken, name, line, is_ours=name in desks)
            line.close()
        for name, words in desks.items():
            line = Line(words, surroundings, kind=kind)
            line.type("B")
            line.starts()
            taken[_READY][name].append(_seen(line, _TYPED))
            line.close()
    return _rows(taken, list(desks)), [PASS, *peers, *desks]


def _note(taken: Taken, name: str, line: Line, *, is_ours: bool) -> None:
    taken[_CPU][name].append(line.cpu_ms)
    taken[_BYTES][name].append(line.sent)
    taken[_MEMORY][name].append(line.memory_mb)
    if is_ours:
        taken[_PROMPT_ROW][name].append(_seen(line, _PROMPT))
    else:
        taken[_READY][name].append(line.arrived[-1].at * 1000)


def _seen(line: Line, text: re.Pattern[str]) -> float:
    """Milliseconds from the start until a text stands on the screen."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    for each in line.arrived:
        stream.feed(each.sent)
        if any(text.search(row) for row in screen.display):
            return each.at * 1000
    return float("nan")


def _rows(taken: Taken, ours: Sequence[str]) -> list[Row]:
    ready, cpu = taken[_READY], taken[_CPU]
    goals = {
        _PROMPT_ROW: (3 * p50(ready[PASS]), "3 x Python"),
        _READY: (1.35 * p50(ready[HELLO]), "1.35 x hello"),
        _CPU: (1.35 * p50(cpu[HELLO]), "1.35 x hello"),
        _BYTES: (3000, "3 KB"),
        _MEMORY: (1.5 * p50(taken[_MEMORY][TABLE]), "1.5 x the app"),
    }
    rows = []
    for what in (_PROMPT_ROW, _READY, _CPU, _BYTES, _MEMORY):
        most, goal = goals.get(what, (float("inf"), ""))
        told = {
            name: Figure(_in_words(what, p50(values)), name not in ours or p50(values) <= most)
            for name, values in taken[what].items()
        }
        rows.append(Row(what, goal, told))
    return rows


def _in_words(what: str, value: float) -> str:
    if what == _BYTES:
        return size(value)
    return f"{value:.0f} MB" if what == _MEMORY else f"{short(value)} ms"


def measure_commands(place: Path, code: str, surroundings: Mapping[str, str], times: int) -> list[Row]:
    """How long a command takes that draws no screen, beside the import that it can't do without."""
    python = sys.executable
    pairs = (
        ("giftdesk --version", giftdesk("--version"), "import argparse", 3),
        ("giftdesk show CODE", giftdesk("--db", f"sqlite:///{place}", "--as", "sam", "show", code), "import peewee", 2),
    )
    rows = []
    for what, words, beside, most in pairs:
        ours, bare = [], []
        for _ in range(times):
            ours.append(run_through(words, surroundings)[1])
            bare.append(run_through((python, "-c", beside), surroundings)[1])
        ratio = p50(ours) / p50(bare)
        told = f"{short(p50(ours))} ms, {ratio:.1f} x"
        rows.append(Row(what, f"{most} x `{beside}`", {LEAN: Figure(told, ratio <= most)}))
    return rows
