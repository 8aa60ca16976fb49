"""Gift card codes: how they are read, made, checked, folded and hidden."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from models.rules.errors import BadCode

# 23 characters, a prime, so that distinct weights modulo 23 catch every wrong character and every swap.
# At most one of each group of look-alikes, and no vowels, so that no code spells a word.
ALPHABET: Final = "23456789CFHJKMNPQRTVWXY"
OWN_LENGTH: Final = 16
SHORTEST: Final = 6
_GROUP: Final = 4
LONGEST: Final = 32
SHORTEST_FOR_NEAR_MISSES: Final = 10

LOOK_ALIKES: Final = ("O0QD", "I1L", "S5", "B8", "Z2", "G6", "UV")
CHARACTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

# Patterns of fewer characters, or with more that can't be read, would fit cards that nobody asked for: with two of ten
# unknown, 1,296 codes are tried at a time, and eight characters are what a caller must at least have of a card.
UNREADABLE: Final = "?"
MOST_UNREADABLE: Final = 2

_FOLD: Final = str.maketrans({character: group[0] for group in LOOK_ALIKES for character in group})
_OURS: Final = str.maketrans(
    {character: ours for group in LOOK_ALIKES for ours in group if ours in ALPHABET for character in group}
)
_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}
_INVERSE_OF_LAST_WEIGHT: Final = pow(OWN_LENGTH, -1, len(ALPHABET))
_MARK_IN_A_WORD: Final = re.compile(r"\?[^\W_]")
_MINUS_SIGN: Final = "\u2212"
_MASK: Final = "\u00b7"


def normalise(text: str) -> str:
    """The one spelling of a code: upper case ASCII letters and digits without separators.

    Spaces, dashes, dots and one '#' in front are dropped. Raises BadCode naming the first character
    that no code can have, or saying that nothing is left.
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    kept = _without_separators(text)
    for character in kept:
        if character not in CHARACTERS:
            raise BadCode(f"A code has letters and digits only; this one has {_name(character)}.")
    if not kept:
        raise BadCode("No code was given.")
    return kept


def _without_separators(text: str) -> str:
    kept = "".join(
        [
            character
            for character in unicodedata.normalize("NFKC", text).upper()
            if not (character.isspace() or character in (".", _MINUS_SIGN) or unicodedata.category(character) == "Pd")
        ]
    )
    return kept.removeprefix("#")


def _name(character: str) -> str:
    name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
    return f"'{character}' ({name})" if character.isprintable() else f"a character that cannot be shown ({name})"


def fold(code: str) -> str:
    """A normalised code with each look-alike written as the first of its group."""
    return code.translate(_FOLD)


def near_misses(code: str) -> set[str]:
    """All codes one slip away from a normalised one: a character wrong, missing or extra, or two swapped.

    Empty for codes shorter than ten characters, where too many cards would be neighbours, and for what is longer than
    any code with a character too many.
    """
    if not SHORTEST_FOR_NEAR_MISSES <= len(code) <= LONGEST + 1:
        return set()
    places = range(len(code))
    wrong = {code[:i] + other + code[i + 1 :] for i in places for other in CHARACTERS}
    extra_typed = {code[:i] + code[i + 1 :] for i in places}
    missing = {code[:i] + other + code[i:] for i in range(len(code) + 1) for other in CHARACTERS}
    swapped = {code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in places[:-1]}
    return (wrong | extra_typed | missing | swapped) - {code}


def read_pattern(text: str) -> str | None:
    """The one spelling of a code in which `?` stands for what can't be read; None for whatever is no such pattern.

    A question mark at the end of words makes none: it takes a digit, a character after the mark, or our own form.
    """
    pattern = _without_separators(text)
    known = pattern.replace(UNREADABLE, "")
    if known == pattern or not set(known) <= set(CHARACTERS):
        return None
    is_ours = len(pattern) == OWN_LENGTH and set(known) <= _VALUE.keys()
    is_code = is_ours or any(character.isdigit() for character in known) or _is_inside_a_word(text)
    return pattern if is_code else None


def _is_inside_a_word(text: str) -> bool:
    return _MARK_IN_A_WORD.search(unicodedata.normalize("NFKC", text)) is not None


def pattern_refusal(pattern: str) -> str | None:
    """Why no card is looked for by a pattern, a sentence; None when one can be."""
    unreadable = pattern.count(UNREADABLE)
    if unreadable > MOST_UNREADABLE:
        return (
            f"{unreadable} characters can't be read: two at most. Ask for the last four, a name, an e-mail address or "
            f"an order."
        )
    if len(pattern) < SHORTEST_FOR_NEAR_MISSES:
        return (
            f"With characters that can't be read, a code must have {SHORTEST_FOR_NEAR_MISSES} at least. Ask for the "
            f"last four, a name, an e-mail address or an order."
        )
    return None


def readings(pattern: str) -> list[str]:
    """All codes that a pattern can stand for; empty for one that is refused, or longer than any code."""
    if pattern_refusal(pattern) is not None or len(pattern) > LONGEST:
        return []
    first, *rest = pattern.split(UNREADABLE)
    codes = [first]
    for part in rest:
        codes = [code + character + part for code in codes for character in CHARACTERS]
    return codes


def own_form(code: str) -> str | None:
    """A normalised code as one of ours, each look-alike written as the one that we use; None for another form."""
    if len(code) != OWN_LENGTH:
        return None
    ours = code.translate(_OURS)
    return ours if set(ours) <= _VALUE.keys() else None


def looks_like_ours(code: str) -> bool:
    """Whether letters, digits and `?` are hardly anything but one of our codes, or most of one: no name is like that.

    Ten of our characters and more, which have no vowels; or as many as ours have, look-alikes set right.
    """
    is_of_our_characters = len(code) >= SHORTEST_FOR_NEAR_MISSES and set(code) <= {*ALPHABET, UNREADABLE}
    return is_of_our_characters or own_form(code.replace(UNREADABLE, ALPHABET[0])) is not None


def reads_like_ours(text: str) -> bool:
    """Whether a text as typed is hardly meant as anything but one of our codes, with one slip in it or with `?`.

    As long as ours but for one character, at most one of them not ours, with a digit; and no name beside a number,
    which are words of letters and words of digits.
    """
    try:
        code = (read_pattern(text) or normalise(text)).replace(UNREADABLE, ALPHABET[0])
    except BadCode:
        return False
    if looks_like_ours(code):
        return True
    words = text.split()
    are_groups = len(words) == 1 or any(_is_mixed(word) for word in words) or all(len(word) <= _GROUP for word in words)
    strangers = sum(character not in _VALUE for character in code.translate(_OURS))
    has_digit = any(character.isdigit() for character in code)
    return abs(len(code) - OWN_LENGTH) <= 1 and strangers <= 1 and has_digit and are_groups


def is_all_but_ours(text: str) -> bool:
    """Whether a text as typed is one of our codes, or the most of one whose first characters went elsewhere.

    It has four letters at least: fewer and a number are what a ticket is called.
    """
    return sum(map(str.isalpha, text)) >= _GROUP and reads_like_ours(text)


def _is_mixed(word: str) -> bool:
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def cannot_be_ours(code: str) -> bool:
    """Whether a normalised code has our form, look-alikes set right, and fails our check."""
    ours = own_form(code)
    return ours is not None and not has_valid_check(ours)


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
    return " ".join(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))


def last_four(code: str) -> str:
    """The end of a code that is kept readable: four characters, or a third of a code shorter than twelve."""
    kept = min(4, len(code) // 3)
    return code[len(code) - kept :]


def masked(last: str, *, mark: str = _MASK) -> str:
    """How a card is named on screens and in texts when only the end of its code is known."""
    return " ".join([mark * 4] * 3 + [last])
