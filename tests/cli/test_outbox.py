"""The outbox at the command line: what waits is sent, told and decided about, and a missing way out is named."""

import pytest
from cli.clerk import Clerk
from mail.postmaster import DROP, END, RCPT, PostOffice
from store.mailroom import written

from models.clock import FixedClock
from models.jobs.send import send_right_away
from models.outbox import letters_in_hand
from models.store import Store, open_store
from models.unit import Session


@pytest.fixture
def store(clerk: Clerk) -> Store:
    """The desk, with a card of Lin's."""
    clerk.issues("50.00", "--name", "Lin", "--email", "lin@example.org")
    assert clerk.now is not None
    return open_store(clerk.database, FixedClock(clerk.now))


def answer_lin(store: Store) -> int:
    return written(Session(store, "mia"), 1, 1)


def test_what_waits_is_listed_shown_and_sent(clerk: Clerk, store: Store) -> None:
    """A sandbox lays it into its folder; then nothing waits any more, and the words are gone."""
    answer_lin(store)
    assert "e-mail 1  reply  ···· " in clerk.does("outbox", "list")
    shown = clerk.does("outbox", "show", "1")
    assert shown.startswith("E-mail 1, reply: waiting\nTo: Lin, lin@example.org\nSubject: Your card\n")
    assert shown.endswith("mia  write: waiting\n\nGood news about Your card.\n")
    assert clerk.does("outbox", "send", "--dry-run").startswith("1 e-mail would go")
    assert clerk.does("outbox", "send") == "1 e-mail sent.\n"
    assert len(list(clerk.database.with_suffix(".outbox").glob("*.eml"))) == 1
    assert clerk.does("outbox", "list") == "No e-mail waits for anybody.\n"
    shown = clerk.asks("outbox", "show", "1")
    assert (shown["state"], shown["text"], [step["action"] for step in shown["steps"]]) == (
        "sent",
        None,
        ["write", "send"],
    )
    assert clerk.is_refused("outbox", "show", "7") == "There is no e-mail with that number. See: giftdesk outbox list"


def test_sending_in_json(clerk: Clerk, store: Store) -> None:
    """Every figure by its name."""
    answer_lin(store)
    told = clerk.asks("outbox", "send")
    figures = {"due": 1, "sent": 1, "waiting": 0, "refused": 0, "unknown": 0, "left": None, "why_stopped": None}
    assert told == {"done": True, "dry_run": False, **figures, "held_back": []}


def test_what_nobody_knows_is_decided_about(clerk: Clerk, store: Store, by_mail: PostOffice) -> None:
    """The line is cut after it has the letter: it is never sent again before somebody says so."""
    answer_lin(store)
    by_mail.answers[END] = DROP
    answer = clerk.types("outbox", "send")
    assert "1 of unknown outcome: somebody must decide" in answer.err
    by_mail.answers.clear()
    answer = clerk.types("outbox", "send")
    assert (answer.out, answer.code) == ("0 e-mails sent.\n", 0)
    assert answer.err.startswith("1 e-mail of unknown outcome from before")
    (line,) = clerk.asks("outbox", "list")
    assert (line["fate"], line["email"]) == ("unknown", "lin@example.org")
    told = clerk.does("outbox", "settle", "1", "--again", "--reason", "it did not arrive", "--ref", "ZD-7")
    assert told == "The e-mail goes when the outbox is sent next, if it is still true then.\n"
    assert clerk.does("outbox", "send") == "1 e-mail sent.\n"


def test_a_letter_goes_right_after_it_was_written_or_says_why_not(store: Store, by_mail: PostOffice) -> None:
    """Lin's address is refused; then it is taken; then the server is away."""
    session = Session(store, "mia")
    by_mail.answers[RCPT] = "550 no such user"
    is_sent, sentence = send_right_away(session, answer_lin(store))
    assert (is_sent, sentence.partition(":")[0]) == (False, "The mail server refuses the address")
    by_mail.answers.clear()
    assert send_right_away(session, answer_lin(store)) == (True, "The e-mail was sent.")
    by_mail.answers[RCPT] = "451 later"
    is_sent, sentence = send_right_away(session, answer_lin(store))
    assert sentence == "The e-mail waits in the outbox. The mail server does not take it for now."
    assert [line.fate for line in letters_in_hand(store)] == ["refused", "waiting"]


def test_without_a_way_out_a_letter_waits_and_says_what_is_missing(outsider: Clerk) -> None:
    """A desk, no sandbox, without a [mail] section: what was written stays written."""
    outsider.does("init")
    outsider.does("product", "set", "half", "--name", "Half year", "--expire-after", "6 months")
    outsider.issues("50.00", "--name", "Lin", "--email", "lin@example.org")
    store = open_store(outsider.database)
    is_sent, sentence = send_right_away(Session(store, "mia"), answer_lin(store))
    assert not is_sent
    assert sentence.startswith(
        "The e-mail waits in the outbox. No way out for e-mails is set up: write a [mail] section"
    )
    assert "No way out" in outsider.is_refused("outbox", "send", code=78)
    (found,) = [each for each in outsider.asks("doctor") if each["subject"] == "outbox"]
    assert found["told"] == "1 e-mail could not go yet"
