"""When a card becomes valid, and how long what is loaded on it can be spent."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.errors import BadDate
from models.rules.validity import UNITS, BusinessTime, Period, Unit, ValidityRules, active_from, last_day, later

LONDON = BusinessTime("Europe/London")
HALF_YEAR = ValidityRules(period=Period(6, "months"))


def on(text: str) -> date:
    return date.fromisoformat(text)


def at(wall: str, business: BusinessTime = LONDON) -> datetime:
    """The instant, UTC, at which the wall clock of the business shows a time."""
    return datetime.fromisoformat(wall).replace(tzinfo=business.tz).astimezone(UTC)


def period(text: str) -> Period:
    count, name = text.split()
    unit: Unit = next(unit for unit in UNITS if unit == f"{name.removesuffix('s')}s")
    return Period(int(count), unit)


# The examples of the two documents that the product comes from.


def test_a_card_given_on_new_years_day_for_six_months_ends_with_june() -> None:
    assert last_day(HALF_YEAR, at("2026-01-01 12:00"), LONDON) == on("2026-06-30")


def test_a_top_up_on_the_thirtieth_of_june_carries_the_card_to_the_end_of_december() -> None:
    first = last_day(HALF_YEAR, at("2026-01-01 12:00"), LONDON)
    top_up = last_day(HALF_YEAR, at("2026-06-30 12:00"), LONDON)
    assert later(first, top_up) == on("2026-12-29")


def test_with_rounding_to_the_month_both_examples_hold_to_the_letter() -> None:
    rounded = ValidityRules(period=Period(6, "months"), month_end=True)
    assert last_day(rounded, at("2026-01-01 12:00"), LONDON) == on("2026-06-30")
    assert last_day(rounded, at("2026-06-30 12:00"), LONDON) == on("2026-12-31")


def test_bought_after_its_valid_after_date_a_card_still_waits_out_its_delay() -> None:
    rules = ValidityRules(activation_delay_days=3, valid_after=on("2026-05-01"))
    assert active_from(rules, at("2026-05-20 16:45"), LONDON) == at("2026-05-23 00:00")


def test_the_balance_stops_at_three_in_the_morning_after_the_stated_day() -> None:
    assert LONDON.cut_off(on("2026-06-30")) == at("2026-07-01 03:00")


# Active from.


def test_without_a_delay_a_card_is_valid_from_the_purchase_to_the_microsecond() -> None:
    bought_at = at("2026-05-20 16:45:12.345678")
    assert active_from(ValidityRules(), bought_at, LONDON) == bought_at


@pytest.mark.parametrize(
    ("bought", "delay_days", "expected"),
    [
        ("2026-05-20 00:00", 1, "2026-05-21 00:00"),
        ("2026-05-20 23:59:59.999999", 1, "2026-05-21 00:00"),
        ("2026-05-20 12:00", 3, "2026-05-23 00:00"),
        ("2026-12-31 12:00", 1, "2027-01-01 00:00"),
        ("2028-02-28 12:00", 1, "2028-02-29 00:00"),
        # The clock goes forward on 29 March and back on 25 October 2026.
        ("2026-03-28 12:00", 1, "2026-03-29 00:00"),
        ("2026-03-28 12:00", 2, "2026-03-30 00:00"),
        ("2026-10-24 12:00", 2, "2026-10-26 00:00"),
        # Half past midnight in British summer time is still the day before in UTC.
        ("2026-07-10 00:30", 1, "2026-07-11 00:00"),
    ],
)
def test_a_delay_ends_at_the_first_instant_of_a_day(bought: str, delay_days: int, expected: str) -> None:
    assert active_from(ValidityRules(activation_delay_days=delay_days), at(bought), LONDON) == at(expected)


@pytest.mark.parametrize(
    ("bought", "valid_after", "delay_days", "expected"),
    [
        ("2026-05-20 16:45", "2026-12-01", 0, "2026-12-01 00:00"),
        ("2026-05-20 16:45", "2026-05-20", 0, "2026-05-20 16:45"),
        ("2026-05-20 16:45", "2026-05-01", 0, "2026-05-20 16:45"),
        ("2026-05-20 16:45", "2026-05-22", 3, "2026-05-23 00:00"),
        ("2026-05-20 16:45", "2026-05-23", 3, "2026-05-23 00:00"),
        ("2026-05-20 16:45", "2026-05-24", 3, "2026-05-24 00:00"),
    ],
)
def test_of_delay_and_valid_after_the_later_counts(
    bought: str, valid_after: str, delay_days: int, expected: str
) -> None:
    rules = ValidityRules(activation_delay_days=delay_days, valid_after=on(valid_after))
    assert active_from(rules, at(bought), LONDON) == at(expected)


# Last day.


@pytest.mark.parametrize(
    ("loaded", "length", "expected"),
    [
        ("2026-01-01", "1 month", "2026-01-31"),
        ("2026-01-15", "1 month", "2026-02-14"),
        ("2026-01-28", "1 month", "2026-02-27"),
        ("2026-01-29", "1 month", "2026-02-28"),
        ("2026-01-30", "1 month", "2026-02-28"),
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2028-01-29", "1 month", "2028-02-28"),
        ("2028-01-30", "1 month", "2028-02-29"),
        ("2028-01-31", "1 month", "2028-02-29"),
        ("2026-02-28", "1 month", "2026-03-27"),
        ("2028-02-29", "1 month", "2028-03-28"),
        ("2026-03-30", "1 month", "2026-04-29"),
        ("2026-03-31", "1 month", "2026-04-30"),
        ("2026-05-31", "1 month", "2026-06-30"),
        ("2026-07-31", "1 month", "2026-08-30"),
        ("2026-12-01", "1 month", "2026-12-31"),
        ("2026-12-31", "1 month", "2027-01-30"),
        ("2026-12-31", "2 months", "2027-02-28"),
        ("2026-11-30", "3 months", "2027-02-28"),
        ("2026-08-28", "6 months", "2027-02-27"),
        ("2026-08-29", "6 months", "2027-02-28"),
        ("2026-08-31", "6 months", "2027-02-28"),
        ("2027-08-29", "6 months", "2028-02-28"),
        ("2027-08-30", "6 months", "2028-02-29"),
        ("2027-08-31", "6 months", "2028-02-29"),
        ("2026-01-31", "12 months", "2027-01-30"),
        ("2026-05-31", "13 months", "2027-06-30"),
        ("2026-01-01", "1 year", "2026-12-31"),
        ("2026-12-31", "1 year", "2027-12-30"),
        ("2026-06-15", "5 years", "2031-06-14"),
        ("2023-03-01", "1 year", "2024-02-29"),
        ("2024-02-28", "1 year", "2025-02-27"),
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2024-03-01", "1 year", "2025-02-28"),
        ("2024-02-29", "2 years", "2026-02-28"),
        ("2024-02-29", "4 years", "2028-02-28"),
        ("2096-02-29", "4 years", "2100-02-28"),
        ("2026-05-04", "1 day", "2026-05-04"),
        ("2026-05-04", "2 days", "2026-05-05"),
        ("2026-05-04", "30 days", "2026-06-02"),
        ("2026-02-28", "2 days", "2026-03-01"),
        ("2028-02-28", "2 days", "2028-02-29"),
        ("2026-01-01", "365 days", "2026-12-31"),
        ("2028-01-01", "365 days", "2028-12-30"),
        ("2026-05-04", "1 week", "2026-05-10"),
        ("2026-05-04", "2 weeks", "2026-05-17"),
        ("2026-12-28", "1 week", "2027-01-03"),
    ],
)
def test_a_period_has_the_day_of_the_load_as_its_first_day(loaded: str, length: str, expected: str) -> None:
    """It ends on the day before the anniversary; a month too short for the anniversary is taken whole."""
    assert last_day(ValidityRules(period=period(length)), at(f"{loaded} 12:00"), LONDON) == on(expected)


@pytest.mark.parametrize(
    ("loaded", "length", "expected"),
    [
        ("2026-01-01", "6 months", "2026-06-30"),
        ("2026-01-02", "6 months", "2026-07-31"),
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2028-01-20", "1 month", "2028-02-29"),
        ("2026-03-31", "1 month", "2026-04-30"),
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2026-05-04", "1 day", "2026-05-31"),
        ("2026-11-20", "2 weeks", "2026-12-31"),
    ],
)
def test_rounding_goes_to_the_end_of_the_month_that_the_last_day_lies_in(
    loaded: str, length: str, expected: str
) -> None:
    rules = ValidityRules(period=period(length), month_end=True)
    assert last_day(rules, at(f"{loaded} 12:00"), LONDON) == on(expected)


def test_with_neither_period_nor_date_the_balance_never_expires() -> None:
    assert last_day(ValidityRules(activation_delay_days=3), at("2026-05-20 12:00"), LONDON) is None


@pytest.mark.parametrize("loaded", ["2026-01-01", "2026-12-24", "2026-12-31"])
def test_a_specific_date_does_not_move_with_a_load(loaded: str) -> None:
    rules = ValidityRules(expires_on=on("2026-12-31"))
    assert last_day(rules, at(f"{loaded} 12:00"), LONDON) == on("2026-12-31")


def test_the_period_counts_from_the_load_not_from_the_activation() -> None:
    waiting = ValidityRules(activation_delay_days=20, valid_after=on("2026-03-01"), period=Period(6, "months"))
    assert last_day(waiting, at("2026-01-01 12:00"), LONDON) == on("2026-06-30")


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Pacific/Auckland", "2026-07-31"), ("Europe/London", "2026-07-31"), ("America/New_York", "2026-07-29")],
)
def test_the_date_of_a_load_is_the_one_on_the_wall_of_the_business(zone: str, expected: str) -> None:
    """Half past eleven in the evening UTC on 30 June is 1 July in Auckland and in London's summer."""
    loaded_at = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert last_day(ValidityRules(period=Period(1, "months")), loaded_at, BusinessTime(zone)) == on(expected)


@pytest.mark.parametrize(
    ("loaded", "length", "month_end"),
    [
        ("2200-12-31", "2 days", False),
        ("2200-12-02", "1 month", False),
        ("2200-01-02", "1 year", False),
        ("2026-01-01", "176 years", False),
        ("2026-01-01", "99999999999 days", False),
        ("2026-01-01", "99999999999 weeks", True),
        ("2026-01-01", "99999999999 months", True),
        ("2026-01-01", "99999999999 years", False),
    ],
)
def test_a_period_that_ends_after_the_year_2200_is_refused_in_words(loaded: str, length: str, month_end: bool) -> None:
    rules = ValidityRules(period=period(length), month_end=month_end)
    with pytest.raises(BadDate, match=r"2000 to 2200.*\.$"):
        last_day(rules, at(f"{loaded} 12:00"), LONDON)


@pytest.mark.parametrize(
    ("loaded", "length"), [("2200-12-31", "1 day"), ("2200-12-01", "1 month"), ("2026-01-01", "175 years")]
)
def test_the_last_day_of_the_year_2200_is_the_latest_possible(loaded: str, length: str) -> None:
    rules = ValidityRules(period=period(length))
    assert last_day(rules, at(f"{loaded} 12:00"), LONDON) == on("2200-12-31")


# Combining loads.


@pytest.mark.parametrize(
    ("current", "new", "expected"),
    [
        ("2026-06-30", "2026-12-29", "2026-12-29"),
        ("2026-12-29", "2026-06-30", "2026-12-29"),
        ("2026-06-30", "2026-06-30", "2026-06-30"),
        (None, "2026-06-30", None),
        ("2026-06-30", None, None),
        (None, None, None),
    ],
)
def test_a_later_load_never_shortens_and_never_is_later_than_every_date(
    current: str | None, new: str | None, expected: str | None
) -> None:
    assert later(on(current) if current else None, on(new) if new else None) == (on(expected) if expected else None)


LAST_DAYS = st.none() | st.dates(date(2000, 1, 1), date(2200, 12, 31))


@given(LAST_DAYS, LAST_DAYS, LAST_DAYS)
@settings(deadline=None)
def test_the_order_in_which_loads_are_combined_does_not_matter(one: date | None, two: date | None, three: date) -> None:
    assert later(one, two) == later(two, one)
    assert later(later(one, two), three) == later(one, later(two, three))
    assert later(one, one) == one


def test_a_period_reads_as_a_person_would_say_it() -> None:
    assert [str(Period(count, "months")) for count in (1, 6)] == ["1 month", "6 months"]


# Everything together, against arithmetic that was written a second time.


def expected_end_of_period(start: date, length: Period) -> date:
    """The last day of a period, counted in months since year 0 and by the length of the last month."""
    if length.unit in ("days", "weeks"):
        days = length.count * (7 if length.unit == "weeks" else 1)
        return date.fromordinal(start.toordinal() + days - 1)
    months = start.year * 12 + start.month - 1 + length.count * (12 if length.unit == "years" else 1)
    year, month = months // 12, months % 12 + 1
    days_of_it = min(start.day - 1, calendar.monthrange(year, month)[1])
    return date.fromordinal(date(year, month, 1).toordinal() + days_of_it - 1)


def expected_last_day(rules: ValidityRules, loaded_on: date) -> date | None:
    if rules.expires_on:
        return rules.expires_on
    if not rules.period:
        return None
    end = expected_end_of_period(loaded_on, rules.period)
    return end.replace(day=calendar.monthrange(end.year, end.month)[1]) if rules.month_end else end


@cache
def expected_start(day: date, business: BusinessTime) -> datetime:
    """The first second whose wall clock shows the day, found by halving two days around it."""
    origin = datetime.combine(day, time(), UTC) - timedelta(days=1)
    before, reached = 0, 2 * 86400
    while reached - before > 1:
        middle = (before + reached) // 2
        if (origin + timedelta(seconds=middle)).astimezone(business.tz).date() >= day:
            reached = middle
        else:
            before = middle
    return origin + timedelta(seconds=reached)


PERIODS = [None, *map(period, ("1 day", "90 days", "2 weeks", "1 month", "6 months", "18 months", "1 year", "4 years"))]
BOUGHT = ["2026-01-01 00:00", "2026-03-07 12:00", "2026-08-31 23:59:59", "2027-10-30 02:30", "2028-02-29 09:00"]


@pytest.mark.parametrize("zone", ["Europe/London", "Europe/Athens", "America/Havana", "Pacific/Chatham"])
def test_every_combination_of_rules_and_loads(zone: str) -> None:
    """Delay x valid-after x period or date x rounding x purchase x top-up: each part does its own and no more."""
    business = BusinessTime(zone)
    choices = product(BOUGHT, (0, 1, 3, 30), (None, -10, 0, 1, 3, 400), PERIODS, (False, True), (None, 10, 2000))
    for bought, delay, valid_after_in, length, month_end, expires_in in choices:
        if expires_in and (length or month_end):
            continue
        bought_at = at(bought, business)
        bought_on = on(bought[:10])
        rules = ValidityRules(
            activation_delay_days=delay,
            valid_after=None if valid_after_in is None else bought_on + timedelta(days=valid_after_in),
            period=length,
            expires_on=None if expires_in is None else bought_on + timedelta(days=expires_in),
            month_end=month_end and length is not None,
        )
        starts = [bought_at]
        if delay:
            starts.append(expected_start(bought_on + timedelta(days=delay), business))
        if rules.valid_after:
            starts.append(expected_start(rules.valid_after, business))
        assert active_from(rules, bought_at, business) == max(starts), (bought, rules)

        card = last_day(rules, bought_at, business)
        assert card == expected_last_day(rules, bought_on), (bought, rules)
        for topped_up_after in (0, 1, 29, 180, 366):
            topped_up_on = bought_on + timedelta(days=topped_up_after)
            topped_up = last_day(rules, at(f"{topped_up_on} 12:00", business), business)
            candidates = [expected_last_day(rules, bought_on), expected_last_day(rules, topped_up_on)]
            expected = None if None in candidates else max(day for day in candidates if day)
            assert later(card, topped_up) == expected, (bought, topped_up_on, rules)


LENGTHS = st.builds(Period, st.integers(1, 60), st.sampled_from(UNITS))
DAYS = st.dates(date(2000, 1, 1), date(2120, 12, 31))


@given(DAYS, LENGTHS, st.booleans())
@settings(deadline=None, max_examples=1000)
def test_any_period_from_any_day(start: date, length: Period, month_end: bool) -> None:
    rules = ValidityRules(period=length, month_end=month_end)
    assert last_day(rules, at(f"{start} 12:00"), LONDON) == expected_last_day(rules, start)


@given(DAYS, st.integers(0, 400), LENGTHS, st.booleans())
@settings(deadline=None)
def test_who_loads_later_never_ends_earlier(start: date, days: int, length: Period, month_end: bool) -> None:
    rules = ValidityRules(period=length, month_end=month_end)
    first = last_day(rules, at(f"{start} 12:00"), LONDON)
    second = last_day(rules, at(f"{start + timedelta(days=days)} 12:00"), LONDON)
    assert first is not None
    assert second is not None
    assert first <= second


@given(DAYS, LENGTHS)
@settings(deadline=None)
def test_a_period_is_never_shorter_than_its_shortest_case(start: date, length: Period) -> None:
    """A month lasts 28 days at least and a year 365; a delay is measured against it."""
    end = last_day(ValidityRules(period=length), at(f"{start} 12:00"), LONDON)
    assert end is not None
    assert (end - start).days + 1 >= length.shortest_days
