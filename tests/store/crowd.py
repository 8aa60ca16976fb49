"""A desk with a crowd on it, and what a search of it must bring: every card judged by itself, in plain Python."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product as pairs
from typing import Any, Final

from store.counter import Counter

from models import desk
from models.desk import PersonGiven
from models.rules.spans import Days
from models.rules.status import Status, status_of
from models.rules.texts import search_key
from models.schema import Activity, Customer, GiftCard, Organisation, Product

ADA = PersonGiven("Ada Lovelace", "ada@northwind.example")
PEOPLE: Final = (
    None,
    ADA,
    PersonGiven("Ada King", "king.ada@harbour.example"),
    PersonGiven("Grace Hopper", "grace1906@harbour.example"),
    PersonGiven("Éva Lovas"),
    PersonGiven(None, "adams@post.example"),
    PersonGiven("Lin Wu", "lin@example.org"),
)
FORMER = PersonGiven("Linnea Holm", "linnea@old.example")
"""Whose record was merged into that of Lin Wu."""
_PLACES: Final = (None, "Leeds", "leeds outlet", "Web shop", "Zürich")
_ORDERS: Final = (None, "10482", "T77", "HOPPER")
_CARDS: Final = 45


def crowd(counter: Counter, chance: random.Random) -> None:
    """Cards of every kind, many of them changed in the same instant; some people have two records, some are VIPs."""
    for _ in range(_CARDS):
        recipient, purchaser = chance.choice(PEOPLE), chance.choice(PEOPLE)
        people = {
            **({"recipient": recipient} if recipient is not None else {}),
            **({"purchaser": purchaser} if purchaser is not None else {}),
        }
        products = ("half", "forever", "careful", "week")
        sold = {"place": chance.choice(_PLACES), "order_ref": chance.choice(_ORDERS)}
        card = counter.issued(chance.choice(products), 500, **people, **sold)
        if chance.random() < 0.6:
            _happens(counter, card, chance)
        if chance.random() < 0.3:
            counter.wait(hours=chance.choice((5, 70)))
    linnea, lin = counter.issued(recipient=FORMER), counter.issued(recipient=PEOPLE[-1])
    records = [counter.sheet(card).recipient.id for card in (linnea, lin)]  # type: ignore[union-attr]
    assert desk.merge_people(counter.sue, *records).done
    for name, is_vip in (("Northwind", True), ("Harbour", False)):
        assert desk.set_organisation(counter.sue, name, is_vip=is_vip, source="CRM").done


def _happens(counter: Counter, card: int, chance: random.Random) -> None:
    match chance.randrange(5):
        case 0:
            desk.top_up(counter.mia, card, 100, place=chance.choice(_PLACES), order_ref=chance.choice(_ORDERS))
        case 1:
            desk.suspend(counter.sue, card, "chargeback")
        case 2:
            desk.cancel(counter.mia, card, "order cancelled")
        case 3:
            desk.register(counter.mia, card, ADA, organisation="Northwind")
        case 4:
            desk.register(counter.mia, card, PEOPLE[3] or ADA, organisation="Harbour")


def change_some(counter: Counter, chance: random.Random, of: Sequence[int]) -> set[int]:
    """Let something happen to a few of some cards, so that they come first from then on."""
    changed = set(chance.sample(of, 2))
    for card in sorted(changed):
        assert desk.note(counter.sam, card, "called").done
    return changed


@dataclass(frozen=True)
class Wanted:
    """What is looked for, in parts."""

    words: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    days: Days | None = None
    statuses: tuple[Status, ...] = ()
    products: tuple[str, ...] = ()
    is_vip: bool = False

    @property
    def typed(self) -> str:
        """How that is typed."""
        filters = [
            *(f"order:{each}" for each in self.orders),
            *(f"place:{each}" for each in self.places),
            *([f"on:{self.days.first}..{self.days.last}"] if self.days else []),
            *(f"status:{each.value}" for each in self.statuses),
            *(f"product:{each}" for each in self.products),
            *(["vip"] if self.is_vip else []),
        ]
        return " ".join([*self.words, *filters])


@dataclass(frozen=True)
class Everything:
    """All that is stored of cards and people, read whole."""

    counter: Counter
    now: datetime
    cards: list[Any] = field(default_factory=list)
    loads: dict[int, list[Any]] = field(default_factory=dict)
    orders: dict[int, set[str]] = field(default_factory=dict)
    people: dict[int, list[str]] = field(default_factory=dict)
    vips: set[int] = field(default_factory=set)
    products: dict[int, tuple[str, str]] = field(default_factory=dict)

    def fitting(self, wanted: Wanted) -> list[int]:
        """The ids of the cards that fit, newest activity first."""
        cards = [card for card in self.cards if self._fits(card, wanted)]
        return [card.id for card in sorted(cards, key=lambda card: (card.changed_at, card.id), reverse=True)]

    def _fits(self, card: Any, wanted: Wanted) -> bool:
        code, name = self.products[card.product_id]
        holder = card.registered_id or card.recipient_id or card.purchaser_id
        return (
            (not wanted.words or any(self._is_read_as(card, *way) for way in _ways(wanted)))
            and (not wanted.orders or bool(self.orders[card.id] & set(wanted.orders)))
            and self._was_loaded(card, wanted)
            and (not wanted.statuses or status_of(card, self.now) in wanted.statuses)
            and (not wanted.products or any(key in (code, *_parts(name)) for key in wanted.products))
            and (not wanted.is_vip or holder in self.vips)
        )

    def _is_read_as(self, card: Any, end: str | None, order: str | None, rest: Sequence[str]) -> bool:
        people = [self.people[id_] for id_ in (card.registered_id, card.recipient_id, card.purchaser_id) if id_]
        return (
            (end is None or card.last_four == end.upper())
            and (order is None or bool(self.orders[card.id] & {order, order.upper(), order.lower()}))
            and (not rest or any(all(any(w in text for text in texts) for w in rest) for texts in people))
        )

    def _was_loaded(self, card: Any, wanted: Wanted) -> bool:
        if not wanted.places and wanted.days is None:
            return True
        date_of, days = self.counter.store.business.date_of, wanted.days
        return any(
            (not wanted.places or any(key in search_key(load.place or "") for key in wanted.places))
            and (days is None or days.first <= date_of(load.effective_at) <= days.last)
            for load in self.loads[card.id]
        )


def _ways(wanted: Wanted) -> Iterator[tuple[str | None, str | None, list[str]]]:
    """Every way to choose an end of a code and an order among the words, and the words that are left."""
    numbers: list[int | None] = [None, *range(len(wanted.words))]
    for end, order in pairs(numbers, numbers):
        if end is None or end != order:
            rest = [search_key(word) for number, word in enumerate(wanted.words) if number not in (end, order)]
            chosen = [None if number is None else wanted.words[number] for number in (end, order)]
            if not rest or any(len(word) > 1 and not word.isdigit() for word in rest):
                yield chosen[0], chosen[1], rest


def _parts(name: str) -> set[str]:
    key = search_key(name)
    return {key[first:last] for first in range(len(key)) for last in range(first + 1, len(key) + 1)}


def everything(counter: Counter) -> Everything:
    """All that is stored."""
    with counter.store.database.reading():
        all_of = Everything(counter, counter.store.now())
        all_of.cards.extend(GiftCard.select())
        for card in all_of.cards:
            all_of.loads[card.id], all_of.orders[card.id] = [], set()
        for activity in Activity.select():
            if activity.kind in ("issue", "top_up", "imported"):
                all_of.loads[activity.__data__["card"]].append(activity)
            if activity.order_ref is not None:
                all_of.orders[activity.__data__["card"]].add(activity.order_ref)
        for person in Customer.select():
            texts = all_of.people.setdefault(person.merged_into_id or person.id, [])
            texts += [text for text in (person.name_key, person.email_key) if text]
        vip = Organisation.select(Organisation.id).where(Organisation.is_vip == 1)
        all_of.vips.update(person.id for person in Customer.select().where(Customer.organisation.in_(vip)))
        all_of.products.update({each.id: (each.code, each.name) for each in Product.select()})
    return all_of
