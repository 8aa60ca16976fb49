"""Who may correct, merge or empty which customer's record: tables of what is known of a person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.rules.errors import BadText
from models.rules.people import (
    LAPSE,
    MOST_CARDS,
    PersonFacts,
    RemovalReason,
    correction_refusal,
    has_lapsed,
    merge_refusal,
    removal_refusal,
)
from models.rules.roles import MAY, Action, Actor, Role
from models.rules.texts import optional_ticket

ADA = PersonFacts(5, emails=frozenset({"ada@example.org"}), cards=3)
BEN = PersonFacts(7, emails=frozenset({"ben@example.org"}), cards=1)
VIP = replace(ADA, organisation="Northwind", organisation_id=1, is_vip=True)
PLAIN = replace(VIP, is_vip=False)
AGENT = Actor(Role.AGENT, "sam@desk.example")
SUPERVISOR = Actor(Role.SUPERVISOR, "sue@desk.example")

OWN = "This is a record of your own: ask a colleague."
GONE = "The data of record 5 were removed."
MERGED = "Record 5 was merged into record 9: use that one."


@pytest.mark.parametrize(
    ("person", "actor", "email", "told"),
    [
        (ADA, AGENT, "ada@example.org", None),
        (ADA, AGENT, None, None),
        (PLAIN, AGENT, None, None),
        (VIP, AGENT, None, "That person belongs to a VIP organisation: ask a supervisor to correct the record."),
        (VIP, SUPERVISOR, None, None),
        (ADA, Actor(Role.AGENT, "ada@example.org"), "new@example.org", OWN),
        (ADA, AGENT, "sam@desk.example", OWN),
        (ADA, SUPERVISOR, "sue@desk.example", OWN),
        (replace(ADA, emails=frozenset()), Actor(Role.AGENT), None, None),
        (replace(VIP, is_removed=True), AGENT, None, GONE),
        (replace(ADA, merged_into=9), SUPERVISOR, None, MERGED),
        (replace(ADA, merged_into=9, is_removed=True), SUPERVISOR, None, GONE),
    ],
)
def test_a_correction(person: PersonFacts, actor: Actor, email: str | None, told: str | None) -> None:
    assert correction_refusal(person, actor, email) == told


DIFFER = "Record 5 belongs to Northwind (VIP), record 7 to no organisation: say whose organisation is kept."


@pytest.mark.parametrize(
    ("gone", "kept", "organisation_of", "told"),
    [
        (ADA, BEN, None, None),
        (ADA, BEN, 5, None),
        (ADA, BEN, 6, "The organisation is kept of record 5 or of record 7."),
        (ADA, ADA, None, "That is one and the same record."),
        (VIP, BEN, None, DIFFER),
        (VIP, BEN, 5, None),
        (VIP, BEN, 7, None),
        (
            BEN,
            VIP,
            None,
            "Record 7 belongs to no organisation, record 5 to Northwind (VIP): say whose organisation is kept.",
        ),
        (VIP, replace(VIP, id=7), None, None),
        (
            replace(ADA, organisation="A", organisation_id=1),
            replace(BEN, organisation="B", organisation_id=2),
            None,
            "Record 5 belongs to A, record 7 to B: say whose organisation is kept.",
        ),
        (replace(ADA, is_removed=True), BEN, None, GONE),
        (BEN, replace(ADA, merged_into=9), None, MERGED),
        (replace(ADA, emails=frozenset({"sue@desk.example"})), BEN, None, OWN),
        (BEN, replace(ADA, emails=frozenset({"x@example.org", "sue@desk.example"})), None, OWN),
        (
            BEN,
            replace(ADA, is_removal_asked=True),
            None,
            "The removal of record 5 is asked for: it is merged with nothing until that is settled.",
        ),
        (replace(ADA, cards=MOST_CARDS), BEN, None, None),
        (
            replace(ADA, cards=MOST_CARDS + 1),
            BEN,
            None,
            "Record 5 is on 201 cards, and 200 are the most that can move; merge the other way round.",
        ),
        (
            replace(ADA, cards=2000),
            replace(BEN, cards=201),
            None,
            "Record 5 is on 2,000 cards, and 200 are the most that can move.",
        ),
        (BEN, replace(ADA, cards=2000), None, None),
    ],
)
def test_a_merge(gone: PersonFacts, kept: PersonFacts, organisation_of: int | None, told: str | None) -> None:
    assert merge_refusal(gone, kept, SUPERVISOR, organisation_of) == told


@pytest.mark.parametrize(
    ("person", "told"),
    [
        (ADA, None),
        (VIP, None),
        (replace(ADA, is_removal_asked=True), None),
        (replace(ADA, is_removed=True), GONE),
        (replace(ADA, merged_into=9), MERGED),
        (replace(ADA, emails=frozenset({"sue@desk.example"})), OWN),
        (replace(ADA, cards=201), "Record 5 is on 201 cards: more than 200 can't be cleared at once."),
    ],
)
def test_a_removal(person: PersonFacts, told: str | None) -> None:
    assert removal_refusal(person, SUPERVISOR) == told


@pytest.mark.parametrize("role", Role)
def test_who_may_is_said_by_the_table_of_roles(role: Role) -> None:
    """Whatever the record: the role comes first."""
    actor = Actor(role)
    gone = replace(ADA, is_removed=True)
    told = {
        Action.CORRECT_PERSON: correction_refusal(gone, actor, None),
        Action.MERGE_PEOPLE: merge_refusal(gone, BEN, actor, None),
        Action.REMOVE_PERSON: removal_refusal(gone, actor),
    }
    for action, sentence in told.items():
        assert (sentence == GONE) is (action in MAY[role]), (action, sentence)


def test_a_request_waits_for_fourteen_days_and_not_an_instant_longer() -> None:
    asked_at = datetime(2026, 5, 21, 12, tzinfo=UTC)
    assert not has_lapsed(asked_at, asked_at + LAPSE - timedelta(microseconds=1))
    assert has_lapsed(asked_at, asked_at + LAPSE)


def test_every_reason_is_a_sentence() -> None:
    assert all(reason.words[0].isupper() and reason.words.endswith(".") for reason in RemovalReason)


@pytest.mark.parametrize("ticket", ["4711", "ZD-4711", "#4711", "INC0012", "CS/2026-12", "OPS:7"])
def test_the_number_of_a_ticket_is_kept(ticket: str) -> None:
    assert optional_ticket(f" {ticket} ") == ticket


@pytest.mark.parametrize("ticket", [None, "", "  "])
def test_no_ticket_is_none(ticket: str | None) -> None:
    assert optional_ticket(ticket) is None


@pytest.mark.parametrize("words", ["Ada", "Ada Lovelace", "ada@example.org", "Ada rang 4711", "ticket 4711", "é4711"])
def test_what_is_more_than_a_ticket_is_refused(words: str) -> None:
    """It could never be removed again."""
    with pytest.raises(BadText, match="only a ticket's number"):
        optional_ticket(words)
