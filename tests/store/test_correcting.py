"""Stories of cards that are cancelled, extended and adjusted."""

from datetime import date

import pytest
from store.counter import BOTH, Counter, plain_sql

from models import desk
from models.cards import lock_card
from models.desk.agents import set_agent
from models.jobs.expire import expire
from models.journals import NEWEST
from models.ledger import append
from models.rules.journal import Entry, Kind
from models.rules.money import LARGEST_MINOR
from models.rules.roles import Action
from models.unit import Outcome, begin

ENGINES = BOTH

STILL_FAILS = desk.Escalation.STILL_FAILS
SUE = desk.PersonGiven("Sue", "sue@desk.example")


def escalated(counter: Counter, card: int) -> str:
    """The id under which a card was handed over."""
    id_: str = desk.escalate(counter.sam, card, STILL_FAILS, "till says 40").facts["escalation"]
    return id_


# Cancelling


def test_a_cancelled_card_gives_its_balance_back_to_the_payer(counter: Counter) -> None:
    """It is told how much; nothing moves on the card ever after."""
    card = counter.issued()
    desk.redeem(counter.sam, card, 1500)
    done = desk.cancel(counter.sue, card, " order returned ", ref="T-4")
    sheet = counter.sheet(card)
    assert done.sentence == f"Card ···· {sheet.last_four} is cancelled: 35.00 GBP goes back to the payer."
    assert (done.facts["returned_minor"], sheet.status, sheet.balance_minor) == (3500, "cancelled", 0)
    last = counter.last(card)
    assert (last.kind, last.amount_minor, last.reason, last.details) == (
        "cancellation",
        -3500,
        "order returned",
        {"ref": "T-4"},
    )
    for outcome in (
        desk.top_up(counter.sue, card, 100),
        desk.refund(counter.sue, card, 100, of_number=2),
        desk.extend(counter.sue, card, date(2027, 1, 1), "asked"),
        desk.replace(counter.sue, card, "lost"),
        desk.cancel(counter.sue, card, "again"),
    ):
        assert outcome.sentence == "The card was cancelled on 21 May 2026 13:00, which is final."
    assert not counter.findings()


@pytest.mark.parametrize("has_run", [False, True])
def test_a_card_past_its_cut_off_breaks_and_returns_nothing(counter: Counter, has_run: bool) -> None:
    """Whether or not the run has been by."""
    card = counter.issued("week")
    counter.wait(days=8)
    if has_run:
        expire(counter.olaf)
    done = desk.cancel(counter.sue, card, "order returned")
    assert done.sentence.endswith("is cancelled: nothing goes back.")
    assert done.facts["returned_minor"] == 0
    assert [(line.kind.value, line.amount_minor) for line in counter.journal(card)] == [
        ("issue", 5000),
        ("breakage", -5000),
        ("cancellation", 0),
    ]
    assert "returned" not in counter.sheet(card).diagnosis.reason
    assert not counter.findings()


def test_a_spent_or_held_card_is_cancelled_too(counter: Counter) -> None:
    spent, held = counter.issued(), counter.issued()
    desk.redeem(counter.sam, spent, 5000)
    desk.suspend(counter.sue, held, "stolen")
    assert desk.cancel(counter.sue, spent, "order returned").facts["returned_minor"] == 0
    assert desk.cancel(counter.sue, held, "order returned").facts["returned_minor"] == 5000
    assert [counter.sheet(card).status for card in (spent, held)] == ["cancelled", "cancelled"]


# Extending


def test_an_extended_card_lives_longer_and_is_otherwise_the_same(counter: Counter) -> None:
    """The reason stands beside the day; balance, start and hold are what they were."""
    card = counter.issued("careful")
    desk.suspend(counter.sue, card, "stolen")
    before = counter.sheet(card)
    done = desk.extend(counter.sue, card, date(2027, 3, 1), "was ill for weeks", ref="T-5")
    after, last = counter.sheet(card), counter.last(card)
    assert done.sentence == f"Card ···· {after.last_four} is valid until Mon 1 Mar 2027."
    assert (last.kind, last.reason) == ("expiry_changed", "was ill for weeks")
    assert last.details == {"ref": "T-5", "sets": {"last_day": "2027-03-01"}}
    assert (after.last_day_on, after.status) == (date(2027, 3, 1), "suspended")
    assert (after.balance_minor, after.active_from_at) == (before.balance_minor, before.active_from_at)
    assert not counter.findings()


def test_a_card_is_extended_up_to_its_cut_off_and_not_after(counter: Counter) -> None:
    """A balance that has stopped is brought back by a reactivation, or not at all, whatever is on the card."""
    card, spent = counter.issued("week"), counter.issued("week")
    desk.redeem(counter.sam, spent, 5000)
    counter.at("2026-05-28T01:59:59")
    assert desk.extend(counter.sue, card, date(2026, 5, 28), "asked").done
    counter.at("2026-05-29T02:00:00")
    told = "The card's last day is over (stopped {}): only a reactivation brings a balance back."
    for each, stopped in ((card, "Fri 29 May 03:00"), (spent, "Thu 28 May 03:00")):
        outcome = desk.extend(counter.sue, each, date(2026, 12, 1), "asked")
        assert outcome.sentence == told.format(stopped)


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (date(2026, 11, 20), "The last day is Fri 20 Nov 2026 already: give a later one."),
        (date(2026, 11, 19), "The last day is Fri 20 Nov 2026 already: give a later one."),
        (date(1999, 12, 31), "The last day is Fri 20 Nov 2026 already: give a later one."),
        (date(2201, 1, 1), "The last day can't be later than 31 Dec 2200."),
        (date.max, "The last day can't be later than 31 Dec 2200."),
    ],
)
def test_only_a_later_day_extends(counter: Counter, until: date, told: str) -> None:
    card = counter.issued()
    counter.assert_refused(desk.extend(counter.sue, card, until, "asked"), told, card, ["issue"])
    assert desk.extend(counter.sue, card, date(2026, 11, 21), "asked").done
    assert desk.extend(counter.sue, card, date(2200, 12, 31), "asked").done


def test_what_never_expires_is_not_extended(counter: Counter) -> None:
    card = counter.issued("forever")
    told = "The card never expires: there is nothing to extend."
    counter.assert_refused(desk.extend(counter.sue, card, date(2030, 1, 1), "asked"), told, card, ["issue"])


# Adjusting


@pytest.mark.parametrize(("minor", "balance", "word"), [(1000, 6000, "added"), (-5000, 0, "taken off")])
def test_payments_support_corrects_a_balance(counter: Counter, minor: int, balance: int, word: str) -> None:
    """For an escalation, which is still to be answered: by correcting it alone nobody was told."""
    card = counter.issued()
    id_ = escalated(counter, card)
    assert counter.sheet(card).escalation == id_
    done = desk.adjust(counter.pat, card, minor, f" {id_.lower()} ", "till was down", ref="P-1")
    assert f": {abs(minor) // 100}.00 GBP {word} for {id_}, {balance // 100}.00 GBP on the card." in done.sentence
    last = counter.last(card)
    assert (last.kind, last.amount_minor, last.reason) == ("adjustment", minor, "till was down")
    assert last.details == {"escalation": id_, "ref": "P-1"}
    assert done.sentence.endswith(f" {id_} is still to be answered.")
    assert counter.sheet(card).escalation == id_
    assert desk.close_escalation(counter.pat, id_, desk.Answer.CORRECTED).done
    assert counter.sheet(card).escalation is None
    more = desk.adjust(counter.pat, card, 1, id_, "one penny more")
    assert (more.done, "still to be" in more.sentence) == (True, False)
    assert ": 0.01 GBP added for " in more.sentence
    assert not counter.findings()


def test_no_adjustment_without_an_escalation_of_that_card(counter: Counter) -> None:
    card, other = counter.issued(), counter.issued()
    id_ = escalated(counter, other)
    told = "Nobody has escalated this card: a balance is corrected only for an escalation."
    counter.assert_refused(desk.adjust(counter.pat, card, 100, id_, "asked"), told, card, ["issue"])
    own = escalated(counter, card)
    told = f"This card has no escalation {id_}; its latest is {own}."
    counter.assert_refused(desk.adjust(counter.pat, card, 100, id_, "asked"), told, card, ["issue", "escalated"])


@pytest.mark.files
def test_an_old_escalation_is_found_however_long_the_journal(counter: Counter) -> None:
    """More activities than a sheet reads lie between."""
    card = counter.issued()
    id_ = escalated(counter, card)
    with counter.store.database.writing():
        hand = begin(counter.sam, Action.NOTE).hand
        append(hand, lock_card(card), *[Entry(Kind.NOTE, hand.at, text="called again")] * (NEWEST + 1))
    assert desk.adjust(counter.pat, card, 100, id_, "asked").done


def test_an_adjustment_never_goes_below_zero(counter: Counter) -> None:
    card = counter.issued()
    id_ = escalated(counter, card)
    told = "The card holds 50.00 GBP, less than 50.01 GBP."
    counter.assert_refused(desk.adjust(counter.pat, card, -5001, id_, "asked"), told, card, ["issue", "escalated"])


@pytest.mark.files
def test_an_adjustment_fills_a_card_to_the_brim_and_no_further(counter: Counter) -> None:
    card = counter.issued(amount_minor=LARGEST_MINOR - 1)
    id_ = escalated(counter, card)
    assert desk.adjust(counter.pat, card, 2, id_, "asked").sentence == "That is more than a gift card can hold."
    for senseless in (0, LARGEST_MINOR + 1, -LARGEST_MINOR - 1):
        assert desk.adjust(counter.pat, card, senseless, id_, "asked").sentence.startswith("The amount must be more")
    assert desk.adjust(counter.pat, card, 1, id_, "asked").done


def test_what_is_final_over_or_broken_is_not_adjusted(counter: Counter) -> None:
    cancelled, over, spoiled = counter.issued(), counter.issued("week"), counter.issued()
    ids = {card: escalated(counter, card) for card in (cancelled, over, spoiled)}
    desk.cancel(counter.sue, cancelled, "order returned")
    counter.wait(days=8)
    with plain_sql(counter.store.path) as file:
        file.execute("UPDATE gift_card SET balance_minor = 9000 WHERE id = ?", (spoiled,))

    def told(card: int) -> str:
        outcome: Outcome = desk.adjust(counter.pat, card, 100, ids[card], "asked")
        assert not outcome.done
        return outcome.sentence

    assert told(cancelled) == "The card was cancelled on 21 May 2026 13:00, which is final."
    assert told(over).endswith("no balance can be corrected any more.")
    assert told(spoiled).startswith("The card does not add up: its row is mended first (giftdesk verify --repair)")


@pytest.mark.parametrize("wish", ["replace", "extend", "add"])
def test_nobody_does_a_favour_to_a_card_of_their_own(counter: Counter, wish: str) -> None:
    """The manager's own card is a colleague's to decide; to take money off it is no favour."""
    set_agent(counter.mia, "mia", email="Sue@desk.example")
    card = counter.issued(purchaser=SUE)
    id_ = escalated(counter, card)
    wishes = {
        "replace": desk.replace(counter.mia, card, "lost"),
        "extend": desk.extend(counter.mia, card, date(2027, 1, 1), "asked"),
        "add": desk.adjust(counter.mia, card, 1, id_, "asked"),
    }
    told = "This is a card of your own: ask a colleague."
    counter.assert_refused(wishes[wish], told, card, ["issue", "escalated"])
    assert desk.adjust(counter.mia, card, -100, id_, "asked").done


@pytest.mark.parametrize(
    ("login", "deed", "told"),
    [
        ("sam", "cancel", "An agent may not cancel cards; ask a supervisor or a manager."),
        ("sue", "adjust", "A supervisor may not adjust balances; ask a manager or Payments Support."),
        ("pat", "extend", "Payments Support may not extend cards; ask a supervisor or a manager."),
    ],
)
def test_who_may_not_is_told_who_may(counter: Counter, login: str, deed: str, told: str) -> None:
    card, session = counter.issued(), getattr(counter, login)
    wishes = {
        "cancel": lambda: desk.cancel(session, card, "asked"),
        "adjust": lambda: desk.adjust(session, card, 1, "E1-1", "asked"),
        "extend": lambda: desk.extend(session, card, date(2027, 1, 1), "asked"),
    }
    counter.assert_refused(wishes[deed](), told, card, ["issue"])
