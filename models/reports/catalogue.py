"""The reports that there are, how one is made, and how each of its figures opens down to its cards."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from models.card_lines import CardLine, lines_of
from models.errors import Refused, faults
from models.reports.aftermath import Reactivations, Reminders
from models.reports.counting import CARDS, Count, Counted, Part, Setting, product_id_of
from models.reports.expiring import Expiring
from models.reports.flows import Breakage, Liability, RollForward, Sales
from models.reports.pages import IsStopped, OnProgress, Reading
from models.reports.tables import Column, Report, Unit
from models.reports.wishes import INSTANT, PERIOD, ReportWish, ahead_of, instant_of, month_before, period_of
from models.rules.money import format_money
from models.rules.validity import BusinessTime
from models.store import Store

Span = Callable[[ReportWish, datetime, BusinessTime], tuple[datetime, datetime]]
AT_ONCE: Final = 200
"""How many cards behind a figure are listed at a time."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the reports."""

    name: str
    title: str
    sentence: str
    """What it tells."""
    parameters: tuple[str, ...]
    """What it can be asked with: of at, since, until and product."""
    span: Span
    """The first and the last instant that count, from a wish, the present instant and the business."""
    count: type[Count]


_ALL: Final = (
    Kind(
        "liability",
        "Liability",
        "What is owed for cards at an instant, by product and age.",
        INSTANT,
        lambda wish, now, _: (instant_of(wish, now),) * 2,
        Liability,
    ),
    Kind(
        "roll-forward",
        "Roll-forward",
        "How what was owed at first became what was owed at last; without a time, of the last month that is over.",
        PERIOD,
        month_before,
        RollForward,
    ),
    Kind(
        "breakage",
        "Breakage",
        "What broke, by month and product, and what was given back.",
        PERIOD,
        period_of,
        Breakage,
    ),
    Kind("sales", "Sold and redeemed", "What was sold and what was spent, by month.", PERIOD, period_of, Sales),
    Kind(
        "expiring",
        "Expiring",
        "What expires in the next 13 weeks, and which reminders go.",
        INSTANT,
        lambda wish, now, business: (ahead_of(wish, now, business),) * 2,
        Expiring,
    ),
    Kind(
        "reactivations",
        "Reactivations",
        "Who gave back how much, on which ground, and what of it was spent.",
        PERIOD,
        period_of,
        Reactivations,
    ),
    Kind("reminders", "Reminders", "Which were sent, and what followed.", PERIOD, period_of, Reminders),
)
REPORTS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in _ALL}
"""Name -> report, in the order in which they are listed."""


@dataclass(frozen=True, slots=True)
class CardsBehind:
    """Some cards behind a figure, in the order of their record numbers."""

    lines: tuple[CardLine, ...]
    """As they are now; the remark says what each has in the figure."""
    next: int | None
    """Behind which record number there are more; None: these are the last."""


def make_report(
    store: Store, name: str, wish: ReportWish, *, on_progress: OnProgress = None, is_stopped: IsStopped = None
) -> Report:
    """Make a report. Whoever may work at the desk may ask.

    Progress is told as cards read and cards in all. Raises BadDate and Refused for a wish that makes no sense, Stopped
    when it is stopped, and Fault for a broken store.
    """
    kind, reading, counted = _kind(name), Reading(on_progress, is_stopped), Counted()
    with _counting(store, kind, wish) as count:
        for _, parts in count.parts(reading, 0):
            counted.add(parts)
        lines, totals = count.lines(counted.sums)
        series = count.series(counted.sums)
        setting = count.setting
    return Report(
        name=name,
        title=kind.title,
        sentence=count.sentence,
        at=setting.at,
        columns=count.columns,
        lines=lines,
        totals=totals,
        series=series,
        left_out=reading.left_out,
        since=None if setting.since == setting.at else setting.since,
    )


def cards_behind(
    store: Store,
    name: str,
    wish: ReportWish,
    key: str,
    after: int | None = None,
    limit: int = AT_ONCE,
    *,
    is_stopped: IsStopped = None,
) -> CardsBehind:
    """The next cards behind a line, given by its key, or behind one figure of it: the key, a slash and the column.

    Raises like make_report, and Refused for a column that the report does not have.
    """
    kind, (line, _, column) = _kind(name), key.partition("/")
    shown = _column(kind, column)
    found: list[tuple[int, str]] = []
    with _counting(store, kind, wish) as count:
        for card_id, parts in count.parts(Reading(is_stopped=is_stopped), after or 0):
            remark = _told(kind, [part for part in parts if ":".join(part.key) == line], shown)
            if remark is not None:
                found.append((card_id, remark))
            if len(found) > limit:
                break
    remarks = dict(found[:limit])
    with faults(store.path), store.database.reading():
        lines = lines_of(store, list(remarks))
    return CardsBehind(
        tuple(replace(each, remark=remarks[each.card_id] or None) for each in lines),
        found[limit - 1][0] if len(found) > limit else None,
    )


@contextmanager
def _counting(store: Store, kind: Kind, wish: ReportWish) -> Iterator[Count]:
    """A report that is counted, within a connection for long readings."""
    with faults(store.path), store.database.surveying():
        store.database.read_at_length()
        with store.database.reading():
            now = store.now()
            rows = store.database.execute_sql("SELECT id, code, name FROM product").fetchall()
            products = {id_: (code, product_name) for id_, code, product_name in rows}
            since, at = kind.span(wish, now, store.business)
            count = kind.count(Setting(store, now, since, at, products, product_id_of(products, wish.product)))
        yield count


def _kind(name: str) -> Kind:
    if name not in REPORTS:
        raise Refused(f"There is no report {name[:40]!r}. See: giftdesk report list")
    return REPORTS[name]


def _column(kind: Kind, name: str) -> Column | None:
    if not name:
        return None
    for column in kind.count.columns:
        if column.name == name and column.unit is not Unit.TEXT:
            return column
    raise Refused(f"The report has no column {name[:40]!r}.")


def _told(kind: Kind, parts: list[Part], shown: Column | None) -> str | None:
    """What a card has in a figure, or in the first of a line that it has something in; None when it has nothing."""
    if shown is CARDS:
        shown = None
    for column in kind.count.columns if shown is None else (shown,):
        value = sum(part.value for part in parts if part.column == column.name)
        if value:
            return format_money(value, parts[0].key[-1]) if column.unit is Unit.MONEY else f"{value:,}"
    return "" if parts and shown is None else None
