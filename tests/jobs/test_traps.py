"""What spreadsheets, typing and bad luck do to the tables of every shop: told with line and column, nothing changed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from conftest import NOON
from jobs.arrivals import counts, sheet
from jobs.shops import SHOPS, Shop

from models.clock import FixedClock
from models.jobs.mapping import read_mapping
from models.rules.policy import Policy
from models.schema import database_proxy
from models.store import init_store
from models.unit import Session


def of(*shops: Shop) -> pytest.MarkDecorator:
    """A story that is told of some shops."""
    return pytest.mark.parametrize("shop", shops, ids=[shop.mapping for shop in shops])


def telling(column: str) -> pytest.MarkDecorator:
    """A story of the shops whose tables have such a column."""
    return of(*(shop for shop in SHOPS if column in shop.called))


EVERY = of(*SHOPS)
DECIDING = [shop for shop in SHOPS if shop.dates == "decide"]
EXACT = [shop for shop in SHOPS if shop.dates == "iso"]


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The manager of a desk to which nothing ever comes."""
    path = tmp_path_factory.mktemp("untouched") / "desk.db"
    return Session(init_store(path, is_sandbox=True, clock=FixedClock(NOON), policy=Policy()), "mia")


@pytest.fixture
def refused(untouched: Session, tmp_path: Path) -> Callable[[Shop, str], list[str]]:
    """What is told of a table that is not to come in, which it does not."""

    def run(shop: Shop, text: str) -> list[str]:
        database_proxy.initialize(untouched.store.database)
        path = tmp_path / "cards.csv"
        path.write_text(text, encoding="utf-8")
        problems, _, _ = shop.bring(untouched, path)
        assert not any(counts(untouched.store)), "something was changed"
        return [str(problem) for problem in problems]

    return run


Refused = Callable[[Shop, str], list[str]]
_LOST = (
    "A spreadsheet turned this code into 4.81E+18, and its digits are lost. Export the file again and import it "
    "without opening it in a spreadsheet."
)
_BARE = "'€12.50' holds a currency sign; the cell must be the bare number."
_MANY = "12.505 has too many decimals; {currency} has 2 at most."
_MINOR = "{!r} is no amount in minor units: a whole number without a decimal point."
_LESS = "A card cannot hold less than nothing, but this says {}."
_SIGN = "{!r} is not an amount with '.' as its decimal sign."


AMOUNTS: dict[str, dict[str, str]] = {
    "12,50": {"decimal": "'12,50' has a decimal comma; save the file with decimal points.",
              "money": _SIGN.format("12,50"), "minor": _MINOR.format("12,50")},
    "1,250.00": {"decimal": "'1,250.00' has thousands separators; save the file without them.",
                 "minor": _MINOR.format("1,250.00")},
    "1.250,00": {"decimal": "'1.250,00' has thousands separators; save the file without them.",
                 "money": _SIGN.format("1.250,00"), "minor": _MINOR.format("1.250,00")},
    "€12.50": {"decimal": _BARE, "money": "'€12.50' is no amount in {currency}.", "minor": _MINOR.format("€12.50")},
    "-12.50": {"decimal": _LESS.format("-12.50"), "money": _LESS.format("-12.50"), "minor": _MINOR.format("-12.50")},
    "-1250": dict.fromkeys(("decimal", "money", "minor"), _LESS.format("-1250")),
    "12.505": {"decimal": _MANY, "money": _MANY, "minor": _MINOR.format("12.505")},
    "some": {"decimal": "'some' is not an amount; write it like 12.50.",
             "money": "'some' is not an amount of money.", "minor": _MINOR.format("some")},
    "": dict.fromkeys(("decimal", "money", "minor"), "This cell is empty."),
}  # fmt: skip
"""How a table spells a balance -> by the way in which its amounts are written, what is told; else it is understood."""


@pytest.mark.parametrize(
    ("shop", "text", "told"),
    [
        pytest.param(shop, text, told[shop.amounts], id=f"{shop.mapping}-{text}")
        for shop in SHOPS
        for text, told in AMOUNTS.items()
        if "balance" in shop.called and shop.amounts in told and (shop.mapping, text) != ("shopify", "")
    ],
)
def test_an_amount_that_is_none(refused: Refused, shop: Shop, text: str, told: str) -> None:
    """Decimal commas, thousands, signs of money, less than nothing, too many decimals: nobody guesses."""
    rows = shop.rows()
    rows[1][shop.called["balance"]] = text
    currency = shop.currency or rows[1][shop.called["currency"]]
    assert refused(shop, shop.text(rows)) == [f"{shop.place(3, 'balance')}: {told.format(currency=currency)}"]


_TWO_WAYS = "{!r} could be read in more than one way: dates are told like 2026-05-21 here."


@of(*EXACT)
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("03/04/2027", _TWO_WAYS.format("03/04/2027")),
        ("12/31/2027", _TWO_WAYS.format("12/31/2027")),
        ("31.12.27", _TWO_WAYS.format("31.12.27")),
        ("2027-02-30", "'2027-02-30': there is no such day or time."),
        ("2999-01-01", "'2999-01-01' lies outside the years 2000 to 2200."),
        ("soon", "'soon' is not written like 2026-05-21."),
    ],
)
def test_a_day_that_is_none(refused: Refused, shop: Shop, text: str, told: str) -> None:
    """Or that could be another."""
    rows = shop.rows()
    rows[1][shop.called["expires"]] = text
    assert refused(shop, shop.text(rows)) == [f"{shop.place(3, 'expires')}: {told}"]


@of(*DECIDING)
@pytest.mark.parametrize(
    ("first", "second", "line", "told"),
    [
        ("03/04/2027", "03/04/2027", 2, "No date of the table tells whether the day or the month comes first: say it "
                                        "in the mapping (dates)."),
        ("31/12/2027", "12/31/2027", 3, "The month comes first here, but the day does in line 2, column {column}: the "
                                        "table mixes both."),
        ("31/12/2027", "31/12/27", 3, "'31/12/27': a year has four digits."),
        ("31/12/2027", "30/02/2027", 3, "'30/02/2027': there is no such day or time."),
        ("31/12/2027", "soon", 3, "'soon' is not written like 21/05/2026."),
        ("12/31/2027", "soon", 3, "'soon' is not written like 05/21/2026."),
    ],
)  # fmt: skip
def test_day_and_month_are_decided_by_the_whole_table_or_not_at_all(
    refused: Refused, shop: Shop, first: str, second: str, line: int, told: str
) -> None:
    """No date tells, or two tell otherwise."""
    rows, column = shop.rows(), shop.called["expires"]
    rows[0][column], rows[1][column] = first, second
    assert f"{shop.place(line, 'expires')}: {told.format(column=column)}" in refused(shop, shop.text(rows))


@EVERY
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("4.81E+18", _LOST),
        ("4,81E18", _LOST.replace("4.81E+18", "4,81E18")),
        ("", "This cell is empty."),
        ("ABCDEF/12345", "A code has letters and digits only; this one has '/' (solidus)."),
    ],
)
def test_a_code_that_is_none(refused: Refused, shop: Shop, text: str, told: str) -> None:
    """What a spreadsheet made of it can't be made up for."""
    rows = shop.rows()
    rows[1][shop.called["code"]] = text
    assert refused(shop, shop.text(rows)) == [f"{shop.place(3, 'code')}: {told}"]


@of(*(shop for shop in SHOPS if shop.mapping != "shopify"))
def test_two_codes_that_are_one_are_both_named(refused: Refused, shop: Shop) -> None:
    """Capitals, dashes and blanks make no other code, in Shopfront's table neither; and one may be too short."""
    rows, code = shop.rows(), shop.called["code"]
    first = rows[0][code].swapcase()
    rows[1][code] = f"#{first[:3]} - {first[3:]}"
    assert refused(shop, shop.text(rows)) == [
        f"{shop.place(3, 'code')}: The same code stands in line 2, column {code}."
    ]
    rows[1][code] = "ABC"
    told = "The code has 3 characters; 6 to 32 are possible."
    assert refused(shop, shop.text(rows)) == [f"{shop.place(3, 'code')}: {told}"]


@of(*(shop for shop in SHOPS if shop.mapping == "shopify"))
def test_an_end_of_a_code_that_lost_its_zeros(refused: Refused, shop: Shop) -> None:
    """Four characters are its end; three were four."""
    rows = shop.rows()
    rows[1][shop.called["code"]] = "123"
    told = "'123' is not the last 4 characters of a code: zeros in front may be lost."
    assert refused(shop, shop.text(rows)) == [f"{shop.place(3, 'code')}: {told}"]


@telling("currency")
def test_a_currency_that_is_none(refused: Refused, shop: Shop) -> None:
    """Nobody's money is guessed at."""
    rows, column = shop.rows(), shop.called["currency"]
    rows[1][column] = "EUX"
    told = "There is no currency called 'EUX'; use its three letters, like GBP."
    assert refused(shop, shop.text(rows)) == [f"{shop.place(3, 'currency')}: {told}"]
    rows[1][column] = ""
    told = "No currency is told; name it with --currency."
    assert refused(shop, shop.text(rows)) == [f"{shop.place(3, 'currency')}: {told}"]


@telling("issued")
def test_a_card_that_expires_before_it_was_sold(refused: Refused, shop: Shop) -> None:
    """Where both are told; or that was sold tomorrow."""
    rows = shop.rows()
    rows[1][shop.called["expires"]] = "2025-10-31"
    on = {"pretix": "3 Nov 2025", "spree": "1 Dec 2025", "gift-up": "5 Jan 2026"}[shop.mapping]
    told = f"The card expires before it was issued, on {on}."
    assert refused(shop, shop.text(rows)) == [f"{shop.place(3, 'expires')}: {told}"]
    rows = shop.rows()
    rows[1][shop.called["issued"]] = "2026-05-22"
    assert refused(shop, shop.text(rows)) == [f"{shop.place(3, 'issued')}: '2026-05-22' lies in the future."]


@EVERY
def test_rows_that_are_too_short_or_too_long(refused: Refused, shop: Shop) -> None:
    """The first column that is missing is named; empty cells behind the last one do no harm."""
    columns, lines = shop.columns, shop.text(shop.rows()).splitlines()
    short = "\n".join([*lines[:2], lines[2].rpartition(shop.separator)[0]])
    assert refused(shop, short) == [
        f"cards.csv, line 3, column {columns[-1]}: The line ends too early: {len(columns) - 1} cells of {len(columns)}."
    ]
    long = "\n".join([*lines[:2], f"{lines[2]}{shop.separator}x"])
    assert refused(shop, long) == [
        f"cards.csv, line 3, column {columns[-1]}: The line goes on after the last column: {len(columns) + 1} cells "
        f"instead of {len(columns)}. A separator inside a text needs quotes around it."
    ]


@EVERY
def test_quotes_that_do_not_match(refused: Refused, shop: Shop) -> None:
    """The rest can't be read."""
    text = shop.text(shop.rows())
    head, first, second = text.splitlines()
    told = "cards.csv, line 3: The quotes do not match here; the rest of the file was not read."
    assert refused(shop, f'{head}\n{first}\n"{second}\n') == [told]


@EVERY
def test_a_column_that_is_missing(refused: Refused, shop: Shop) -> None:
    """It is named as the shop calls it, and nothing else is taken for it."""
    head, _, rows = shop.text(shop.rows()).partition("\n")
    other = shop.separator.join([*head.split(shop.separator), "x"]).replace(shop.called["code"], "y", 1)
    called = {"pretix": "'Gift card code' or 'Geschenkgutschein-Code'", "erply": "'code' or 'Gift card code'"}
    named = called.get(shop.mapping, repr(shop.called["code"]))
    assert f"cards.csv, line 1: The column {named} is missing." in refused(shop, f"{other}\n{rows}")


@EVERY
def test_a_table_that_lost_its_expiry_is_refused(refused: Refused, shop: Shop) -> None:
    """A card without a date never expires: that nobody says by leaving a column out."""
    rows, column = shop.rows(), shop.called["expires"]
    names = [name for name in shop.columns if name != column]
    lines = [shop.separator.join(cells) for cells in (names, *([row[name] for name in names] for row in rows))]
    found = refused(shop, "\n".join(lines))
    assert found[0].startswith("cards.csv, line 1: The column ")
    assert repr(column) in found[0]


# What does no harm.


@telling("text")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_encoding_and_separator(
    untouched: Session, tmp_path: Path, shop: Shop, encoding: str, separator: str
) -> None:
    """With quotes in quotes, line ends in cells and empty lines: it is a table all the same."""
    database_proxy.initialize(untouched.store.database)
    rows = shop.rows()
    rows[0][shop.called["text"]] = f'Zoë "Z{separator}" Ä'
    text = shop.text(rows, separator).replace("\n", "\n\n", 1) + "\n\n"
    path = tmp_path / "cards.csv"
    path.write_bytes(text.replace("£", "").encode(encoding))
    problems, _, cards = shop.bring(untouched, path, is_commit=False)
    assert (problems, cards) == ([], 2)


@telling("text")
def test_hostile_text_is_told_and_made_harmless(untouched: Session, tmp_path: Path, shop: Shop) -> None:
    """Escape sequences and signs that turn the line around: the card is fine, its text was changed."""
    database_proxy.initialize(untouched.store.database)
    rows = shop.rows()
    rows[1][shop.called["text"]] = "\x1b]52;c;AAAA\x07 \u202eadA [@click=app.quit]x[/]"
    path = tmp_path / "cards.csv"
    path.write_text(shop.text(rows), encoding="utf-8")
    problems, warnings, cards = shop.bring(untouched, path, is_commit=False)
    told = "The text was too long or held what cannot be shown; it was changed."
    assert (problems, cards) == ([], 2)
    assert f"{shop.place(3, 'text')}: {told}" in map(str, warnings)


# What its dates mean, and what comes again.

CARDS = {
    "pretix": ("ABCDEFGH23456789", date(2026, 12, 31), "inclusive"),
    "spree": ("ABC123XYZ", date(2026, 12, 30), "the day before it"),
    "pw-gift-cards": ("ABCDEFGHIJKLMNOP", date(2026, 12, 31), "inclusive"),
    "gift-up": ("GU1234567890", date(2027, 1, 4), "inclusive"),
    "commerce-layer": ("32db311a75d94c179e34", date(2026, 12, 31), "is an instant"),
    "shopfront": ("ABCDEF123", date(2026, 12, 31), "inclusive"),
}
"""A card of each shop that brings any: its code, its last day, and how that is explained."""


@of(*(shop for shop in SHOPS if shop.mapping in CARDS))
def test_its_expiry_is_right_to_the_hour_and_its_cards_are_known_again(
    manager: Session, tmp_path: Path, shop: Shop
) -> None:
    """The balance stops at three in the night after the last day; other facts of a card that is here are refused."""
    code, last_day_on, explained = CARDS[shop.mapping]
    path, rows = tmp_path / "cards.csv", shop.rows()
    path.write_text(shop.text(rows), encoding="utf-8")
    assert shop.bring(manager, path) == ([], [], 2)
    card = sheet(manager, code)
    night = datetime.combine(last_day_on + timedelta(days=1), time(3), tzinfo=UTC)
    assert (card.last_day_on, card.cut_off_at, card.balance_minor) == (
        last_day_on,
        night,
        card.activities[0].amount_minor,
    )
    assert explained in read_mapping(shop.mapping).expiry_meaning
    column, before = shop.called["balance"], counts(manager.store)
    rows[0][column] = rows[0][column].replace("5", "6", 1)
    path.write_text(shop.text(rows), encoding="utf-8")
    told = f"Card record 1 (…{card.last_four}) has this code already, but its activity 1 has other facts."
    assert list(map(str, shop.bring(manager, path)[0])) == [f"{shop.place(2, 'code')}: {told}"]
    assert counts(manager.store) == before
