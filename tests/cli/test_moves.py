"""Cancelling, replacing, extending, transferring and adjusting at the command line."""

import pytest
from cli.clerk import LATER, Clerk

from models.rules.codes import grouped, has_valid_check

LIN = ("--name", "Lin Wu", "--email", "lin@example.org")


def test_a_cancelled_card_is_paid_back(clerk: Clerk) -> None:
    """The words of a code may stand apart; the JSON says how much goes back."""
    code = clerk.issues()
    clerk.does("redeem", code, "--amount", "12.50")
    told = clerk.asks("cancel", *grouped(code).split(), "--reason", "order returned", "--ref", "T-1")
    assert (told["returned_minor"], told["status"], told["balance_minor"]) == (3750, "cancelled", 0)
    assert "which is final" in clerk.is_refused("cancel", code, "--reason", "again")
    assert "which is final" in clerk.asks("show", code)["actions"]["extend"]


def test_a_replaced_code_is_told_once(clerk: Clerk) -> None:
    """It stands alone on the last line; asked again under the same key it is gone."""
    code = clerk.issues("50.00", "--name", "Lin")
    words = ("replace", code, "--reason", "letter lost", "--intent", "case-1")
    told = clerk.does(*words)
    fresh = told.splitlines()[-1]
    assert has_valid_check(fresh.replace(" ", ""))
    assert fresh not in clerk.does(*words)
    again = clerk.asks(*words)
    assert (again["code"], again["repeated"]) == (None, True)
    made = clerk.asks("show", fresh)
    assert (made["balance_minor"], made["holder"]["name"], made["last_day"]) == (5000, "Lin", "2026-11-20")


def test_a_replacement_as_json_has_the_code_and_the_card(clerk: Clerk) -> None:
    code = clerk.issues()
    told = clerk.asks("replace", code, "--reason", "letter lost")
    assert has_valid_check(told["code"])
    assert (told["code_masked"], told["replaced"]) == (
        f"···· ···· ···· {told['code'][-4:]}",
        f"···· ···· ···· {code[-4:]}",
    )
    assert (told["balance_minor"], told["status"], told["product"]) == (5000, "active", "Half year")


def test_the_old_code_leads_to_the_card_in_its_place(clerk: Clerk) -> None:
    """A person reads it, a script finds it under moved_to; neither reads the full code."""
    old = clerk.issues()
    fresh = clerk.asks("replace", old, "--reason", "letter lost")["code"]
    shown = clerk.asks("show", old)
    assert (shown["verdict"], shown["moved_to"]) == ("spent", f"···· ···· ···· {fresh[-4:]}")
    assert clerk.asks("show", fresh)["came_from"] == f"···· ···· ···· {old[-4:]}"
    page = clerk.does("show", old)
    assert f"The card was replaced by ···· {fresh[-4:]}" in page
    assert f"Moved to  ···· ···· ···· {fresh[-4:]}" in page
    assert fresh not in page
    assert "go on with that one" in clerk.is_refused("top-up", old, "--amount", "5")
    assert "go on with that one" in clerk.is_refused("replace", old, "--reason", "again")


@pytest.mark.parametrize("day", ["2027-03-01", "1 Mar 2027"])
def test_a_card_lives_longer(clerk: Clerk, day: str) -> None:
    code = clerk.issues()
    assert clerk.asks("extend", code, "--until", day, "--reason", "was ill")["last_day"] == "2027-03-01"
    assert "already: give a later one" in clerk.is_refused("extend", code, "--until", day, "--reason", "was ill")


def test_a_card_that_has_stopped_is_not_extended(clerk: Clerk) -> None:
    code = clerk.issues()
    clerk.now = LATER
    told = clerk.is_refused("extend", code, "--until", "2027-03-01", "--reason", "was ill")
    assert told == "The card's last day is over (stopped Sat 21 Nov 03:00): only a reactivation brings a balance back."


@pytest.mark.parametrize("day", ["tomorrow", "2027-02-30", "1/3/2027", "2300-01-01"])
def test_a_day_that_is_none_is_not_understood(clerk: Clerk, day: str) -> None:
    code = clerk.issues()
    assert clerk.is_refused("extend", code, "--until", day, "--reason", "was ill", code=2).startswith("--until: ")


def test_a_balance_is_moved(clerk: Clerk) -> None:
    """All of it, or an amount; the other code is one word or in quotes."""
    one, other = clerk.issues(), clerk.issues("10.00")
    told = clerk.asks("transfer", one, "--to", grouped(other), "--amount", "20", "--reason", "bought twice")
    assert (told["balance_minor"], told["to_balance_minor"], told["to"]) == (3000, 3000, f"···· ···· ···· {other[-4:]}")
    clerk.does("transfer", *grouped(one).split(), "--to", other, "--reason", "bought twice")
    assert (clerk.balance(one), clerk.balance(other)) == (0, 6000)
    words = ("transfer", other, "--to", one, "--amount", "5", "--reason", "back", "--intent", "once")
    clerk.does(*words)
    assert "nothing was changed again" in clerk.does(*words)
    assert (clerk.balance(one), clerk.balance(other)) == (500, 5500)


def test_a_balance_goes_to_no_unknown_card(clerk: Clerk) -> None:
    code = clerk.issues()
    told = clerk.is_refused("transfer", code, "--to", "2222 3333 4444 555N", "--reason", "asked")
    assert told.startswith("No card answers to this code.")
    assert clerk.balance(code) == 5000


@pytest.mark.parametrize(
    ("amount", "balance"), [("-5.00", 4500), ("-5", 4500), ("+5.00", 5500), ("5.00", 5500), ("-50.00", 0)]
)
def test_a_balance_is_corrected(clerk: Clerk, amount: str, balance: int) -> None:
    """A minus in front of the amount is no option, whether or not it is tied to its name."""
    code = clerk.issues("50.00", *LIN)
    id_ = clerk.asks("escalate", code, "--text", "till says 40")["escalation"]
    words = ("adjust", code, "--escalation", id_, "--reason", "till was down")
    assert clerk.asks(*words, "--amount", amount, "--intent", "once")["balance_minor"] == balance
    clerk.does(*words, f"--amount={amount}", "--intent", "once")
    assert clerk.balance(code) == balance


@pytest.mark.parametrize(("amount", "status"), [("0", 2), ("-0.001", 2), ("--5", 2), ("-5,00", 2), ("-50.01", 1)])
def test_a_correction_that_cannot_be_is_refused(clerk: Clerk, amount: str, status: int) -> None:
    code = clerk.issues("50.00", *LIN)
    id_ = clerk.asks("escalate", code, "--text", "till says 40")["escalation"]
    clerk.is_refused("adjust", code, f"--amount={amount}", "--escalation", id_, "--reason", "till", code=status)
    assert clerk.balance(code) == 5000


def test_no_correction_without_an_escalation(clerk: Clerk) -> None:
    code = clerk.issues()
    told = clerk.is_refused("adjust", code, "--amount", "5", "--escalation", "E1-2", "--reason", "asked")
    assert told == "Nobody has escalated this card: a balance is corrected only for an escalation."
    clerk.is_refused("adjust", code, "--amount", "5", "--reason", "asked", code=2)
