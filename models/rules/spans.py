"""Spans of days as people type them: a day, a month, a year, last week, or from one of them to another."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from models.rules import wording
from models.rules.dates import in_reach, month_of, plain_words, weekday_of, written_date
from models.rules.errors import BadDate
from models.rules.validity import EARLIEST, LATEST

MOST_WORDS: Final = 10
"""How many words a span takes at most: two days with their weekdays, and what stands between."""
_EXAMPLE: Final = "on:2026-05-21"
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
_YEARS_BACK: Final = 12  # so many hold every date and weekday but one: 29 February comes back within eight
_YEAR: Final = r"(2[0-2]\d\d)"

_TO: Final = re.compile(r" ?(?:\.{2,3}|…) ?")
_JOINED: Final = re.compile(r"(?<=[a-z])[-_]|[-_](?=[a-z])")
_WHOLE_YEAR: Final = re.compile(_YEAR, re.ASCII)
_YEAR_MONTH: Final = re.compile(_YEAR + r"[-/.](\d{1,2})", re.ASCII)
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})[-/.]" + _YEAR, re.ASCII)
_NAMED_MONTH: Final = re.compile(r"([a-z]{3,})\.?(?: " + _YEAR + ")?", re.ASCII)
_HAS_NO_YEAR: Final = re.compile(r"(?=.*[a-z])(?=.*\d)(?!.*\d{3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Days:
    """Calendar dates in the business zone, the first and the last of them included."""

    first: date
    last: date

    def __str__(self) -> str:
        """Read as in '21 May 2026', 'May 2026', '2026', '9 Nov 2026 to 15 Nov 2026' or 'since 1 May 2026'."""
        first, last = wording.day(self.first), wording.day(self.last)
        if self.first == self.last:
            return first
        if self == _of_year(self.first.year):
            return str(self.first.year)
        if self == _of_month(self.first.year, self.first.month):
            return first.removeprefix("1 ")
        if self.last == LATEST:
            return f"since {first}"
        return f"until {last}" if self.first == EARLIEST else f"{first} to {last}"

    def common(self, other: "Days") -> "Days | None":
        """The days that are in both; None when there are none."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Days(first, last) if first <= last else None


def spelt_days(text: str, today: date) -> Days | None:
    """The days that a text spells; None when it looks like none. Weeks begin on Monday.

    A month, a weekday or a day without a year is the latest that is not in the future. Raises BadDate, with an
    example, for what looks like days, but does not exist, could be two, or ends before it begins.
    """
    words = _JOINED.sub(" ", plain_words(text).lower())
    begin, *ends = _TO.split(words)
    if not ends:
        return _one(words, today, today)
    if len(ends) > 1 or not (begin or ends[0]):
        return None
    end = _one(ends[0], today, today) if ends[0] else Days(EARLIEST, LATEST)
    start = _one(begin, today, min(today, end.last)) if begin and end is not None else Days(EARLIEST, LATEST)
    if start is None or end is None:
        return None
    if start.first > end.last:
        raise BadDate(f"{words[:40]!r} ends before it begins; write the earlier one first: on:2026-05..2026-06.")
    return Days(start.first, end.last)


def _one(words: str, today: date, latest: date) -> Days | None:
    """The days of words without a range; what has no year is not later than the latest."""
    spoken = _spoken(words, today) or _whole(words, latest)
    if spoken is not None:
        return spoken
    on = (_HAS_NO_YEAR.match(words) and _latest_day(words, latest)) or written_date(words, _EXAMPLE)
    return Days(on, on) if on is not None else None


def _spoken(words: str, today: date) -> Days | None:
    monday = today - _DAY * today.weekday()
    end_of_last_month = today.replace(day=1) - _DAY
    return {
        "today": Days(today, today),
        "yesterday": Days(today - _DAY, today - _DAY),
        "this week": Days(monday, monday + _WEEK - _DAY),
        "last week": Days(monday - _WEEK, monday - _DAY),
        "this month": _of_month(today.year, today.month),
        "last month": _of_month(end_of_last_month.year, end_of_last_month.month),
        "this year": _of_year(today.year),
        "last year": _of_year(today.year - 1),
    }.get(words)


def _whole(words: str, latest: date) -> Days | None:
    """A month, a year, or a weekday by its name."""
    if match := _WHOLE_YEAR.fullmatch(words):
        return _reached(_of_year(int(match[1])))
    if match := _YEAR_MONTH.fullmatch(words):
        return _month(words, int(match[1]), int(match[2]))
    if match := _MONTH_YEAR.fullmatch(words):
        return _month(words, int(match[2]), int(match[1]))
    match = _NAMED_MONTH.fullmatch(words)
    if match is None:
        return None
    month, weekday = month_of(match[1]), weekday_of(match[1])
    if month is not None:
        year = match[2] or latest.year - (month > latest.month)
        return _month(words, int(year), month)
    if weekday is not None and match[2] is None:
        on = latest - _DAY * ((latest.isoweekday() - weekday) % 7)
        return Days(on, on)
    return None


def _latest_day(words: str, latest: date) -> date | None:
    """The latest day that words spell when a year is added; None when they spell no day in any."""
    for year in range(latest.year, latest.year - _YEARS_BACK, -1):
        try:
            on = written_date(f"{words} {year}", _EXAMPLE)
        except BadDate:
            continue
        if on is None or on <= latest:
            return on
    return None


def _month(words: str, year: int, month: int) -> Days:
    if not 1 <= month <= 12:
        raise BadDate(f"{words!r} is a month that does not exist; write it like on:2026-05.")
    return _reached(_of_month(year, month))


def _reached(days: Days) -> Days:
    in_reach(days.first)
    return days


def _of_month(year: int, month: int) -> Days:
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _of_year(year: int) -> Days:
    return Days(date(year, 1, 1), date(year, 12, 31))
