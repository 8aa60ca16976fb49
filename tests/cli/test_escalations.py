"""Escalations at the command line: handed over, taken, answered, read; with the customer asked for what is missing."""

import json

import pytest
from cli.clerk import Clerk
from postgres import AT_LENGTH

ENGINES = AT_LENGTH


@pytest.fixture
def code(clerk: Clerk) -> str:
    """A card of Lin's at a desk with an agent and somebody of Payments Support."""
    code = clerk.issues("50.00", "--name", "Lin Wu", "--email", "lin@example.org")
    clerk.does("agents", "set", "pat", "--role", "payments", "--name", "Pat")
    clerk.login = "sam"
    return code


def test_a_card_whose_holder_is_known_is_handed_over_as_ever(clerk: Clerk, code: str) -> None:
    told = clerk.does("escalate", code, "--text", "Refused at the till.")
    assert "is handed over to Payments Support as E1-2." in told
    assert "Customer  Lin Wu, lin@example.org\n" in told
    assert "Told      Refused at the till.\n" in told


def test_what_is_missing_is_asked_for_and_given(clerk: Clerk) -> None:
    """Nobody is on file with the card."""
    clerk.login = None
    bare = clerk.issues()
    clerk.login = "sam"
    assert clerk.is_refused("escalate", bare, "--text", "fails").endswith(
        "Who calls is said with --caller and --email."
    )
    refused = clerk.is_refused("escalate", bare, "--text", "fails", "--caller", "Bo Wu")
    assert refused.startswith("Before a card is handed over, ask for the customer's e-mail address")
    assert refused.endswith("complete the case's intake. Who calls is said with --email.")
    given = ["--caller", "Bo Wu", "--email", "bo@example.org", "--symptom", "zero", "--message", "It says 0.00"]
    more = ["--screenshot", "ZD-7", "--bought-when", "in spring", "--bought-where", "Leeds"]
    told = clerk.asks("escalate", bare, "--text", "fails", *given, *more)
    for row in (
        "Customer  Bo Wu, bo@example.org",
        "Sees      My balance shows as zero, and I haven't used it.",
        "Message   It says 0.00",
        "Picture   ZD-7",
        "Bought    in spring, Leeds",
    ):
        assert row in told["packet"].split("\n")
    assert (told["escalation"], told["case"]) == ("E1-2", 1)


def test_it_is_taken_answered_and_read(clerk: Clerk, code: str) -> None:
    """Each side finds its work in its list."""
    clerk.does("escalate", code, "--text", "fails", "--ref", "ZD-7")
    assert "E1-2" in clerk.does("worklist", "escalated")
    clerk.login = "pat"
    (line,) = clerk.asks("escalation", "list")["escalations"]
    assert (line["escalation"], line["opened_by"], line["owner"], line["outcome"]) == ("E1-2", "sam", None, None)
    assert "nobody" in clerk.does("escalation", "list")
    assert clerk.does("escalation", "take", "e1-2") == "You have E1-2 in hand.\n"
    assert "Pat has it since" in clerk.does("escalation", "show", "E1-2")
    assert "E1-2 is with Payments Support: Pat has it since 21 May 2026 13:00." in clerk.does("show", code)
    assert clerk.asks("show", code)["escalation"]["owner"] == "Pat"
    assert "required: --outcome" in clerk.is_refused("escalation", "close", "E1-2", code=2)
    assert "needs a text" in clerk.is_refused("escalation", "close", "E1-2", "--outcome", "other")
    told = clerk.asks("escalation", "close", "E1-2", "--outcome", "nothing_wrong", "--text", "Typed O for 0.")
    assert (told["outcome"], told["sentence"]) == (
        "nothing_wrong",
        "E1-2 is answered: Nothing is wrong with the card. sam is told.",
    )
    assert clerk.does("escalation", "list") == "Nothing waits with Payments Support.\n"
    assert clerk.does("escalation", "list", "mine") == "You have no escalation in hand.\n"
    clerk.login = "sam"
    (line,) = clerk.asks("escalation", "list", "answered")["escalations"]
    assert line["answer"] == "Nothing is wrong with the card. Typed O for 0."
    assert "E1-2: Nothing is wrong with the card. Typed O for 0." in clerk.does("worklist", "answered")
    assert clerk.does("escalation", "seen", "E1-2") == "The answer to E1-2 is read.\n"
    assert clerk.asks("escalation", "list", "answered")["escalations"] == []
    clerk.login = None
    shown = clerk.asks("escalation", "show", "E1-2")
    assert (shown["closed_by"], shown["seen_at"] is not None) == ("Pat", True)
    assert "all add up" in clerk.does("verify")


def test_only_so_many_are_listed_and_the_rest_is_told_of(clerk: Clerk, code: str) -> None:
    for number in range(3):
        clerk.does("escalate", code, "--text", f"again {number}")
    answer = clerk.types("escalation", "list", "--limit", "2", "--json")
    told = json.loads(answer.out)
    assert ([line["escalation"] for line in told["escalations"]], told["has_more"]) == (["E1-2", "E1-3"], True)
    assert "--limit shows more" in clerk.types("escalation", "list", "--limit", "2").err
    assert "at least one" in clerk.is_refused("escalation", "list", "--limit", "0", code=2)
    assert clerk.is_refused("escalation", "show", "E9-9").startswith("There is no escalation E9-9.")
