"""How dates, instants and spans of time read in sentences: unambiguous and in English."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from models.rules.validity import BusinessTime

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SAME_SEASON: Final = timedelta(days=182)
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(on: date) -> str:
    """A calendar date: 20 Nov 2026."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def weekday(on: date) -> str:
    """A calendar date with its weekday: Fri 20 Nov 2026."""
    return f"{_WEEKDAYS[on.weekday()]} {day(on)}"


def last_day(on: date | None) -> str:
    """A last day with its weekday, or 'never' for a balance that does not expire."""
    return "never" if on is None else weekday(on)


def moment(at: datetime, business: BusinessTime) -> str:
    """An instant (UTC) on the wall of the business: 21 Nov 2026 03:00."""
    local = at.astimezone(business.tz)
    return f"{day(local.date())} {local:%H:%M}"


def short_moment(at: datetime, business: BusinessTime) -> str:
    """An instant (UTC) of these days on the wall of the business: 21 Nov 03:00."""
    local = at.astimezone(business.tz)
    return f"{local.day} {_MONTHS[local.month - 1]} {local:%H:%M}"


def weekday_moment(at: datetime, business: BusinessTime, now: datetime | None = None) -> str:
    """An instant (UTC) on the wall of the business, with its weekday: Sat 21 Nov 03:00.

    The year is told when the instant lies more than half a year from now.
    """
    local = at.astimezone(business.tz)
    if now is not None and abs(now - at) > _SAME_SEASON:
        return f"{weekday(local.date())} {local:%H:%M}"
    return f"{_WEEKDAYS[local.weekday()]} {short_moment(at, business)}"


def span(length: timedelta) -> str:
    """An elapsed time in its largest sensible unit, rounded down: 40 min, 11 h, 3 days."""
    minutes = max(0, int(length.total_seconds()) // 60)
    if minutes == 0:
        return "under 1 min"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def open_flags(count: int) -> str:
    """How many flags are open: '1 flag is open', '3 flags are open'."""
    return f"{plural(count, 'flag')} {'is' if count == 1 else 'are'} open"


def shortened(name: str, longest: int = 40) -> str:
    """A name that leaves room for the rest of its sentence."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def plural(count: int, noun: str, many: str | None = None) -> str:
    """A counted noun: '1 flag', '3,000 flags'; one that takes no s with what several of it are called."""
    return f"{count} {noun}" if count == 1 else f"{count:,} {many or f'{noun}s'}"


def activities(count: int) -> str:
    """So many entries of journals: '1 activity', '3,000 activities'."""
    return plural(count, "activity", "activities")


def listed(things: Sequence[str]) -> str:
    """Things one after the other: 'a', 'a and b', 'a, b and c'."""
    return " and ".join(filter(None, (", ".join(things[:-1]), *things[-1:])))
