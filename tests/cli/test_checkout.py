"""Trying a purchase, and restricting products and cards, at the command line."""

import pytest
from cli.clerk import LATER, NOON, Clerk
from postgres import AT_LENGTH

ENGINES = AT_LENGTH


def test_it_would_go_through(clerk: Clerk) -> None:
    """One sentence, exit code 0, and nothing is changed."""
    code = clerk.issues()
    assert clerk.does("checkout", code, "--amount", "12.50", "--place", "Leeds") == (
        "12.50 GBP at Leeds on 21 May 2026 13:00 would go through, and leave 37.50 GBP on the card.\n"
    )
    assert clerk.balance(code) == 5000


def test_every_rule_that_refuses_is_a_line(clerk: Clerk) -> None:
    """Below the answer, with exit code 1; as JSON it is a list."""
    code = clerk.issues()
    clerk.does("product", "set", "half", "--only-at", "Leeds", "York", "--only-in", "store")
    words = ("checkout", code, "--amount", "60", "--place", "Hull", "--channel", "web")
    told = clerk.types(*words)
    assert (told.code, told.err) == (1, "")
    assert told.out.splitlines() == [
        "60.00 GBP at Hull in the web shop on 21 May 2026 13:00 would be refused.",
        "- The card holds 50.00 GBP, less than 60.00 GBP.",
        "- The card can be spent only at Leeds or York, not at Hull.",
        "- The card can be spent only in stores, not in the web shop.",
    ]
    found = clerk.types(*words, "--json")
    assert found.code == 1
    assert '"pays_minor": 0' in found.out
    assert found.out.count('"The card ') == 3
    assert clerk.is_refused("redeem", code, *words[2:]) == " ".join(line[2:] for line in told.out.splitlines()[1:])


def test_at_any_time(clerk: Clerk) -> None:
    """Before its time, at its time, and as it was then."""
    code = clerk.issues()
    assert "would be refused" in clerk.types("checkout", code, "--at", "2026-11-21 03:00").out
    assert "would go through" in clerk.does("checkout", code, "--at", "2026-11-21 02:59")
    clerk.now = LATER
    assert "would go through" in clerk.does("checkout", code, "--at", "2026-11-20")
    assert "did not exist yet" in clerk.is_refused("checkout", code, "--at", "2026-05-20")


def test_in_another_currency_and_with_nonsense(clerk: Clerk) -> None:
    """Euros are refused by a rule; what is no currency, channel or time is not understood."""
    code = clerk.issues()
    assert "can't pay an amount in EUR" in clerk.types("checkout", code, "--currency", "eur", "--amount", "5").out
    assert "too many decimals" in clerk.types("checkout", code, "--amount", "5.001").out
    clerk.is_refused("checkout", code, "--currency", "XXL", code=2)
    clerk.is_refused("checkout", code, "--channel", "phone", code=2)
    clerk.is_refused("checkout", code, "--at", "soon", code=2)
    assert "not an e-mail address" in clerk.is_refused("checkout", code, "--email", "ada", code=2)
    assert "cannot be shown" in clerk.is_refused("checkout", code, "--place", "Leeds\x1b[2J", code=2)
    clerk.is_refused("checkout", "2222333344445555")


def test_a_card_is_restricted_and_given_back(clerk: Clerk) -> None:
    """Who alone may spend it stands on it; without the address the till refuses."""
    code = clerk.issues()
    clerk.does("restrict", code, "--to", "lin@example.org", "--name", "Lin Wu", "--reason", "a prize", "--ref", "ZD-1")
    assert "Only for  Lin Wu, lin@example.org (record 1)\n" in clerk.does("show", code)
    assert clerk.asks("show", code)["restricted_to"]["email"] == "lin@example.org"
    assert "nobody is named" in clerk.is_refused("redeem", code, "--amount", "5")
    clerk.does("redeem", code, "--amount", "5", "--email", "LIN@example.org", "--channel", "web")
    assert clerk.asks("show", code)["activities"][0]["details"] == {"channel": "web"}
    clerk.is_refused("restrict", code, "--lift", "--name", "Lin", "--reason", "x", code=2)
    clerk.is_refused("restrict", code, "--reason", "x", code=2)
    clerk.does("restrict", code, "--lift", "--reason", "passed on")
    clerk.does("redeem", code, "--amount", "5")
    clerk.does("verify")


def test_where_a_product_is_spent(clerk: Clerk) -> None:
    """It stands in the list, on the product, in what customers are told, and is taken back."""
    clerk.does(
        "product", "set", "half", "--only-at", "Leeds", "--only-at", "Café Zürich", "leeds", "--only-in", "store"
    )
    assert "spent only in stores, at Leeds or Café Zürich" in clerk.does("product", "list")
    assert "Spent:     only in stores, at Leeds or Café Zürich\n" in clerk.does("product", "show", "half")
    shown = clerk.asks("product", "show", "half")
    assert (shown["spend_places"], shown["spend_channels"]) == (["Leeds", "Café Zürich"], ["store"])
    only = "The card can be spent only in stores, at Leeds or Café Zürich."
    assert clerk.does("product", "line", "half").rstrip().endswith(only)
    assert clerk.asks("issue", "--product", "half", "--amount", "5")["buyer_line"].endswith(only)
    clerk.does("product", "set", "half", "--name", "Half year")
    assert clerk.asks("product", "show", "half")["spend_places"] == ["Leeds", "Café Zürich"]
    clerk.does("product", "set", "half", "--at-all-places", "--only-in", "both")
    assert "Spent:     everywhere\n" in clerk.does("product", "show", "half")
    assert "only" not in clerk.does("product", "line", "half")
    clerk.does("verify")


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--only-at", *[f"Shop {number}" for number in range(51)]), 1, "50 places at most; 51 are named"),
        (("--only-at", "Leeds\x1b]0;x\x07"), 1, "cannot be shown"),
        (("--only-at", " "), 1, "The place is empty"),
        (("--only-in", "phone"), 2, "'phone' is no channel"),
        (("--only-at", "Leeds", "--at-all-places"), 2, "not allowed with"),
    ],
)
def test_what_is_no_place_is_refused(clerk: Clerk, options: tuple[str, ...], code: int, words: str) -> None:
    """The product stays as it was."""
    assert words in clerk.is_refused("product", "set", "half", *options, code=code)
    assert clerk.asks("product", "show", "half")["spend_places"] == []


def test_a_product_is_tried_out_with_its_places(clerk: Clerk) -> None:
    """What customers would be told, and nothing is saved."""
    told = clerk.does("product", "set", "half", "--only-at", "Leeds", "--dry-run")
    assert told.count("The card can be spent only at Leeds.") == 4
    assert clerk.asks("product", "show", "half")["spend_places"] == []
    assert clerk.now == NOON
