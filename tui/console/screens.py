"""Into the full-screen desk: the only place of the command line that brings Textual in, and only on a terminal."""

from argparse import Namespace
from datetime import datetime

from tui.console.grammar import UsageError
from tui.terminal import Profile, choose_profile, no_terminal, prepare


def desk(asked: Namespace) -> int:
    """Open the full-screen desk."""
    now, profile = _ready(asked)
    from tui.app import run_desk

    return run_desk(asked.db, asked.as_login, now, profile)


def demo(asked: Namespace) -> int:
    """Open the full-screen desk on a throw-away sandbox."""
    now, profile = _ready(asked)
    from tui.app import run_demo

    return run_demo(asked.as_login, now, profile)


def _ready(asked: Namespace) -> tuple[datetime | None, Profile]:
    """The instant to set the clock to and how to draw. Raises UsageError where no screen can be drawn."""
    why_not = no_terminal()
    if why_not is not None:
        raise UsageError(why_not)
    prepare()
    profile, _ = choose_profile(asked.profile)
    if asked.now is None:
        return None, profile
    from tui.console.values import parse_instant

    return parse_instant(asked.now, "--now"), profile
