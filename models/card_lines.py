"""One card in a list: what a clerk sees of it before it is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from models.errors import faults
from models.fields import stored_day, stored_instant
from models.records import Person
from models.rules.codes import masked
from models.rules.status import Status
from models.standing import status_told
from models.store import Store

HOLDER: Final = "COALESCE(g.registered_id, g.recipient_id, g.purchaser_id)"
"""The record of whoever holds the card `g`, as SQL."""

_LINES: Final = (
    "SELECT g.id, g.last_four, {status}, g.balance_minor, g.currency, g.last_day_on, p.name, g.changed_at, "
    "c.id, c.name, c.email, o.name, o.is_vip "
    f"FROM gift_card g JOIN product p ON p.id = g.product_id LEFT JOIN customer c ON c.id = {HOLDER} "
    "LEFT JOIN organisation o ON o.id = c.organisation_id WHERE g.id IN ({marks})"
)


@dataclass(frozen=True, slots=True)
class CardLine:
    """One card in a list of results."""

    card_id: int
    last_four: str
    status: Status
    balance_minor: int
    currency: str
    last_day_on: date | None
    product_name: str
    holder: Person | None
    changed_at: datetime
    """When its latest activity was recorded, UTC."""
    roles: tuple[str, ...] = ()
    """In a list of one person's cards: what the person is to this one."""
    remark: str | None = None
    """In a worklist what is the matter with this one, among near misses what differs."""

    @property
    def code_masked(self) -> str:
        """The card's name on screens: the end of its code."""
        return masked(self.last_four)


def cards_by_id(store: Store, ids: Sequence[int]) -> dict[int, CardLine]:
    """Some cards by their record numbers. Raises Fault for a broken store."""
    with faults(store.path), store.database.reading():
        return {line.card_id: line for line in lines_of(store, ids)}


def lines_of(store: Store, ids: Sequence[int], now: datetime | None = None) -> tuple[CardLine, ...]:
    """The cards with these ids, in their order, as they are at an instant (UTC), else now.

    None for an id that no card has. Within a connection.
    """
    if not ids:
        return ()
    status, params = status_told(now or store.now(), "g.{}")
    sql = _LINES.format(status=status, marks=", ".join("?" * len(ids)))
    by_id = {row[0]: _line(row) for row in store.database.execute_sql(sql, (*params, *ids)).fetchall()}
    return tuple(by_id[card_id] for card_id in ids if card_id in by_id)


def _line(row: Sequence[Any]) -> CardLine:
    id_, last_four, status, balance, currency, last_day, product, changed, who, name, email, organisation, is_vip = row
    return CardLine(
        card_id=id_,
        last_four=last_four,
        status=Status(status),
        balance_minor=balance,
        currency=currency,
        last_day_on=None if last_day is None else stored_day(last_day),
        product_name=product,
        holder=None if who is None else Person(who, name, email, organisation, bool(is_vip)),
        changed_at=stored_instant(changed),
    )
