"""The one place that turns stored text into something drawable: never markup, never control sequences."""

from typing import Final

from models.rules.texts import UNSAFE

_VISIBLE: Final = "\ufffd"


def clean(text: str) -> str:
    """Stored text as one line that no terminal obeys: what is unsafe becomes a visible mark."""
    return UNSAFE.sub(_VISIBLE, text.replace("\n", " ").replace("\t", " "))


def clean_lines(text: str) -> str:
    """Stored text with its line breaks kept."""
    return "\n".join(clean(line) for line in text.split("\n"))
