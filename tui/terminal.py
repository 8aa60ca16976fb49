"""The terminal: what it can do, what may reach it, and how it is left behind."""

import os
import re
import sys
from enum import StrEnum
from typing import Final

# Terminals that draw few characters beyond ASCII, and take neither queries nor a second screen: the consoles of
# the kernels, and the terminals that are or play a VT.
_BARE: Final = re.compile(r"(vt\d|linux|cons|ansi|pcansi|sun|wsvt|wy)")
_UTF8: Final = re.compile(r"utf-?8", re.IGNORECASE)


class Profile(StrEnum):
    """How giftdesk draws: with all colours, with sixteen and without movement, or with neither colour nor sign."""

    FULL = "full"
    LEAN = "lean"
    ASCII = "ascii"


def choose_profile(forced: str | None, settled: str | None = None) -> tuple[Profile, str]:
    """The profile to draw with, and why: a flag, GIFTDESK_PROFILE, the settings, else what the terminal says."""
    named = forced or os.environ.get("GIFTDESK_PROFILE")
    if named in list(Profile):
        return Profile(named), "chosen by you"
    if settled in list(Profile):
        return Profile(settled), "chosen in the settings"
    if is_bare():
        return Profile.ASCII, f"a {os.environ['TERM']} terminal draws little more than ASCII"
    if not speaks_utf8():
        return Profile.ASCII, "the locale (LC_ALL, LC_CTYPE, LANG) is not UTF-8"
    if os.environ.get("NO_COLOR"):
        return Profile.LEAN, "NO_COLOR is set"
    if os.environ.get("SSH_CONNECTION"):
        return Profile.LEAN, "connected through ssh"
    if os.environ.get("COLORTERM") in ("truecolor", "24bit") or "256color" in os.environ.get("TERM", ""):
        return Profile.FULL, "the terminal has many colours"
    return Profile.LEAN, "the terminal names no more than sixteen colours"


def has_colours(profile: Profile) -> bool:
    """Whether anything is drawn in colour: never in ascii, in lean unless NO_COLOR is set, and in full always."""
    return profile is Profile.FULL or (profile is Profile.LEAN and not os.environ.get("NO_COLOR"))


def is_bare() -> bool:
    """Whether the terminal is one of those that are best sent nothing but text, attributes and cursor moves."""
    return _BARE.match(os.environ.get("TERM", "")) is not None


def speaks_utf8() -> bool:
    """Whether the locale says that the terminal takes UTF-8."""
    names = ("LC_ALL", "LANG") if _is_made_up_by_python() else ("LC_ALL", "LC_CTYPE", "LANG")
    locale = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return _UTF8.search(locale) is not None


def _is_made_up_by_python() -> bool:
    """Whether LC_CTYPE comes from the interpreter, which gives itself UTF-8 where the locale has none."""
    return bool(sys.flags.utf8_mode) and os.environ.get("LC_CTYPE", "") in ("C.UTF-8", "C.utf8", "UTF-8")


def draws_ascii_only() -> bool:
    """Whether lines for this terminal must do with ASCII."""
    return is_bare() or not speaks_utf8()


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
