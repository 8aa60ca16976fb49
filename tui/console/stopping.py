"""Ctrl+C while a job is at work: first a wish, then an order."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tui.console.output import complain


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """While this lasts, the first Ctrl+C only asks for a stop at the next good moment; a second one ends at once."""
    asked = False

    def ask(*_signal: object) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)
        complain("")
        complain("Stopping. Ctrl+C once more ends at once.")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)
