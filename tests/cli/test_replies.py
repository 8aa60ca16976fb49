"""Answering from the command line: what is true is recorded and printed, and nothing else is."""

from datetime import timedelta
from pathlib import Path

import pytest
from cli.clerk import LATER, Clerk


@pytest.fixture
def card(clerk: Clerk) -> str:
    """The code of Ada's card with 25.00 GBP."""
    return clerk.issues("25.00", "--name", "Ada", "--email", "ada@example.org")


def kinds(clerk: Clerk, card: str) -> list[str]:
    return [each["kind"] for each in clerk.asks("show", card)["activities"]]


def test_the_reply_to_give_is_recorded_and_printed(clerk: Clerk, card: str) -> None:
    told = clerk.does("reply", card, "--ref", "T-1")
    assert "the customer is told, in case 1." in told
    assert "it is active, with 25.00 GBP to spend" in told
    again = clerk.asks("reply", card)
    assert again["text"] in told
    assert "told so before" in again["sentence"]
    assert kinds(clerk, card) == ["replied", "issue"]
    assert "replied" in clerk.does("show", card)
    assert "active, case 1" in clerk.does("show", card)
    assert "all add up" in clerk.does("verify")


def test_one_that_is_not_true_is_refused(clerk: Clerk, card: str) -> None:
    """By its reason; a name that does not exist by those that do."""
    assert "Nothing on the card expired for good." in clerk.is_refused("reply", card, "--name", "expired")
    assert "there are handed_over, answered" in clerk.is_refused("reply", card, "--name", "sorry")
    assert "there are en, de" in clerk.is_refused("reply", card, "--language", "xx")
    assert kinds(clerk, card) == ["issue"]
    clerk.now = LATER + timedelta(days=2)
    assert "it expired at the end of 20 Nov 2026" in clerk.does("reply", card, "--dry-run")


def test_all_replies_are_listed_with_why_not(clerk: Clerk, card: str) -> None:
    """The one to give first."""
    head, first, *_ = clerk.does("reply", card, "--list").splitlines()
    assert head.split() == ["name", "what", "it", "says", "why", "not"]
    assert first.startswith("active  ")
    listed = clerk.asks("reply", card, "--list", "--language", "de")
    assert [each["name"] for each in listed if each["refusal"] is None] == ["active"]
    assert "25,00 GBP" in listed[0]["text"]
    assert kinds(clerk, card) == ["issue"]


def test_who_may_not_answer_reads_it(clerk: Clerk, card: str) -> None:
    """An auditor: a look that records nothing."""
    clerk.does("agents", "add", "ivy", "--role", "auditor")
    clerk.login = "ivy"
    assert "it is active, with 25.00 GBP" in clerk.does("reply", card, "--dry-run")
    assert "may not" in clerk.is_refused("reply", card)
    assert kinds(clerk, card) == ["issue"]


def test_a_reply_is_mailed(clerk: Clerk, card: str) -> None:
    """To the holder, into the sandbox's folder, in the words that were printed."""
    sent = clerk.asks("reply", card, "--mail", "--language", "de")
    assert sent["letter_sent"] is True
    (letter,) = clerk.database.with_suffix(".outbox").iterdir()
    assert b"ada@example.org" in letter.read_bytes()
    assert "Leave one of them away" in clerk.is_refused("reply", card, "--mail", "--list", code=2)


def test_of_an_unknown_code_the_customer_is_asked_once_more(clerk: Clerk) -> None:
    """The words go out, the reason is told to the clerk."""
    clerk.issues()
    answer = clerk.types("reply", "2222222222222222")
    assert answer.code == 1
    assert "Please send us the code once more" in answer.out
    assert "No card answers to this code." in answer.err


def test_texts_of_replies_are_set_like_those_of_reminders(clerk: Clerk, card: str, tmp_path: Path) -> None:
    """Listed, shown, previewed for a card, refused where they promise too much, and said from then on."""
    assert "active_again:de" in clerk.does("template", "list")
    assert {each["name"] for each in clerk.asks("template", "fields", "spent")} == {"amount", "day", "place", "card"}
    text = tmp_path / "text.txt"
    text.write_text("Until {{last_day}} you have {{balance}}.")
    told = clerk.is_refused("template", "set", "active", "--text", str(text))
    assert "put what is said of it between [[ and ]]" in told
    text.write_text("You have {{balance}}[[ until {{last_day}}]].")
    assert "You have 25.00 GBP until" in clerk.does("template", "preview", "active", card, "--text", str(text))
    shown = clerk.does("template", "preview", "lifted:de", card)
    assert "It does not go: No suspension was lifted" in shown
    clerk.does("template", "set", "active", "--text", str(text))
    assert "You have 25.00 GBP until" in clerk.does("reply", card)
    assert "There are no texts called 'activ'" in clerk.is_refused("template", "show", "activ", code=2)
    assert "there are en, de" in clerk.is_refused("template", "show", "active:xx", code=2)
