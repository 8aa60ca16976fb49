"""What may be wrong with the terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from models.doctor.findings import Finding, ok, warn

_NARROWEST: Final = (80, 24)


@dataclass(frozen=True, slots=True)
class TerminalFacts:
    """What is known of the terminal."""

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


def look_at_terminal(facts: TerminalFacts) -> Iterator[Finding]:
    """Its name, size, characters, colours and clipboard, and how the full screen would draw."""
    if not facts.is_terminal:
        yield warn("terminal", "this is none", "Use the commands, or start it in a terminal.")
    elif facts.name in ("", "dumb", "unknown"):
        yield warn(
            "terminal",
            f"TERM is {facts.name or 'empty'}",
            "Set TERM to what your terminal is, such as xterm-256color.",
        )
    else:
        yield ok("terminal", facts.name)
    size = f"{facts.columns}x{facts.lines}"
    if facts.columns < _NARROWEST[0] or facts.lines < _NARROWEST[1]:
        yield warn("size", size, "Make the window 80 columns by 24 lines, or larger.")
    else:
        yield ok("size", size)
    if facts.encoding.lower().replace("-", "") == "utf8":
        yield ok("characters", facts.encoding)
    else:
        yield warn(
            "characters",
            f"{facts.encoding}: all others are spelled in it, or show as ?",
            "Choose a UTF-8 locale, such as LANG=C.UTF-8.",
        )
    yield ok("colours", facts.colours)
    yield ok(
        "clipboard", "whether the terminal takes what is copied can't be known; if pasting brings nothing, it doesn't"
    )
    yield ok("profile", facts.profile)
