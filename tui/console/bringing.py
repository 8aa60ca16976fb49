"""What all imports share at the command line: progress while they last, and Ctrl+C."""

from argparse import Namespace
from collections.abc import Callable
from typing import TypeVar

from models.jobs.steps import Stopped
from tui.console.output import complain, progress
from tui.console.stopping import stoppable

R = TypeVar("R")
OnProgress = Callable[[int, int], None] | None


def brought(asked: Namespace, what: str, bring: Callable[..., R]) -> R | None:
    """What an import came to, whose progress is told under a name.

    None when somebody stopped it before it had written anything: that is said.
    """
    unit = "lines read and written" if asked.commit else "lines read"
    with stoppable() as is_stopped:
        try:
            return bring(
                is_commit=asked.commit,
                on_progress=_until(is_stopped, progress(what, unit=unit)),
                is_stopped=is_stopped,
            )
        except Stopped as stopped:
            complain(str(stopped))
            return None


def _until(is_stopped: Callable[[], bool], tell: OnProgress) -> OnProgress:
    """Progress that is told no more once a stop was asked for."""
    if tell is None:
        return None
    return lambda done, total: None if is_stopped() else tell(done, total)
