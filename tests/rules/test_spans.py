"""Spans of days as people type them: on Saturday 21 November 2026, and where the calendar is awkward."""

from datetime import date

import pytest

from models.rules.errors import BadDate
from models.rules.spans import Days, spelt_days

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2026-05-21", date(2026, 5, 21), date(2026, 5, 21)),
        ("21/05/2026", date(2026, 5, 21), date(2026, 5, 21)),
        ("thursday 21st of May, 2026", date(2026, 5, 21), date(2026, 5, 21)),
        ("21-may-2026", date(2026, 5, 21), date(2026, 5, 21)),
        ("21 may", date(2026, 5, 21), date(2026, 5, 21)),
        ("dec 24th", date(2025, 12, 24), date(2025, 12, 24)),
        ("29 feb", date(2024, 2, 29), date(2024, 2, 29)),
        ("thu 21 may", date(2026, 5, 21), date(2026, 5, 21)),
        ("fri 21 may", date(2021, 5, 21), date(2021, 5, 21)),
        ("2026-05", date(2026, 5, 1), date(2026, 5, 31)),
        ("5/2026", date(2026, 5, 1), date(2026, 5, 31)),
        ("May 2026", date(2026, 5, 1), date(2026, 5, 31)),
        ("may", date(2026, 5, 1), date(2026, 5, 31)),
        ("NOV.", date(2026, 11, 1), date(2026, 11, 30)),
        ("december", date(2025, 12, 1), date(2025, 12, 31)),
        ("feb 2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("today", date(2026, 11, 21), date(2026, 11, 21)),
        ("Yesterday", date(2026, 11, 20), date(2026, 11, 20)),
        ("saturday", date(2026, 11, 21), date(2026, 11, 21)),
        ("sun", date(2026, 11, 15), date(2026, 11, 15)),
        ("this week", date(2026, 11, 16), date(2026, 11, 22)),
        ("last week", date(2026, 11, 9), date(2026, 11, 15)),
        ("last-week", date(2026, 11, 9), date(2026, 11, 15)),
        ("this month", date(2026, 11, 1), date(2026, 11, 30)),
        ("last month", date(2026, 10, 1), date(2026, 10, 31)),
        ("this year", date(2026, 1, 1), date(2026, 12, 31)),
        ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
        ("2026-05..2026-06", date(2026, 5, 1), date(2026, 6, 30)),
        ("1 may 2026 ... yesterday", date(2026, 5, 1), date(2026, 11, 20)),
        ("may..june", date(2026, 5, 1), date(2026, 6, 30)),
        ("nov..jan", date(2025, 11, 1), date(2026, 1, 31)),
        ("dec..today", date(2025, 12, 1), date(2026, 11, 21)),
        ("24 dec..6 jan 2026", date(2025, 12, 24), date(2026, 1, 6)),
        ("last month..this week", date(2026, 10, 1), date(2026, 11, 22)),
        ("2026-05..", date(2026, 5, 1), date(2200, 12, 31)),
        ("..2025", date(2000, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_span_is_read_as_people_say_it(typed: str, first: date, last: date) -> None:
    assert spelt_days(typed, TODAY) == Days(first, last)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 16), date(2026, 11, 9), date(2026, 11, 15)),
        (date(2026, 11, 22), date(2026, 11, 9), date(2026, 11, 15)),
        (date(2027, 1, 1), date(2026, 12, 21), date(2026, 12, 27)),
    ],
)
def test_a_week_begins_on_monday(today: date, first: date, last: date) -> None:
    assert spelt_days("last week", today) == Days(first, last)


def test_last_month_in_january_is_december() -> None:
    assert spelt_days("last month", date(2027, 1, 31)) == Days(date(2026, 12, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    "typed", ["", "ada", "last", "week", "10482", "1999", "ma", "..", "may..ada", "may..june..july"]
)
def test_what_looks_like_no_days_is_none(typed: str) -> None:
    assert spelt_days(typed, TODAY) is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2/3/2026", "'2/3/2026' can be 2 Mar 2026 or 3 Feb 2026; write the month as a word: 2 Mar 2026."),
        ("31 nov 2026", "'31 nov 2026' is a date that does not exist; write it like on:2026-05-21."),
        ("31 nov", "'31 nov' has no year; write it like on:2026-05-21."),
        ("2026-13", "'2026-13' is a month that does not exist; write it like on:2026-05."),
        ("fri 21 may 2026", "21 May 2026 is a Thursday; check day and year."),
        (
            "2026-06..2026-05",
            "'2026-06..2026-05' ends before it begins; write the earlier one first: on:2026-05..2026-06.",
        ),
    ],
)
def test_days_that_cannot_be_meant_are_told(typed: str, told: str) -> None:
    with pytest.raises(BadDate) as refused:
        spelt_days(typed, TODAY)
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2026-05-21", "21 May 2026"),
        ("2026-05", "May 2026"),
        ("2026", "2026"),
        ("last week", "9 Nov 2026 to 15 Nov 2026"),
        ("may..june", "1 May 2026 to 30 Jun 2026"),
        ("2026-05..", "since 1 May 2026"),
        ("..2026-05", "until 31 May 2026"),
    ],
)
def test_days_are_said_shortly(typed: str, told: str) -> None:
    assert str(spelt_days(typed, TODAY)) == told


def test_two_spans_have_days_in_common_or_not() -> None:
    may, year = Days(date(2026, 5, 1), date(2026, 5, 31)), Days(date(2026, 1, 1), date(2026, 12, 31))
    assert may.common(year) == year.common(may) == may
    assert may.common(Days(date(2026, 5, 31), date(2026, 6, 30))) == Days(date(2026, 5, 31), date(2026, 5, 31))
    assert may.common(Days(date(2026, 6, 1), date(2026, 6, 30))) is None
