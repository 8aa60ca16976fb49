"""Which card may take another's balance, what it becomes by it, and how the two name each other."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.rules.facts import CardFacts, Emptied, Replaced
from models.rules.journal import Kind
from models.rules.roles import Actor, Role
from models.rules.transfers import OtherCard, last_day_after, other_card, receiving_refusal
from models.rules.validity import BusinessTime

LONDON = BusinessTime("Europe/London")
SUE = Actor(Role.SUPERVISOR, "sue@desk.example")
NOW = datetime(2026, 11, 21, 14, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
MAY = datetime(2026, 5, 21, tzinfo=UTC)

CARD = CardFacts("GBP", 5000, active_from_at=MAY, cut_off_at=NOW + 9 * DAY, last_day_on=date(2026, 11, 29))
BLANK = replace(CARD, balance_minor=0)
SPENT = replace(CARD, balance_minor=0, emptied=Emptied(Kind.REDEMPTION, MAY, 5000))


def refusal(source: CardFacts, target: CardFacts) -> str | None:
    return receiving_refusal(source, target, SUE, NOW, LONDON)


@pytest.mark.parametrize(
    "target",
    [
        CARD,
        BLANK,
        SPENT,
        replace(CARD, cut_off_at=NOW - 9 * DAY),
        replace(SPENT, broken_minor=5000, cut_off_at=NOW - 9 * DAY),
        replace(CARD, active_from_at=NOW + 9 * DAY),
        replace(CARD, open_flags=3),
        replace(CARD, has_rules=False),
    ],
    ids=["valid", "blank", "spent", "past its cut-off", "expired", "not valid yet", "flagged", "without rules"],
)
def test_a_card_in_order_takes_money(target: CardFacts) -> None:
    assert refusal(CARD, target) is None


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (replace(CARD, is_consistent=False), "The other card does not add up: escalate that one first."),
        (replace(CARD, cancelled_at=MAY), "The other card was cancelled on 21 May 2026 01:00, which is final."),
        (replace(CARD, suspended_at=MAY), "The other card is suspended: it takes no money until the suspension is lif"),
        (
            replace(SPENT, replaced=Replaced("J773", MAY)),
            "The other card was itself replaced, by ···· J773: move the b",
        ),
        (replace(CARD, people_emails=frozenset({"sue@desk.example"})), "The other card is one of your own: ask a coll"),
        (replace(CARD, currency="EUR"), "The cards are in different currencies, GBP and EUR: nothing can be moved."),
    ],
)
def test_any_other_takes_none_and_says_why(target: CardFacts, told: str) -> None:
    assert (refusal(CARD, target) or "").startswith(told)


@pytest.mark.parametrize(
    ("source_from", "target", "is_refused"),
    [
        (NOW + DAY, CARD, True),
        (NOW + MICROSECOND, CARD, True),
        (NOW, CARD, False),
        (NOW + DAY, replace(CARD, active_from_at=NOW + DAY - MICROSECOND), True),
        (NOW + DAY, replace(CARD, active_from_at=NOW + DAY), False),
        (NOW + DAY, BLANK, False),
        (NOW + DAY, SPENT, True),
    ],
)
def test_moving_is_no_way_around_the_delay(source_from: datetime, target: CardFacts, is_refused: bool) -> None:
    """A card that never had money waits as long as the one whose days it takes over."""
    told = refusal(replace(CARD, active_from_at=source_from), target)
    assert (told is not None) is is_refused
    assert told is None or "can't be hurried" in told


@pytest.mark.parametrize(
    ("own", "brought", "after"),
    [
        (date(2026, 11, 29), date(2027, 1, 1), date(2027, 1, 1)),
        (date(2027, 1, 1), date(2026, 11, 29), date(2027, 1, 1)),
        (None, date(2027, 1, 1), None),
        (date(2027, 1, 1), None, None),
    ],
)
def test_the_later_day_counts_unless_the_card_never_had_money(
    own: date | None, brought: date | None, after: date | None
) -> None:
    source = replace(CARD, last_day_on=brought)
    assert last_day_after(source, replace(CARD, last_day_on=own)) == after
    assert last_day_after(source, replace(SPENT, last_day_on=own)) == after
    assert last_day_after(source, replace(BLANK, last_day_on=own)) == brought


def test_a_card_is_named_and_found_again() -> None:
    named = OtherCard("00ff", "J773")
    assert other_card(named.as_details(is_replacement=False)) == named
    assert other_card({**named.as_details(is_replacement=True), "ref": "T-1"}) == named
    assert named.code_masked == "···· ···· ···· J773"


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"other": None},
        {"other": "J773"},
        {"other": ["00ff", "J773"]},
        {"other": {"digest": "00ff"}},
        {"other": {"digest": 7, "last_four": "J773"}},
    ],
)
def test_what_names_no_card_is_no_card(details: dict[str, Any]) -> None:
    """Somebody may have spoiled the journal: it is shown all the same."""
    assert other_card(details) is None
