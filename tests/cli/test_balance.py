"""A customer asks what is on a card: the answer that a shop, a till or an agent may read out."""

import io

import pytest
from cli.clerk import LATER, Clerk

UNKNOWN = "No gift card has this code. Please check it, one group at a time."


def test_the_balance_is_told_with_its_expiry(clerk: Clerk) -> None:
    code = clerk.issues("50.00", "--name", "Ada Lovelace", "--email", "ada@example.org")
    clerk.does("flag", code, "--reason", "looks odd")
    assert clerk.does("balance", code) == (
        "This gift card holds 50.00 GBP, which can be spent up to and including Fri 20 Nov 2026.\n"
    )
    assert clerk.asks("balance", code) == {
        "told": "spendable",
        "sentence": "This gift card holds 50.00 GBP, which can be spent up to and including Fri 20 Nov 2026.",
        "balance_minor": 5000,
        "currency": "GBP",
        "active_from": None,
        "last_day": "2026-11-20",
    }
    clerk.now = LATER
    assert clerk.does("balance", code) == "The balance of this gift card expired at the end of Fri 20 Nov 2026.\n"


def test_a_card_on_hold_is_no_customers_business(clerk: Clerk) -> None:
    code = clerk.issues("50.00")
    clerk.does("suspend", code, "--reason", "stolen")
    assert clerk.asks("balance", code) == {
        "told": "contact_us",
        "sentence": "This gift card can't be used at present. Please contact us.",
        "balance_minor": None,
        "currency": None,
        "active_from": None,
        "last_day": None,
    }


def test_a_replaced_card_says_no_more_than_that(clerk: Clerk) -> None:
    code = clerk.issues("50.00")
    clerk.does("replace", code, "--reason", "lost")
    assert clerk.does("balance", code) == (
        "A new gift card has taken the place of this one. Please use the code of that.\n"
    )


def test_a_code_that_can_be_no_cards_is_told_to_be_wrong(clerk: Clerk) -> None:
    """Whether some card is a slip away or none: the same words, for no card was looked at to find them."""
    code = clerk.issues("50.00")
    one_slip_away = ("3" if code[0] != "3" else "4") + code[1:]
    for typed in (one_slip_away, "2345 6789 2345 6789"):
        assert clerk.is_refused("balance", typed) == (
            "This gift card code can't be right. Please check it, one group at a time."
        )


def test_whatever_is_no_code_has_one_answer(clerk: Clerk) -> None:
    """Neither a person nor the end of a code finds anything here, and nothing is told of what would be near."""
    code = clerk.issues("50.00", "--name", "Ada", "--email", "ada@example.org")
    for typed in ("2345 6789 2345 678T", f"{code}X", code[-4:], "?", "ada@example.org", ""):
        assert clerk.is_refused("balance", typed) == UNKNOWN
    answer = clerk.types("balance", "?", "--json")
    assert (answer.code, answer.err) == (1, "")
    assert f'"told": "unknown",\n  "sentence": "{UNKNOWN}"' in answer.out


def test_a_code_from_standard_input_shows_in_no_list_of_processes(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = clerk.issues("50.00")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{code}\n"))
    assert clerk.does("balance", "-").startswith("This gift card holds 50.00 GBP, ")


def test_who_registers_a_card_hears_its_balance_and_expiry(clerk: Clerk) -> None:
    code = clerk.issues("50.00")
    assert clerk.does("register", code, "--name", "Ada").endswith(
        " is registered. Tell them: This gift card holds 50.00 GBP, "
        "which can be spent up to and including Fri 20 Nov 2026.\n"
    )
