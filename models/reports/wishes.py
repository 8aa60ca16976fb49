"""What somebody wants to be told: as of when, from when until when, and of which product."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from models.rules.errors import BadDate
from models.rules.instants import parse_moment
from models.rules.validity import BusinessTime

AT: Final = "at"
SINCE: Final = "since"
UNTIL: Final = "until"
PRODUCT: Final = "product"
INSTANT: Final = (AT, PRODUCT)
PERIOD: Final = (SINCE, UNTIL, PRODUCT)
_MONTHS_BACK: Final = 11
_DAY: Final = timedelta(days=1)
_MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ReportWish:
    """What a report is asked for; what is None is chosen by the report."""

    at: datetime | None = None
    """UTC: everything up to it counts, itself included."""
    since: datetime | None = None
    """UTC: the first instant that counts."""
    until: datetime | None = None
    """UTC: the last instant that counts."""
    product: str | None = None
    """The short name of the only product that is told of."""


def read_wish(
    parameters: tuple[str, ...], at: str, since: str, until: str, product: str, now: datetime, business: BusinessTime
) -> ReportWish:
    """A wish from texts as people type them, empty where nothing is given; of a report that takes these parameters.

    A date alone is the end of that day, for `since` its beginning; today ends now. Raises BadDate.
    """
    for name, text in ((AT, at), (SINCE, since), (UNTIL, until)):
        if text and name not in parameters:
            others = " and ".join(each for each in parameters if each != PRODUCT)
            raise BadDate(f"This report takes no {name!r}: it is asked for with {others}.")
    return ReportWish(
        _last(at, now, business) if at else None,
        _first(since, now, business) if since else None,
        _last(until, now, business) if until else None,
        product or None,
    )


def _last(text: str, now: datetime, business: BusinessTime) -> datetime:
    told = parse_moment(text, now, business)
    is_today = _is_day(told, business) and business.date_of(told) == business.date_of(now)
    return now if is_today else told


def _first(text: str, now: datetime, business: BusinessTime) -> datetime:
    told = parse_moment(text, now, business)
    return business.start_of(business.date_of(told)) if _is_day(told, business) else told


def _is_day(at: datetime, business: BusinessTime) -> bool:
    """Whether an instant is what a date alone means."""
    return at + _MOMENT == business.start_of(business.date_of(at) + _DAY)


def instant_of(wish: ReportWish, now: datetime) -> datetime:
    """As of when somebody wants to be told: else now. Raises BadDate for what is still to come."""
    return _past(wish.at or now, now)


def ahead_of(wish: ReportWish, now: datetime, business: BusinessTime) -> datetime:
    """From when on somebody wants to be told what is to come: else now. Raises BadDate for a day that is over."""
    if wish.at is not None and business.date_of(wish.at) < business.date_of(now):
        raise BadDate("That is over: this report tells what is to come. Name an instant ahead, or none for now.")
    return max(wish.at or now, now)


def period_of(wish: ReportWish, now: datetime, business: BusinessTime) -> tuple[datetime, datetime]:
    """From when until when somebody wants to be told: else this month and the eleven before it, up to now.

    Raises BadDate for an end that is still to come, or that lies before the beginning.
    """
    until = _past(wish.until or now, now)
    since = wish.since or business.start_of(_months_before(business.date_of(until), _MONTHS_BACK))
    return _in_order(since, until)


def month_before(wish: ReportWish, now: datetime, business: BusinessTime) -> tuple[datetime, datetime]:
    """The same, else the last month that is over."""
    if wish.since is None and wish.until is None:
        this = business.date_of(now).replace(day=1)
        return business.start_of(_months_before(this, 1)), business.start_of(this) - _MOMENT
    until = _past(wish.until or now, now)
    since = wish.since or business.start_of(business.date_of(until).replace(day=1))
    return _in_order(since, until)


def _past(at: datetime, now: datetime) -> datetime:
    if at > now:
        raise BadDate("That is still to come: a report tells what was. Name an instant that is over, or none for now.")
    return at


def _in_order(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    if since > until:
        raise BadDate("The time that is asked for ends before it begins: give the earlier one as since.")
    return since, until


def _months_before(on: date, months: int) -> date:
    """The first day of the month that many months earlier."""
    count = on.year * 12 + on.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
