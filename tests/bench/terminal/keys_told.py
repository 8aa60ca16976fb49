"""What the rounds brought, as rows of tables: bytes, which do not vary, and times beside the bare app's."""

from collections.abc import Sequence
from typing import Final

from bench.terminal import acts
from bench.terminal.contestants import ASCII, CURSES, FULL, LEAN, TABLE
from bench.terminal.figures import Figure, Row, p50, p95, pair, short, size
from bench.terminal.line import Answer
from bench.terminal.measuring import Round

_LETTER, _ROW, _DIALOG, _SCREEN, _KEY = 80, 120, 1_200, 3_000, 1_500
GOALS: Final = {
    acts.FIRST_SCREEN: _SCREEN,
    acts.LETTER: _LETTER,
    acts.DIALOG_LETTER: _LETTER,
    acts.OPEN: _DIALOG,
    acts.CLOSE: _KEY,
    acts.DOWN: _ROW,
    acts.SCROLL: _KEY,
    acts.PAGE: _KEY,
    acts.CARD: _SCREEN,
    acts.BACK: _SCREEN,
    acts.FIND: _SCREEN,
    acts.COMMAND: _KEY,
    acts.COMMAND_LETTER: _KEY,
    acts.HELP: _SCREEN,
    acts.WORKLISTS: _SCREEN,
    acts.CASES: _SCREEN,
    acts.WATCH: _KEY,
    acts.PALETTE: _SCREEN,
    acts.REFUSAL: _KEY,
}
"""Event -> how many bytes it may cost in lean; all colours may cost twice as much."""
_OURS: Final = {LEAN: 1, ASCII: 1, FULL: 2}
_TYPING: Final = (acts.LETTER, acts.DIALOG_LETTER)
_MOVING: Final = (acts.DOWN, acts.SCROLL, acts.PAGE)


def bytes_of(rounds: Round) -> list[Row]:
    """What each event costs; a goal is also twice of what curses sends, or 200 bytes more."""
    rows = []
    for event, goal in GOALS.items():
        told = {}
        by_curses = _sent(rounds.samples[CURSES].get(event, ()))
        for name, samples in rounds.samples.items():
            if event in samples:
                most = min(goal, max(2 * by_curses, by_curses + 200)) * _OURS.get(name, 1)
                told[name] = Figure(size(_sent(samples[event])), name not in _OURS or _sent(samples[event]) <= most)
        rows.append(Row(event, size(goal), told))
    return rows


def _sent(answers: Sequence[Answer]) -> float:
    return p50([answer.sent for answer in answers])


def times_of(rounds: Round) -> list[Row]:
    """From key to the last byte that it brings, and what the processor does meanwhile: median and 95th percentile."""
    rows = []
    for what, events in (("typing", _TYPING), ("moving in lists", _MOVING)):
        taken = {name: _last(rounds, name, events) for name in rounds.samples}
        bare = taken[TABLE]
        told = {}
        for name, values in taken.items():
            is_met = p50(values) <= p50(bare) / 3 and p95(values) <= p95(bare) / 4
            told[name] = Figure(pair(values, "ms"), is_met or name not in (LEAN, FULL))
        rows.append(Row(f"key to paint, {what}", "1/3 / 1/4 of the app", told))
        rows.append(Row(f"processor, {what}", "", {name: _cpu(rounds, name, events) for name in rounds.samples}))
    for what, event, most in (("back from a card with Esc", acts.BACK, 20), ("card on screen", acts.CARD, 60)):
        taken = {name: _last(rounds, name, (event,)) for name in rounds.samples}
        told = {
            name: Figure(pair(values, "ms"), p95(values) <= most or name not in (LEAN, FULL))
            for name, values in taken.items()
            if values
        }
        rows.append(Row(what, f"{most} ms", told))
    memory = {name: p50(values) for name, values in rounds.memory_mb.items()}
    allowed = 1.5 * memory[TABLE]
    told = {
        name: Figure(f"{each:.0f} MB", each <= allowed or name not in (LEAN, FULL)) for name, each in memory.items()
    }
    rows.append(Row("memory after all of it", "1.5 x the app", told))
    return rows


def _last(rounds: Round, name: str, events: Sequence[str]) -> list[float]:
    answers = [answer for event in events for answer in rounds.samples[name].get(event, ())]
    return [answer.last_ms for answer in answers if answer.last_ms is not None]


def _cpu(rounds: Round, name: str, events: Sequence[str]) -> Figure:
    return Figure(f"{short(p50([each.cpu_ms for event in events for each in rounds.samples[name].get(event, ())]))} ms")
