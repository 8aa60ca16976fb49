"""Control totals of a desk, told before and after it moves, and the comparison of both ends row by row."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import zip_longest
from typing import Any

from models.errors import Fault
from models.exits import BAD_INPUT
from models.moving.ends import End
from models.moving.freight import Crate, Key, Row, freight
from models.rules.texts import NAME, made_safe
from models.standing import status_told

Progress = Callable[[int, int], None] | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What a desk adds up to at an instant."""

    at: datetime
    """UTC."""
    rows: Mapping[str, int]
    """Table -> how many rows it has."""
    cards: Mapping[str, int]
    """Status -> how many cards."""
    balances_minor: Mapping[str, int]
    """Currency -> what is owed on all cards, minor units."""
    posted_minor: Mapping[str, int]
    """Currency -> the sum of all activities, minor units."""
    chains: str
    """The digest of the last seals of all chains: of each card's journal, and of each subject of the audit."""


def totals(end: End, at: datetime) -> Totals:
    """The control totals of a desk at an instant (UTC), within a connection; nobody writes there meanwhile."""
    status, instants = status_told(at)
    return Totals(
        at,
        {crate.name: end.count(crate) for crate in freight()},
        _sums(end, f"SELECT {status}, COUNT(*) FROM gift_card GROUP BY 1", instants),
        _sums(end, "SELECT currency, SUM(balance_minor) FROM gift_card GROUP BY 1"),
        _sums(
            end,
            "SELECT c.currency, SUM(a.amount_minor) FROM activity a JOIN gift_card c ON c.id = a.card_id GROUP BY 1",
        ),
        _chains(end),
    )


def _sums(end: End, sql: str, parameters: tuple[Any, ...] = ()) -> dict[str, int]:
    return {name: int(sum_) for name, sum_ in sorted(end.database.execute_sql(sql, parameters).fetchall())}


def _chains(end: End) -> str:
    digest = hashlib.sha256()
    crates = {crate.name: crate for crate in freight()}
    for row in end.rows(crates["gift_card"], ("id", "head_number", "head_mac")):
        digest.update(repr(row).encode())
    last: Row = ()
    for row in end.rows(crates["audit"], ("subject", "number", "mac")):
        if last and last[0] != row[0]:
            digest.update(repr(last).encode())
        last = row
    digest.update(repr(last).encode())
    return digest.hexdigest()


def check_same(before: Totals, after: Totals, target: object) -> None:
    """Raise Fault, naming the first total that differs."""
    for each in fields(Totals):
        was, is_ = getattr(before, each.name), getattr(after, each.name)
        if was != is_:
            raise Fault(
                f"{_NOT_OPENED.format(target)} The {each.name.replace('_', ' ')} of both ends differ.", BAD_INPUT
            )


_NOT_OPENED = "{} is not opened for work: not everything arrived as it was."


def compare(source: End, target: End, total: int, on_progress: Progress) -> None:
    """Read every row at both ends. Raises Fault, naming the first that differs, and how to go on."""
    done = 0
    for crate in freight():
        after: Key | None = None
        while True:
            here, there = source.page(crate, after), target.page(crate, after)
            if here != there:
                raise Fault(
                    f"{_NOT_OPENED.format(target.database.place)} {_first_difference(crate, here, there)} Give the "
                    f"move up, and begin again with an empty place.",
                    BAD_INPUT,
                )
            if not here:
                break
            after = crate.key_of(here[-1])
            done += len(here)
            if on_progress is not None:
                on_progress(done, max(done, total))


def _first_difference(crate: Crate, here: list[Row], there: list[Row]) -> str:
    row = next(one or other for one, other in zip_longest(here, there) if one != other)
    return f"{named(crate, row)} differs."


def named(crate: Crate, row: Row, columns: tuple[str, ...] | None = None) -> str:
    """A row of all columns, or of those given, by its table and key, as a sentence begins with it; without anything
    about people."""
    if crate.is_of_people:
        return f"A row of {crate.name}"
    parts = (part.hex() if isinstance(part, bytes) else str(part) for part in crate.key_of(row, columns))
    return f"Row {', '.join(made_safe(part, NAME) for part in parts)} of {crate.name}"
