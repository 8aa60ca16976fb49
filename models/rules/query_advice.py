"""What to type in place of words that name a place or a time, when nothing is found by them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from models.rules.errors import BadDate
from models.rules.query_filters import ON, PLACE
from models.rules.spans import MOST_WORDS, spelt_days
from models.rules.texts import search_key
from models.rules.wording import shortened

_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Advice:
    """How places and times among free words are typed."""

    sentence: str
    is_whole: bool
    """Every word belongs to a place or a time, so that the text was no code."""


def advice(words: Sequence[str], places: Iterable[str], today: date) -> Advice | None:
    """How the places and times among free words are typed; None when there are none among them."""
    found = list(_filters(words, {search_key(place) for place in places}, today))
    typed = " ".join(dict.fromkeys(each for each in found if each))
    return Advice(f"Type {shortened(typed, _SHOWN)} for where or when it was bought.", all(found)) if typed else None


def _filters(words: Sequence[str], places: set[str], today: date) -> Iterator[str]:
    """Each place or time as a filter, and nothing for a word that is neither."""
    at = 0
    while at < len(words):
        runs = (words[at : at + count] for count in range(MOST_WORDS, 0, -1))
        typed, taken = next(((typed, len(run)) for run in runs if (typed := _typed(run, places, today))), ("", 1))
        at += taken
        yield typed


def _typed(run: Sequence[str], places: set[str], today: date) -> str | None:
    """The filter that some words spell, if they spell one; a number alone is more likely an order."""
    text = " ".join(run)
    if search_key(text) in places:
        return f'{PLACE.name}:"{text}"' if " " in text else f"{PLACE.name}:{text}"
    try:
        is_time = not text.isdigit() and spelt_days(text, today) is not None
    except BadDate:
        return None
    return f"{ON.name}:{text}" if is_time else None
