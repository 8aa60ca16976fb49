"""Into the full-screen desk: the only place of the command line that brings Textual in, and only on a terminal."""

from argparse import Namespace
from datetime import datetime

from tui.console.parser import UsageError
from tui.terminal import no_terminal


def desk(asked: Namespace) -> int:
    """Open the full-screen desk."""
    _need_a_terminal()
    now = _instant(asked)
    from tui.app import run_desk

    return run_desk(asked.db, asked.as_login, now, asked.profile)


def demo(asked: Namespace) -> int:
    """Open the full-screen desk on a throw-away sandbox."""
    _need_a_terminal()
    now = _instant(asked)
    from tui.app import run_demo

    return run_demo(asked.as_login, now, asked.profile)


def _need_a_terminal() -> None:
    why_not = no_terminal()
    if why_not is not None:
        raise UsageError(why_not)


def _instant(asked: Namespace) -> datetime | None:
    if asked.now is None:
        return None
    from tui.console.values import parse_instant

    return parse_instant(asked.now, "--now")
