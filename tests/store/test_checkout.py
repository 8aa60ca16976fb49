"""Stories of the checkout simulator: would it go through, now or then, and does the till say the same."""

from datetime import UTC, datetime, timedelta

import pytest
from store.counter import BOTH, NOON, PRODUCTS, Counter

from models import desk
from models.checkout import simulate
from models.errors import Mendable, Refused
from models.rules.errors import BadAmount, BadText

ENGINES = BOTH


def restricted(counter: Counter, places: list[str] | None = None, channels: list[str] | None = None) -> int:
    """A card of a product that is spent in some places, or in some channels, only."""
    rules = PRODUCTS["half"]
    set_ = desk.set_product(counter.mia, "half", rules=rules, spend_places=places, spend_channels=channels)
    assert set_.done
    return counter.issued()


def test_a_purchase_is_tried_without_a_trace(counter: Counter) -> None:
    """Twenty-five pounds in Leeds would go through, and nothing was written."""
    card = counter.issued()
    found = simulate(counter.sam, card, amount_minor=2500, place="Leeds")
    assert found.passes
    assert (
        found.sentence == "25.00 GBP at Leeds on 21 May 2026 13:00 would go through, and leave 25.00 GBP on the card."
    )
    assert counter.kinds(card) == ["issue"]
    assert not counter.findings()


def test_without_an_amount_all_of_it_is_meant(counter: Counter) -> None:
    """What could the customer spend at most?"""
    assert simulate(counter.sam, counter.issued()).pays_minor == 5000


def test_a_time_to_come_and_a_time_that_is_past(counter: Counter) -> None:
    """Before it was valid, on its last evening, and a minute after it stopped."""
    card = counter.issued("careful")
    active_from, last_day = datetime(2026, 5, 23, 23, tzinfo=UTC), datetime(2026, 11, 21, 2, 59, tzinfo=UTC)
    minute = timedelta(minutes=1)
    asked = [active_from - minute, active_from, last_day, last_day + minute]
    for seen_on in ("2026-05-21T12:00", "2026-12-24T12:00"):
        counter.at(seen_on)
        assert [simulate(counter.sam, card, at=at).passes for at in asked] == [False, True, True, False]
    with pytest.raises(Refused, match="did not exist yet"):
        simulate(counter.sam, card, at=NOON - minute)


def test_money_that_was_spent_later_was_there_then(counter: Counter) -> None:
    """On Thursday it would have paid; on Friday it was empty."""
    card = counter.issued()
    counter.wait(days=1)
    assert desk.redeem(counter.sam, card, 5000).done
    assert simulate(counter.sam, card, at=NOON).pays_minor == 5000
    assert simulate(counter.sam, card).refusals == ("There is nothing left on the card.",)


def test_what_the_product_said_then_counts(counter: Counter) -> None:
    """A restriction that came on Friday kept nobody from paying on Thursday."""
    card = counter.issued()
    counter.wait(days=1)
    restricted(counter, ["Leeds"])
    assert simulate(counter.sam, card, at=NOON, place="York").passes
    assert simulate(counter.sam, card, place="York").refusals == ("The card can be spent only at Leeds, not at York.",)
    assert not simulate(counter.sam, card, place="York", at=NOON + timedelta(days=9)).passes


def test_the_till_keeps_to_what_the_product_says(counter: Counter) -> None:
    """Leeds takes it, whatever the spelling; York does not, nor the web shop, nor who does not say."""
    card = restricted(counter, ["Leeds", "Zürich"], ["store"])
    refused = desk.redeem(counter.sam, card, 1000, place="York", channel="web")
    counter.assert_refused(
        refused,
        "The card can be spent only at Leeds or Zürich, not at York. "
        "The card can be spent only in stores, not in the web shop.",
        card,
        ["issue"],
    )
    assert not desk.redeem(counter.sam, card, 1000).done
    assert desk.redeem(counter.sam, card, 1000, place="ZURICH", channel="store").done
    line = counter.last(card)
    assert (line.place, line.details) == ("ZURICH", {"channel": "store"})
    assert not counter.findings()


def test_the_till_says_what_the_simulator_said(counter: Counter) -> None:
    """Word for word, whatever is asked of however many rules at once."""
    card = restricted(counter, ["Leeds"], ["store"])
    assert desk.suspend(counter.sue, card, "stolen").done
    for amount, place, channel in ((9000, "York", "web"), (1000, "Leeds", "store"), (1000, None, None)):
        tried = simulate(counter.sam, card, amount_minor=amount, place=place, channel=channel)
        told = desk.redeem(counter.sam, card, amount, place=place, channel=channel)
        assert (told.done, told.sentence) == (False, " ".join(tried.refusals))


def test_what_can_not_be_meant_is_said(counter: Counter) -> None:
    """A currency, a channel, an address or a place that is none."""
    card = counter.issued()
    with pytest.raises(BadAmount, match="no currency called 'XXL'"):
        simulate(counter.sam, card, currency="XXL")
    with pytest.raises(Mendable, match="A channel is web or store"):
        simulate(counter.sam, card, channel="phone")
    with pytest.raises(BadText, match="not an e-mail address"):
        simulate(counter.sam, card, email="ada")
    with pytest.raises(BadText, match=r"cannot be shown \(U\+001B\)"):
        simulate(counter.sam, card, place="Leeds\x1b[2J")
    assert desk.redeem(counter.sam, card, 1, channel="phone").is_mendable


def test_a_card_without_a_number_is_none(counter: Counter) -> None:
    """Nothing is simulated of nothing."""
    with pytest.raises(Refused, match="no such card"):
        simulate(counter.sam, 999)
