"""Whatever somebody types, pastes or sends: what the tests of texts share."""

import sys
import unicodedata
from collections.abc import Callable

from hypothesis import strategies as st

from models.rules.errors import BadText

Check = Callable[[str], str]

# What the Unicode tables call a mark or an override of direction; the three marks are letters to them.
REORDERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
DIRECTION_MARKS = "\u061c\u200e\u200f"
EVERYTHING = [chr(point) for point in range(sys.maxunicode + 1)]


def is_harmful(character: str) -> bool:
    """By the Unicode tables: controls, C1 among them, halves of pairs, line separators and what reorders a line."""
    if character in "\n\t":
        return False
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in REORDERING
        or character in DIRECTION_MARKS
    )


HARMFUL = [character for character in EVERYTHING if is_harmful(character)]

# What attacks are made of: terminal sequences, reordered lines, NUL, halves of pairs, marks, blanks of every kind.
PAYLOADS = [
    *("\x1b]52;c;cm0gLXJm\x07", "\x1b[2J\x1b[H", "\x1b[?1049l", "\x1b]0;title\x1b\\", "\x9b31m", "\x9d0;x\x9c", "\x90"),
    *("\x00", "\x07", "\x08", "\x0b", "\x0c", "\x0e", "\x1c", "\x1f", "\x7f", "\x85", "\r", "\r\n", "\n", "\t"),
    *("\u202e", "\u202a", "\u2066", "\u2069", "\u200f", "\u061c", "\u2028", "\u2029", "\ud800", "\udfff", "\ud83d"),
    *("\u00a0", "\u200b", "\ufeff", "\u3000", "\ufff9", "\ufffd", "\uffff", "\U0010ffff", "\U0001f600", "e\u0301"),
    *(
        "\u0301\u0302\u0303\u0304\u0305",
        "[bold]",
        "{reason}",
        "%s",
        "'; DROP TABLE card; --",
        "=1+1",
        "Ada",
        "ß",
        "İ",
        "@",
    ),
]
ALL_UNICODE = st.characters(categories=["L", "M", "N", "P", "S", "Z", "C"])
HOSTILE = st.lists(st.one_of(ALL_UNICODE, st.sampled_from(PAYLOADS), st.sampled_from(HARMFUL)), max_size=40).map(
    "".join
)


def outcome(check: Check, typed: str) -> tuple[str | None, str]:
    """What is kept of a text, or None; and the refusal, if it was refused."""
    try:
        return check(typed), ""
    except BadText as refused:
        return None, str(refused)


def assert_is_safe(text: str) -> None:
    assert not [f"U+{ord(character):04X}" for character in text if is_harmful(character)]
    text.encode()


def around(text: str) -> str:
    """Something that would be an e-mail address as well as a name, with a text in the midst of it."""
    return f"ada{text}x@example.org"
