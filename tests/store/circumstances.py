"""What a random history can begin with, and what it has to do with: products, limits, starts, changes of the clock."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from store.counter import NOON
from store.reference import Sold

from models.rules.validity import Period, ValidityRules

PRODUCTS = {
    "half": (ValidityRules(period=Period(6, "months")), Sold(months=6)),
    "month-end": (ValidityRules(period=Period(1, "months"), month_end=True), Sold(months=1, to_month_end=True)),
    "days": (ValidityRules(period=Period(3, "days")), Sold(days=3)),
    "careful": (ValidityRules(activation_delay_days=2, period=Period(2, "weeks")), Sold(days=14, delay=2)),
    "forever": (ValidityRules(), Sold()),
    "dated": (ValidityRules(expires_on=date(2026, 10, 24)), Sold(until=date(2026, 10, 24))),
}
MICROSECOND = timedelta(microseconds=1)
STARTS = (
    NOON,
    datetime(2026, 10, 22, 20, tzinfo=UTC),
    datetime(2027, 3, 25, 22, 30, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 59, tzinfo=UTC),
    datetime(2026, 8, 31, 0, 59, 59, tzinfo=UTC),
)
CARDS = st.integers(0, 3)
AMOUNTS = st.sampled_from((1, 700, 2500, 5000))
BESIDE = st.sampled_from((-MICROSECOND, timedelta(), MICROSECOND))


class Limits(NamedTuple):
    """What the policy lets nobody do alone, or not so often."""

    above: int | None = None
    repeats: int | None = None
    a_day: int | None = None


LIMITS = (Limits(), Limits(above=4_000), Limits(above=0, a_day=2), Limits(repeats=1, a_day=2))


def next_change(after: datetime, zone: str) -> datetime:
    """The day, at noon UTC, whose offset differs from the day before."""
    day = after.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while _offset(day, zone) == _offset(day - timedelta(days=1), zone):
        day += timedelta(days=1)
    return day


def _offset(at: datetime, zone: str) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()
