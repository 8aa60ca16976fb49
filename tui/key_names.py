"""What keys are called: by Textual, and by people."""

import string
import unicodedata
from typing import Final

_RENAMED: Final = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}


def named(character: str) -> str:
    """What Textual calls the key of a punctuation mark."""
    name = unicodedata.name(character).lower().replace(" ", "_").replace("-", "_")
    return _RENAMED.get(name, name)


_SHOWN: Final = {
    **{named(character): character for character in string.punctuation},
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}


def shown_key(key: str) -> str:
    """A key as people write it: F1, Ctrl+P, /, PgDn."""
    if key in _SHOWN or len(key) == 1:
        return _SHOWN.get(key, key)
    return "+".join(
        part.upper() if len(part) < 4 and part not in ("up", "end", "alt") else part.capitalize()
        for part in key.split("+")
    )
