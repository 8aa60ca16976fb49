"""What all imports share at the command line: progress while they last, and Ctrl+C."""

from argparse import Namespace
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from models.jobs.steps import Stopped
from tui.console.output import complain, progress, say_json
from tui.console.stopping import STOPPED, stoppable

_REFUSED = 1
R = TypeVar("R")
OnProgress = Callable[[int, int], None] | None


class Brought(Protocol):
    """What a table came to that changes what is here already."""

    @property
    def refusal(self) -> str | None:
        """Why it can't be committed, as a sentence."""

    @property
    def stopped_after(self) -> int | None:
        """How many of its lines are done, when somebody stopped it before its end."""


T = TypeVar("T", bound=Brought)


def came_to(
    asked: Namespace, report: T | None, as_json: Callable[[T], dict[str, Any]], say: Callable[[T], None]
) -> int:
    """Tell what a table came to; the exit code. None was stopped before anything was written."""
    if report is None:
        return STOPPED
    if asked.json:
        say_json(as_json(report))
    else:
        say(report)
    if report.refusal is not None:
        complain(report.refusal)
        return _REFUSED
    return 0 if report.stopped_after is None else STOPPED


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
