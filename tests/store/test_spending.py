"""Stories of redeeming and refunding."""

from datetime import date
from typing import Any

import pytest
from store.counter import BOTH, Counter

from models import desk

ENGINES = BOTH


def test_a_purchase_takes_its_amount(counter: Counter) -> None:
    """Twelve pounds fifty at the till in Leeds leave thirty-seven fifty."""
    card = counter.issued()
    done = desk.redeem(counter.sam, card, 1250, place="Leeds", order_ref="A-1")
    assert done.sentence.endswith(": 12.50 GBP redeemed, 37.50 GBP left.")
    line = counter.last(card)
    assert (line.kind, line.amount_minor, line.balance_after_minor) == ("redemption", -1250, 3750)
    assert (line.actor, line.place, line.order_ref) == ("Sam", "Leeds", "A-1")
    assert not counter.findings()


def test_the_last_penny_can_be_spent_until_the_cut_off(counter: Counter) -> None:
    """A microsecond before three in the morning the card still pays."""
    card = counter.issued("week")
    counter.at("2026-05-28T01:59:59.999999")
    assert desk.redeem(counter.sam, card, 5000).done
    counter.wait(microseconds=1)
    assert counter.sheet(card).status == "active"


def test_at_the_cut_off_the_card_pays_no_more(counter: Counter) -> None:
    """At three in the morning sharp it is over, whether or not the run was by."""
    card = counter.issued("week")
    counter.at("2026-05-28T02:00")
    counter.assert_refused(
        desk.redeem(counter.sam, card, 1),
        "The card expired: its balance stopped on Thu 28 May 03:00.",
        card,
        ["issue"],
    )


@pytest.mark.parametrize("amount", [5001, 10**12])
def test_more_than_there_is_is_refused_not_cut_down(counter: Counter, amount: int) -> None:
    """Nothing is taken when not all of it can be."""
    card = counter.issued()
    pounds = f"{amount // 100}.{amount % 100:02}"
    counter.assert_refused(
        desk.redeem(counter.sam, card, amount), f"The card holds 50.00 GBP, less than {pounds} GBP.", card, ["issue"]
    )


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1])
def test_an_amount_that_is_none_is_refused(counter: Counter, amount: int) -> None:
    """A minus sign at the till gives nobody money."""
    card = counter.issued()
    refused = desk.redeem(counter.sam, card, amount)
    told = "The amount must be more than zero, and less than any gift card can hold."
    counter.assert_refused(refused, told, card, ["issue"])
    assert refused.is_mendable


def test_an_amount_is_a_whole_number(counter: Counter) -> None:
    """Half a penny would make a card that never adds up again."""
    card = counter.issued()
    for amount in (12.5, True, "12"):
        refused = desk.redeem(counter.sam, card, amount)  # type: ignore[arg-type]
        assert not refused.done
    assert counter.kinds(card) == ["issue"]
    assert not counter.findings()


def test_a_card_that_is_not_valid_yet_pays_nothing(counter: Counter) -> None:
    """The delay guards against fraud."""
    card = counter.issued("careful")
    counter.assert_refused(
        desk.redeem(counter.sam, card, 1), "The card is valid only from Sun 24 May 00:00.", card, ["issue"]
    )


def test_a_suspended_card_pays_nothing(counter: Counter) -> None:
    """On hold is on hold."""
    card = counter.issued()
    desk.suspend(counter.sue, card, "stolen")
    counter.assert_refused(
        desk.redeem(counter.sam, card, 1),
        "The card is suspended: nothing can be taken from it.",
        card,
        ["issue", "suspended"],
    )


def test_an_empty_card_pays_nothing(counter: Counter) -> None:
    """Spent is spent."""
    card = counter.issued()
    desk.redeem(counter.sam, card, 5000)
    counter.assert_refused(
        desk.redeem(counter.sam, card, 1), "There is nothing left on the card.", card, ["issue", "redemption"]
    )


@pytest.mark.parametrize("login", ["ada", "pat", "olaf"])
def test_who_does_not_serve_takes_nothing(counter: Counter, login: str) -> None:
    """Auditor, Payments Support and operator have other work."""
    card = counter.issued()
    refused = desk.redeem(getattr(counter, login), card, 1)
    assert refused.sentence.endswith(" may not redeem cards; ask an agent, a supervisor or a manager.")
    assert counter.kinds(card) == ["issue"]


def test_a_refund_gives_back_what_an_order_took(counter: Counter) -> None:
    """The shoes came back: the card has its money again, and no new days."""
    card = counter.issued()
    desk.redeem(counter.sam, card, 2000, order_ref="A-1", place="Leeds")
    counter.wait(days=9)
    done = desk.refund(counter.sue, card, 1500, of_order="A-1")
    assert done.sentence.endswith(": 15.00 GBP given back, 45.00 GBP on the card.")
    line = counter.last(card)
    assert (line.kind, line.amount_minor, line.reverses, line.order_ref) == ("refund", 1500, 2, "A-1")
    assert counter.sheet(card).last_day_on == date(2026, 11, 20)
    assert not counter.findings()


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1])
def test_nothing_that_is_no_amount_is_given_back(counter: Counter, amount: int) -> None:
    card = counter.issued()
    desk.redeem(counter.sam, card, 2000, order_ref="A-1")
    refused = desk.refund(counter.sue, card, amount, of_order="A-1")
    told = "The amount must be more than zero, and less than any gift card can hold."
    counter.assert_refused(refused, told, card, ["issue", "redemption"])


def test_all_refunds_of_one_order_stay_within_it(counter: Counter) -> None:
    """Fifteen of twenty pounds are back: five are left to give, not six."""
    card = counter.issued()
    desk.redeem(counter.sam, card, 2000, order_ref="A-1")
    desk.refund(counter.sue, card, 1500, of_order="A-1")
    counter.assert_refused(
        desk.refund(counter.sue, card, 501, of_order="A-1"),
        "Only 5.00 GBP of that redemption is left to give back.",
        card,
        ["issue", "redemption", "refund"],
    )
    assert desk.refund(counter.sue, card, 500, of_number=2).done
    assert counter.sheet(card).balance_minor == 5000


def test_two_redemptions_of_one_order_are_named_by_number(counter: Counter) -> None:
    """The till charged the order twice; the supervisor says which one goes back."""
    card = counter.issued()
    desk.redeem(counter.sam, card, 100, order_ref="A-1")
    desk.redeem(counter.sam, card, 200, order_ref="A-1")
    refused = desk.refund(counter.sue, card, 100, of_order="A-1")
    assert refused.sentence == "Several redemptions belong to that order; name one by its number: 2, 3."
    assert desk.refund(counter.sue, card, 200, of_number=3).done


def test_an_order_means_what_is_left_of_it_to_give_back(counter: Counter) -> None:
    """What was given back whole is no second meaning; once all of it was, nothing more goes back."""
    card = counter.issued()
    for minor in (2000, 300):
        assert desk.redeem(counter.sam, card, minor, order_ref="A-1").done
    assert desk.refund(counter.sue, card, 2000, of_number=2).done
    assert desk.refund(counter.sue, card, 300, of_order="A-1").done
    assert not desk.refund(counter.sue, card, 1, of_order="A-1").done


def test_the_same_key_for_another_till_is_another_wish(counter: Counter) -> None:
    """Who pays, and in which channel, belong to what was asked for."""
    card = counter.issued()
    paid: dict[str, Any] = {"channel": "store", "email": "lin@example.org", "intent": "A-9"}
    assert desk.redeem(counter.sam, card, 100, **paid).done
    assert desk.redeem(counter.sam, card, 100, **paid).repeated
    for other in ({"channel": "web"}, {"email": "eve@example.org"}):
        assert "used before, for something else" in desk.redeem(counter.sam, card, 100, **{**paid, **other}).sentence


@pytest.mark.parametrize("named", [{"of_order": "B-9"}, {"of_number": 1}, {"of_number": 99}])
def test_a_refund_of_no_redemption_is_refused(counter: Counter, named: dict[str, object]) -> None:
    """Money goes back only where it came from."""
    card = counter.issued()
    desk.redeem(counter.sam, card, 100, order_ref="A-1")
    counter.assert_refused(
        desk.refund(counter.sue, card, 100, **named),  # type: ignore[arg-type]
        "The card has no such redemption; name it by its order, as the history shows it.",
        card,
        ["issue", "redemption"],
    )


def test_a_refund_names_its_redemption(counter: Counter) -> None:
    """A purchase without an order number is named by its own number, not by naming nothing."""
    card = counter.issued()
    desk.redeem(counter.sam, card, 100)
    assert not desk.refund(counter.sue, card, 100).done
    assert desk.refund(counter.sue, card, 100, of_number=2).done


@pytest.mark.parametrize("spent", [2000, 5000], ids=["something left", "nothing left"])
def test_after_the_cut_off_a_refund_goes_another_way(counter: Counter, spent: int) -> None:
    """Money put on a card that has stopped would be lost to the customer."""
    card = counter.issued("week")
    desk.redeem(counter.sam, card, spent, order_ref="A-1")
    counter.at("2026-05-28T02:00")
    counter.assert_refused(
        desk.refund(counter.sue, card, 100, of_order="A-1"),
        "The card's last day is over (stopped Thu 28 May 03:00): refund in another way.",
        card,
        ["issue", "redemption"],
    )


def test_a_suspended_card_is_credited_and_stays_suspended(counter: Counter) -> None:
    """A refund is the customer's money, hold or no hold."""
    card = counter.issued()
    desk.redeem(counter.sam, card, 2000, order_ref="A-1")
    desk.suspend(counter.sue, card, "stolen")
    assert desk.refund(counter.sue, card, 2000, of_order="A-1").done
    assert (counter.sheet(card).status, counter.sheet(card).balance_minor) == ("suspended", 5000)


def test_an_agent_may_not_refund(counter: Counter) -> None:
    """Sam asks a supervisor, and is told so."""
    card = counter.issued()
    desk.redeem(counter.sam, card, 2000, order_ref="A-1")
    counter.assert_refused(
        desk.refund(counter.sam, card, 100, of_order="A-1"),
        "An agent may not refund to cards; ask a supervisor or a manager.",
        card,
        ["issue", "redemption"],
    )
