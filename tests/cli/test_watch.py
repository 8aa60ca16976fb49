"""The watch at the command line: as text, as JSON, and as a table that no spreadsheet computes."""

import csv
from datetime import timedelta

import pytest
from cli.clerk import NOON, Clerk
from store.journals import reactivated

from models.clock import FixedClock
from models.store import open_store


@pytest.fixture
def busy(clerk: Clerk) -> Clerk:
    """Zed, who calls himself a formula, reactivates ten times this morning, once for somebody with Mia's address."""
    clerk.does("agents", "set", "mia", "--email", "mia@desk.example")
    clerk.does("agents", "set", "zed", "--role", "agent", "--name", "=HYPERLINK(1)")
    clerk.issues("50.00", "--name", "Lin", "--email", "lin@example.org")
    clerk.issues("50.00", "--name", "Lin", "--email", "MIA@desk.example")
    store = open_store(clerk.database, FixedClock(NOON))
    instants = [NOON - timedelta(minutes=minutes) for minutes in range(9, 0, -1)]
    reactivated(store, 1, 2, instants)
    reactivated(store, 2, 2, [NOON])
    return clerk


def test_what_wants_an_eye_is_printed(busy: Clerk) -> None:
    """Who, how many, since when; and whose people."""
    told = busy.does("watch")
    assert told.startswith("Alarms:\n  =HYPERLINK(1)  10 on a day (alarms from 9)  since Thu 21 May 2026  stands\n")
    assert "today  7 days  14 days  28 days\n  =HYPERLINK(1)     10      10       10       10\n" in told
    assert "For people like those of the desk:\n  =HYPERLINK(1)  record 2" in told
    assert told.endswith("address of mia\n")


def test_as_it_was_then(busy: Clerk) -> None:
    """Ten minutes before noon there was nothing to see."""
    told = busy.does("watch", "--at", (NOON - timedelta(minutes=10)).isoformat())
    assert told == "No alarm stands.\n\nNobody reactivated a card lately.\n"


def test_for_a_spreadsheet(busy: Clerk) -> None:
    """A name that a spreadsheet would compute is kept from it."""
    rows = list(csv.DictReader(busy.does("watch", "--csv").splitlines()))
    alarm, *rest = rows
    assert (alarm["what"], alarm["agent"], alarm["login"]) == ("alarm", "'=HYPERLINK(1)", "zed")
    assert (alarm["days"], alarm["count"], alarm["alarms_from"], alarm["stands"]) == ("1", "10", "9", "yes")
    assert [each["what"] for each in rest] == ["sum"] * 4 + ["like the desk"]


def test_for_a_program(busy: Clerk) -> None:
    """Every figure by its name."""
    told = busy.asks("watch")
    assert told["alarms"] == [
        {
            "agent": "=HYPERLINK(1)",
            "login": "zed",
            "days": 1,
            "alarms_from": 9,
            "highest": 10,
            "count": 10,
            "since": "2026-05-21",
            "stands": True,
            "new": True,
        }
    ]
    assert told["agents"] == [{"agent": "=HYPERLINK(1)", "login": "zed", "counts": [10, 10, 10, 10]}]
    assert [each["same"] for each in told["like_the_desk"]] == ["address"]


def test_who_may_not_watch_is_told(busy: Clerk) -> None:
    """And two forms at once are none."""
    busy.is_refused("watch", "--csv", "--json", code=2)
    busy.login = "zed"
    assert busy.is_refused("watch").startswith("An agent may not see the alarms")
