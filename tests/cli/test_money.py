"""Issuing, loading, redeeming and refunding at the command line."""

import pytest
from cli.clerk import LATER, Clerk
from postgres import AT_LENGTH

from models.rules.codes import has_valid_check

ENGINES = AT_LENGTH


def test_a_code_is_shown_once(clerk: Clerk) -> None:
    """The code stands alone on the last line, in groups; asked again under the same key it is gone."""
    words = ("issue", "--product", "half", "--amount", "50.00", "--intent", "order-1")
    told = clerk.does(*words)
    code = told.splitlines()[-1]
    assert has_valid_check(code.replace(" ", ""))
    assert code not in clerk.does(*words)
    again = clerk.asks(*words)
    assert again["code"] is None
    assert again["repeated"]


def test_issue_as_json_has_the_card(clerk: Clerk) -> None:
    """The code and where the card stands."""
    card = clerk.asks(
        *("issue", "--product", "half", "--amount", "7", "--currency", "eur", "--purchaser-name", "Bo"),
        *("--purchaser-email", "bo@example.org", "--goodwill"),
    )
    assert (card["balance_minor"], card["currency"], card["status"]) == (700, "EUR", "active")
    assert card["last_day"] == "2026-11-20"
    assert has_valid_check(card["code"])


def test_a_product_that_nobody_sells_is_refused(clerk: Clerk) -> None:
    """The sentence names it, and where to look."""
    assert "no product called 'gold'" in clerk.is_refused("issue", "--product", "gold", "--amount", "5")


def test_redeem_and_refund(clerk: Clerk) -> None:
    """Money is taken by order, given back by order or by number, never more than was taken."""
    code = clerk.issues()
    assert "37.50 GBP left" in clerk.does("redeem", code, "--amount", "12.50", "--place", "Leeds", "--order", "77")
    assert "less than" in clerk.is_refused("redeem", code, "--amount", "37.51")
    assert "Only 12.50 GBP" in clerk.is_refused("refund", code, "--of", "77", "--amount", "12.51")
    clerk.does("refund", code, "--of", "77", "--amount", "2.50")
    clerk.does("refund", code, "--number", "2", "--amount", "10")
    assert clerk.balance(code) == 5000
    assert "no such redemption" in clerk.is_refused("refund", code, "--of", "78", "--amount", "1")
    clerk.is_refused("refund", code, "--amount", "1", code=2)


def test_a_top_up_moves_the_last_day(clerk: Clerk) -> None:
    """A load counts its six months from its own day; a suspended card takes none."""
    code = clerk.issues()
    clerk.now = LATER
    told = clerk.asks("top-up", code, "--amount", "5", "--place", "Leeds", "--order", "9")
    assert (told["balance_minor"], told["last_day"]) == (500, "2027-05-20")
    clerk.does("suspend", code, "--reason", "lost")
    assert "takes no money" in clerk.is_refused("top-up", code, "--amount", "5")


@pytest.mark.parametrize(
    ("currency", "amount", "told"),
    [
        ("GBP", "1.234", "1.234 has too many decimals; GBP has 2"),
        ("JPY", "1.5", "1.5 has too many decimals; JPY has none"),
        ("KWD", "1.2345", "1.2345 has too many decimals; KWD has 3"),
        ("GBP", "1,50", "'1,50' is not an amount; write it like 12.50."),
        ("GBP", "", "'' is not an amount; write it like 12.50."),
        ("GBP", "1e3", "'1e3' is not an amount; write it like 12.50."),
        ("GBP", "nan", "'nan' is not an amount; write it like 12.50."),
        ("GBP", "٣", "'٣' is not an amount; write it like 12.50."),
        ("GBP", "-5", "The amount must be more than zero."),
        ("GBP", "0.00", "The amount must be more than zero."),
        ("GBP", "99999999999", "99999999999 GBP is more than a gift card can hold."),
        ("XXX", "5", "There is no currency called 'XXX'; use its three letters, like GBP."),
    ],
)
def test_an_amount_that_is_none_is_not_understood(clerk: Clerk, currency: str, amount: str, told: str) -> None:
    """Each is told in a sentence, and no card is made."""
    words = ("issue", "--product", "half", f"--amount={amount}", "--currency", currency)
    assert clerk.is_refused(*words, code=2).startswith(told)
    assert clerk.asks("verify")["cards"] == 0
