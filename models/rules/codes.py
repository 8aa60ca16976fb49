"""Gift card codes: how they are read, made, checked, folded and hidden."""

import unicodedata
from collections.abc import Callable
from typing import Final

from models.rules.errors import BadCode

# 23 characters, a prime, so that distinct weights modulo 23 catch every wrong character and every swap.
# At most one of each group of look-alikes, and no vowels, so that no code spells a word.
ALPHABET: Final = "23456789CFHJKMNPQRTVWXY"
OWN_LENGTH: Final = 16
SHORTEST: Final = 6
LONGEST: Final = 32
SHORTEST_FOR_NEAR_MISSES: Final = 10

LOOK_ALIKES: Final = ("O0QD", "I1L", "S5", "B8", "Z2", "G6", "UV")
CHARACTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

_FOLD: Final = str.maketrans({character: group[0] for group in LOOK_ALIKES for character in group})
_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}
_INVERSE_OF_LAST_WEIGHT: Final = pow(OWN_LENGTH, -1, len(ALPHABET))
_MINUS_SIGN: Final = "\u2212"
_MASK: Final = "\u00b7"


def normalise(text: str) -> str:
    """The one spelling of a code: upper case ASCII letters and digits without separators.

    Spaces, dashes, dots and one '#' in front are dropped. Raises BadCode naming the first character
    that no code can have, or saying that nothing is left.
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    kept = [
        character
        for character in unicodedata.normalize("NFKC", text).upper()
        if not (character.isspace() or character in (".", _MINUS_SIGN) or unicodedata.category(character) == "Pd")
    ]
    if kept and kept[0] == "#":
        del kept[0]
    for character in kept:
        if character not in CHARACTERS:
            raise BadCode(f"A code has letters and digits only; this one has {_name(character)}.")
    if not kept:
        raise BadCode("No code was given.")
    return "".join(kept)


def _name(character: str) -> str:
    name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
    return f"'{character}' ({name})" if character.isprintable() else f"a character that cannot be shown ({name})"


def fold(code: str) -> str:
    """A normalised code with each look-alike written as the first of its group."""
    return code.translate(_FOLD)


def near_misses(code: str) -> set[str]:
    """All codes one slip away from a normalised one: a character wrong, missing or extra, or two swapped.

    Empty for codes shorter than ten characters, where too many cards would be neighbours.
    """
    if len(code) < SHORTEST_FOR_NEAR_MISSES:
        return set()
    places = range(len(code))
    wrong = {code[:i] + other + code[i + 1 :] for i in places for other in CHARACTERS}
    extra_typed = {code[:i] + code[i + 1 :] for i in places}
    missing = {code[:i] + other + code[i:] for i in range(len(code) + 1) for other in CHARACTERS}
    swapped = {code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in places[:-1]}
    return (wrong | extra_typed | missing | swapped) - {code}


def has_valid_check(code: str) -> bool:
    """Whether a normalised code is one that giftdesk could have made."""
    return len(code) == OWN_LENGTH and set(code) <= _VALUE.keys() and _weighted_sum(code) == 0


def _weighted_sum(code: str) -> int:
    # The weights 1 to 16 are distinct and none is 0 modulo 23; the last is the check character's.
    return sum(weight * _VALUE[character] for weight, character in enumerate(code, start=1)) % len(ALPHABET)


def new_code(pick: Callable[[int], int]) -> str:
    """A code of fifteen random characters and a check character; pick(n) returns a number from 0 to n-1."""
    body = "".join([ALPHABET[pick(len(ALPHABET))] for _ in range(OWN_LENGTH - 1)])
    return body + ALPHABET[-_weighted_sum(body) * _INVERSE_OF_LAST_WEIGHT % len(ALPHABET)]


def grouped(code: str) -> str:
    """A code in groups of four, for reading it out."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def last_four(code: str) -> str:
    """The end of a code that is kept readable: four characters, or a third of a code shorter than twelve."""
    kept = min(4, len(code) // 3)
    return code[len(code) - kept :]


def masked(last: str, *, mark: str = _MASK) -> str:
    """How a card is named on screens and in texts when only the end of its code is known."""
    return " ".join([mark * 4] * 3 + [last])
