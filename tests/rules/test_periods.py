"""Lengths of time as people write them."""

import pytest

from models.rules.periods import BadPeriod, read_days, read_lead, read_leads, read_period
from models.rules.validity import Period


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [("6 months", 6, "months"), ("1 Year", 1, "years"), ("  30days ", 30, "days"), ("2 WEEK", 2, "weeks")],
)
def test_a_period_is_a_number_and_a_unit(text: str, count: int, unit: str) -> None:
    assert read_period(text) == Period(count, unit)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "6", "months", "6 moths", "1.5 years", "-1 days", "٣ days", "6 months ago", "\x1b"]
)
def test_what_is_no_period_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(BadPeriod, match="is not a period; write it like"):
        read_period(text)


@pytest.mark.parametrize("text", ["1 month", "0 days", "1 year"])
def test_a_reminder_counts_days_or_weeks(text: str) -> None:
    with pytest.raises(BadPeriod, match="is no number of days or weeks"):
        read_lead(text)


@pytest.mark.parametrize(
    "text", ["2 weeks, 3 days", "2 weeks and 3 days", "2 weeks; 3 days,", "2 weeks + 3 days", ", 2 weeks,3 days ; "]
)
def test_any_number_of_reminders_in_one_line(text: str) -> None:
    assert read_leads(text) == (Period(2, "weeks"), Period(3, "days"))


def test_no_reminders_are_nothing() -> None:
    assert read_leads("  ") == ()
    assert read_leads(",") == ()


def test_a_long_text_is_told_shortened() -> None:
    with pytest.raises(BadPeriod) as told:
        read_period("x" * 500)
    assert len(str(told.value)) < 150


@pytest.mark.parametrize(("text", "days"), [("3", 3), ("0 days", 0), ("-1", -1)])
def test_days(text: str, days: int) -> None:
    assert read_days(text) == days
