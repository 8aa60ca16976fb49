"""What one customer reads: after a reactivation, of an expired card, of one that is empty, early or cancelled."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from rules.situations import DAY, HOUR, LONG_AGO, MICROSECOND, NOW, Phase, Situation
from rules.telling import (
    ACTIVE_AGAIN,
    CANCELLED,
    EXPIRED,
    HANDED_OVER,
    NEVER,
    NEVER_LOADED,
    OVER,
    PATIENCE,
    REPLACED,
    RETRY,
    TAKEN_OFF,
    TOO_EARLY,
    USED_UP,
    VALID,
    facts,
    told,
    which,
)

from models.rules.facts import Emptied, Replaced
from models.rules.journal import Kind
from models.rules.policy import Policy
from models.rules.validity import BusinessTime


def test_after_a_reactivation_the_customer_reads_what_can_be_spent_and_until_when() -> None:
    card = replace(facts(VALID), last_day_on=date(2026, 11, 28), cut_off_at=datetime(2026, 11, 29, 3, tzinfo=UTC))
    text = told(card, NOW - timedelta(minutes=1))
    assert which(text) == ACTIVE_AGAIN
    assert "50.00 GBP is ready to spend, up to and including Sat 28 Nov 2026." in text


def test_what_was_spent_since_the_reactivation_is_no_longer_promised() -> None:
    card = replace(facts(VALID), balance_minor=1250)
    assert "12.50 GBP is ready to spend" in told(card, NOW - HOUR)
    emptied = replace(card, balance_minor=0, emptied=Emptied(Kind.REDEMPTION, NOW, 1250))
    assert which(told(emptied, NOW - HOUR)) == USED_UP


@pytest.mark.parametrize("what", ["suspended", "cancelled", "expired", "not active yet"])
def test_what_happened_since_the_reactivation_counts(what: str) -> None:
    changed = {
        "suspended": replace(facts(VALID), suspended_at=NOW),
        "cancelled": replace(facts(VALID), cancelled_at=NOW),
        "expired": replace(facts(VALID), cut_off_at=NOW, last_day_on=date(2026, 11, 20)),
        "not active yet": replace(facts(VALID), active_from_at=NOW + MICROSECOND),
    }
    assert "active again" not in told(changed[what], NOW - HOUR)


@pytest.mark.parametrize(
    ("since", "expected"),
    [(timedelta(), ACTIVE_AGAIN), (24 * HOUR, ACTIVE_AGAIN), (24 * HOUR + MICROSECOND, RETRY), (9 * DAY, RETRY)],
)
def test_a_day_after_its_reactivation_a_card_that_works_is_simply_active(since: timedelta, expected: str) -> None:
    assert which(told(VALID, NOW - since)) == expected


def test_a_card_that_works_is_told_with_its_balance_and_its_last_day() -> None:
    assert "with 50.00 GBP to spend, up to and including Tue 8 Jun 2027." in told(VALID)


@pytest.mark.parametrize("reactivated_at", [NEVER, NOW])
def test_a_balance_that_never_expires_has_no_last_day_to_tell(reactivated_at: datetime | None) -> None:
    text = told(replace(VALID, phase=Phase("")), reactivated_at)
    assert re.search(r"50\.00 GBP (to|is ready to) spend\. ", text)
    assert "up to" not in text


def test_a_declined_card_is_told_with_its_stated_last_day_and_an_apology() -> None:
    """It stopped at three in the night to the 18th; what it says on the card is the 17th."""
    for situation in (OVER, replace(OVER, purse="broken"), replace(OVER, flags=2), replace(OVER, suspended=True)):
        text = told(situation)
        assert which(text) == EXPIRED
        assert "expired at the end of 17 Nov 2026." in text
        assert "another way to pay" in text


def test_a_held_card_that_was_spent_before_its_last_day_did_not_expire() -> None:
    assert which(told(replace(OVER, suspended=True, purse="spent"))) == PATIENCE


@pytest.mark.parametrize("policy", [Policy(), Policy(grounds=()), Policy(grounds=("vip",)), Policy(window_hours=48)])
def test_the_policy_is_not_explained_to_customers(policy: Policy) -> None:
    text = told(replace(OVER, phase=Phase("", cut_off_at=NOW - 72 * HOUR)), policy=policy)
    assert which(text) == EXPIRED
    assert re.search(r"VIP|polic|exception|\b(24|48)\b|hour", text) is None


def test_a_card_that_is_not_active_yet_is_told_the_day_on_the_wall_of_the_business() -> None:
    """A London midnight in summer is still the day before in UTC, and next year's date has its year."""
    card = replace(facts(VALID), active_from_at=datetime(2027, 5, 24, 23, tzinfo=UTC))
    text = told(card)
    assert which(text) == TOO_EARLY
    assert "valid only on Tue 25 May 2027;" in text
    assert "From then on 50.00 GBP can be spent, up to and including Tue 8 Jun 2027." in text


def test_a_card_with_nothing_on_it_is_told_its_first_day_and_no_more() -> None:
    text = told(replace(facts(VALID), active_from_at=NOW + 2 * DAY, balance_minor=0))
    assert which(text) == TOO_EARLY
    assert "valid only on Mon 23 Nov 2026;" in text
    assert text.endswith("protects you against misuse.")
    assert "GBP" not in text


def test_nobody_is_promised_what_they_will_never_be_able_to_spend() -> None:
    """An import may bring a card that is over before it begins."""
    card = replace(facts(VALID), active_from_at=NOW + 2 * DAY, cut_off_at=NOW - HOUR, last_day_on=date(2026, 11, 20))
    assert "can be spent" not in told(card)


@pytest.mark.parametrize(("place", "where"), [("Leeds", " at Leeds"), (None, "")])
def test_a_card_that_was_spent_is_told_when_and_where(place: str | None, where: str) -> None:
    last = Emptied(Kind.REDEMPTION, datetime(2026, 6, 30, 23, 30, tzinfo=UTC), 1250, place, "10482")
    text = told(replace(facts(VALID), balance_minor=0, emptied=last))
    assert which(text) == USED_UP
    assert f"The last 12.50 GBP was spent on 1 Jul 2026{where}. If you don't recognise that purchase" in text
    assert "10482" not in text


@pytest.mark.parametrize("kind", [Kind.TRANSFER_OUT, Kind.ADJUSTMENT])
def test_what_moved_or_was_corrected_is_no_purchase(kind: Kind) -> None:
    """Its money is on the card that replaces it, or we took it off: nobody went shopping."""
    card = replace(facts(VALID), balance_minor=0, emptied=Emptied(kind, LONG_AGO, 5000, place="Leeds"))
    text = told(card)
    assert which(text) == TAKEN_OFF
    happened = "moved to another gift card" if kind is Kind.TRANSFER_OUT else "taken off"
    assert f"because the last 50.00 GBP was {happened} on 5 May 2026." in text
    for untrue in ("purchase", "spent", "used up", "Leeds"):
        assert untrue not in text


MOVED = Emptied(Kind.TRANSFER_OUT, LONG_AGO, 5000, other_last_four="J773")


@pytest.mark.parametrize(
    ("card", "reply"),
    [
        (VALID, REPLACED),
        (replace(VALID, phase=Phase("", NOW + DAY, NOW + 9 * DAY)), REPLACED),
        (OVER, REPLACED),
        (replace(VALID, flags=1), REPLACED),
        (replace(VALID, suspended=True), PATIENCE),
        (replace(VALID, cancelled=True), CANCELLED),
        (replace(VALID, consistent=False), PATIENCE),
    ],
    ids=["valid", "not valid yet", "over", "flagged", "held", "cancelled", "inconsistent"],
)
def test_whoever_asks_with_an_old_code_is_told_of_the_card_in_its_place(card: Situation, reply: str) -> None:
    """By the end of its code, unless something else must be cleared up first."""
    replaced = replace(facts(card), balance_minor=0, emptied=MOVED, replaced=Replaced("J773", LONG_AGO))
    text = told(replaced)
    assert which(text) == reply
    assert ("a code that ends in J773" in text) is (reply == REPLACED)
    assert which(told(replaced, is_escalated=True)) == HANDED_OVER


def test_what_was_given_back_to_an_old_code_is_not_said_to_have_been_moved() -> None:
    """A refund came after the card was replaced: it can be spent with the old code, and nothing else would be true."""
    assert which(told(replace(facts(VALID), balance_minor=1500, replaced=Replaced("J773", LONG_AGO)))) == RETRY


def test_a_balance_that_was_moved_names_no_other_card() -> None:
    """It may be somebody else's."""
    text = told(replace(facts(VALID), balance_minor=0, emptied=MOVED))
    assert which(text) == TAKEN_OFF
    assert "J773" not in text


def test_a_card_without_any_money_ever_is_looked_into() -> None:
    assert which(told(replace(VALID, purse="never loaded"))) == NEVER_LOADED


def test_a_cancelled_card_whose_money_went_back_is_explained() -> None:
    emptied = Emptied(Kind.CANCELLATION, LONG_AGO, 5000)
    text = told(replace(facts(VALID), balance_minor=0, cancelled_at=LONG_AGO, emptied=emptied))
    assert which(text) == CANCELLED
    assert "its order was cancelled and the money went back to whoever paid for it, so the card" in text


@pytest.mark.parametrize("kind", [Kind.BREAKAGE, Kind.REDEMPTION, Kind.TRANSFER_OUT, Kind.ADJUSTMENT, None])
def test_money_that_did_not_go_back_is_not_said_to_have_gone_back(kind: Kind | None) -> None:
    """What emptied the card was not its cancellation: it returned nothing."""
    emptied = None if kind is None else Emptied(kind, LONG_AGO, 5000)
    text = told(replace(facts(OVER), balance_minor=0, cancelled_at=NOW, emptied=emptied))
    assert which(text) == CANCELLED
    assert "its order was cancelled, so the card can't be used any more." in text


@pytest.mark.parametrize(("currency", "written"), [("GBP", "50.00 GBP"), ("JPY", "5000 JPY"), ("KWD", "5.000 KWD")])
def test_money_is_told_in_the_decimals_of_its_currency(currency: str, written: str) -> None:
    assert written in told(replace(facts(VALID), currency=currency))


def test_dates_are_those_of_the_business_wherever_it_is() -> None:
    """The card begins at midnight in Auckland, eleven hours before it is that day in London."""
    auckland = BusinessTime("Pacific/Auckland")
    card = replace(facts(VALID), active_from_at=datetime(2026, 12, 31, 11, tzinfo=UTC))
    assert "valid only on Fri 1 Jan 2027;" in told(card, business=auckland)
