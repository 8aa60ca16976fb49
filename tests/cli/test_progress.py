"""How far a job is: told on a terminal, in place, and kept from files and pipes."""

import io
import sys
from dataclasses import dataclass

import pytest

from models.clock import Stopwatch
from tui.console.output import pace, progress


class Terminal(io.StringIO):
    """A standard error that somebody watches."""

    def isatty(self) -> bool:
        return True


@dataclass
class Timed(Stopwatch):
    """A stopwatch that shows what a test says."""

    shown: float = 0

    def seconds(self) -> float:
        return self.shown


def watched(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Somebody watches standard error."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def test_the_watcher_sees_how_far_how_fast_and_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line that is written over, and ends when the job does."""
    terminal, watch = watched(monkeypatch), Timed()
    tell = progress("Expiry run", watch)
    assert tell is not None
    watch.shown = 4
    tell(20_000, 1_000_000)
    watch.shown = 200
    tell(1_000_000, 1_000_000)
    first, second = terminal.getvalue().split("\r")[1:]
    assert first == "Expiry run: 20,000 of 1,000,000 cards, 5,000 a second, 3 min 16 s left"
    assert second.rstrip(" \n") == "Expiry run: 1,000,000 of 1,000,000 cards, 5,000 a second"
    assert len(second.rstrip("\n")) == len(first)
    assert second.endswith("\n")


def test_a_slow_line_is_not_flooded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand steps in one second are a handful of writes."""
    terminal, watch = watched(monkeypatch), Timed()
    tell = progress("Verification", watch)
    assert tell is not None
    for step in range(1_000):
        watch.shown = step / 1_000
        tell(step, 5_000)
    assert terminal.getvalue().count("\r") == 3


def test_nobody_watches_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cron collects has no such lines in it."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert progress("Import") is None


@pytest.mark.parametrize(
    ("done", "seconds", "told"),
    [
        (0, 5, ""),
        (500, 0.5, ""),
        (500, 10, ", 50 a second, 10 s left"),
        (10, 1_000, ", 0 a second, 27 h 30 min left"),
        (1_000, 10, ", 100 a second"),
    ],
)
def test_the_pace_is_told_when_it_can_be_known(done: int, seconds: float, told: str) -> None:
    """Nothing in the first second, no time left at the end."""
    assert pace(done, 1_000, seconds) == told
