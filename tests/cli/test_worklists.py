"""The worklists at the command line."""

from datetime import timedelta

import pytest
from cli.clerk import LATER, Clerk
from postgres import AT_LENGTH

ENGINES = AT_LENGTH
ADA = ("--name", "Ada Lovelace", "--email", "ada@example.org")


@pytest.fixture
def sold(clerk: Clerk) -> list[str]:
    """Three cards of half a year, whose last day is 20 November, and one that becomes valid in three days."""
    clerk.does("product", "set", "careful", "--name", "Careful", "--activate-after", "3")
    codes = [clerk.issues("10.00", *ADA), clerk.issues("20.00"), clerk.issues("30.00")]
    return [*codes, clerk.issues("40.00", product="careful")]


def last_fours(clerk: Clerk, *words: str) -> list[str]:
    return [card["code_masked"][-4:] for card in clerk.asks("worklist", *words)["cards"]]


def test_all_lists_are_told_with_their_counts(clerk: Clerk, sold: list[str]) -> None:
    """At noon on the day of the sale one card is not valid yet; six months later the others just expired."""
    assert sold
    lines = [line.split() for line in clerk.does("worklist").splitlines()]
    assert [line[:2] for line in lines[:4]] == [
        ["expiring", "0"],
        ["expired", "0"],
        ["inactive", "1"],
        ["unreachable", "0"],
    ]
    clerk.now = LATER
    told = clerk.asks("worklist")["worklists"]
    assert [(each["name"], each["count"], each["is_capped"]) for each in told][:3] == [
        ("expiring", 0, False),
        ("expired", 3, False),
        ("inactive", 0, False),
    ]


def test_the_cards_on_a_list_are_printed_as_those_that_are_found(clerk: Clerk, sold: list[str]) -> None:
    clerk.now = LATER - timedelta(days=2)
    lines = clerk.does("worklist", "expiring").splitlines()
    assert [line.split()[3] for line in lines] == [code[-4:] for code in sold[:3]]
    assert lines[0].endswith("active  10.00 GBP  Fri 20 Nov 2026  Half year  Ada Lovelace, ada@example.org")
    (first, *_) = clerk.asks("worklist", "expiring")["cards"]
    assert (first["balance_minor"], first["last_day"], first["holder"]["name"]) == (1000, "2026-11-20", "Ada Lovelace")


def test_a_list_is_as_long_as_wanted(clerk: Clerk, sold: list[str]) -> None:
    clerk.now = LATER
    assert last_fours(clerk, "expired") == [code[-4:] for code in sold[:3]]
    answer = clerk.types("worklist", "expired", "--limit", "2")
    assert (answer.code, answer.out.count("\n")) == (0, 2)
    assert answer.err == (
        "Just expired: the first 2 cards of more, the window that closes soonest first. --limit shows more.\n"
    )
    assert last_fours(clerk, "expired", "--limit", "3") == [code[-4:] for code in sold[:3]]
    assert clerk.is_refused("worklist", "expired", "--limit", "0", code=2) == "--limit: at least one card."


def test_an_empty_list_is_no_failure(clerk: Clerk) -> None:
    assert clerk.does("worklist", "expiring") == "No balance stops within the next 7 days.\n"
    assert clerk.asks("worklist", "waiting")["cards"] == []


def test_who_cannot_be_reminded_is_told_with_the_reason(clerk: Clerk) -> None:
    """A week before the last day: one card has nobody on file, one a person without an address."""
    clerk.does("product", "set", "half", "--remind", "1 week")
    none, nameless = clerk.issues("10.00"), clerk.issues("20.00", "--name", "Cy")
    clerk.issues("30.00", *ADA)
    clerk.now = LATER - timedelta(days=6)
    lines = clerk.does("worklist", "unreachable").splitlines()
    assert [line.split()[3] for line in lines] == [none[-4:], nameless[-4:]]
    assert lines[0].endswith("no recipient on file")
    assert lines[1].endswith("no e-mail address: Cy; Cy")


def test_a_list_that_is_none_is_told_which_there_are(clerk: Clerk) -> None:
    told = clerk.is_refused("worklist", "tomorrow", code=2)
    assert told.startswith("Argument name: 'tomorrow' is none of expiring, expired, inactive, unreachable, ")
    assert told.endswith("See: giftdesk worklist --help")
