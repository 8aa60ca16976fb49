"""Stored text on its way to a terminal: what passes here can be drawn, and nothing obeys it."""

from typing import Final

from models.rules.texts import UNSAFE

_VISIBLE: Final = "\ufffd"


def clean(text: str) -> str:
    """Stored text as one line that no terminal obeys: what is unsafe becomes a visible mark."""
    return UNSAFE.sub(_VISIBLE, text.replace("\n", " ").replace("\t", " "))


def clean_lines(text: str) -> str:
    """Stored text with its line breaks kept."""
    return "\n".join(clean(line) for line in text.split("\n"))
