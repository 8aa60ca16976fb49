"""Amounts of money: whole minor units, read and written in the decimals of their currency, never rounded."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.errors import BadAmount
from models.rules.money import (
    DECIMALS,
    LARGEST_MINOR,
    check_currency,
    format_minor,
    format_money,
    parse_amount,
    parse_correction,
    parse_positive,
)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.50", "GBP", 1250),
        ("12.5", "GBP", 1250),
        ("12", "GBP", 1200),
        ("0.01", "GBP", 1),
        ("0", "GBP", 0),
        ("-0", "GBP", 0),
        ("-12.50", "GBP", -1250),
        ("  12.50 ", "GBP", 1250),
        ("007.00", "GBP", 700),
        ("1250", "JPY", 1250),
        ("1", "JPY", 1),
        ("12.500", "KWD", 12500),
        ("12.5", "KWD", 12500),
        ("0.001", "KWD", 1),
        ("10000000000.00", "GBP", LARGEST_MINOR),
        ("1000000000000", "JPY", LARGEST_MINOR),
        # Amounts that a binary fraction cannot hold.
        ("1.15", "GBP", 115),
        ("9999999999.99", "GBP", 999999999999),
    ],
)
def test_an_amount_is_read_in_the_decimals_of_its_currency(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency) == minor
    assert type(parse_amount(text, currency)) is int


@pytest.mark.parametrize(
    ("text", "currency", "told"),
    [
        ("12.505", "GBP", "12.505 has too many decimals; GBP has 2 at most."),
        ("12.500", "GBP", "12.500 has too many decimals; GBP has 2 at most."),
        ("-0.001", "GBP", "-0.001 has too many decimals; GBP has 2 at most."),
        ("12.505", " gbp ", "12.505 has too many decimals; GBP has 2 at most."),
        ("12.5", "JPY", "12.5 has too many decimals; JPY has none."),
        ("12.0", "JPY", "12.0 has too many decimals; JPY has none."),
        ("0.0001", "KWD", "0.0001 has too many decimals; KWD has 3 at most."),
    ],
)
def test_more_decimals_than_the_currency_has_are_refused_not_rounded(text: str, currency: str, told: str) -> None:
    with pytest.raises(BadAmount) as refused:
        parse_amount(text, currency)
    assert str(refused.value) == told


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "+5",
        "--5",
        "5-",
        ".5",
        "5.",
        "1,234.00",
        "12,50",
        "1 000",
        "1_000",
        "£5",
        "5 GBP",
        "1e3",
        "0x10",
        "nan",
        "inf",
        "\u0661\u0662",
        "\uff11\uff12",
        "1\u00b2",
        "12.50\x00",
        "twelve",
    ],
)
def test_what_is_not_a_plain_decimal_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadAmount, match=r"is not an amount; write it like 12\.50\.$"):
        parse_amount(text, "GBP")


@pytest.mark.parametrize(("text", "minor"), [("5", 500), ("+5.00", 500), (" -5.00 ", -500), ("-0.01", -1)])
def test_a_correction_adds_or_takes_away(text: str, minor: int) -> None:
    assert parse_correction(text, "GBP") == minor


@pytest.mark.parametrize("text", ["0", "-0.00", "+0", "+-5", "++5", "-+5", "+", "\u22125.00", "5-"])
def test_a_correction_of_nothing_or_with_two_signs_is_none(text: str) -> None:
    with pytest.raises(BadAmount):
        parse_correction(text, "GBP")


@pytest.mark.parametrize(("currency", "example"), [("JPY", "12."), ("GBP", "12.50."), ("KWD", "12.500.")])
def test_the_example_has_the_decimals_of_the_currency(currency: str, example: str) -> None:
    with pytest.raises(BadAmount) as refused:
        parse_amount("a lot", currency)
    assert str(refused.value).endswith(f"like {example}")


@pytest.mark.parametrize(
    ("text", "currency"), [("10000000000.01", "GBP"), ("1000000000001", "JPY"), ("9999999999999", "KWD")]
)
def test_more_than_a_card_can_hold_is_refused(text: str, currency: str) -> None:
    with pytest.raises(BadAmount, match=r"more than a gift card can hold\.$"):
        parse_amount(text, currency)


@pytest.mark.parametrize("text", ["9" * 14, "9" * 5000])
def test_a_number_without_end_is_refused_in_a_short_sentence(text: str) -> None:
    with pytest.raises(BadAmount) as refused:
        parse_amount(text, "GBP")
    assert len(str(refused.value)) < 100


@pytest.mark.parametrize("text", ["0", "0.00", "-0.01", "-5"])
def test_where_an_amount_must_be_positive_zero_and_less_are_refused(text: str) -> None:
    with pytest.raises(BadAmount, match=r"^The amount must be more than zero\.$"):
        parse_positive(text, "GBP")


def test_the_smallest_positive_amount_is_one_minor_unit() -> None:
    assert [parse_positive(text, name) for text, name in (("0.01", "GBP"), ("1", "JPY"), ("0.001", "KWD"))] == [1] * 3


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1250, "GBP", "12.50 GBP"),
        (5, "GBP", "0.05 GBP"),
        (0, "GBP", "0.00 GBP"),
        (-1, "GBP", "-0.01 GBP"),
        (-1250, "GBP", "-12.50 GBP"),
        (1250, "JPY", "1250 JPY"),
        (0, "JPY", "0 JPY"),
        (-7, "JPY", "-7 JPY"),
        (1, "KWD", "0.001 KWD"),
        (12500, "KWD", "12.500 KWD"),
        (2**53 + 1, "GBP", "90071992547409.93 GBP"),
        (1250, "XTS", "12.50 XTS"),
    ],
)
def test_an_amount_is_written_with_all_its_decimals_and_its_currency(minor: int, currency: str, text: str) -> None:
    assert format_money(minor, currency) == text


@pytest.mark.parametrize("spelling", ["GBP", "gbp", " Gbp "])
def test_a_currency_may_be_written_in_any_case(spelling: str) -> None:
    assert check_currency(spelling) == "GBP"
    assert parse_amount("12.50", spelling) == 1250


@pytest.mark.parametrize("name", ["", "GB", "POUND", "XXX", "BTC", "\uff27\uff22\uff30", "x" * 5000])
def test_a_currency_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(BadAmount, match=r"^There is no currency called .*like GBP\.$") as refused:
        check_currency(name)
    assert len(str(refused.value)) < 100


@pytest.mark.parametrize(
    ("decimals", "names"),
    [
        (0, "CLP ISK JPY KRW PYG UGX VND XAF XOF XPF"),
        (2, "AUD BRL CAD CHF CNY EUR GBP HUF INR MXN PLN TWD USD ZAR"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
    ],
)
def test_each_currency_has_the_decimals_of_the_standard(decimals: int, names: str) -> None:
    assert {DECIMALS[name] for name in names.split()} == {decimals}


CURRENCIES = st.sampled_from(sorted(DECIMALS))
MINOR = st.integers(-LARGEST_MINOR, LARGEST_MINOR)


@given(MINOR, CURRENCIES)
@settings(deadline=None, max_examples=300)
def test_what_is_written_is_read_back_as_the_same_amount(minor: int, currency: str) -> None:
    text = format_minor(minor, currency)
    assert parse_amount(text, currency) == minor
    assert Decimal(text).scaleb(DECIMALS[currency]) == minor
    assert format_money(minor, currency) == f"{text} {currency}"


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False), CURRENCIES)
@settings(deadline=None, max_examples=300)
def test_an_amount_is_read_exactly_or_not_at_all(amount: Decimal, currency: str) -> None:
    """A number with the right count of decimals is that number; one with more is refused even when they are zeros."""
    places = DECIMALS[currency]
    for shown in range(5):
        text = f"{amount:.{shown}f}"
        if shown > places:
            with pytest.raises(BadAmount):
                parse_amount(text, currency)
        else:
            assert parse_amount(text, currency) == Decimal(text).scaleb(places)


@given(st.text(max_size=20), CURRENCIES)
@settings(deadline=None)
def test_any_text_is_an_amount_or_is_refused_and_nothing_else_happens(text: str, currency: str) -> None:
    try:
        minor = parse_amount(text, currency)
    except BadAmount:
        return
    assert type(minor) is int
    assert parse_amount(format_minor(minor, currency), currency) == minor
