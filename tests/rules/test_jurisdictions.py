"""Which products are too short for the law of a country, told with where it says so."""

from datetime import date

import pytest

from models.rules.jurisdictions import JURISDICTIONS, warnings
from models.rules.validity import Period, ValidityRules


@pytest.mark.parametrize(
    ("period", "warned"),
    [
        (Period(5, "years"), []),
        (Period(60, "months"), []),
        (Period(1827, "days"), []),
        (Period(261, "weeks"), []),
        (Period(1826, "days"), ["us", "ie"]),
        (Period(260, "weeks"), ["us", "ie"]),
        (Period(59, "months"), ["us", "ie"]),
        (Period(3, "years"), ["us", "ie"]),
        (Period(1096, "days"), ["us", "ie"]),
        (Period(1095, "days"), ["us", "ie", "au"]),
        (Period(35, "months"), ["us", "ie", "au"]),
    ],
)
def test_a_period_counts_wherever_in_the_calendar_it_begins(period: Period, warned: list[str]) -> None:
    """Five years hold one or two leap days; a number of days is enough only with both of them."""
    rules = ValidityRules(period=period)
    assert [code for code in JURISDICTIONS if warnings(rules, [code])] == warned


def test_what_never_expires_is_long_enough_everywhere() -> None:
    assert warnings(ValidityRules(), tuple(JURISDICTIONS)) == ()


def test_a_business_is_warned_of_the_laws_that_it_chose_and_told_where_they_stand() -> None:
    rules = ValidityRules(period=Period(6, "months"))
    assert warnings(rules, ()) == ()
    (told,) = warnings(rules, ["au"])
    assert told == (
        "A balance of 6 months is too short. The law of Australia asks for 3 years from the day of supply "
        "(Competition and Consumer Act 2010, Schedule 2, section 99B)."
    )
    assert len(warnings(rules, ["us", "ie", "au"])) == 3


def test_of_a_fixed_day_is_told_who_has_too_little_left() -> None:
    (told,) = warnings(ValidityRules(expires_on=date(2030, 12, 31)), ["ie"])
    assert told.startswith("Whoever buys or tops up after 1 Jan 2026 has less than 5 years until 31 Dec 2030.")
