"""What may be wrong with the terminal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from models.doctor.findings import Finding, Health, bad, ok, warn

_WHOLE: Final = (80, 24)
_ON_OR_OFF: Final = "Everything has a key; GIFTDESK_MOUSE or the settings turn it on or off."


@dataclass(frozen=True, slots=True)
class TerminalFacts:
    """What is known of the terminal; all texts are fit to be shown."""

    is_terminal: bool
    """Both input and output are one."""
    name: str
    """TERM."""
    columns: int
    lines: int
    encoding: str
    profile: str
    """How the full screen would draw, and why."""
    colours: str = "as the profile has them"
    """How many colours it says it has, and where it says so."""
    within: str = ""
    """What stands between: tmux or GNU screen."""
    far: str | None = None
    """Why the line to it is taken for a slow one; None when nothing says so."""
    locale: str = ""
    """What names the encoding, as it stands in the environment."""
    has_few_colours: bool = False
    """It names no more than sixteen, and nobody asked for that."""
    mouse: str = "on"
    """Whether the full screen would ask for the mouse, and why."""
    is_bare: bool = False
    """It takes nothing but text, attributes and cursor moves."""
    is_foreign: bool = False
    """It can't show a full screen at all."""
    too_small: str | None = None
    """Why the screens have too little room, as a sentence."""
    misnamed: Mapping[str, str | None] = field(default_factory=dict)
    """Mouse, profile or output -> what is wrong with what the environment says of it, with its cure; None: nothing."""
    output: str = "cells"
    """What is sent of a screen that changed, and why."""
    lost_keys: str = ""
    """Which commands lost keys to others by the settings, as a sentence; nothing when none did."""


def look_at_terminal(facts: TerminalFacts) -> Iterator[Finding]:
    """Its name, size, line, characters, colours, clipboard and mouse, and how the full screen would draw."""
    yield _name(facts)
    yield _size(facts)
    yield ok("line", facts.far or "nothing says that it is slow")
    yield _characters(facts)
    yield _hint(
        "colours", facts.colours, "If it has more, set TERM to xterm-256color." if facts.has_few_colours else ""
    )
    yield _clipboard(facts)
    yield _choice("mouse", facts.mouse, facts.misnamed.get("mouse"), _ON_OR_OFF)
    for name, chosen in (("profile", facts.profile), ("output", facts.output)):
        forced = f"Another is forced with --{name}, GIFTDESK_{name.upper()} or the settings."
        yield _choice(name, chosen, facts.misnamed.get(name), forced)
    if facts.lost_keys:
        cure = "Give whatever lost its key another in the settings, or leave it so. See: giftdesk keys"
        yield warn("keys", facts.lost_keys.rstrip("."), cure)
    else:
        yield ok("keys", "no command lost one to the settings")


def _hint(subject: str, told: str, cure: str) -> Finding:
    """All is well, and could be otherwise."""
    return Finding(subject, Health.OK, told, cure or None)


def _choice(name: str, chosen: str, misnamed: str | None, otherwise: str) -> Finding:
    """What was chosen from a few, unless something is wrong with what was to choose it."""
    if misnamed is not None:
        return bad(name, "no screen opens like this", misnamed)
    return _hint(name, chosen, otherwise)


def _name(facts: TerminalFacts) -> Finding:
    if not facts.is_terminal:
        return warn("terminal", "this is none", "Use the commands, or start it in a terminal.")
    if facts.is_foreign:
        cure = "Set TERM to what your terminal is, such as xterm-256color."
        return warn("terminal", f"TERM is {facts.name or 'empty'}", cure)
    return ok("terminal", f"{facts.name} in {facts.within}" if facts.within else facts.name)


def _size(facts: TerminalFacts) -> Finding:
    size = f"{facts.columns}x{facts.lines}"
    if facts.too_small is not None:
        return warn("size", f"{size}: no screen opens here", f"{facts.too_small} Make the window larger.")
    if facts.columns < _WHOLE[0] or facts.lines < _WHOLE[1]:
        cure = "Make the window 80 columns by 24 lines, or larger, to see everything at once."
        return warn("size", size, cure)
    return ok("size", size)


def _characters(facts: TerminalFacts) -> Finding:
    if facts.encoding.lower().replace("-", "") == "utf8":
        return ok("characters", f"{facts.encoding} ({facts.locale})" if facts.locale else facts.encoding)
    says = f"the locale is {facts.locale}" if facts.locale else "no locale is set"
    return warn(
        "characters",
        f"{facts.encoding}, for {says}: all others are spelled in it, or show as ?",
        "Choose a UTF-8 locale, such as LANG=C.UTF-8.",
    )


def _clipboard(facts: TerminalFacts) -> Finding:
    """Whether what is copied arrives there (OSC 52)."""
    if facts.is_bare:
        return ok("clipboard", f"{facts.name} terminals have none that could be reached: copy from the screen")
    if facts.within == "tmux":
        return _hint("clipboard", "tmux hands on what is copied only when told to", "tmux set -s set-clipboard on")
    if facts.within:
        return ok("clipboard", f"{facts.within} may keep what is copied to itself: copy from the screen then")
    return ok(
        "clipboard", "whether the terminal takes what is copied can't be known; if pasting brings nothing, it doesn't"
    )
