"""Figures as pictures of text: each is told exactly, and nothing is drawn that is not there."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from screens.payloads import ALL

from models.reports.tables import Series
from models.rules.texts import UNSAFE
from tui.plotting import NOTHING, figure, plot

MONTHS = tuple(f"{month} 2026" for month in ("Jan", "Feb", "Mar", "Apr"))


def of(*values: int, currency: str | None = "GBP", labels: tuple[str, ...] = ()) -> Series:
    return Series("Breakage", currency, labels or tuple(f"m{nth}" for nth in range(len(values))), values)


def test_bars_lie_behind_what_they_are_of_and_before_their_figures() -> None:
    assert plot(of(10000, 5000, 0, 1, labels=MONTHS), 40, 8, is_ascii=True) == (
        "Breakage, GBP",
        "Jan 2026 |######################  100.00",
        "Feb 2026 |###########              50.00",
        "Mar 2026 |                          0.00",
        "Apr 2026 |.                         0.01",
    )


def test_what_is_below_zero_goes_the_other_way() -> None:
    """On one scale: what is as far below zero as another is above it has as long a bar."""
    assert plot(of(300, -300, currency="JPY"), 22, 4) == (
        "Breakage, JPY",
        "m0       │██████   300",
        "m1 ██████│        -300",
    )


def test_many_figures_stand_upright() -> None:
    """More than there are lines: a line at zero, the ends of the scale, and the highest and the lowest told exactly."""
    assert plot(of(*range(-20, 40), currency=None), 66, 12, is_ascii=True) == (
        "Breakage",
        " 39 |                                                      ::::##",
        "    |                                              ::::##########",
        "    |                                      ::::##################",
        "    |                              ::::##########################",
        "    |                     .::::##################################",
        "  0 |------------------------------------------------------------",
        "    |################:::'",
        "    |#########:::",
        "-20 |##::::",
        "     m0   m5   m10  m15  m20  m25  m30  m35  m40  m45  m50  m55",
        "highest 39 (m59), lowest -20 (m0)",
    )


def test_more_than_there_is_room_for_says_which_are_left_out() -> None:
    assert plot(of(*range(90), currency=None), 50, 8)[0] == "Breakage (the last 46 of 90)"


def test_nothing_is_plotted_of_nothing() -> None:
    assert plot(of(), 80, 24) == ("Breakage, GBP", NOTHING)


@pytest.mark.parametrize(
    ("value", "currency", "told"),
    [(-123456789, "GBP", "-1,234,567.89"), (5, "KWD", "0.005"), (1000, "JPY", "1,000"), (-7, None, "-7")],
)
def test_figures_are_told_in_the_decimals_of_their_currency(value: int, currency: str | None, told: str) -> None:
    assert figure(value, currency) == told


@given(
    st.lists(st.integers(-(10**14), 10**14) | st.integers(-9, 9), min_size=1, max_size=90),
    st.integers(1, 140),
    st.integers(1, 40),
    st.booleans(),
)
def test_a_plot_fits_where_it_is_drawn(values: list[int], width: int, height: int, is_ascii: bool) -> None:
    lines = plot(of(*values), width, height, is_ascii=is_ascii)
    assert 0 < len(lines) <= height
    assert all(cell_len(line) <= width for line in lines)
    assert not is_ascii or "".join(lines).isascii()


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=12))
def test_a_longer_bar_is_a_higher_figure_and_only_nothing_has_none(values: list[int]) -> None:
    """Across six powers of ten: whatever is there shows."""
    _, *lines = plot(of(*values), 80, 24)
    bars = [len(re.sub(r"[^█▌▐▏▕]", "", line)) for line in lines]
    ranked = [bar for _, bar in sorted((abs(value), bar) for value, bar in zip(values, bars, strict=True))]
    assert all(before <= after + 1 for before, after in pairwise(ranked))
    assert [bar > 0 for bar in bars] == [value != 0 for value in values]


def test_no_name_in_a_plot_is_obeyed() -> None:
    """Titles and labels can be what somebody called a product."""
    for text in ALL.values():
        series = Series(text, "GBP", (text, "b"), (1, 2))
        assert not any(UNSAFE.search(line) for line in plot(series, 80, 24))
