"""The cards that may be reminded, each with everything that decides about it: read by the index of cut-offs alone."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from models.cards import LockedCard, look_at_cards
from models.clock import to_microseconds
from models.engine import DeskDatabase
from models.fields import LARGEST_ID, stored_day, stored_instant
from models.products import ProductSheet, all_products
from models.rules.journal import Kind
from models.rules.reminders import Addressee, Key, Outlook, Remindable, State, outlook
from models.rules.validity import LATEST, BusinessTime

_PAGE: Final = 500

# Spelt so that the index over live balances by their cut-off fits. Very many cards may stop at one instant: what is
# left of these is asked for apart, for which the index needs no second look at those before.
_LIVE: Final = (
    "SELECT cut_off_at, id, product_id FROM gift_card WHERE balance_minor > 0 AND cut_off_at IS NOT NULL "
    "AND cancelled_at IS NULL AND "
)
_AT_THE_SAME_INSTANT: Final = f"{_LIVE} cut_off_at = ? AND id > ? ORDER BY id LIMIT ?"
_LATER: Final = f"{_LIVE} cut_off_at > ? AND cut_off_at <= ? ORDER BY cut_off_at, id LIMIT ?"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reminder that was tried and certainly not sent."""

    tries: int
    next_try_at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card with everything that decides about its reminders."""

    card: LockedCard
    product: ProductSheet
    taken: frozenset[Key]
    """The reminders that were sent, by this desk or by the one that the card comes from, or decided about."""
    waiting: Mapping[Key, Waiting]
    imported_at: datetime | None
    addressee: Addressee | None

    @property
    def remindable(self) -> Remindable:
        """The card as the rules see it."""
        state = self.card.state
        return Remindable(
            balance_minor=state.balance_minor,
            active_from_at=self.card.active_from_at,
            last_day_on=state.last_day_on,
            cut_off_at=self.card.cut_off_at,
            loaded_at=state.loaded_at,
            reactivated_at=state.reactivated_at,
            suspended_at=state.suspended_at,
            cancelled_at=state.cancelled_at,
            imported_at=self.imported_at,
        )

    def is_put_off(self, key: Key, now: datetime) -> bool:
        """Whether a reminder was tried and may not be tried again yet at an instant (UTC)."""
        waiting = self.waiting.get(key)
        return waiting is not None and now < waiting.next_try_at

    def outlook(self, hour: int, now: datetime, business: BusinessTime) -> Outlook:
        """What is owed to its holder at an instant (UTC), and what will be."""
        return outlook(self.remindable, self.product.reminders, self.taken, hour, now, business)


def products_by_id() -> dict[int, ProductSheet]:
    """Every product, those that are sold no more too; within a connection."""
    return {product.id: product for product in all_products()}


def read_candidates(
    database: DeskDatabase,
    cards: Sequence[LockedCard],
    products: Mapping[int, ProductSheet],
) -> list[Candidate]:
    """What decides about the reminders of some cards, in their order; within a transaction.

    A card whose product is gone is left out: it does not add up.
    """
    ids = [card.id for card in cards]
    taken, waiting, imported = _read_taken(database, ids)
    addressees = _read_addressees(database, {card.state.registered_id or card.state.recipient_id for card in cards})
    return [
        Candidate(
            card=card,
            product=product,
            taken=frozenset(taken.get(card.id, ())),
            waiting=waiting.get(card.id, {}),
            imported_at=imported.get(card.id),
            addressee=addressees.get(card.state.registered_id or card.state.recipient_id),
        )
        for card in cards
        if (product := products.get(card.state.product_id or 0)) is not None
    ]


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)


def _read_taken(
    database: DeskDatabase, ids: Sequence[int]
) -> tuple[dict[int, set[Key]], dict[int, dict[Key, Waiting]], dict[int, datetime]]:
    """Of some cards the reminders taken, those that wait, and when each was imported."""
    taken: dict[int, set[Key]] = {}
    waiting: dict[int, dict[Key, Waiting]] = {}
    imported: dict[int, datetime] = {}
    if not ids:
        return taken, waiting, imported
    rows = database.execute_sql(
        f"SELECT card_id, last_day_on, lead_days, state, tries, next_try_at, claimed_at FROM reminder "
        f"WHERE card_id IN ({_marks(ids)})",
        ids,
    )
    for card_id, last_day, lead_days, state, tries, next_try_at, claimed_at in rows.fetchall():
        key = (stored_day(last_day), lead_days)
        if state == State.WAITING:
            at = stored_instant(claimed_at if next_try_at is None else next_try_at)
            waiting.setdefault(card_id, {})[key] = Waiting(tries, at)
        else:
            taken.setdefault(card_id, set()).add(key)
    rows = database.execute_sql(
        f"SELECT card_id, kind, recorded_at, details FROM activity "
        f"WHERE card_id IN ({_marks(ids)}) AND kind IN ('{Kind.IMPORTED}', '{Kind.REMINDER_SENT}')",
        ids,
    )
    for card_id, kind, recorded_at, details in rows.fetchall():
        if kind == Kind.IMPORTED:
            imported[card_id] = stored_instant(recorded_at)
        elif (told := sent_key(details)) is not None:
            taken.setdefault(card_id, set()).add(told)
    return taken, waiting, imported


def sent_key(details: str) -> Key | None:
    """Which reminder an activity says was sent, its details given as stored; None when it does not say."""
    try:
        told = json.loads(details)
        key = (date.fromisoformat(told["last_day"]), told["lead_days"])
    except (ValueError, KeyError, TypeError):
        return None
    return key if type(key[1]) is int else None


def _read_addressees(database: DeskDatabase, ids: Iterable[int | None]) -> dict[int | None, Addressee]:
    """Some people by the number of the record that a card names; a merged one leads to the one that was kept."""
    known = [each for each in ids if each is not None]
    if not known:
        return {}
    rows = database.execute_sql(
        "SELECT c.id, k.id, k.name, k.email, k.removed_at FROM customer c "
        f"JOIN customer k ON k.id = COALESCE(c.merged_into_id, c.id) WHERE c.id IN ({_marks(known)})",
        known,
    )
    return {named: Addressee(id_, name, email, removed is not None) for named, id_, name, email, removed in rows}


def candidates(database: DeskDatabase, business: BusinessTime, now: datetime, until: date) -> Iterator[Candidate]:
    """The cards that may be reminded at an instant (UTC) or on a later day up to one, the next to expire first.

    Within a connection; each page of them is one consistent view, so that no long reading is in anybody's way.
    """
    with database.reading():
        products = products_by_id()
    ends = latest_cut_offs(products, business, until)
    at, last, end = to_microseconds(now), LARGEST_ID, max(ends.values(), default=0)
    while True:
        with database.reading():
            rows = database.execute_sql(_AT_THE_SAME_INSTANT, (at, last, _PAGE)).fetchall()
            rows += database.execute_sql(_LATER, (at, end, _PAGE - len(rows))).fetchall()
            ids = [card_id for cut_off_at, card_id, product_id in rows if cut_off_at <= ends.get(product_id, 0)]
            page = read_candidates(database, look_at_cards(ids), products) if ids else []
        yield from page
        if len(rows) < _PAGE:
            return
        at, last, _ = rows[-1]


def latest_cut_offs(products: Mapping[int, ProductSheet], business: BusinessTime, until: date) -> dict[int, int]:
    """Product -> the latest cut-off, stored, of cards of which a reminder's day lies not after a day."""
    return {
        id_: to_microseconds(business.cut_off(min(until + _longest(product), LATEST)))
        for id_, product in products.items()
        if product.reminders
    }


def _longest(product: ProductSheet) -> timedelta:
    most = (LATEST - date.min).days
    return timedelta(days=min(most, max(lead.days for lead in product.reminders)))
