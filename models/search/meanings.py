"""What a query means at this desk: which traits a card must have, or why no card can have them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from itertools import chain, combinations, islice
from typing import Final, NamedTuple, TypeAlias

from models.rules import wording
from models.rules.codes import normalise, reads_like_ours
from models.rules.errors import BadCode
from models.rules.queries import Query
from models.rules.texts import search_key
from models.rules.words import can_be_a_name
from models.search.fitting import Asked, people_fitting
from models.search.loads import fitting_places, of_loads, places
from models.search.traits import (
    FEW_PEOPLE,
    Trait,
    both,
    either,
    ends_with,
    of_orders,
    of_people,
    of_products,
    of_statuses,
    of_vips,
)
from models.store import Store

Mended: TypeAlias = tuple[tuple[str, str], ...]
"""A typed word, and the one that it was taken for."""

_MOST_NAMED: Final = 5
_MOST_LIKENED: Final = 200
"""Likening a word to ten thousand places would take a second of the processor, and no screen answers meanwhile."""
_SHOWN: Final = 24
_LENGTHS_OF_ENDS: Final = range(2, 5)
_MOST_MIXED: Final = 6
"""Nobody types several words of which every one happens to be an order or to end a code, but a program could."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Which cards are meant."""

    traits: tuple[Trait, ...]
    """A card must have all of them."""
    mended: Mended = ()
    """Nobody is called as was typed."""
    complaint: str | None = None
    """Why no card can be meant, in a sentence."""


def meanings(store: Store, query: Query, now: datetime, *, is_name: bool = False) -> tuple[Meaning, ...]:
    """What a query without a complaint means at an instant (UTC): as typed, and as it may have been meant.

    The second is to be looked for when nothing is found as typed; either may be missing. Nobody is looked for by what
    reads like one of our codes, unless it is to be taken for a name. Within a connection.
    """
    filters = _filters(store, query, now)
    if filters.complaint is not None or not query.words:
        return (filters,)
    readings = list(_Words(store, query, is_name=is_name).readings())
    typed = [reading.trait for reading in readings if not reading.mended]
    meant = [reading for reading in readings if reading.mended]
    mended = dict.fromkeys(chain.from_iterable(reading.mended for reading in meant))
    as_typed = Meaning((either(typed), *filters.traits))
    as_meant = Meaning((either([reading.trait for reading in meant]), *filters.traits), tuple(mended))
    return (*([as_typed] if typed else []), *([as_meant] if meant else []))


# The filters.


def _filters(store: Store, query: Query, now: datetime) -> Meaning:
    traits: list[Trait] = []
    if query.orders:
        with_the_word = (f"Order {each}" for each in query.orders)
        traits.append(of_orders(_spellings([*query.orders, *with_the_word])))
    if query.places or query.days is not None:
        everywhere = places(store.database)
        at = fitting_places(everywhere, query.places) if query.places else None
        if query.places and not at:
            return Meaning((), complaint=_no_such("place", query.places, everywhere))
        traits.append(of_loads(at, query.days, store.business, everywhere))
    if query.products:
        sold = store.database.execute_sql("SELECT id, code, name FROM product ORDER BY name, id").fetchall()
        ids = [id_ for id_, code, name in sold if _is_product(code, name, query.products)]
        if not ids:
            return Meaning((), complaint=_no_such("product", query.products, [name for _, _, name in sold]))
        traits.append(of_products(ids))
    if query.statuses:
        traits.append(of_statuses(sorted(query.statuses), now))
    if query.is_vip:
        traits.append(of_vips(store.database))
    return Meaning(tuple(traits))


def _is_product(code: str, name: str, wanted: Sequence[str]) -> bool:
    return any(key == search_key(code) or key in search_key(name) for key in wanted)


def _no_such(what: str, wanted: Sequence[str], there_are: Sequence[str]) -> str:
    """That none is called so, and what there is: what is spelt alike first."""
    keys = {search_key(each): wording.shortened(each, _SHOWN) for each in there_are[:_MOST_LIKENED]}
    alike = [keys[key] for each in wanted[:_MOST_NAMED] for key in get_close_matches(each, keys, _MOST_NAMED)]
    named = [*dict.fromkeys([*alike, *keys.values()])]
    asked = " or ".join(repr(wording.shortened(each, _SHOWN)) for each in wanted[:_MOST_NAMED])
    if not named:
        return f"No {what} is called {asked}; there is none yet."
    others = ["others"] if len(named) > _MOST_NAMED else []
    there = "is" if len(named) == 1 else "are"
    return f"No {what} is called {asked}; there {there} {wording.listed([*named[:_MOST_NAMED], *others])}."


# The free words.


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the words."""

    trait: Trait
    mended: Mended = ()


class _Known(NamedTuple):
    """A word by which cards are known."""

    place: int
    """Among the words."""
    kind: str
    trait: Trait


class _Words:
    """The free words of a query."""

    def __init__(self, store: Store, query: Query, *, is_name: bool) -> None:
        self._store = store
        self._words = query.words
        self._whole = () if query.has_filters else (query.text,)
        self._is_code = not is_name and not query.has_filters and reads_like_ours(query.as_code)
        self._asked = Asked()

    def readings(self) -> Iterator[_Reading]:
        """Every way to read them: all are parts of one person's names, but for an order and the end of a code.

        The text as a whole can be an order or the end of a code, too.
        """
        texts = (*self._whole, *self._words) if len(self._words) == 1 else self._whole
        alone = [ends_with(end) for end in dict.fromkeys(chain.from_iterable(map(_ends, texts)))]
        alone += [of_orders(_spellings(texts))] if texts else []
        people = list(self._with_people([], self._words))
        if any(reading.trait.listed is None for reading in people):
            alone = self._had_by_some(alone)  # every card on a walk would be asked for them
        yield from (*map(_Reading, alone), *people)
        if len(self._words) > 1:
            yield from self._mixed()

    def _mixed(self) -> Iterator[_Reading]:
        """Without a word that ends the code of some card, without one that is an order of some, without both."""
        known = self._known()
        for chosen in islice((*combinations(known, 1), *combinations(known, 2)), _MOST_MIXED):
            places, kinds = {each.place for each in chosen}, {each.kind for each in chosen}
            if len(places) == len(kinds) == len(chosen):
                rest = [word for place, word in enumerate(self._words) if place not in places]
                yield from self._with_people([each.trait for each in chosen], rest)

    def _known(self) -> list[_Known]:
        """The words that end the code of a card, or are its order."""
        known = [
            *(_Known(place, "end", ends_with(end)) for place, word in enumerate(self._words) for end in _ends(word)),
            *(_Known(place, "order", of_orders(_spellings([word]))) for place, word in enumerate(self._words)),
        ]
        had = self._had_by_some([each.trait for each in known])
        return [each for each in known if each.trait in had]

    def _had_by_some(self, traits: Sequence[Trait]) -> list[Trait]:
        """Those of some listed traits that a card has."""
        lists = [trait.listed for trait in traits if trait.listed is not None]
        if not lists:
            return []
        asked = ", ".join(f"EXISTS (SELECT 1 FROM ({listed.text}) AS any_of)" for listed in lists)
        params = tuple(chain.from_iterable(listed.params for listed in lists))
        there = self._store.database.execute_sql(f"SELECT {asked}", params).fetchone()
        return [trait for trait, is_there in zip(traits, there, strict=True) if is_there]

    def _with_people(self, traits: Sequence[Trait], words: Sequence[str]) -> Iterator[_Reading]:
        """Cards of these traits that have a person whom all the words fit; nothing when nobody is such a one."""
        if not words:
            yield _Reading(both(*traits))
        elif not self._is_code and any(map(can_be_a_name, words)):
            fitting = people_fitting(self._store.database, words, FEW_PEOPLE, self._asked)
            if fitting.few != ():
                yield _Reading(both(*traits, of_people(self._store.database, fitting)), fitting.mended)


def _ends(text: str) -> list[str]:
    """The end of a code that a text spells, if it spells one."""
    try:
        code = normalise(text)
    except BadCode:
        return []
    return [code] if len(code) in _LENGTHS_OF_ENDS else []


def _spellings(orders: Iterable[str]) -> list[str]:
    """Orders as they may have been written down."""
    plain = [each for order in orders for each in (order, order.removeprefix("#")) if each]
    return [*dict.fromkeys(spelt for each in plain for spelt in (each, each.upper(), each.lower()))]
