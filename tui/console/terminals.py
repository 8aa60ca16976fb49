"""What the terminal says of itself, in the words of the doctor."""

import os
import shutil
import sys
from collections.abc import Mapping
from typing import Final

from models.doctor import TerminalFacts
from tui.outputs import Output
from tui.sizes import too_small
from tui.terminal import (
    MILLIONS,
    SOME,
    Profile,
    colours,
    is_bare,
    is_foreign,
    is_in_gnu_screen,
    is_in_tmux,
    locale,
    presentable,
    speaks_utf8,
    terminal_name,
    why_far,
)

_COUNTS: Final = {MILLIONS: "millions", SOME: "256"}


def terminal_facts(
    drawn: tuple[Profile, str],
    sent: tuple[Output, str],
    mouse: tuple[bool, str],
    misnamed: Mapping[str, str | None],
    lost_keys: str,
) -> TerminalFacts:
    """What is known of the terminal, drawn in a profile, sent by an output and with a mouse or not, for a reason each.

    Misnamed is what is wrong with what was to choose one of these in the environment. Lost keys are those that the
    settings took from commands, as a sentence, or nothing.
    """
    size = shutil.get_terminal_size((80, 24))
    profile, because = drawn
    return TerminalFacts(
        is_terminal=all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)),
        name=terminal_name(),
        columns=size.columns,
        lines=size.lines,
        encoding=((sys.stdout and sys.stdout.encoding) or "UTF-8") if speaks_utf8() else "ASCII",
        profile=f"{profile}, {because}",
        colours=_colours(profile),
        within=_within(),
        far=why_far(),
        locale=presentable(locale()),
        has_few_colours=colours()[0] not in _COUNTS and not os.environ.get("NO_COLOR"),
        mouse=f"{'on' if mouse[0] else 'off'}, {mouse[1]}",
        is_bare=is_bare(),
        is_foreign=is_foreign(),
        too_small=too_small(*size),
        misnamed=misnamed,
        output=f"{sent[0]}, {sent[1]}",
        lost_keys=lost_keys,
    )


def _within() -> str:
    """What stands between giftdesk and the terminal."""
    if is_in_tmux():
        return "tmux"
    return "GNU screen" if is_in_gnu_screen() else ""


def _colours(profile: Profile) -> str:
    # Full is drawn beside NO_COLOR only where somebody named it, and has its colours then.
    if os.environ.get("NO_COLOR") and profile is not Profile.FULL:
        return "none wanted (NO_COLOR is set)"
    count, says = colours()
    return f"{_COUNTS.get(count, 'sixteen at most')} ({says})"
