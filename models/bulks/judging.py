"""Some cards of a bulk at a time: read, checked, and judged one by one; and what all of them come to."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from models.bulks.facts import Money, Skipped
from models.cards import LockedCard
from models.rules.bulk import Skip
from models.rules.bulk_deeds import BulkCard, Change, Deed, change_of
from models.rules.journal import CardState, Kind
from models.schema import Product
from models.soundness import read_sound
from models.store import Store

MOST_TOLD: Final = 100
"""Of how many cards of each kind the ids are told."""
_FLAGS: Final = (
    "SELECT card_id, COUNT(*) FROM flag WHERE cleared_number IS NULL AND card_id IN ({marks}) GROUP BY card_id"
)
_MINE: Final = """
    SELECT c.id, c.merged_into_id FROM customer c WHERE c.email_key IN ({marks})
    UNION SELECT m.id, m.merged_into_id FROM customer m JOIN customer k ON k.id = m.merged_into_id
    WHERE k.email_key IN ({marks})
"""
_NAMING: Final = (
    f"SELECT card_id, details FROM activity WHERE kind IN ('{Kind.ISSUE}', '{Kind.REGISTERED}', '{Kind.IMPORTED}', "
    f"'{Kind.TRANSFER_IN}', '{Kind.CORRECTED_CUSTOMER}') AND card_id IN ({{marks}})"
)
_LED_ON: Final = "SELECT id, merged_into_id FROM customer WHERE merged_into_id IS NOT NULL AND id IN ({marks})"
_ROLES: Final = ("purchaser", "recipient", "registered")


@dataclass(frozen=True, slots=True)
class Given:
    """What a bulk's list says of one card alone."""

    card_id: int
    until: date | None = None
    person_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One card, and what becomes of it."""

    given: Given
    card: LockedCard | None
    """None for one that does not add up."""
    verdict: Change | Skip


def own_people(store: Store, emails: Iterable[str]) -> frozenset[int]:
    """The records of people with one of some e-mail addresses, as they are compared; within a connection.

    A record that was merged into another counts with it, and the other way round.
    """
    keys = sorted(set(emails))
    if not keys:
        return frozenset()
    query = _MINE.format(marks=", ".join("?" * len(keys)))
    rows = store.database.execute_sql(query, (*keys, *keys)).fetchall()
    return frozenset(id_ for row in rows for id_ in row if id_ is not None)


def kept_people(store: Store, ids: Iterable[int | None]) -> Mapping[int, int]:
    """Whom the records of people that were merged into another lead to; within a transaction."""
    some = sorted({id_ for id_ in ids if id_ is not None})
    if not some:
        return {}
    query = _LED_ON.format(marks=", ".join("?" * len(some)))
    return dict(store.database.execute_sql(query, tuple(some)).fetchall())


Seen = tuple[Given, LockedCard | None, BulkCard]


def read_cards(store: Store, given: Sequence[Given], own: frozenset[int]) -> list[Seen]:
    """Some cards, given in the order of their ids, as the rules see them; within a transaction."""
    ids = [each.card_id for each in given]
    sound, unsound = read_sound(store.database, store.keys, ids)
    cards = {card.id: card for card in sound}
    marks = ", ".join("?" * len(ids))
    flags: dict[int, int] = dict(store.database.execute_sql(_FLAGS.format(marks=marks), ids).fetchall())
    mine = _own_cards(store, ids, own) if own else frozenset()
    spoiled = frozenset(unsound)
    found: list[Seen] = []
    for each in given:
        card = cards.get(each.card_id)
        if card is None:
            if each.card_id in spoiled:
                found.append((each, None, _SPOILED))
            continue
        found.append((each, card, _as_judged(each, card, flags.get(card.id, 0), is_own=card.id in mine)))
    return found


def _as_judged(given: Given, card: LockedCard, open_flags: int, *, is_own: bool) -> BulkCard:
    return BulkCard(
        card.state,
        card.cut_off_at,
        number=card.number,
        open_flags=open_flags,
        is_own=is_own,
        until=given.until,
        person_id=given.person_id,
    )


def _own_cards(store: Store, ids: Sequence[int], own: frozenset[int]) -> frozenset[int]:
    """The cards that name one of these people, or once did."""
    query = _NAMING.format(marks=", ".join("?" * len(ids)))
    rows = store.database.execute_sql(query, tuple(ids)).fetchall()
    return frozenset(card_id for card_id, details in rows if own & _named_in(details))


def _named_in(details: str) -> set[int]:
    sets: Mapping[str, Any] = json.loads(details).get("sets", {})
    return {sets[role] for role in _ROLES if isinstance(sets.get(role), int)}


_SPOILED: Final = BulkCard(CardState(), None, is_sound=False)


def judge(store: Store, deed: Deed, given: Sequence[Given], own: frozenset[int], now: datetime) -> list[Judged]:
    """What a deed does to some cards at an instant (UTC), given in the order of their ids; within a transaction."""
    kept = kept_people(store, (each.person_id for each in given))
    if kept:
        given = [replace(each, person_id=kept.get(each.person_id or 0, each.person_id)) for each in given]
    return [
        Judged(each, card, change_of(deed, seen, now, store.business))
        for each, card, seen in read_cards(store, given, own)
    ]


@dataclass
class Sums:
    """What a bulk comes to, while its cards are judged one after the other."""

    cards: int = 0
    first_ids: list[int] = field(default_factory=list)
    _skipped: dict[Skip, tuple[int, list[int]]] = field(default_factory=dict)
    _money: dict[tuple[int, str], tuple[int, int, list[int]]] = field(default_factory=dict)

    def add(self, judged: Iterable[Judged]) -> None:
        """Add some cards."""
        for each in judged:
            card_id = each.given.card_id
            if isinstance(each.verdict, Skip):
                count, ids = self._skipped.get(each.verdict, (0, []))
                self._skipped[each.verdict] = count + 1, _with(ids, card_id)
                continue
            self.cards += 1
            _with(self.first_ids, card_id)
            if each.verdict.moves_minor and each.card is not None:
                of = each.card.state.product_id or 0, each.card.currency
                cards, minor, ids = self._money.get(of, (0, 0, []))
                self._money[of] = cards + 1, minor + each.verdict.moves_minor, _with(ids, card_id)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Why cards stay as they are, the most frequent reason first."""
        most_first = sorted(self._skipped.items(), key=lambda item: (-item[1][0], item[0]))
        return tuple(Skipped(skip.words, count, tuple(ids)) for skip, (count, ids) in most_first)

    def money(self) -> tuple[Money, ...]:
        """What moves, by currency and product; within a connection."""
        names = _product_names()
        found = [
            Money(currency, names.get(product_id, ""), cards, minor, tuple(ids))
            for (product_id, currency), (cards, minor, ids) in self._money.items()
        ]
        return tuple(sorted(found, key=lambda each: (each.currency, each.product)))

    def money_minor(self) -> Mapping[str, int]:
        """Currency -> minor units."""
        sums: dict[str, int] = {}
        for (_, currency), (_, minor, _) in self._money.items():
            sums[currency] = sums.get(currency, 0) + minor
        return sums

    def as_json(self) -> dict[str, Any]:
        """What is kept of it."""
        money = [[product, currency, cards, minor] for (product, currency), (cards, minor, _) in self._money.items()]
        return {
            "cards": self.cards,
            "skipped": {skip.value: count for skip, (count, _) in sorted(self._skipped.items())},
            "money": sorted(money),
        }


def _with(ids: list[int], card_id: int) -> list[int]:
    if len(ids) < MOST_TOLD:
        ids.append(card_id)
    return ids


def skips_of(counts: Mapping[str, int], ids: Mapping[str, Sequence[int]]) -> tuple[Skipped, ...]:
    """Kept counts of skipped cards, the most frequent reason first, with the first cards of each as far as known."""
    most_first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Skipped(Skip(skip).words, count, tuple(ids.get(skip, ()))) for skip, count in most_first)


def money_of(kept: Iterable[Sequence[Any]]) -> tuple[Money, ...]:
    """Kept sums of money under the names of their products; within a connection."""
    names = _product_names()
    found = [Money(currency, names.get(product, ""), cards, minor) for product, currency, cards, minor in kept]
    return tuple(sorted(found, key=lambda each: (each.currency, each.product)))


def _product_names() -> dict[int, str]:
    return {row.id: row.name for row in Product.select(Product.id, Product.name)}
