"""Stories of balances that are moved from one card to another."""

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store.counter import BOTH, Counter, copy_desk

from models import desk
from models.clock import FixedClock
from models.desk.agents import set_agent
from models.rules.money import LARGEST_MINOR
from models.store import open_store
from models.unit import Outcome

ENGINES = BOTH

LIN = desk.PersonGiven("Lin", "lin@example.org")
SUE = desk.PersonGiven("Sue", "sue@desk.example")


def moved(counter: Counter, source: int, target: int, minor: int | None = None) -> Outcome:
    return desk.transfer(counter.sue, source, target, minor, reason="wrong card")


def refused(counter: Counter, source: int, target: int, minor: int | None = None) -> str:
    """The sentence; both cards are as they were."""
    before = counter.kinds(source), counter.kinds(target)
    outcome = moved(counter, source, target, minor)
    assert not outcome.done
    assert (counter.kinds(source), counter.kinds(target)) == before
    return outcome.sentence


def test_the_whole_balance_is_moved(counter: Counter) -> None:
    """It is on the other card, and each card's history names the other and says why."""
    source, target = counter.issued(), counter.issued("week", 1000)
    told = desk.transfer(counter.sue, source, target, reason=" bought twice ", ref="T-9")
    ends = [counter.sheet(card).last_four for card in (source, target)]
    assert told.sentence == (
        f"Card ···· {ends[0]}: 50.00 GBP moved to ···· {ends[1]}, 0.00 GBP left. "
        f"Card ···· {ends[1]} has 60.00 GBP, valid until Fri 20 Nov 2026."
    )
    assert told.facts["to_balance_minor"] == 6000
    for card, kind, other, minor in ((source, "transfer_out", 1, -5000), (target, "transfer_in", 0, 5000)):
        line = counter.last(card)
        assert (line.kind, line.amount_minor, line.reason) == (kind, minor, "bought twice")
        assert (line.details["other"]["last_four"], line.details["ref"]) == (ends[other], "T-9")
    assert not counter.findings()


def test_a_reason_stays_with_the_person_whom_it_is_about(counter: Counter) -> None:
    """Another person's card names the card that it came from, where it can be read, and removed one day."""
    source, target = counter.issued(recipient=LIN), counter.issued(recipient=SUE)
    desk.transfer(counter.mia, source, target, reason="Lin wished it")
    assert (counter.last(source).reason, counter.last(target).reason) == ("Lin wished it", None)
    assert counter.last(target).details["other"]["last_four"] == counter.sheet(source).last_four


def test_a_part_of_the_balance_is_moved(counter: Counter) -> None:
    source, target = counter.issued(), counter.issued()
    assert moved(counter, source, target, 1500).done
    assert [counter.sheet(card).balance_minor for card in (source, target)] == [3500, 6500]
    assert counter.sheet(source).diagnosis.verdict == "retry"


def test_a_card_never_gives_more_than_it_has(counter: Counter) -> None:
    source, target = counter.issued(), counter.issued()
    assert refused(counter, source, target, 5001) == "The card holds 50.00 GBP, less than 50.01 GBP."
    assert moved(counter, source, target, 5000).done


@pytest.mark.parametrize("minor", [0, -1, LARGEST_MINOR + 1])
def test_only_a_sensible_amount_is_moved(counter: Counter, minor: int) -> None:
    source, target = counter.issued(), counter.issued()
    assert refused(counter, source, target, minor).startswith("The amount must be more than zero")


def test_a_card_does_not_give_to_itself(counter: Counter) -> None:
    card = counter.issued()
    assert refused(counter, card, card) == "A balance is moved to another card, not to the card that it is on."


def test_a_card_that_does_not_exist_gives_and_takes_nothing(counter: Counter) -> None:
    card = counter.issued()
    assert moved(counter, card, 99).sentence == moved(counter, 99, card).sentence == "There is no such card."


def test_currencies_are_never_mixed(counter: Counter) -> None:
    source, target = counter.issued(), counter.issued(currency="EUR")
    told = refused(counter, source, target)
    assert told == "The cards are in different currencies, GBP and EUR: nothing can be moved."


def test_no_card_takes_more_than_a_gift_card_can_hold(counter: Counter) -> None:
    source, target = counter.issued(), counter.issued(amount_minor=LARGEST_MINOR - 10)
    assert refused(counter, source, target, 11) == "That is more than a gift card can hold."
    assert moved(counter, source, target, 10).done


@pytest.mark.parametrize(
    ("product", "other", "last_day"),
    [
        ("half", "week", date(2026, 11, 20)),
        ("week", "half", date(2026, 11, 20)),
        ("forever", "half", None),
        ("half", "forever", None),
    ],
)
def test_the_later_last_day_counts(counter: Counter, product: str, other: str, last_day: date | None) -> None:
    """Nobody's money becomes shorter lived by being moved."""
    source, target = counter.issued(product), counter.issued(other)
    assert moved(counter, source, target).done
    assert counter.sheet(target).last_day_on == last_day
    assert counter.sheet(target).product_name == other.title()


def test_an_expired_card_takes_money_and_what_broke_on_it_stays_broken(counter: Counter) -> None:
    """Its breakage is booked first, whether or not the run has been by; then it lives as long as the source."""
    target = counter.issued("week")
    counter.wait(days=30)
    source = counter.issued()
    assert moved(counter, source, target, 2000).done
    sheet = counter.sheet(target)
    assert counter.kinds(target) == ["issue", "breakage", "transfer_in"]
    assert (sheet.status, sheet.balance_minor, sheet.last_day_on) == ("active", 2000, date(2026, 12, 19))
    assert not counter.findings()


def test_a_card_that_is_not_valid_yet_gives_nothing_to_one_that_is(counter: Counter) -> None:
    """The delay guards against fraud, and a transfer is no way around it."""
    source, target = counter.issued("careful"), counter.issued()
    assert refused(counter, source, target) == (
        "The card is valid only from Sun 24 May 00:00, the other one earlier. The delay guards against fraud and "
        "can't be hurried."
    )
    counter.at("2026-05-23T23:00:00")
    assert moved(counter, source, target).done


def test_between_two_cards_that_wait_equally_long_money_is_moved(counter: Counter) -> None:
    source, target = counter.issued("careful"), counter.issued("careful")
    assert moved(counter, source, target).done
    assert counter.sheet(target).status == "inactive"


def test_a_flag_must_be_read_first(counter: Counter) -> None:
    source, target = counter.issued(), counter.issued()
    desk.raise_flag(counter.sam, source, "doubt")
    assert refused(counter, source, target) == "1 flag is open: read and clear each with a reason first."


def test_nobody_moves_money_from_or_to_a_card_of_their_own(counter: Counter) -> None:
    """Not the supervisor herself; a colleague may."""
    set_agent(counter.mia, "sue", email="Sue@desk.example")
    own, other = counter.issued(recipient=SUE), counter.issued()
    assert refused(counter, own, other) == "This is a card of your own: ask a colleague."
    assert refused(counter, other, own) == "The other card is one of your own: ask a colleague."
    assert desk.transfer(counter.mia, own, other, reason="she asked").done


def test_what_was_moved_away_is_told_as_such(counter: Counter) -> None:
    """The agent reads where the money went, and the sheet leads to the other card."""
    source, target = counter.issued(recipient=LIN), counter.issued()
    moved(counter, source, target)
    sheet, end = counter.sheet(source), counter.sheet(target).last_four
    assert sheet.diagnosis.verdict == "spent"
    assert f"the last 50.00 GBP was moved to another card, ···· {end}, on 21 May 2026 13:00" in sheet.diagnosis.reason
    assert sheet.moved_to is not None
    assert sheet.facts.replaced is None


def test_an_agent_may_not_move_money(counter: Counter) -> None:
    source, target = counter.issued(), counter.issued()
    told = desk.transfer(counter.sam, source, target, reason="asked")
    assert told.sentence == "An agent may not move balances between cards; ask a supervisor or a manager."


def test_the_same_wish_again_moves_nothing(counter: Counter) -> None:
    source, target = counter.issued(), counter.issued()
    once, again = (desk.transfer(counter.sue, source, target, 100, reason="asked", intent="once") for _ in range(2))
    assert (again.repeated, again.sentence, again.facts) == (True, once.sentence, once.facts)
    assert counter.sheet(target).balance_minor == 5100


MOVES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.none() | st.integers(1, 6000)), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=MOVES)
def test_moving_makes_no_money_and_loses_none(furnished: Path, moves: list[tuple[int, int, int | None]]) -> None:
    """Whatever is moved where, all balances add up to what they did, and none is below zero."""
    with tempfile.TemporaryDirectory(dir=furnished.parent) as folder:
        clock = FixedClock(datetime(2026, 5, 21, 12, tzinfo=UTC))
        counter = Counter(open_store(copy_desk(furnished, Path(folder)), clock), clock)
        with counter.store.database.connected():
            cards = [
                counter.issued(product, minor) for product, minor in (("half", 5000), ("week", 1), ("forever", 70))
            ]
            for source, target, minor in moves:
                had = counter.sheet(cards[source]).balance_minor
                may = source != target and had > 0 and (minor or had) <= had
                assert moved(counter, cards[source], cards[target], minor).done is may
            balances = [counter.sheet(card).balance_minor for card in cards]
            assert sum(balances) == 5071
            assert min(balances) >= 0
            assert not counter.findings()
