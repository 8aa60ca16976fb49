"""Reactivating, holding, flags, notes and escalations at the command line."""

from datetime import timedelta

from cli.clerk import LATER, Clerk
from postgres import AT_LENGTH

ENGINES = AT_LENGTH


def test_reactivating_says_what_came_back(clerk: Clerk) -> None:
    """Eleven hours after its cut-off a card gets its balance and another week."""
    code = clerk.issues()
    clerk.now = LATER
    clerk.does("expire")
    would = clerk.does("reactivate", code, "--dry-run")
    assert "would be reactivated" in would
    assert clerk.balance(code) == 0
    told = clerk.asks("reactivate", code, "--note", "called twice", "--ref", "T-7")
    assert (told["done"], told["repeated"], told["restored_minor"], told["balance_minor"]) == (True, False, 5000, 5000)
    assert told["last_day"] == "2026-11-28"
    assert "mia reactivated this card already" in clerk.is_refused("reactivate", code)


def test_reactivating_too_late_is_refused(clerk: Clerk) -> None:
    """A day and a microsecond after the cut-off there is no ground left."""
    code = clerk.issues()
    clerk.now = LATER + timedelta(days=2)
    assert "more than 24 h" in clerk.is_refused("reactivate", code)


def test_suspend_and_lift(clerk: Clerk) -> None:
    """A card on hold takes nothing; lifted it does again."""
    code = clerk.issues()
    assert "is suspended." in clerk.does("suspend", code, "--reason", "lost", "--ref", "T-1")
    assert "suspended already" in clerk.is_refused("suspend", code, "--reason", "lost")
    assert "nothing can be taken" in clerk.is_refused("redeem", code, "--amount", "1")
    assert "not suspended any more" in clerk.does("lift", code, "--reason", "found")
    assert "is not suspended" in clerk.is_refused("lift", code, "--reason", "found")


def test_a_suspension_is_lifted_with_a_reason_only(clerk: Clerk) -> None:
    """Reactivating a held card needs to know why."""
    code = clerk.issues()
    clerk.does("suspend", code, "--reason", "lost")
    assert "give the reason" in clerk.is_refused("reactivate", code)
    assert "is reactivated" in clerk.does("reactivate", code, "--reason", "found again")


def test_flags_are_raised_and_cleared_by_number(clerk: Clerk) -> None:
    """With two flags open, the one that is meant is named."""
    code = clerk.issues()
    clerk.does("flag", code, "--reason", "one")
    clerk.does("flag", code, "--reason", "two")
    assert "Several flags are open" in clerk.is_refused("flag", code, "--clear", "--reason", "fine")
    assert "1 still open" in clerk.does("flag", code, "--clear", "--number", "2", "--reason", "fine")
    assert "none is open" in clerk.does("flag", code, "--clear", "--reason", "fine")
    assert "No flag is open" in clerk.is_refused("flag", code, "--clear", "--reason", "fine")
    assert "--clear" in clerk.is_refused("flag", code, "--number", "2", "--reason", "fine", code=2)


def test_a_note_stays_with_the_card(clerk: Clerk) -> None:
    """Words need no quotes; an empty note is none."""
    code = clerk.issues()
    clerk.does("note", code, "asked", "for", "the", "manager")
    assert clerk.asks("show", code)["activities"][0]["reason"] == "asked for the manager"
    assert clerk.is_refused("note", code, " ") == "The note is empty."
    assert "more" not in clerk.is_refused("note", code, "a\x1b[2Jb")


def test_an_escalation_prints_the_packet_to_send(clerk: Clerk) -> None:
    """The text has what Payments Support needs, and no full code."""
    code = clerk.issues("50.00", "--name", "Ada Lovelace", "--email", "ada@example.org")
    told = clerk.does("escalate", code, "--why", "wrong_balance", "--text", "says 60", "--ref", "T-9")
    for words in ("Payments Support", "E1-2", "T-9", "says 60", "Ada Lovelace", "50.00 GBP"):
        assert words in told
    assert code not in told.replace(" ", "")
    packet = clerk.asks("escalate", code, "--reason", "again")["packet"]
    assert "checkout still refuses it" in packet
    assert "the desk" not in clerk.is_refused("escalate", code, "--text", " ")


def test_the_same_intent_changes_nothing_twice(clerk: Clerk) -> None:
    """A script that lost the answer may ask again under its key; another wish under that key is refused."""
    code = clerk.issues()
    first = clerk.asks("redeem", code, "--amount", "10", "--intent", "till-4/81")
    again = clerk.asks("redeem", code, "--amount", "10", "--intent", "till-4/81")
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["sentence"] == again["sentence"]
    assert clerk.balance(code) == 4000
    assert "used before" in clerk.is_refused("redeem", code, "--amount", "11", "--intent", "till-4/81")
    assert "64 are the most" in clerk.is_refused("redeem", code, "--amount", "1", "--intent", "x" * 65, code=2)


def test_a_refusal_as_json_is_told_on_both_ways(clerk: Clerk) -> None:
    """Scripts read that it was not done; people read why."""
    code = clerk.issues()
    answer = clerk.types("lift", code, "--reason", "x", "--json")
    assert answer.code == 1
    assert '"done": false' in answer.out
    assert answer.err == "The card is not suspended.\n"
