"""Calendar dates as people type them: every spelling with one meaning, and what to write in place of the others."""

import re
from datetime import date
from typing import Final

from models.rules import wording
from models.rules.errors import BadDate
from models.rules.validity import EARLIEST, LATEST

EXAMPLE: Final = "2026-05-21 or 21 May 2026"
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST_NAME: Final = 3

_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_NUMBERS: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_DAY_FIRST: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)? ?(?:of )?([a-z]{3,})\.? ?(\d{4})?", re.ASCII | re.IGNORECASE
)
_MONTH_FIRST: Final = re.compile(r"([a-z]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?", re.ASCII | re.IGNORECASE)
_WEEKDAY: Final = re.compile(r"([a-z]{3,})\.? (.+)", re.ASCII | re.IGNORECASE)


def read_day(text: str) -> date:
    """The calendar date that a text means. Raises BadDate, with what to write, for none and for more than one."""
    words = plain_words(text)
    on = written_date(words, EXAMPLE)
    if on is None:
        raise BadDate(f"{words[:40]!r} is no date; write it like {EXAMPLE}.")
    return on


def plain_words(text: str) -> str:
    """What was typed, with single blanks and no commas."""
    return " ".join(text.replace(",", " ").split())


def written_date(words: str, example: str) -> date | None:
    """The date that plain words spell, with its weekday or without; None when they do not look like one.

    Raises BadDate, with an example of what to write, for a date that does not exist, lies outside the years
    2000 to 2200, has no year, or could be two.
    """
    weekday = _WEEKDAY.fullmatch(words)
    number = weekday_of(weekday[1]) if weekday is not None else None
    if weekday is None or number is None:
        return _without_weekday(words, example)
    on = _without_weekday(weekday[2], example)
    if on is not None and on.weekday() != number - 1:
        raise BadDate(f"{wording.day(on)} is a {_WEEKDAYS[on.weekday()].title()}; check day and year.")
    return on


def in_reach(on: date) -> date:
    """A date. Raises BadDate when it lies outside the years in which a desk works."""
    if not EARLIEST <= on <= LATEST:
        raise BadDate(f"{wording.day(on)} lies outside the years 2000 to 2200; check the year.")
    return on


def _without_weekday(words: str, example: str) -> date | None:
    if match := _YEAR_FIRST.fullmatch(words):
        return _made(words, int(match[1]), int(match[2]), int(match[3]), example)
    if match := _NUMBERS.fullmatch(words):
        return _of_numbers(words, int(match[1]), int(match[2]), int(match[3]), example)
    if match := _DAY_FIRST.fullmatch(words):
        return _of_names(words, match[1], match[2], match[3], example)
    if match := _MONTH_FIRST.fullmatch(words):
        return _of_names(words, match[2], match[1], match[3], example)
    return None


def _of_names(words: str, day: str, name: str, year: str | None, example: str) -> date | None:
    month = month_of(name)
    if month is None:
        return None
    if year is None:
        raise BadDate(f"{words!r} has no year; write it like {example}.")
    return _made(words, int(year), month, int(day), example)


def _of_numbers(words: str, first: int, second: int, year: int, example: str) -> date:
    """A day and a month in either order, as long as only one of them can be meant."""
    if first <= 12 and second <= 12 and first != second:
        one, other = _made(words, year, second, first, example), _made(words, year, first, second, example)
        raise BadDate(
            f"{words!r} can be {wording.day(one)} or {wording.day(other)}; write the month as a word: "
            f"{wording.day(one)}."
        )
    day, month = (first, second) if second <= 12 else (second, first)
    return _made(words, year, month, day, example)


def month_of(word: str) -> int | None:
    """The number of the month that a word begins, of three letters or more; None for another word."""
    return _named(word, _MONTHS)


def weekday_of(word: str) -> int | None:
    """The number of the weekday that a word begins, Monday being 1; None for another word."""
    return _named(word, _WEEKDAYS)


def _named(word: str, names: tuple[str, ...]) -> int | None:
    found = [number for number, name in enumerate(names, start=1) if name.startswith(word.lower())]
    return found[0] if len(word) >= _SHORTEST_NAME and len(found) == 1 else None


def _made(words: str, year: int, month: int, day: int, example: str) -> date:
    try:
        on = date(year, month, day)
    except ValueError:
        raise BadDate(f"{words!r} is a date that does not exist; write it like {example}.") from None
    return in_reach(on)
