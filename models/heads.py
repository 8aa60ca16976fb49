"""The ends of all chains as they were at an instant: of the journals of cards, and of the audit; and cards' codes.

What is recorded later is dated later, so that the ends of any instant can be read at any time after it. Only what an
import brings bears older dates, on cards that came after.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from models.engine import DeskDatabase

_PAGE: Final = 10_000
_CARDS: Final = 5_000
_CODES: Final = "SELECT card_id, digest, is_alias FROM code_digest WHERE card_id BETWEEN ? AND ?"
_READ: Final = """
    SELECT {name}, number, recorded_at, mac FROM {table}
    WHERE ({name}, number) > (?, ?) ORDER BY {name}, number LIMIT ?
"""
_JOURNALS: Final = _READ.format(table="activity", name="card_id")
_AUDIT: Final = _READ.format(table="audit", name="subject")
_OF: Final = "SELECT {name}, MAX(number) FROM {table} WHERE recorded_at = ? GROUP BY {name} ORDER BY {name}"
_JOURNALS_OF: Final = _OF.format(table="activity", name="card_id")
_AUDIT_OF: Final = _OF.format(table="audit", name="subject")


class Head(NamedTuple):
    """Where a chain ended at an instant."""

    name: Any
    """A card's record number, or an audit's subject."""
    entries: int
    """How many it had; none for a chain that began later."""
    seal: bytes
    """That of the last of them."""
    number: int
    """That of its newest entry, whenever it was recorded."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What was recorded until an instant."""

    at: int
    """Microseconds, UTC."""
    moment: Mapping[str, int] | None = None
    """Of the chains with entries of the very instant, how far they count; None where all of these do."""
    ahead: Sequence[tuple[int, int]] = ()
    """From when until when entries are dated that a clock far ahead gave before the desk's time was taken back."""

    def covers(self, name: Any, number: int, recorded_at: int) -> bool:
        """Whether an entry that is not dated before the instant counts all the same."""
        if recorded_at == self.at:
            return self.moment is None or number <= self.moment.get(str(name), 0)
        return any(first <= recorded_at <= last for first, last in self.ahead)


def journal_heads(database: DeskDatabase, cut: Cut) -> Iterator[Head]:
    """Where the journal of each card ended, in the order of their record numbers."""
    return _heads(_rows(database, _JOURNALS, 0), cut)


def audit_heads(database: DeskDatabase, cut: Cut) -> Iterator[Head]:
    """Where each chain of the audit ended, in the order of their subjects."""
    return _heads(_rows(database, _AUDIT, ""), cut)


def code_heads(database: DeskDatabase, last_card: int) -> Iterator[Head]:
    """All codes of each card in place of its chain, in the order of record numbers; up to one of these."""
    for first in range(1, last_card + 1, _CARDS):
        with database.reading():
            rows = database.execute_sql(_CODES, (first, min(first + _CARDS - 1, last_card))).fetchall()
        for card_id, codes in groupby(sorted(rows), itemgetter(0)):
            told = [bytes(digest) + bytes([is_alias]) for _, digest, is_alias in codes]
            yield Head(card_id, len(told), sha256(b"".join(told)).digest(), len(told))


def at_the_moment(database: DeskDatabase, at: int) -> Mapping[str, int]:
    """How far the chains go that have entries of an instant (microseconds, UTC); within a transaction that writes."""
    return {str(name): number for sql in (_JOURNALS_OF, _AUDIT_OF) for name, number in database.execute_sql(sql, (at,))}


def _rows(database: DeskDatabase, sql: str, first: int | str) -> Iterator[Sequence[Any]]:
    """All entries, read page by page: nobody waits for that, and what is dated later does not count."""
    after: tuple[Any, Any] = (first, 0)
    while True:
        with database.reading():
            page = database.execute_sql(sql, (*after, _PAGE)).fetchall()
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1][0], page[-1][1]


def _heads(rows: Iterator[Sequence[Any]], cut: Cut) -> Iterator[Head]:
    at, covers = cut.at, cut.covers
    chain, entries, seal, newest = None, 0, b"", 0
    for name, number, recorded_at, mac in rows:
        if name != chain:
            if chain is not None:
                yield Head(chain, entries, seal, newest)
            chain, entries, seal = name, 0, b""
        if recorded_at < at or covers(name, number, recorded_at):
            entries, seal = entries + 1, mac
        newest = number
    if chain is not None:
        yield Head(chain, entries, seal, newest)
