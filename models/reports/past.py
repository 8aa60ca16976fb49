"""What happened to what the desk owes for one card, and when it counts; pure.

An activity counts when it was written down at this desk, so that no figure of the past changes later. A balance counts
as broken from its cut-off on, booked or not; what is written down later about it counts from then on. What is written
down in one transaction counts at once. Instants are microseconds UTC, as they are stored; amounts are minor units.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from models.clock import from_microseconds, to_microseconds
from models.rules.journal import LOADS, SIGNS, Kind

IMPORT: Final = "import"
"""Whose name activities bear that an import wrote down."""
_KINDS: Final = {kind.value: kind for kind in Kind}


class Told(NamedTuple):
    """What counts of an activity, as it is stored."""

    card_id: int
    number: int
    kind: str
    amount_minor: int
    effective_at: int
    recorded_at: int
    actor_id: int
    actor_name: str
    place: str | None
    order_ref: str | None
    details: str
    reverses: int | None = None

    @property
    def is_of_another_desk(self) -> bool:
        """Whether it was written down elsewhere: agents of other desks have no number above zero here."""
        return self.actor_id <= 0


@dataclass(frozen=True, slots=True)
class Movement:
    """One change of what the desk owes."""

    card_id: int
    number: int | None
    """The activity that booked it, by its number on the card; None: it was not booked by then."""
    product_id: int
    """The card's product at that instant."""
    currency: str
    kind: Kind
    """Imported is the net of what came with the card; a change of product moves out of one and into the other."""
    is_goodwill: bool
    """Whether nobody paid for it: a load as a gift of the house, or what a cancellation takes back of one."""
    at: datetime
    """When it counts, UTC."""
    amount_minor: int
    """How what the desk owes changes: minor units, signed."""
    place: str | None = None
    order_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """One card up to an instant."""

    card_id: int
    currency: str
    opening_minor: int
    """What the desk owed for it when the time began that is asked about."""
    opening_product_id: int | None
    movements: tuple[Movement, ...]
    """Those within that time, in its order."""
    held_minor: int
    """What the desk owes for it in the end."""
    product_id: int | None
    aged_from: int | None
    """Since when its money lies there: the latest load, else the first instant at which it could be spent."""
    journal: tuple[Told, ...] = ()
    """What this was told from; empty where the card's row told it."""


def arrived_with(journal: Sequence[Told]) -> int:
    """How many of a card's activities an import brought: those that it wrote down at once, or left as they were."""
    first = journal[0]
    if not (first.is_of_another_desk or first.actor_name == IMPORT):
        return 0
    is_old = first.is_of_another_desk or first.kind == Kind.IMPORTED or first.effective_at < first.recorded_at
    if not is_old:
        return 0
    here = next((told.recorded_at for told in journal if not told.is_of_another_desk), None)
    count = 0
    for told in journal:
        is_brought = told.is_of_another_desk or (told.actor_name == IMPORT and told.recorded_at == here)
        if not is_brought:
            break
        count += 1
    return count


def past_of(
    card_id: int,
    currency: str,
    journal: Sequence[Told],
    since: int,
    until: int,
    arrived_at: Callable[[Sequence[Told]], int],
    cut_off_of: Callable[[str], int],
) -> Past:
    """A card's past from an instant until before another one, given its whole journal.

    Arrived_at tells of the activities that an import brought when it did; cut_off_of when a last day's balance stops
    being spendable. Raises whatever spoiled values bring.
    """
    teller = _Teller(card_id, currency, cut_off_of)
    brought = arrived_with(journal)
    if brought:
        at = arrived_at(journal[:brought])
        if at < until:
            teller.bring_in(journal[:brought], at)
    for recorded_at, together in groupby(journal[brought:], attrgetter("recorded_at")):
        if max(recorded_at, teller.at) >= until or (brought and not teller.at):
            break
        teller.write_down(together, recorded_at)
    teller.go_on_to(until)
    begins = from_microseconds(since)
    before = sum(movement.at < begins for movement in teller.told)
    opening, within = teller.told[:before], tuple(teller.told[before:])
    owed = sum(movement.amount_minor for movement in opening)
    product = opening[-1].product_id if opening else None
    return Past(card_id, currency, owed, product, within, teller.held, teller.product, teller.aged_from, tuple(journal))


def quiet_past(
    card_id: int,
    currency: str,
    product_id: int,
    balance_minor: int,
    cut_off: int | None,
    aged_from: int,
    since: int,
    until: int,
) -> Past:
    """The same of a card to which nothing was written down since, given its row: its cut-off alone may come."""
    if cut_off is None or cut_off >= until or not balance_minor:
        return Past(card_id, currency, balance_minor, product_id, (), balance_minor, product_id, aged_from)
    if cut_off < since:
        return Past(card_id, currency, 0, product_id, (), 0, product_id, aged_from)
    at = from_microseconds(cut_off)
    broken = Movement(card_id, None, product_id, currency, Kind.BREAKAGE, False, at, -balance_minor)
    return Past(card_id, currency, balance_minor, product_id, (broken,), 0, product_id, aged_from)


class _Teller:
    """Tells a card's movements, one transaction after the other."""

    def __init__(self, card_id: int, currency: str, cut_off_of: Callable[[str], int]) -> None:
        self._card = card_id
        self._currency = currency
        self._cut_off_of = cut_off_of
        self._cut_off: int | None = None
        self._balance = 0
        self._gift = 0
        """How much of the balance nobody paid for: that is spent first, so that a payer gets back what they paid."""
        self._gift_broken = 0
        self._unbooked: list[int] = []
        """The places, in what was told, of breakages that no activity has booked yet."""
        self._loaded_at: int | None = None
        self._active_from: int | None = None
        self.held = 0
        """What the desk owes: the balance, or nothing of it past its cut-off."""
        self.product: int | None = None
        self.at = 0
        """How far it is told."""
        self.told: list[Movement] = []

    @property
    def aged_from(self) -> int | None:
        """Since when its money lies there."""
        return self._active_from if self._loaded_at is None else self._loaded_at

    def bring_in(self, journal: Sequence[Told], at: int) -> None:
        """Tell what an import brought: its net, when it came."""
        for told in journal:
            self._set_facts(told)
            if told.kind in SIGNS:
                self._count_gifts(_KINDS[told.kind], told)
                self._balance += told.amount_minor
        self.at = at
        if self._balance:
            self._move(Kind.IMPORTED, self._balance, at, journal[-1].number)
        self._close()

    def write_down(self, together: Iterator[Told], recorded_at: int) -> None:
        """Tell what was written down in one transaction."""
        self.go_on_to(recorded_at)
        self.at = max(self.at, recorded_at)
        for told in together:
            self._set_facts(told)
            if told.kind in SIGNS:
                self._take(_KINDS[told.kind], told)
        self._close()

    def go_on_to(self, at: int) -> None:
        """Let the time go by, up to an instant: what reaches its cut-off before is broken."""
        if self.held > 0 and self._cut_off is not None and self._cut_off < at:
            self._break_unbooked(-self.held, self._cut_off)

    def _set_facts(self, told: Told) -> None:
        if told.kind in LOADS:
            self._loaded_at = told.effective_at
        if '"sets"' not in told.details:
            return
        sets = json.loads(told.details)["sets"]
        if "active_from" in sets:
            self._active_from = to_microseconds(datetime.fromisoformat(sets["active_from"]))
        if "last_day" in sets:
            self._cut_off = None if sets["last_day"] is None else self._cut_off_of(sets["last_day"])
        if "product" in sets and sets["product"] != self.product:
            held = self.held
            if held:
                self._move(Kind.TRANSFER_OUT, -held, self.at, told.number)
            self.product = sets["product"]
            if held:
                self._move(Kind.TRANSFER_IN, held, self.at, told.number)

    def _take(self, kind: Kind, told: Told) -> None:
        """Tell an activity that moves money."""
        if kind is Kind.BREAKAGE:
            for place in self._unbooked:
                self.told[place] = replace(self.told[place], number=told.number)
            self._unbooked.clear()
            if self.held:
                self._move(kind, -self.held, self.at, told.number)
        elif told.amount_minor:
            amounts = [(False, told.amount_minor)]
            if kind is Kind.CANCELLATION:
                gift = min(self._gift, -told.amount_minor)
                amounts = [(True, -gift), (False, told.amount_minor + gift)]
            elif kind in LOADS:
                amounts = [(_is_gift(told), told.amount_minor)]
            for is_goodwill, amount in amounts:
                if amount:
                    self._move(kind, amount, self.at, told.number, told, is_goodwill=is_goodwill)
        self._count_gifts(kind, told)
        self._balance += told.amount_minor

    def _count_gifts(self, kind: Kind, told: Told) -> None:
        if kind in LOADS and _is_gift(told):
            self._gift += told.amount_minor
        elif kind is Kind.BREAKAGE:
            self._gift, self._gift_broken = 0, self._gift
        elif kind is Kind.REINSTATEMENT:
            self._gift = self._gift_broken
        elif told.amount_minor < 0:
            self._gift = max(0, self._gift + told.amount_minor)

    def _close(self) -> None:
        """Whatever was written down at once, the desk owes what can still be spent after all of it."""
        is_past = self._cut_off is not None and self._cut_off <= self.at
        change = (0 if is_past else self._balance) - self.held
        if change > 0:
            if not is_past:
                self._unbooked.clear()
            self._move(Kind.REINSTATEMENT, change, self.at, None)
        elif change:
            self._break_unbooked(change, self.at)
        if change > 0 and is_past:
            self._unbooked.append(len(self.told) - 1)

    def _break_unbooked(self, amount: int, at: int) -> None:
        self._unbooked.append(len(self.told))
        self._move(Kind.BREAKAGE, amount, at, None)

    def _move(
        self,
        kind: Kind,
        amount: int,
        at: int,
        number: int | None,
        told: Told | None = None,
        *,
        is_goodwill: bool = False,
    ) -> None:
        assert self.product is not None
        self.held += amount
        where = (None, None) if told is None else (told.place, told.order_ref)
        self.told.append(
            Movement(
                self._card,
                number,
                self.product,
                self._currency,
                kind,
                is_goodwill,
                from_microseconds(at),
                amount,
                *where,
            )
        )


def _is_gift(told: Told) -> bool:
    return '"goodwill"' in told.details and bool(json.loads(told.details).get("goodwill"))
