"""A second table beside that of the cards: what was spent of each, and what was given back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from models.jobs.cells import CellReader
from models.jobs.headers import Layout
from models.jobs.mapped_cells import Dates, amount
from models.jobs.mapping import Mapping
from models.jobs.remarks import Remarks
from models.jobs.shelf import Shelf
from models.jobs.tables import Row, Source, read_table
from models.keys import Keys
from models.rules import wording
from models.rules.journal import Entry, Kind
from models.rules.money import format_money
from models.rules.texts import NAME, REFERENCE
from models.rules.validity import BusinessTime

_ELSEWHERE: Final = "Left out: the card is not among the cards."


@dataclass(slots=True)
class _OfCard:
    """The rows of one card."""

    rows: list[Row] = field(default_factory=list)
    is_taken: bool = False


@dataclass(slots=True)
class _Move:
    """One row, read."""

    row: Row
    at: datetime
    minor: int
    """What it gives to the card, minor units: less than nothing for what was spent."""
    order: str | None
    place: str | None
    left: int = 0
    """How much of what was spent can still be given back."""
    number: int = 0
    """Its place in the card's journal, once it has one."""


class Redeemed:
    """Reads such a table, and then tells for one card after the other what was redeemed."""

    def __init__(
        self, mapping: Mapping, dates: Dates, business: BusinessTime, problems: Remarks, warnings: Remarks
    ) -> None:
        """Read as a mapping says; remark into these lists."""
        self._mapping = mapping
        self._dates = dates
        self._business = business
        self._problems = problems
        self._warnings = warnings
        self._cells = CellReader(problems, warnings)
        self._shelf: Shelf[_OfCard] = Shelf()

    def read(self, source: Source, keys: Keys, code: Callable[[str], str]) -> Iterator[Row]:
        """Read the table; each row once it is read."""
        told = self._mapping.redemptions
        assert told is not None
        layout = Layout(told.width)
        for row in read_table(source, told.columns, self._problems, layout, self._warnings):
            text = self._cells.read(row, "code", code)
            if text is not None:
                self._rows_of(keys.code_digest(text)).rows.append(row)
            yield row

    def _rows_of(self, digest: bytes) -> _OfCard:
        key = digest.hex()
        found = self._shelf.get(key)
        if found is None:
            found = _OfCard()
            self._shelf.put(key, found)
        return found

    def leave_out(self, digest: bytes) -> None:
        """Nothing is asked of a card by the digest of its code, because it does not come in."""
        found = self._shelf.get(digest.hex())
        if found is not None:
            found.is_taken = True

    def entries(self, digest: bytes, currency: str, begun: datetime, left_minor: int, now: datetime) -> list[Entry]:
        """What a card's rows make of its journal behind its issue, given what is left on it; with problems, a part.

        Instants are UTC.
        """
        found = self._shelf.get(digest.hex())
        if found is None:
            return []
        found.is_taken = True
        moves = [move for row in found.rows if (move := self._move(row, currency, begun, now)) is not None]
        return self._ordered(moves, currency, left_minor - sum(move.minor for move in moves))

    def remark_strangers(self) -> None:
        """Warn of what was redeemed with other cards."""
        for found in self._shelf.emptied():
            for row in found.rows if not found.is_taken else ():
                self._warnings.add(row.remark("code", _ELSEWHERE))

    def _move(self, row: Row, currency: str, begun: datetime, now: datetime) -> _Move | None:
        read = partial(amount, currency=currency, form=self._mapping.amounts, decimal_sign=self._mapping.decimal_sign)
        minor = self._cells.read(row, "amount", read)
        moment = self._cells.read(row, "at", self._dates.read)
        if minor is None or moment is None:
            return None
        at = self._dates.instant(moment)
        if at > now:
            self._problems.add(row.remark("at", f"{row['at'][:30]!r} lies in the future."))
        elif moment.on < self._business.date_of(begun):
            issued = wording.day(self._business.date_of(begun))
            self._problems.add(row.remark("at", f"This is before the card was issued, on {issued}."))
        elif not minor:
            self._warnings.add(row.remark("amount", "Left out: nothing was spent."))
        else:
            order, place = self._text(row, "order", REFERENCE), self._text(row, "place", NAME)
            return _Move(row, max(at, begun), -minor, order, place, max(minor, 0))
        return None

    def _text(self, row: Row, column: str, longest: int) -> str | None:
        return self._cells.text(row, column, longest) if row.cells.get(column) else None

    def _ordered(self, moves: list[_Move], currency: str, balance: int) -> list[Entry]:
        """The moves in an order in which the card never held less than nothing: of one day no more is told."""
        waiting = sorted(moves, key=lambda move: move.at)
        done: list[_Move] = []
        entries: list[Entry] = []
        while waiting:
            of_a_day = [each for each in waiting if each.at == waiting[0].at]
            move = next((each for each in of_a_day if balance + each.minor >= 0 and _can_be(each, done)), None)
            if move is None:
                self._problems.add(of_a_day[0].row.remark("amount", _why_not(of_a_day[0], balance, currency)))
                return entries
            waiting.remove(move)
            answered = _answered(move, done)
            if answered is not None:
                answered.left -= move.minor
            balance += move.minor
            move.number = len(entries) + 2
            kind, reverses = (Kind.REDEMPTION, None) if answered is None else (Kind.REFUND, answered.number)
            entries.append(Entry(kind, move.at, move.minor, move.place, move.order, reverses=reverses))
            done.append(move)
        return entries


def _can_be(move: _Move, done: Sequence[_Move]) -> bool:
    return move.minor < 0 or _answered(move, done) is not None


def _why_not(move: _Move, balance: int, currency: str) -> str:
    if move.minor < 0:
        return f"There was only {format_money(balance, currency)} on the card then."
    return "This gives back more than the order spent with the card before."


def _answered(refund: _Move, done: Sequence[_Move]) -> _Move | None:
    """The latest redemption of the same order of which a refund can be given back."""
    if refund.minor < 0:
        return None
    return next((move for move in reversed(done) if move.order == refund.order and move.left >= refund.minor), None)
