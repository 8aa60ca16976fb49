"""Writing the books of a period: page by page by the cards, whole or not at all, and read by the tool as it is told.

Opening balances and what the desk owes at the end come from each card's own sums, the entries from its movements: the
tool itself finds out whether they agree.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, TextIO

from models import audit
from models.books.charts import BadAccount, Chart
from models.books.entries import Account, Entry, entry_of, opening_entry
from models.books.languages import Tool
from models.clock import FIRST, to_microseconds
from models.errors import Refused, faults
from models.jobs.written_files import written_files, written_stream
from models.reports.pages import IsStopped, OnProgress, Reading, pasts
from models.reports.past import Past
from models.rules import wording
from models.rules.roles import Action
from models.schema import Product
from models.store import Store
from models.unit import Session, begin, begin_reading, written

_DAY: Final = timedelta(days=1)
_INSTANT: Final = timedelta(microseconds=1)
_PAGE: Final = 1_000
Sums = Counter[tuple[str, int | None]]
"""Minor units by currency, and by product where the books tell products apart."""


@dataclass
class BooksReport:
    """What was written."""

    since: date | None
    """The first day; None: from the beginning."""
    until: date
    """The last day."""
    entries: int = 0
    cards: int = 0
    left_out: int = 0
    """Cards that do not add up."""
    opening: Sums = field(default_factory=Counter)
    """What the desk owed when the period began."""
    owed: Sums = field(default_factory=Counter)
    """What it owes in the end."""


def write_books(
    session: Session,
    tool: Tool,
    path: Path | None,
    chart: Chart,
    *,
    since: date | None = None,
    until: date | None = None,
    on_progress: OnProgress = None,
    is_stopped: IsStopped = None,
) -> BooksReport:
    """Write the books of some days of the business, both included, to a file, or to standard output without one.

    Without a last day they go to this moment. Raises Refused for a role that may not, BadAccount for names that the
    tool would not take, Fault for a disk or a broken store, and Stopped; the file is there whole, or as it was.
    """
    tool.check(chart)
    store = session.store
    with faults(store.path), store.database.reading():
        now = begin_reading(session, Action.EXPORT).now
        products = {row.id: row.code for row in Product.select(Product.id, Product.code)}
    today = store.business.date_of(now)
    report = BooksReport(since, min(until or today, today))
    first, end = _bounds(store, report, now)
    with _opened(path, tool) as (file,):
        books = _Books(store, tool, chart, products, file)
        books.begin(report)
        reading = Reading(on_progress, is_stopped)
        with faults(store.path, "Nothing was written."), store.database.surveying():
            store.database.read_at_length()
            books.write(pasts(store, first, end, reading), report)
        report.left_out = reading.left_out
        books.end(report)
        _keep_in_mind(session, tool, report)
    return report


def _bounds(store: Store, report: BooksReport, now: datetime) -> tuple[int, int]:
    """From which instant until before which other one, microseconds UTC. Raises Refused for an empty period."""
    if report.since is not None and report.since > report.until:
        raise Refused("The first day of the period lies after its last, or after today.")
    first = FIRST if report.since is None else to_microseconds(store.business.start_of(report.since))
    # What was written down in this very instant belongs to it.
    end = min(store.business.start_of(report.until + _DAY), now + _INSTANT)
    return first, max(first, to_microseconds(end))


def _opened(path: Path | None, tool: Tool) -> AbstractContextManager[Iterable[TextIO]]:
    return written_stream(sys.stdout) if path is None else written_files({path: tool.language.beginning})


def _keep_in_mind(session: Session, tool: Tool, report: BooksReport) -> None:
    """Whoever takes the books out of the house is known before they have them."""
    counts = {"entries": report.entries, "cards": report.cards, "left_out": report.left_out}
    period = {"since": report.since and report.since.isoformat(), "until": report.until.isoformat()}

    def note() -> None:
        unit = begin(session, Action.EXPORT)
        audit.record(unit.hand, "export", "export", None, {"format": tool.name, **period, **counts})

    written(session.store, note, "Nothing was written.")


class _Books:
    """Writes into one file; what an entry names for the first time is declared before it."""

    def __init__(self, store: Store, tool: Tool, chart: Chart, products: dict[int, str], file: TextIO) -> None:
        self._store = store
        self._tool = tool
        self._chart = chart
        self._products = {id_: tool.product(code) for id_, code in products.items()}
        self._file = file
        self._declared: set[str] = set()
        self._others: set[str] = set()
        self._ends = _LastFours(store)

    def begin(self, report: BooksReport) -> None:
        """Write the head of the file."""
        business = self._store.business
        since = "the beginning" if report.since is None else wording.day(report.since)
        title = f"Gift cards from {since} to {wording.day(report.until)}"
        notes = [
            f"One entry for each movement of what is owed, in the order of the cards, on its day in {business.zone}."
        ]
        self._file.write(self._tool.language.head(self._chart, title, notes))

    def write(self, cards: Iterator[Past], report: BooksReport) -> None:
        """Write the movements of cards, and add up what they opened and ended with."""
        for past in cards:
            report.cards += 1
            self._add(report.opening, past.currency, past.opening_product_id, past.opening_minor)
            self._add(report.owed, past.currency, past.product_id, past.held_minor)
            for movement in past.movements:
                on = self._store.business.date_of(movement.at)
                self._put(entry_of(movement, on, self._ends.of(movement.card_id)))
                report.entries += 1

    def _add(self, sums: Sums, currency: str, product_id: int | None, minor: int) -> None:
        if minor:
            sums[currency, product_id if self._chart.is_by_product else None] += minor

    def end(self, report: BooksReport) -> None:
        """Write what was owed when the period began, and what the tool is to find at its end."""
        if report.since is not None:
            for (currency, product_id), minor in _sorted(report.opening):
                self._put(opening_entry(report.since, currency, product_id, minor))
        owed = Counter(dict.fromkeys(report.opening, 0)) if report.since is not None else Counter()
        owed.update(report.owed)
        accounts: Counter[tuple[str, str]] = Counter()
        for (currency, product_id), minor in _sorted(owed):
            accounts[self._name(Account.LIABILITY, currency, product_id), currency] -= minor
        for name, _ in accounts:
            self._refuse_within(name)
        for (name, currency), minor in sorted(accounts.items()):
            self._declare(name, currency)
            self._file.write(self._tool.language.holds(report.until, name, minor, currency))

    def _refuse_within(self, liability: str) -> None:
        """Raise BadAccount when another account fell into one of the liability, by the name of a product."""
        for name in self._others:
            if name == liability or name.startswith(f"{liability}:"):
                raise BadAccount(f"{name[:60]!r} is an account of the liability, and another one: rename one of them.")

    def _put(self, entry: Entry) -> None:
        one, other = (self._name(each.account, entry.currency, each.product_id) for each in entry.postings)
        self._declare(one, entry.currency)
        self._declare(other, entry.currency)
        self._others.add(other)
        self._file.write(self._tool.language.entry(entry, (one, other)))

    def _name(self, account: Account, currency: str, product_id: int | None) -> str:
        product = "All" if product_id is None else self._products.get(product_id, "Unknown")
        return self._chart.name(account, currency, product)

    def _declare(self, name: str, currency: str) -> None:
        for what, declare in ((currency, self._tool.language.currency), (name, self._tool.language.account)):
            if what not in self._declared:
                self._declared.add(what)
                self._file.write(declare(what))


def _sorted(sums: Sums) -> list[tuple[tuple[str, int | None], int]]:
    return sorted(sums.items(), key=lambda item: (item[0][0], item[0][1] or 0))


class _LastFours:
    """The ends of cards' codes, read some at a time as the cards come by."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[int, str] = {}

    def of(self, card_id: int) -> str:
        """The end of a card's code."""
        if card_id not in self._read:
            database = self._store.database
            with database.reading():
                rows = database.execute_sql(
                    "SELECT id, last_four FROM gift_card WHERE id >= ? ORDER BY id LIMIT ?", (card_id, _PAGE)
                ).fetchall()
            self._read = dict(rows)
        return self._read.get(card_id, "")
