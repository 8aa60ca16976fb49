"""Which validity rules a product can be saved with, and which loads make sense: each refusal from both sides."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest

from models.rules.products import lead_problems, load_refusal, problems
from models.rules.validity import BusinessTime, Period, Unit, ValidityRules, active_from, last_day

LONDON = BusinessTime("Europe/London")
NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
TODAY = date(2026, 5, 20)
MICROSECOND = timedelta(microseconds=1)


def on(text: str) -> date:
    return date.fromisoformat(text)


def fields(rules: ValidityRules, now: datetime = NOON) -> list[str]:
    """The fields that a manager is told to change."""
    return [problem.field for problem in problems(rules, now, LONDON)]


@pytest.mark.parametrize(
    "rules",
    [
        ValidityRules(),
        ValidityRules(activation_delay_days=3),
        ValidityRules(period=Period(6, "months")),
        ValidityRules(period=Period(6, "months"), month_end=True),
        ValidityRules(activation_delay_days=3, valid_after=on("2026-06-01"), period=Period(2, "years")),
        ValidityRules(valid_after=on("2026-12-01"), expires_on=on("2026-12-24")),
    ],
)
def test_ordinary_products_can_be_saved(rules: ValidityRules) -> None:
    assert problems(rules, NOON, LONDON) == ()


@pytest.mark.parametrize("delay", [-1, 1.0, 1.5, "3", True, None, float("nan")])
def test_a_delay_that_is_no_whole_number_of_days_is_refused(delay: object) -> None:
    assert fields(ValidityRules(activation_delay_days=cast(int, delay))) == ["activation_delay_days"]


@pytest.mark.parametrize("delay", [0, 1])
def test_a_delay_of_no_day_or_one_is_allowed(delay: int) -> None:
    assert fields(ValidityRules(activation_delay_days=delay)) == []


@pytest.mark.parametrize("count", [0, -1, 1.0, "6", True, None])
@pytest.mark.parametrize("unit", ["days", "months"])
def test_a_period_that_is_no_whole_number_is_refused(count: object, unit: Unit) -> None:
    assert fields(ValidityRules(period=Period(cast(int, count), unit))) == ["period"]


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years"])
def test_a_period_of_one_of_anything_is_allowed(unit: Unit) -> None:
    assert fields(ValidityRules(period=Period(1, unit))) == []


@pytest.mark.parametrize("unit", ["hours", "day", "", "MONTHS"])
def test_a_period_in_a_unit_that_does_not_exist_is_refused(unit: str) -> None:
    assert fields(ValidityRules(period=Period(6, cast(Unit, unit)))) == ["period"]


def test_both_a_date_and_a_period_are_refused() -> None:
    assert fields(ValidityRules(period=Period(6, "months"), expires_on=on("2026-12-31"))) == ["expires_on"]


@pytest.mark.parametrize("expires_on", [None, on("2026-12-31")])
def test_rounding_to_the_month_is_refused_without_a_period(expires_on: date | None) -> None:
    assert fields(ValidityRules(expires_on=expires_on, month_end=True)) == ["month_end"]


@pytest.mark.parametrize(
    ("period", "shortest_days"),
    [
        (Period(1, "days"), 1),
        (Period(30, "days"), 30),
        (Period(1, "weeks"), 7),
        (Period(1, "months"), 28),
        (Period(6, "months"), 168),
        (Period(1, "years"), 365),
        (Period(2, "years"), 730),
    ],
)
def test_a_delay_must_be_shorter_than_the_shortest_case_of_the_period(period: Period, shortest_days: int) -> None:
    """A month counts 28 days and a year 365, whatever today's month is."""
    assert fields(ValidityRules(activation_delay_days=shortest_days - 1, period=period)) == []
    for delay in (shortest_days, shortest_days + 1):
        assert fields(ValidityRules(activation_delay_days=delay, period=period)) == ["activation_delay_days"]


def test_a_delay_of_31_days_is_refused_for_a_month_although_august_has_room_for_30() -> None:
    in_august = datetime(2026, 8, 1, 12, tzinfo=UTC)
    assert fields(ValidityRules(activation_delay_days=29, period=Period(1, "months")), in_august) == [
        "activation_delay_days"
    ]


def test_an_expiry_date_in_the_past_is_refused_and_today_is_not_past() -> None:
    assert fields(ValidityRules(expires_on=TODAY)) == []
    assert fields(ValidityRules(expires_on=TODAY - timedelta(days=1))) == ["expires_on"]


@pytest.mark.parametrize(("instant", "refused"), [("2026-05-20 22:59:59.999999", False), ("2026-05-20 23:00:00", True)])
def test_today_is_the_day_on_the_wall_of_the_business(instant: str, refused: bool) -> None:
    """The London day ends at 23:00 UTC in summer."""
    now = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert bool(fields(ValidityRules(expires_on=TODAY), now)) is refused


@pytest.mark.parametrize("valid_after", ["2000-01-01", "2200-12-31"])
def test_dates_from_2000_to_2200_are_allowed(valid_after: str) -> None:
    assert fields(ValidityRules(valid_after=on(valid_after))) == []


def test_an_expiry_on_the_last_day_of_2200_is_allowed() -> None:
    assert fields(ValidityRules(expires_on=on("2200-12-31"))) == []


@pytest.mark.parametrize("outside", ["0001-01-01", "1999-12-31", "2201-01-01", "9999-12-31"])
def test_dates_outside_2000_to_2200_are_refused(outside: str) -> None:
    assert fields(ValidityRules(valid_after=on(outside))) == ["valid_after"]
    assert fields(ValidityRules(expires_on=on(outside))) == ["expires_on"]


@pytest.mark.parametrize(
    "period", [Period(175, "years"), Period(2100, "months"), Period(63_779, "days")], ids=["years", "months", "days"]
)
def test_a_period_may_reach_the_end_of_2200_and_no_further(period: Period) -> None:
    """175 years from New Year's Day 2026 end with the year 2200, and so do as many months or days."""
    new_year = datetime(2026, 1, 1, 12, tzinfo=UTC)
    days = (on("2200-12-31") - on("2026-01-01")).days + 1
    if period.unit == "days":
        period = replace(period, count=days)
    assert fields(ValidityRules(period=period), new_year) == []
    assert fields(ValidityRules(period=replace(period, count=period.count + 1)), new_year) == ["period"]
    assert fields(ValidityRules(period=replace(period, count=10**12)), new_year) == ["period"]


def test_valid_after_must_leave_an_instant_before_the_cut_off() -> None:
    """Valid from midnight of the day after the last one there are three hours left; a day later there are none."""
    rules = ValidityRules(valid_after=on("2026-12-25"), expires_on=on("2026-12-24"))
    assert fields(rules) == []
    assert fields(replace(rules, valid_after=on("2026-12-26"))) == ["valid_after"]


def test_a_delay_must_leave_an_instant_before_a_specific_date() -> None:
    rules = ValidityRules(activation_delay_days=4, expires_on=on("2026-05-23"))
    assert fields(rules) == []
    assert fields(replace(rules, activation_delay_days=5)) == ["activation_delay_days"]


@pytest.mark.parametrize("days_left", [0, 1, 30])
def test_a_delay_alone_that_leaves_no_instant_is_what_the_manager_is_told_to_change(days_left: int) -> None:
    """The date is the customer's promise; the delay is what eats it. Three hours of the next day are left to spend."""
    rules = ValidityRules(expires_on=TODAY + timedelta(days=days_left))
    for delay in range(days_left + 4):
        found = fields(replace(rules, activation_delay_days=delay))
        assert found == (["activation_delay_days"] if delay > days_left + 1 else []), delay


@pytest.mark.parametrize(
    ("delay", "valid_after", "blamed"),
    [
        (40, None, "activation_delay_days"),
        (40, "2020-01-01", "activation_delay_days"),
        (40, "2026-05-29", "activation_delay_days"),
        (0, "2026-06-05", "valid_after"),
        (3, "2026-06-05", "valid_after"),
    ],
)
def test_the_field_that_is_named_is_one_whose_change_helps(delay: int, valid_after: str | None, blamed: str) -> None:
    """What starts last eats the time; a date of long ago is not to blame for a delay."""
    after = None if valid_after is None else on(valid_after)
    rules = ValidityRules(activation_delay_days=delay, valid_after=after, expires_on=on("2026-05-30"))
    named = fields(rules)
    assert named == [blamed]
    without = {
        "activation_delay_days": replace(rules, activation_delay_days=0),
        "valid_after": replace(rules, valid_after=None),
    }
    assert fields(without[named[0]]) == []


def test_valid_after_must_leave_an_instant_of_a_period_that_starts_today() -> None:
    rules = ValidityRules(valid_after=on("2026-06-20"), period=Period(1, "months"))
    assert fields(rules) == []
    assert fields(replace(rules, valid_after=on("2026-06-21"))) == ["valid_after"]


def test_a_delay_that_outlives_the_calendar_is_refused() -> None:
    assert fields(ValidityRules(activation_delay_days=10**12)) == ["activation_delay_days"]


def test_all_problems_are_told_at_once_each_with_its_field() -> None:
    rules = ValidityRules(activation_delay_days=-1, valid_after=on("1999-01-01"), expires_on=TODAY, month_end=True)
    assert sorted(fields(rules)) == ["activation_delay_days", "month_end", "valid_after"]


@pytest.mark.parametrize(
    "rules",
    [
        ValidityRules(activation_delay_days=-1),
        ValidityRules(period=Period(0, "days")),
        ValidityRules(period=Period(1, "months"), expires_on=TODAY),
        ValidityRules(month_end=True),
        ValidityRules(activation_delay_days=28, period=Period(1, "months")),
        ValidityRules(expires_on=on("2026-01-01")),
        ValidityRules(valid_after=on("1990-01-01")),
        ValidityRules(valid_after=on("2026-12-26"), expires_on=on("2026-12-24")),
        ValidityRules(period=Period(200, "years")),
        ValidityRules(activation_delay_days=10**12),
    ],
)
def test_each_problem_names_a_field_of_the_rules_and_says_why_in_a_sentence(rules: ValidityRules) -> None:
    found = problems(rules, NOON, LONDON)
    assert found
    for problem in found:
        assert hasattr(rules, problem.field)
        assert problem.sentence[0].isupper()
        assert problem.sentence.endswith(".")


# Reminders.


def leads(*periods: tuple[object, str]) -> list[str]:
    """What is told of reminders so long before the last day."""
    found = lead_problems([Period(cast(int, count), cast(Unit, unit)) for count, unit in periods])
    assert {problem.field for problem in found} <= {"reminders"}
    return [problem.sentence for problem in found]


@pytest.mark.parametrize("periods", [[], [(1, "days")], [(2, "weeks"), (13, "days"), (15, "days")], [(1000, "days")]])
def test_any_number_of_days_and_weeks_may_be_reminded_of(periods: list[tuple[object, str]]) -> None:
    assert leads(*periods) == []


@pytest.mark.parametrize(
    "period", [(0, "days"), (-1, "weeks"), (1, "months"), (1.0, "days"), (True, "days"), ("2", "days")]
)
def test_a_reminder_that_is_no_whole_number_of_days_or_weeks_is_refused(period: tuple[object, str]) -> None:
    assert leads((3, "days"), period) == ["A reminder goes a number of days or weeks before the last day, 1 or more."]


@pytest.mark.parametrize("period", [(1001, "days"), (143, "weeks"), (10**12, "weeks")])
def test_a_reminder_years_ahead_is_refused(period: tuple[object, str]) -> None:
    assert leads(period) == ["A reminder goes at most 1,000 days before the last day."]


def test_two_reminders_that_would_go_on_one_day_are_refused_however_they_are_written() -> None:
    assert leads((2, "weeks"), (7, "days"), (14, "days"), (1, "weeks")) == [
        "The reminder 7 days before the last day is there twice.",
        "The reminder 14 days before the last day is there twice.",
    ]


# Loads.


def test_a_load_is_refused_from_the_instant_at_which_its_balance_would_stop() -> None:
    cut_off_at = LONDON.cut_off(TODAY)
    assert load_refusal(NOON, TODAY, cut_off_at - MICROSECOND, LONDON) is None
    refused = load_refusal(NOON, TODAY, cut_off_at, LONDON)
    assert refused is not None
    assert "20 May 2026" in refused
    assert refused.endswith(".")


def test_a_load_is_refused_when_the_card_would_become_valid_at_its_cut_off_or_later() -> None:
    cut_off_at = LONDON.cut_off(TODAY)
    assert load_refusal(cut_off_at - MICROSECOND, TODAY, NOON, LONDON) is None
    for active_from_at in (cut_off_at, cut_off_at + timedelta(days=9)):
        refused = load_refusal(active_from_at, TODAY, NOON, LONDON)
        assert refused is not None
        assert "20 May 2026" in refused
        assert refused.endswith(".")


def test_a_balance_that_never_expires_takes_loads_at_any_time() -> None:
    assert load_refusal(NOON + timedelta(days=9000), None, NOON, LONDON) is None


@pytest.mark.parametrize(
    ("rules", "bought", "refused"),
    [
        (ValidityRules(expires_on=on("2026-12-24")), "2026-12-25 02:59:59", False),
        (ValidityRules(expires_on=on("2026-12-24")), "2026-12-25 03:00:00", True),
        (ValidityRules(activation_delay_days=2, expires_on=on("2026-12-24")), "2026-12-23 23:59", False),
        (ValidityRules(activation_delay_days=2, expires_on=on("2026-12-24")), "2026-12-24 00:00", True),
        (ValidityRules(valid_after=on("2027-02-01"), period=Period(1, "months")), "2026-12-31 12:00", True),
        (ValidityRules(valid_after=on("2027-02-01"), period=Period(1, "months")), "2027-01-01 12:00", False),
    ],
)
def test_a_product_saved_long_ago_may_have_become_unsellable(rules: ValidityRules, bought: str, refused: bool) -> None:
    """Winter in London: the wall shows UTC."""
    now = datetime.fromisoformat(bought).replace(tzinfo=UTC)
    starts, ends = active_from(rules, now, LONDON), last_day(rules, now, LONDON)
    assert bool(load_refusal(starts, ends, now, LONDON)) is refused


def test_what_can_be_saved_can_be_sold_at_once() -> None:
    """Over a grid of rules: no problem exactly when a card sold now could be spent for an instant."""
    checked = 0
    for delay in (0, 1, 5, 27, 28, 40):
        for valid_after in (None, TODAY, TODAY + timedelta(days=6), TODAY + timedelta(days=40)):
            for ends in ({"expires_on": TODAY + timedelta(days=d)} for d in (0, 5, 38, 39, 40)):
                rules = ValidityRules(activation_delay_days=delay, valid_after=valid_after, **cast(Any, ends))
                starts, last = active_from(rules, NOON, LONDON), ends["expires_on"]
                assert (problems(rules, NOON, LONDON) == ()) is (starts < LONDON.cut_off(last)), rules
                checked += 1
    assert checked == 6 * 4 * 5
