"""The conditions of a card's status as SQL: made from the same table as the function that judges one card."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any, Final

from peewee import SQL

from models.clock import to_microseconds
from models.rules.status import CONDITIONS, Condition, Status, Test
from models.schema import GiftCard

_SQL: Final[dict[Test, Callable[[Any, datetime], Any]]] = {
    "is_set": lambda column, _at: column.is_null(False),
    "is_not_set": lambda column, _at: column.is_null(),
    # Never NULL, so that its opposite isn't either.
    "reached": lambda column, at: column.is_null(False) & (column <= at),
    "not_reached": lambda column, at: column.is_null(False) & (column > at),
    # A literal, or the index over balances that are due would not fit.
    "positive": lambda column, _at: column > SQL("0"),
}


def all_hold(conditions: Iterable[Condition], at: datetime) -> Any:
    """An expression over gift cards: all of these conditions hold at an instant (UTC)."""
    return reduce(and_, (_SQL[each.test](getattr(GiftCard, each.column), at) for each in conditions), SQL("1 = 1"))


def status_is(status: Status, at: datetime, *, aside: Status | None = None) -> Any:
    """An expression over gift cards: this is the status at an instant (UTC), as status_of would say.

    A status that is left aside keeps no card from having a later one.
    """
    no_earlier_one: list[Any] = []
    for name, alternatives in CONDITIONS:
        if name is aside:
            continue
        own = reduce(or_, (all_hold(each, at) for each in alternatives))
        if name is status:
            return reduce(and_, [*no_earlier_one, own])
        no_earlier_one.append(~own)
    raise AssertionError(status)


# The same, written out: such an expression takes longer to be made than to be answered.
_TEXTS: Final[dict[Test, str]] = {
    "is_set": "{column} IS NOT NULL",
    "is_not_set": "{column} IS NULL",
    "reached": "({column} IS NOT NULL AND {column} <= ?)",
    "not_reached": "({column} IS NOT NULL AND {column} > ?)",
    "positive": "{column} > 0",
}


def status_in_sql(status: Status, at: datetime, column: str = "{}") -> tuple[str, tuple[int, ...]]:
    """What status_is says, as text with marks for its parameters; a pattern tells how a column is written."""
    no_earlier_one: list[str] = []
    for name, alternatives in CONDITIONS:
        own = " OR ".join(_written(each, column) for each in alternatives)
        if name is status:
            text = " AND ".join([*no_earlier_one, f"({own})"])
            return f"({text})", (to_microseconds(at),) * text.count("?")
        no_earlier_one.append(f"NOT ({own})")
    raise AssertionError(status)


def status_told(at: datetime, column: str = "{}") -> tuple[str, tuple[int, ...]]:
    """An expression whose value is the status at an instant (UTC), as text with marks for its parameters."""
    cases = [
        f"WHEN {' OR '.join(_written(each, column) for each in alternatives)} THEN '{status.value}'"
        for status, alternatives in CONDITIONS
    ]
    text = f"CASE {' '.join(cases)} END"
    return text, (to_microseconds(at),) * text.count("?")


def _written(conditions: Iterable[Condition], column: str) -> str:
    texts = [_TEXTS[each.test].format(column=column.format(each.column)) for each in conditions]
    return f"({' AND '.join(texts) or '1 = 1'})"
