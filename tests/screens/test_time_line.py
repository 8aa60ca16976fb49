"""A card's life in cells: every mark is there once, in its order, as far apart as its day."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules.announcing import announce
from models.rules.validity import BusinessTime, Period, ValidityRules
from tui import time_line

LONDON = BusinessTime("Europe/London")
BOUGHT = date(2027, 1, 1)
DAYS = st.lists(st.integers(0, 4_000), min_size=1, max_size=30).map(
    lambda numbers: [BOUGHT + timedelta(days=number) for number in sorted(numbers)]
)


def life(rules: ValidityRules, *leads: Period, width: int = 60) -> tuple[str, str]:
    """The line and the legend of a card bought on new year's day."""
    told = announce(rules, leads, datetime(2027, 1, 1, 12, tzinfo=UTC), LONDON)
    shown = time_line.marks(told, BOUGHT, None, LONDON)
    axis = time_line.axis(shown, told.active_from_on, told.last_day_on is None, width)
    return axis.plain, time_line.legend(shown, width).plain


@given(DAYS, st.integers(1, 120))
def test_no_mark_hides_another_and_none_is_out_of_order(days: list[date], width: int) -> None:
    cells = time_line.places(days, width)
    assert cells == sorted(set(cells))
    assert len(cells) == len(days)
    assert cells[0] >= 0
    assert cells[-1] < max(width, len(days))


def test_a_life_from_the_purchase_to_the_stop() -> None:
    """Waiting is dotted, spendable is drawn through; the last day and the stop stand at the end."""
    axis, legend = life(ValidityRules(activation_delay_days=60, period=Period(6, "months")), Period(2, "weeks"))
    assert axis == "●··················○━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━⚑━━━┃✗"
    assert legend.split("   ")[0] == "● bought Fri 1 Jan 2027"
    assert "⚑ reminder 2 weeks before Wed 16 Jun 2027" in legend
    assert legend.endswith("✗ stops 03:00 Thu 1 Jul 2027")
    assert all(len(row) <= 60 for row in legend.splitlines())


def test_a_life_without_an_end_goes_on() -> None:
    axis, legend = life(ValidityRules())
    assert axis == f"●{'━' * 58}▸"
    assert legend == "● bought, active at once Fri 1 Jan 2027"
