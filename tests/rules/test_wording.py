"""How dates, instants and spans of time read in sentences."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.rules import wording
from models.rules.validity import BusinessTime

LONDON = BusinessTime("Europe/London")
SUMMER_EVENING = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)


def test_a_date_cannot_be_taken_for_another() -> None:
    assert wording.day(date(2026, 11, 2)) == "2 Nov 2026"
    assert wording.weekday(date(2026, 11, 20)) == "Fri 20 Nov 2026"


def test_a_last_day_is_a_date_or_never() -> None:
    assert wording.last_day(date(2026, 11, 20)) == "Fri 20 Nov 2026"
    assert wording.last_day(None) == "never"


def test_an_instant_is_told_as_the_wall_of_the_business_shows_it() -> None:
    assert wording.moment(SUMMER_EVENING, LONDON) == "1 Jul 2026 00:30"
    assert wording.short_moment(SUMMER_EVENING, LONDON) == "1 Jul 00:30"
    assert wording.weekday_moment(SUMMER_EVENING, LONDON) == "Wed 1 Jul 00:30"


@pytest.mark.parametrize(
    ("away", "told"),
    [
        (timedelta(), "Wed 1 Jul 00:30"),
        (timedelta(days=182), "Wed 1 Jul 00:30"),
        (timedelta(days=182, microseconds=1), "Wed 1 Jul 2026 00:30"),
        (timedelta(days=365), "Wed 1 Jul 2026 00:30"),
        (timedelta(days=40_000), "Wed 1 Jul 2026 00:30"),
    ],
)
def test_the_year_is_told_of_an_instant_more_than_half_a_year_away(away: timedelta, told: str) -> None:
    """Before or after: nobody takes next summer's date for last summer's."""
    assert wording.weekday_moment(SUMMER_EVENING, LONDON, SUMMER_EVENING + away) == told
    assert wording.weekday_moment(SUMMER_EVENING, LONDON, SUMMER_EVENING - away) == told


def test_the_year_that_is_told_is_the_one_on_the_wall() -> None:
    new_year_in_auckland = datetime(2026, 12, 31, 11, tzinfo=UTC)
    auckland = BusinessTime("Pacific/Auckland")
    told = wording.weekday_moment(new_year_in_auckland, auckland, SUMMER_EVENING)
    assert told == "Fri 1 Jan 2027 00:00"


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (timedelta(seconds=-5), "under 1 min"),
        (timedelta(seconds=59), "under 1 min"),
        (timedelta(minutes=40, seconds=59), "40 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(hours=47, minutes=59), "47 h"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=3, hours=23), "3 days"),
    ],
)
def test_a_span_is_told_in_its_largest_sensible_unit_rounded_down(length: timedelta, told: str) -> None:
    assert wording.span(length) == told


def test_counts_agree_with_their_nouns() -> None:
    assert [wording.plural(count, "flag") for count in (0, 1, 2, 1500)] == [
        "0 flags",
        "1 flag",
        "2 flags",
        "1,500 flags",
    ]


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 flags are open"), (1, "1 flag is open"), (2, "2 flags are open"), (11, "11 flags are open")],
)
def test_open_flags_are_counted_in_a_clause_of_their_own(count: int, told: str) -> None:
    assert wording.open_flags(count) == told
