"""Looks for codes: which text can only be one, which misses count, and who is slowed."""

from datetime import UTC, datetime, timedelta

import pytest
from rules.typed import HOSTILE

from models.rules.lookups import SLOW_FROM, WINDOW, Pace, counted, meant_code, pace, possible_code

NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)
AN_INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HJKM NPQR 2345 6789", "HJKMNPQR23456789"),
        ("hjkm-npqr-2345-6789", "HJKMNPQR23456789"),
        ("#GIFT1A", "GIFT1A"),
        ("10482123", "10482123"),
        ("HJKMNPQRTV", "HJKMNPQRTV"),
        ("\uff11\uff12\uff13\uff14\uff15\uff16", "123456"),
        ("GIFT 2024 ?BCD", "GIFT2024?BCD"),
        (" 4445556 ", "4445556"),
        ("12345\ud8006", "123456"),
        ("\u201cGIFT-2024\u201d", "GIFT2024"),
    ],
)
def test_one_digit_makes_a_code_and_so_do_letters_like_ours(text: str, code: str) -> None:
    assert meant_code(text) == possible_code(text) == code


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_is_read(text: str) -> None:
    """A code that is meant is a possible one."""
    assert meant_code(text) in (None, possible_code(text))


@pytest.mark.parametrize("text", ["Anderson", "Ada Lovelace"])
def test_a_name_is_not_meant_as_a_code(text: str) -> None:
    """A card could answer to it all the same."""
    assert possible_code(text) is not None
    assert meant_code(text) is None


@pytest.mark.parametrize("text", ["order 10482123", "Order\t10482", "mbeki 8n9j vip"])
def test_what_has_a_filter_in_it_is_no_code(text: str) -> None:
    assert possible_code(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "ada1@example.org",
        "order:10482123",
        "Zo\u00eb 123456",
        "1" * 33,
        "A?B?C?1234",
        "4?5",
        "\x00",
    ],
)
def test_what_no_card_can_answer_to_is_no_code(text: str) -> None:
    assert possible_code(text) is None
    assert meant_code(text) is None


@pytest.mark.parametrize(
    ("since", "counts"),
    [
        (timedelta(), True),
        (WINDOW - AN_INSTANT, True),
        (WINDOW, False),
        (-AN_INSTANT, False),
    ],
)
def test_a_miss_counts_for_ten_minutes_and_not_before_it_happened(since: timedelta, counts: bool) -> None:
    """A sandbox's clock may be turned back."""
    assert counted([NOON - since], NOON) == counts


@pytest.mark.parametrize(("before", "counts"), [(timedelta(), False), (AN_INSTANT, True)])
def test_nothing_from_before_a_lift_counts(before: timedelta, counts: bool) -> None:
    assert counted([NOON], NOON, NOON - before) == counts


@pytest.mark.parametrize(("misses", "expected"), [(0, Pace.FREE), (SLOW_FROM - 1, Pace.FREE), (SLOW_FROM, Pace.SLOW)])
def test_the_fifth_miss_slows(misses: int, expected: Pace) -> None:
    assert pace([NOON - place * AN_INSTANT for place in range(misses)], NOON) is expected
