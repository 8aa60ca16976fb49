"""When a card becomes valid and when its balance stops: pure functions of facts.

All instants are aware and in UTC; all dates are calendar dates in the business zone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from models.rules.errors import BadDate, BadZone

Unit = Literal["days", "weeks", "months", "years"]
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)

EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2200, 12, 31)

# How many days' instants are kept once they were computed: cards by the thousand share a few hundred.
_DAYS_KEPT: Final = 4_096

# The fewest days that one unit can last; a delay must be shorter than the whole period.
_SHORTEST_DAYS: Final[dict[Unit, int]] = {"days": 1, "weeks": 7, "months": 28, "years": 365}


@dataclass(frozen=True, slots=True)
class Period:
    """A length of validity, counted from the local date of a load, that date included."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        """Read as in '6 months' or '1 year'."""
        return f"{self.count} {self.unit[:-1] if self.count == 1 else self.unit}"

    @property
    def shortest_days(self) -> int:
        """The fewest days that this period can last: a month counts 28, a year 365."""
        return self.count * _SHORTEST_DAYS[self.unit]


@dataclass(frozen=True, slots=True)
class ValidityRules:
    """What a product says of its cards. With neither period nor date the balance never expires."""

    activation_delay_days: int = 0
    valid_after: date | None = None
    period: Period | None = None
    expires_on: date | None = None
    month_end: bool = False


@dataclass(frozen=True)
class BusinessTime:
    """The zone of the business and the wall time at which balances stop. Raises BadZone for no such zone."""

    zone: str
    cut_off_time: time = time(3)

    def __post_init__(self) -> None:
        """Refuse a zone name that the zone data does not know."""
        try:
            _ = self.tz
        except (ValueError, OSError, KeyError):
            raise BadZone(f"There is no time zone called {self.zone!r}; use a name like Europe/London.") from None

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone's rules."""
        return ZoneInfo(self.zone)

    def date_of(self, at: datetime) -> date:
        """The calendar date in the business zone at an instant."""
        return at.astimezone(self.tz).date()

    @lru_cache(maxsize=_DAYS_KEPT)  # noqa: B019 - a process has one business
    def start_of(self, day: date) -> datetime:
        """The first instant of a day, UTC: the earlier midnight of two, or the end of a gap at midnight."""
        return self._instant(datetime.combine(day, time()), fold=0)

    @lru_cache(maxsize=_DAYS_KEPT)  # noqa: B019
    def at_hour(self, day: date, hour: int) -> datetime:
        """The instant, UTC, of a full hour on a day: the earlier one of two, or the end of a gap that skips it."""
        return self._instant(datetime.combine(day, time(hour)), fold=0)

    @lru_cache(maxsize=_DAYS_KEPT)  # noqa: B019
    def cut_off(self, last_day: date) -> datetime:
        """The instant, UTC, at which a balance with this last day stops.

        It is the cut-off time on the day after; the second one where that night has two, the first
        instant after the gap where it has none, so that a customer never loses time to a clock change.
        """
        return self._instant(datetime.combine(last_day + timedelta(days=1), self.cut_off_time), fold=1)

    def _instant(self, wall: datetime, fold: int) -> datetime:
        from dateutil.tz import datetime_exists  # here and below: a desk opens without it

        local = wall.replace(tzinfo=self.tz, fold=fold)
        if datetime_exists(local):
            return local.astimezone(UTC)
        return self._end_of_gap(wall)

    def _end_of_gap(self, wall: datetime) -> datetime:
        """The instant of the clock change that skips a wall time, to the second."""
        before = wall.replace(tzinfo=self.tz, fold=1).astimezone(UTC)
        after = wall.replace(tzinfo=self.tz, fold=0).astimezone(UTC)
        old_offset = before.astimezone(self.tz).utcoffset()
        low, high = 0, int((after - before).total_seconds())
        while low < high:
            middle = (low + high) // 2
            if (before + timedelta(seconds=middle)).astimezone(self.tz).utcoffset() == old_offset:
                low = middle + 1
            else:
                high = middle
        return before + timedelta(seconds=low)


def active_from(rules: ValidityRules, purchased_at: datetime, business: BusinessTime) -> datetime:
    """The instant, UTC, from which a card bought at an instant (UTC) can be spent.

    A delay of whole days ends at the first instant of a day, 'valid after' begins at the first instant
    of its date, and the later of the two counts. With neither it is the purchase itself.
    """
    starts = purchased_at
    if rules.activation_delay_days > 0:
        starts = business.start_of(business.date_of(purchased_at) + timedelta(days=rules.activation_delay_days))
    if rules.valid_after is not None:
        starts = max(starts, business.start_of(rules.valid_after))
    return starts


def last_day(rules: ValidityRules, loaded_at: datetime, business: BusinessTime) -> date | None:
    """The last day on which a load made at an instant (UTC) can be spent; None means never expires.

    A period has the load's local date as its first day and ends on the day before the anniversary; where
    the anniversary's month is too short, the period takes that whole month. Raises BadDate when the
    result lies outside the years 2000 to 2200.
    """
    from dateutil.relativedelta import relativedelta

    if rules.expires_on is not None:
        return rules.expires_on
    if rules.period is None:
        return None
    try:
        last = end_of_period(business.date_of(loaded_at), rules.period)
        if rules.month_end:
            last += relativedelta(day=31)
    except (OverflowError, ValueError):
        last = date.max
    if not EARLIEST <= last <= LATEST:
        raise BadDate(f"A period of {rules.period} ends outside the years 2000 to 2200; choose a shorter one.")
    return last


def end_of_period(start: date, period: Period) -> date:
    """The last day of a period whose first day is given: a month that is too short for the anniversary is taken whole.

    Raises OverflowError or ValueError beyond the calendar's end.
    """
    if period.unit in ("days", "weeks"):
        return start + timedelta(days=period.shortest_days - 1)
    from dateutil.relativedelta import relativedelta

    anniversary = start + relativedelta(
        months=period.count if period.unit == "months" else 0,
        years=period.count if period.unit == "years" else 0,
    )
    is_short_month = anniversary.day != start.day
    return anniversary if is_short_month else anniversary - timedelta(days=1)


def later(current: date | None, new: date | None) -> date | None:
    """The later of two last days; None is never, which is later than every date."""
    if current is None or new is None:
        return None
    return max(current, new)
