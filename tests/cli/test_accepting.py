"""A clock that is right again, accepted at the command line: first what it would do, then done."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from cli.clerk import Clerk
from store.counter import plain_sql

from models.clock import SystemClock
from models.jobs.accepting import accept_clock
from models.store import open_store
from models.unit import Session

ACCEPTS = ("doctor", "--accept-clock")
WHY = ("--yes", "--reason", "the battery was empty")


@pytest.fixture
def clerk(outsider: Clerk) -> Clerk:
    """The manager of a desk with one card."""
    outsider.does("init")
    outsider.does("product", "set", "half", "--name", "Half year", "--expire-after", "6 months")
    return outsider


@pytest.fixture
def leapt(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> str:
    """A card that was spent from while the clock was ten years ahead; its code."""
    code = clerk.issues("50.00", product="half")
    right: Callable[[SystemClock], object] = SystemClock.now
    with monkeypatch.context() as ahead:
        ahead.setattr(SystemClock, "now", lambda self: right(self) + timedelta(days=60))  # type: ignore[operator]
        clerk.does("redeem", code, "--amount", "10.00")
    return code


def test_what_was_recorded_ahead_is_told_first(clerk: Clerk, leapt: str) -> None:
    """Nothing is changed by looking; the sentence that refuses says where to look."""
    refused = clerk.is_refused("redeem", leapt, "--amount", "1.00")
    assert "clock is 59 days behind the last record" in refused or "clock is 60 days behind" in refused
    assert "giftdesk doctor --accept-clock" in clerk.types("doctor").out
    told = clerk.does(*ACCEPTS)
    assert "This clock says " in told
    assert "Recorded ahead of the clock: 1 redemption, -10.00 GBP." in told
    assert "Card 1 (" in told
    assert "giftdesk doctor --accept-clock --yes --reason" in told
    assert clerk.types("redeem", leapt, "--amount", "1.00").code == 1


def test_the_clock_is_accepted_with_a_reason(clerk: Clerk, leapt: str) -> None:
    """And everybody works on."""
    assert "Say why the clock is right" in clerk.is_refused(*ACCEPTS, "--yes", code=2)
    told = clerk.does(*ACCEPTS, *WHY)
    assert "What was recorded ahead of it stays as it is." in told
    clerk.does("redeem", leapt, "--amount", "1.00")
    told = clerk.does("verify")
    assert "all add up" in told
    assert "alone took the desk's time back from " in told
    assert "the battery was empty." in clerk.asks("verify")["clocks"][0]
    assert "there is nothing to accept" in clerk.types(*ACCEPTS).err
    assert "agrees with the last record; the desk's time was taken back on " in clerk.does("doctor")


def test_a_second_person_agrees_where_there_is_one(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for by the manager (exit code 3), done by the auditor's same words, and told by verify for ever."""
    clerk.does("agents", "add", "ada", "--role", "auditor", "--name", "Ada")
    right: Callable[[SystemClock], object] = SystemClock.now
    with monkeypatch.context() as ahead:
        ahead.setattr(SystemClock, "now", lambda self: right(self) + timedelta(days=60))  # type: ignore[operator]
        clerk.does("organisation", "set", "Northwind")
    assert "A second person has to agree then: Ada." in clerk.does(*ACCEPTS)
    answer = clerk.types(*ACCEPTS, *WHY)
    assert answer.code == 3
    assert "Asked for; nothing was changed yet. Within a day Ada has to agree: giftdesk doctor --acc" in answer.out
    assert "asked for this clock to be accepted: the battery was empty. Now Ada has to agree." in clerk.is_refused(
        *ACCEPTS, *WHY
    )
    session = Session(open_store(clerk.database), "ada")
    assert not accept_clock(session, "seen").to_agree
    assert " Ada, asked by " in clerk.does("verify")


def test_programs_are_told_too(clerk: Clerk, leapt: str) -> None:
    facts = clerk.asks(*ACCEPTS)
    assert (facts["done"], facts["refusal"]) == (False, None)
    assert facts["activities"] == [{"kind": "redemption", "currency": "GBP", "count": 1, "amount_minor": -1000}]
    assert clerk.asks(*ACCEPTS, *WHY)["done"]
    assert leapt


def test_a_clock_that_was_set_back_is_refused(clerk: Clerk) -> None:
    """Exit code 1, also for a program; what lies ahead is told all the same."""
    clerk.issues("50.00", product="half")
    with plain_sql(clerk.database) as sql:
        sql.execute("UPDATE high_water SET reached_at = reached_at + 86400000000")
    answer = clerk.types(*ACCEPTS, "--json")
    assert answer.code == 1
    assert "less than a week after this clock" in json.loads(answer.out)["refusal"]
    assert "Set the clock right. Nothing was changed." in clerk.is_refused(*ACCEPTS, *WHY)


def test_a_reason_without_a_clock_to_accept_is_a_mistake(clerk: Clerk) -> None:
    assert "belong to --accept-clock" in clerk.is_refused("doctor", "--yes", code=2)
