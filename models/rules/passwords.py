"""What a password may be, and how long one waits after wrong ones."""

import unicodedata
from datetime import timedelta
from typing import Final

from models.rules.errors import BadText

SHORTEST: Final = 10
LONGEST: Final = 200
FREE_TRIES: Final = 4
"""So many wrong ones cost nothing: fingers slip."""
_FIRST_WAIT: Final = timedelta(seconds=10)
_LONGEST_WAIT: Final = timedelta(minutes=15)


def check_password(text: str, login: str) -> str:
    """A password that somebody chooses, as it is kept: the same letters are one, however a keyboard composes them.

    Raises BadText for one that is too short or too long, and for what another keyboard could not type again.
    """
    password = as_kept(text)
    if len(password) < SHORTEST:
        raise BadText(f"A password has {SHORTEST} characters at least; a few words are easy to remember.")
    if len(password) > LONGEST:
        raise BadText(f"A password has {LONGEST} characters at most.")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Cn") for character in password):
        raise BadText("A password has letters, digits, signs and blanks only.")
    if len(set(password.casefold())) < 4 or password.casefold() == login.casefold():
        raise BadText("That password is guessed too easily: give another one.")
    return password


def as_kept(text: str) -> str:
    """A password as it is kept and compared."""
    return unicodedata.normalize("NFKC", text)


def wait_after(wrong: int) -> timedelta:
    """How long even the right password waits after so many wrong ones in a row; it doubles to 15 minutes."""
    if wrong <= FREE_TRIES:
        return timedelta()
    times: int = 2 ** min(wrong - FREE_TRIES - 1, 10)
    return min(_FIRST_WAIT * times, _LONGEST_WAIT)
