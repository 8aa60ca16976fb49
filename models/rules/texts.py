"""What free text may hold: refused at the way in when it carries what a terminal would obey."""

import re
import unicodedata
from typing import Final

from models.rules.errors import BadText

NOTE: Final = 4_000
NAME: Final = 200
EMAIL: Final = 254
REFERENCE: Final = 64

# What takes a place in a text but shows nothing of its own.
_INVISIBLE: Final = (
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]"
)
# Control characters, marks that reorder a line, separators that break one, and halves of pairs.
UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]"
)
QUOTATION_MARKS: Final = '"“”„‟«»＂'
_REPLACEMENT: Final = "\ufffd"
_MARKS_PER_CHARACTER: Final = 4
_TICKET: Final = r"(?=.*[0-9])[A-Za-z0-9#:/_.-]+"
_EMAIL: Final = r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\"]+"


def check_note(text: str, what: str = "note") -> str:
    """A note or reason of several lines, trimmed. Raises BadText when empty, too long or unsafe."""
    return _checked(text.replace("\r\n", "\n").replace("\r", "\n"), what, NOTE)


def optional_note(text: str | None, what: str = "note") -> str | None:
    """Like check_note, but nothing or only blanks is None."""
    return check_note(text, what) if text is not None and text.strip() else None


def check_line(text: str, what: str, longest: int = NAME) -> str:
    """One line of text, trimmed. Raises BadText when empty, too long, broken into lines or unsafe."""
    if "\n" in text.strip() or "\t" in text.strip():
        raise BadText(f"The {what} must be one line without tabs.")
    return _checked(text, what, longest)


def optional_line(text: str | None, what: str, longest: int = NAME) -> str | None:
    """Like check_line, but nothing or only blanks is None."""
    return check_line(text, what, longest) if text is not None and text.strip() else None


def optional_ticket(text: str | None) -> str | None:
    """A ticket that stays when a person's data go: its number only, no words. Blanks are None. Raises BadText."""
    ticket = optional_line(text, "ticket", REFERENCE)
    if ticket is not None and re.fullmatch(_TICKET, ticket) is None:
        raise BadText("About a person only a ticket's number is kept; write it without blanks, like 4711 or ZD-4711.")
    return ticket


def check_email(text: str) -> str:
    """An e-mail address as typed, trimmed. Raises BadText for what can't be one."""
    address = check_line(text, "e-mail address", EMAIL)
    if re.fullmatch(_EMAIL, address) is None or re.search(_INVISIBLE, address):
        raise BadText("That is not an e-mail address; write it like ada@example.org.")
    return address


def optional_email(text: str | None) -> str | None:
    """Like check_email, but nothing or only blanks is None."""
    return check_email(text) if text is not None and text.strip() else None


def _checked(text: str, what: str, longest: int) -> str:
    trimmed = text.strip()
    is_plain = _is_plain(trimmed)
    if not (trimmed if is_plain else re.sub(_INVISIBLE, "", trimmed).strip()):
        raise BadText(f"The {what} is empty.")
    if len(trimmed) > longest:
        raise BadText(f"The {what} has {len(trimmed):,} characters; {longest:,} are the most.")
    if is_plain:
        return trimmed
    unsafe = UNSAFE.search(trimmed)
    if unsafe is not None:
        raise BadText(f"The {what} holds a character that cannot be shown (U+{ord(unsafe[0]):04X}).")
    if _has_stacked_marks(trimmed):
        raise BadText(f"The {what} stacks more than {_MARKS_PER_CHARACTER} marks on one character.")
    return trimmed


def _is_plain(text: str) -> bool:
    """Whether every character is one that any terminal shows, as in most texts: there is nothing to look for."""
    return text.isascii() and text.isprintable()


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")


def _has_stacked_marks(text: str) -> bool:
    return len(_without_towers(text)) < len(text)


def _without_towers(text: str) -> str:
    """The text with at most so many marks on one character; what is invisible does not count as a new one."""
    if text.isascii():
        return text
    kept: list[str] = []
    stacked = 0
    for character in text:
        if _is_mark(character):
            stacked += 1
        elif not re.match(_INVISIBLE, character):
            stacked = 0
        if stacked <= _MARKS_PER_CHARACTER:
            kept.append(character)
    return "".join(kept)


def made_safe(text: str, longest: int) -> str:
    """Text from another system made harmless: unsafe characters become a visible mark, towers of marks are cut."""
    if _is_plain(text):
        return text.strip()[:longest].strip()
    made = _without_towers(UNSAFE.sub(_REPLACEMENT, text.replace("\t", " ")).strip())[:longest].strip()
    return made if re.sub(_INVISIBLE, "", made).strip() else ""


def search_key(text: str) -> str:
    """A name as it is searched for: case and accents left aside, blanks single."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def email_key(text: str) -> str:
    """An e-mail address as it is compared: case left aside."""
    if text.isascii():
        return text.strip().rstrip(".").lower()
    folded = unicodedata.normalize("NFKC", text).strip().rstrip(".").casefold()
    return unicodedata.normalize("NFKC", folded)  # folding takes letters apart that marks then belong to
