"""The lines of a table that updates cards: by what a card is found, and what is told of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple

from models.jobs.cells import CellReader, characters
from models.jobs.headers import Layout
from models.jobs.mapped_cells import Dates, Moment, amount, decided_order
from models.jobs.mapping import HEADERS, Mapping
from models.jobs.remarks import Remark, Remarks
from models.jobs.spool import Spool
from models.jobs.steps import Steps
from models.jobs.tables import Row, Source, read_table
from models.rules.errors import BadAmount, BadCode
from models.rules.money import check_currency
from models.rules.texts import email_key
from models.rules.validity import BusinessTime
from models.store import Store

_MOST_LAST = 4


class ToldUpdate(NamedTuple):
    """What one line tells. Amounts are minor units."""

    line: int
    last: str
    """The last characters of the code."""
    emails: tuple[str, ...]
    """Of the people of the card, as they are compared."""
    currency: str
    initial_minor: int
    """What the card was sold with."""
    balance_minor: int | None
    last_day_on: date | None
    """None: the line tells no expiry."""
    disabled_on: date | None
    note: str | None


@dataclass
class Told:
    """Everything that a table tells."""

    file: str
    updates: Spool[ToldUpdate] = field(default_factory=lambda: Spool(tuple, ToldUpdate))
    problems: Remarks = field(default_factory=Remarks)
    warnings: Remarks = field(default_factory=Remarks)

    def remark(self, line: int, sentence: str) -> Remark:
        """A remark on a line."""
        return Remark(self.file, line, None, sentence)


class UpdateReader:
    """Reads a table by a mapping."""

    def __init__(self, mapping: Mapping, currency: str | None, store: Store, source: Source, steps: Steps) -> None:
        """Read a table, counting its lines as steps; the currency is for cells that tell none."""
        self._mapping = mapping
        self._currency = currency
        self._source = source
        self._steps = steps
        self._told = Told(source.name)
        self._cells = CellReader(self._told.problems, self._told.warnings)
        zone = store.business if mapping.zone == "business" else BusinessTime(mapping.zone)
        self._business = store.business
        self._dates = Dates(mapping.dates, zone, store.business)
        if mapping.dates == "decide":
            rows = self._rows(Remarks(), Remarks())
            order = decided_order(
                rows, [name for name in ("expires", "disabled") if name in mapping.columns], self._told.problems
            )
            self._dates = Dates(order, zone, store.business)

    def read(self) -> Told:
        """Read the whole of it. Raises Stopped when somebody asked for a stop."""
        told = self._told
        for row in self._rows(told.problems, told.warnings):
            before = told.problems.count
            update = self._update(row)
            if update is not None and told.problems.count == before:
                told.updates.add(update)
            self._steps.checked()
        return told

    def _rows(self, problems: Remarks, warnings: Remarks) -> Iterator[Row]:
        layout = Layout(self._mapping.width, HEADERS[self._mapping.header])
        return read_table(self._source, self._mapping.columns, problems, layout, warnings)

    def _update(self, row: Row) -> ToldUpdate | None:
        last = self._cells.read(row, "last_characters", _last)
        emails = [self._cells.email(row, name) for name in ("purchaser_email", "recipient_email") if name in row.cells]
        currency = self._cells.read(row, "currency", check_currency) if row.cells.get("currency") else self._currency
        if currency is None and not row.cells.get("currency"):
            column = "currency" if "currency" in self._mapping.columns else "initial"
            self._told.problems.add(row.remark(column, "No currency is told; name it with --currency."))
        if not any(emails):
            self._told.warnings.add(row.remark(None, "Left out: without an e-mail address no card is found."))
        if last is None or currency is None or not any(emails):
            return None
        initial = self._minor(row, "initial", currency)
        expires, disabled = self._moment(row, "expires"), self._moment(row, "disabled")
        return ToldUpdate(
            row.line,
            last,
            tuple(email_key(email) for email in emails if email),
            currency,
            initial or 0,
            self._minor(row, "balance", currency) if row.cells.get("balance") else None,
            None if expires is None else self._dates.last_day(expires, self._mapping.expiry),
            None if disabled is None else self._business.date_of(self._dates.instant(disabled)),
            self._cells.note(row, "note") if row.cells.get("note") else None,
        )

    def _minor(self, row: Row, column: str, currency: str) -> int | None:
        form, sign = self._mapping.amounts, self._mapping.decimal_sign
        minor = self._cells.read(row, column, partial(amount, currency=currency, form=form, decimal_sign=sign))
        if minor is not None and minor < 0:
            told = BadAmount(f"A card cannot hold less than nothing, but this says {row[column][:30]}.")
            self._told.problems.add(row.remark(column, str(told)))
        return minor

    def _moment(self, row: Row, column: str) -> Moment | None:
        return self._cells.read(row, column, self._dates.read) if row.cells.get(column) else None


def _last(text: str) -> str:
    found = characters(text)
    if len(found) != _MOST_LAST:
        raise BadCode(f"{text[:20]!r} is not the last {_MOST_LAST} characters of a code: zeros in front may be lost.")
    return found
