"""What a card can be looked for by, one trait at a time: as a condition on one card, and as a list of all that have it.

Conditions look at one card `g` by its own keys, never along an index of many: the engine shall begin with the list, or
with the order of the answer. That is why columns that have an index of their own stand in an expression there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final, NamedTuple

from models.card_lines import HOLDER
from models.clock import to_microseconds
from models.engine import DeskDatabase
from models.rules.status import Status
from models.search.fitting import Fitting
from models.standing import status_in_sql


class Sql(NamedTuple):
    """A piece of SQL with its parameters."""

    text: str
    params: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that a card must be."""

    holds: Sql
    """The condition that a card `g` is that."""
    listed: Sql | None = None
    """A SELECT of the `id` of every card that is that, perhaps twice; None: they can't be listed."""
    is_few: bool = False
    """There are few of them, without counting."""
    lists_others: bool = False
    """The list has other cards as well."""


FEW_PEOPLE: Final = 2_000
"""So many are listed with all their cards in some milliseconds; more are looked for among the cards that changed."""

_MARK: Final = "?"
_ROLES: Final = ("registered_id", "recipient_id", "purchaser_id")
_LISTED_STATUSES: Final = {
    Status.CANCELLED: "SELECT id FROM gift_card WHERE cancelled_at IS NOT NULL",
    Status.SUSPENDED: "SELECT id FROM gift_card WHERE suspended_at IS NOT NULL",
    Status.INACTIVE: "SELECT id FROM gift_card WHERE active_from_at > ?",
}
"""Statuses that few cards have, each with an index that begins with them."""


_IS_A_VIPS: Final = (
    "EXISTS (SELECT 1 FROM customer h CROSS JOIN organisation o "
    f"WHERE h.id = {HOLDER} AND o.id = h.organisation_id AND o.is_vip = 1)"
)
_VIPS: Final = (
    "SELECT h.id FROM organisation o CROSS JOIN customer h WHERE o.is_vip = 1 AND h.organisation_id = o.id LIMIT ?"
)


def marks(values: Sequence[Any]) -> str:
    """As many marks for parameters."""
    return ", ".join(_MARK * len(values))


def ends_with(last_four: str) -> Trait:
    """Its code ends so."""
    params = (last_four,)
    return Trait(
        Sql("g.last_four || '' = ?", params), Sql("SELECT id FROM gift_card WHERE last_four = ?", params), is_few=True
    )


def of_orders(orders: Sequence[str]) -> Trait:
    """One of its activities belongs to one of these orders."""
    params, some = tuple(orders), f"order_ref IN ({marks(orders)})"
    return Trait(
        Sql(f"EXISTS (SELECT 1 FROM activity n WHERE n.card_id = g.id AND n.{some})", params),
        Sql(f"SELECT card_id AS id FROM activity WHERE {some}", params),
        is_few=True,
    )


def of_people(database: DeskDatabase, fitting: Fitting) -> Trait:
    """Its purchaser, recipient or holder is one whom some words fit."""
    holds = _joined([Sql(*fitting.holds(f"g.{role}")) for role in _ROLES], " OR ")
    return Trait(holds) if fitting.few is None else Trait(holds, _naming(database, fitting.few), is_few=True)


def _naming(database: DeskDatabase, people: Sequence[int]) -> Sql:
    """The cards that name one of these people, in any role."""
    if not people:
        return Sql("SELECT id FROM gift_card WHERE 1 = 0")
    roles = (database.among(role, people) for role in _ROLES)
    return united(Sql(f"SELECT id FROM gift_card WHERE {text}", tuple(params)) for text, params in roles)


def of_products(ids: Sequence[int]) -> Trait:
    """It was sold as one of these products."""
    return Trait(
        Sql(f"g.product_id + 0 IN ({marks(ids)})", tuple(ids)),
        Sql(f"SELECT id FROM gift_card WHERE product_id IN ({marks(ids)})", tuple(ids)),
    )


def of_statuses(statuses: Sequence[Status], at: datetime) -> Trait:
    """It has one of these statuses at an instant (UTC)."""
    said = [Sql(*status_in_sql(status, at, "g.{} + 0")) for status in statuses]
    lists = [_LISTED_STATUSES.get(status) for status in statuses]
    instant = to_microseconds(at)
    listed = [Sql(text, (instant,) * text.count(_MARK)) for text in lists if text is not None]
    return Trait(_joined(said, " OR "), united(listed) if len(listed) == len(statuses) else None, lists_others=True)


def of_vips(database: DeskDatabase) -> Trait:
    """The organisation of its holder is a VIP; listed when few people belong to one. Within a connection."""
    people = [id_ for (id_,) in database.execute_sql(_VIPS, (FEW_PEOPLE + 1,)).fetchall()]
    are_few = len(people) <= FEW_PEOPLE
    listed = _naming(database, people) if are_few else None
    return Trait(Sql(_IS_A_VIPS), listed, is_few=are_few, lists_others=True)


def either(traits: Sequence[Trait]) -> Trait:
    """At least one of these."""
    lists = [trait.listed for trait in traits if trait.listed is not None]
    return Trait(
        _joined([trait.holds for trait in traits], " OR "),
        united(lists) if len(lists) == len(traits) else None,
        is_few=all(trait.is_few for trait in traits),
    )


def both(first: Trait, *others: Trait) -> Trait:
    """All of these; listed by the first one."""
    if not others:
        return first
    holds = _joined([trait.holds for trait in (first, *others)], " AND ")
    if first.listed is None:
        return Trait(holds)
    rest = _joined([trait.holds for trait in others], " AND ")
    listed = f"SELECT g.id FROM ({first.listed.text}) n CROSS JOIN gift_card g WHERE g.id = n.id AND {rest.text}"
    return Trait(holds, Sql(listed, first.listed.params + rest.params), first.is_few)


def _joined(parts: Sequence[Sql], by: str) -> Sql:
    """Conditions joined to one, in brackets; of none it is one that no card meets."""
    text = by.join(part.text for part in parts) or "1 = 0"
    return Sql(f"({text})", tuple(chain.from_iterable(part.params for part in parts)))


def united(parts: Iterable[Sql]) -> Sql:
    """One list of several."""
    lists = tuple(parts)
    return Sql(" UNION ALL ".join(each.text for each in lists), tuple(chain.from_iterable(p.params for p in lists)))
