"""What happens to a code between the card and the field, which of it is likeliest, and how the agent is told."""

from collections.abc import Iterator
from enum import IntEnum
from itertools import combinations, islice, pairwise, product
from typing import Final

from models.rules.codes import LOOK_ALIKES, fold, own_form

MOST_SPELLINGS: Final = 500
"""How many spellings of look-alikes are tried to tell which one a card has."""


class Likelihood(IntEnum):
    """The kinds of slips, the likeliest first.

    The order is that of one spelling's chance: how often a kind happens, over how many spellings it spreads. A
    look-alike is the commonest and has at most three; a wrong character is commoner than a swap but may be any of 35
    in any place, unless it sounds or lies like the right one; one character too many can only be one of those
    typed, while one that was left out may have been any, anywhere.
    """

    LOOK_ALIKES = 1
    SWAPPED = 2
    CONFUSED = 3
    DOUBLED = 4
    EXTRA = 5
    WRONG = 6
    MISSING = 7


# Letters and digits that are taken for one another when a code is read out, and rows of keys.
_SOUND_ALIKE: Final = ("BCDEGPTVZ3", "AHJK8", "FSX", "MN", "IY59", "QUW2")
_KEYBOARDS: Final = (("1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"), ("789", "456", "123"))


def _beside() -> Iterator[tuple[str, str]]:
    for rows in _KEYBOARDS:
        for number, row in enumerate(rows):
            yield from pairwise(row)
            for below in rows[number + 1 : number + 2]:
                yield from zip(row, below, strict=False)
                # Rows of letters stand half a key to the right of the one above.
                yield from zip(row[1:], below, strict=False)


_CONFUSED: Final = frozenset(
    pair
    for one, other in (*_beside(), *(pair for group in _SOUND_ALIKE for pair in combinations(group, 2)))
    for pair in ((one, other), (other, one))
)
_ALIKE: Final = {character: group for group in LOOK_ALIKES for character in group}


def likelihood(typed: str, has: str | None) -> Likelihood:
    """How likely one normalised code was typed for another, a slip away; None is one that looks like it in some way."""
    if has is None or fold(typed) == fold(has):
        return Likelihood.LOOK_ALIKES
    at = _first_difference(typed, has)
    if len(typed) == len(has):
        if typed[at + 1 :] != has[at + 1 :]:
            return Likelihood.SWAPPED
        return Likelihood.CONFUSED if (typed[at], has[at]) in _CONFUSED else Likelihood.WRONG
    longer = typed if len(typed) > len(has) else has
    if at and longer[at] == longer[at - 1]:
        return Likelihood.DOUBLED
    return Likelihood.EXTRA if longer is typed else Likelihood.MISSING


def difference(typed: str, has: str | None) -> str:
    """What differs between two such codes, to stand beside a card: nothing else of its code is told."""
    if has is None:
        return _places_of_look_alikes(typed)
    at = _first_difference(typed, has)
    if len(typed) < len(has):
        where = f"after the {ordinal(at)} character" if at else "in front"
        return f"{where} the card has {_article(has[at])} {has[at]} that you did not type"
    if len(typed) > len(has):
        return f"{ordinal(at + 1)} character: the {typed[at]} that you typed is not on the card"
    places = [place for place, pair in enumerate(zip(typed, has, strict=True)) if pair[0] != pair[1]]
    if len(places) == 2 and typed[at : at + 2] == has[at + 1] + has[at]:
        two = f"{ordinal(at + 1)} and {ordinal(at + 2)} character"
        return f"{two}: you typed {typed[at : at + 2]}, the card has {has[at : at + 2]}"
    first, *others = places
    told = [f"{ordinal(first + 1)} character: you typed {typed[first]}, the card has {has[first]}"]
    return "; ".join(told + [f"{ordinal(place + 1)}: {typed[place]}, the card has {has[place]}" for place in others])


def spellings(code: str) -> Iterator[str]:
    """Spellings that look like a normalised code: ours, then a bounded number, those first that differ least."""
    ours = own_form(code)
    if ours is not None and ours != code:
        yield ours
    yield from islice(_spellings(code), MOST_SPELLINGS)


def _spellings(code: str) -> Iterator[str]:
    places = [place for place, character in enumerate(code) if character in _ALIKE]
    for count in range(1, len(places) + 1):
        for changed in combinations(places, count):
            for others in product(*(_ALIKE[code[place]].replace(code[place], "") for place in changed)):
                spelt = list(code)
                for place, other in zip(changed, others, strict=True):
                    spelt[place] = other
                yield "".join(spelt)


def _places_of_look_alikes(typed: str) -> str:
    places = [ordinal(place) for place, character in enumerate(typed, start=1) if character in _ALIKE]
    which = f"{', '.join(places[:-1])} or {places[-1]}" if len(places) > 1 else "".join(places)
    return f"{which} character: what you typed looks like what the card has"


def _first_difference(typed: str, has: str) -> int:
    """The first place where two different codes part."""
    shorter = min(len(typed), len(has))
    return next((place for place in range(shorter) if typed[place] != has[place]), shorter)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th …"""
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _article(character: str) -> str:
    return "an" if character in "AEFHILMNORSX8" else "a"
