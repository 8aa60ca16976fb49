"""The terminal: what it can do, what may reach it, and how it is left behind."""

import os
import sys
from enum import StrEnum


class Profile(StrEnum):
    """How giftdesk draws: with all colours, or for thin terminals with sixteen and without movement."""

    FULL = "full"
    LEAN = "lean"


def choose_profile(forced: str | None) -> tuple[Profile, str]:
    """The profile to draw with, and why: a flag, GIFTDESK_PROFILE, else what the terminal says of itself."""
    named = forced or os.environ.get("GIFTDESK_PROFILE")
    if named in (Profile.FULL, Profile.LEAN):
        return Profile(named), "chosen by you"
    if os.environ.get("NO_COLOR"):
        return Profile.LEAN, "NO_COLOR is set"
    if os.environ.get("SSH_CONNECTION"):
        return Profile.LEAN, "connected through ssh"
    if os.environ.get("COLORTERM") in ("truecolor", "24bit") or "256color" in os.environ.get("TERM", ""):
        return Profile.FULL, "the terminal has many colours"
    return Profile.LEAN, "the terminal names no more than sixteen colours"


def no_terminal() -> str | None:
    """Why the full screen can't be drawn here, as a sentence; None when it can."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        return "giftdesk needs a terminal for its screens; use its commands instead: giftdesk --help"
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        return "This terminal (TERM) can't show a full screen; use giftdesk's commands instead: giftdesk --help"
    return None


def prepare() -> None:
    """Set what Textual reads when it is imported: no movement, and an Esc that does not wait long."""
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    os.environ.setdefault("ESCDELAY", "25")
