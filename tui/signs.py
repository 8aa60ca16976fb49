"""Which signs the screens draw, and what stands for each where a terminal has ASCII only."""

import unicodedata
from typing import Final

UNKNOWN: Final = "?"
"""What stands for a character that has no form."""
_SIGNS: Final = {
    "●": "*",
    "○": "o",
    "‖": "=",
    "✗": "x",
    "⊘": "/",
    "★": "*",
    "⚑": "!",
    "▸": ">",
    "◂": "<",
    "·": ".",
    "•": "*",
    "…": "...",
    "–": "-",
    "—": "-",
    "\u2212": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "\u00a0": " ",
    "\u202f": " ",
    "\ufffd": UNKNOWN,
}
# The sides of a field are brackets; everything else that frames is a line.
_FRAMES: Final = {
    **dict.fromkeys("─━═╌╍▔▁▀▄", "-"),
    **dict.fromkeys("│┃║╎╏▏▕▎▊█", "|"),
    **dict.fromkeys("┌┐└┘┏┓┗┛╔╗╚╝╭╮╰╯▛▜▙▟▗▖▝▘", "+"),
    "▌": "[",
    "▐": "]",
}
# Letters that Unicode does not take apart.
_LETTERS: Final = {
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "þ": "th",
    "Þ": "Th",
    **dict(zip("øØłŁđĐðÐħĦı", "oOlLdDdDhHi", strict=True)),
}
FORMS: Final = {**_SIGNS, **_FRAMES, **_LETTERS}
"""Sign -> its ASCII form."""

_SHOW_NOTHING: Final = ("Mn", "Me", "Cf")


def spelled(text: str) -> str:
    """A text in ASCII, as long as it comes out."""
    if text.isascii():
        return text
    return "".join(map(form_of, unicodedata.normalize("NFC", text)))


def form_of(character: str) -> str:
    """What stands for a character: its chosen form, its letter without marks, or a question mark."""
    if character.isascii():
        return character
    if character in FORMS:
        return FORMS[character]
    if unicodedata.category(character) in _SHOW_NOTHING:
        return ""
    # A raised or a circled number would turn into another number beside others.
    parts = "" if unicodedata.category(character) == "No" else unicodedata.normalize("NFKD", character)
    plain = "".join(part for part in parts if unicodedata.category(part) not in _SHOW_NOTHING)
    return plain if plain.isascii() and plain.isprintable() and plain else UNKNOWN
