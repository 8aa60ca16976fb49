"""Into the full-screen desk: the only place of the command line that brings Textual in, and only on a terminal.

What a command needs is imported once it is known to be possible, so that a refusal comes at once.
"""

from argparse import Namespace

from tui.console.grammar import UsageError
from tui.terminal import Profile, choose_profile, no_terminal, prepare


def desk(asked: Namespace) -> int:
    """Open the full-screen desk."""
    profile = _ready(asked)
    from models.clock import RunningClock
    from tui.app import run_desk
    from tui.console.opening import open_desk

    return run_desk(open_desk(asked, RunningClock), profile)


def demo(asked: Namespace) -> int:
    """Open the full-screen desk on a throw-away sandbox."""
    profile = _ready(asked)
    from tui.app import run_demo
    from tui.console.values import parse_instant

    return run_demo(asked.as_login, None if asked.now is None else parse_instant(asked.now, "--now"), profile)


def _ready(asked: Namespace) -> Profile:
    """How to draw. Raises UsageError where no screen can be drawn."""
    why_not = no_terminal()
    if why_not is not None:
        raise UsageError(why_not)
    prepare()
    return choose_profile(asked.profile)[0]
