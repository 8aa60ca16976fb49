"""Which actions a card allows now, and for each that it refuses why: the answer that screens and the desk share."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from models.rules.actions import ON_A_CARD, action_refusal, all_refusals
from models.rules.facts import CardFacts, Replaced
from models.rules.policy import Policy
from models.rules.roles import Action, Actor, Role, role_refusal
from models.rules.validity import BusinessTime

LONDON = BusinessTime("Europe/London")
MANAGER = Actor(Role.MANAGER)
NOW = datetime(2026, 11, 21, 14, tzinfo=UTC)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
MAY = datetime(2026, 5, 21, tzinfo=UTC)

CARD = CardFacts("GBP", 5000, active_from_at=MAY, cut_off_at=NOW + 200 * DAY)
OVER = replace(CARD, cut_off_at=NOW, last_day_on=(NOW - DAY).date())
REPLACED = replace(CARD, balance_minor=0, replaced=Replaced("J773", MAY))


def refusal(action: Action, card: CardFacts, actor: Actor = MANAGER) -> str | None:
    return action_refusal(action, card, actor, Policy(), NOW, LONDON)


def cards() -> list[CardFacts]:
    """Every way in which a consistent card can stand, down to the microsecond."""
    made = []
    for cancelled, suspended, flags in product((None, MAY), (None, MAY), (0, 2)):
        for active_from_at in (MAY, NOW, NOW + MICROSECOND):
            for cut_off_at in (None, NOW + DAY, NOW + MICROSECOND, NOW, NOW - 9 * DAY):
                for balance, broken in ((5000, 0), (0, 0), (0, 5000)):
                    over = cut_off_at is not None and cut_off_at <= NOW
                    if broken and not over:
                        continue
                    made.append(
                        replace(
                            CARD,
                            balance_minor=balance,
                            broken_minor=broken,
                            active_from_at=active_from_at,
                            cut_off_at=cut_off_at,
                            last_day_on=None if cut_off_at is None else (cut_off_at - DAY).date(),
                            cancelled_at=cancelled,
                            suspended_at=suspended,
                            open_flags=flags,
                        )
                    )
    return made


def is_over(card: CardFacts) -> bool:
    return card.cut_off_at is not None and card.cut_off_at <= NOW


def is_spendable(card: CardFacts) -> bool:
    held = card.cancelled_at or card.suspended_at
    return not held and card.active_from_at <= NOW and not is_over(card) and card.balance_minor > 0


def can_give(card: CardFacts) -> bool:
    held = card.cancelled_at or card.suspended_at or card.open_flags
    return not held and not is_over(card) and card.balance_minor > 0


ALLOWED: dict[Action, Callable[[CardFacts], bool]] = {
    Action.REDEEM: is_spendable,
    Action.TOP_UP: lambda card: not card.cancelled_at and not card.suspended_at,
    Action.REFUND: lambda card: not card.cancelled_at and not is_over(card),
    Action.SUSPEND: lambda card: not card.cancelled_at and not card.suspended_at,
    Action.LIFT: lambda card: not card.cancelled_at and card.suspended_at is not None,
    Action.CLEAR_FLAG: lambda card: card.open_flags > 0,
    Action.NOTE: lambda _: True,
    Action.ESCALATE: lambda _: True,
    Action.CANCEL: lambda card: not card.cancelled_at,
    Action.EXTEND: lambda card: not card.cancelled_at and card.last_day_on is not None and not is_over(card),
    Action.TRANSFER: lambda card: can_give(card),
    Action.REPLACE: lambda card: can_give(card),
    Action.ADJUST: lambda card: not card.cancelled_at and not is_over(card),
}


@pytest.mark.parametrize("action", ALLOWED)
def test_an_action_is_allowed_exactly_when_its_rule_says_so(action: Action) -> None:
    for card in cards():
        told = refusal(action, card)
        assert (told is None) is ALLOWED[action](card), (card, told)
        assert told is None or (not told[0].islower() and told.endswith(".")), told


@pytest.mark.parametrize("action", ON_A_CARD)
def test_a_card_that_does_not_add_up_takes_notes_and_escalations_only(action: Action) -> None:
    for card in cards():
        told = refusal(action, replace(card, is_consistent=False))
        assert (told is None) is (action in {"note", "escalate"}), card


@pytest.mark.parametrize("role", Role)
def test_what_a_role_may_not_do_is_refused_whatever_the_card(role: Role) -> None:
    for action in ON_A_CARD:
        told = role_refusal(role, action)
        if told is not None:
            assert refusal(action, CARD, Actor(role)) == told
            assert refusal(action, replace(CARD, is_consistent=False), Actor(role)) == told


def test_every_action_on_a_card_has_an_answer_and_it_is_the_same_one() -> None:
    for card in cards():
        answers = all_refusals(card, MANAGER, Policy(), NOW, LONDON)
        assert answers == {action: refusal(action, card) for action in ON_A_CARD}
    assert set(ON_A_CARD) >= {*ALLOWED, Action.REACTIVATE, Action.RAISE_FLAG, Action.REGISTER}


@pytest.mark.parametrize(
    ("card", "action", "words"),
    [
        (replace(CARD, suspended_at=MAY), Action.REDEEM, "suspended"),
        (replace(CARD, active_from_at=NOW + 2 * DAY), Action.REDEEM, "Mon 23 Nov"),
        (replace(CARD, cut_off_at=NOW - 11 * timedelta(hours=1)), Action.REDEEM, "Sat 21 Nov"),
        (replace(CARD, balance_minor=0), Action.REDEEM, "nothing left"),
        (replace(CARD, cancelled_at=MAY), Action.REDEEM, "21 May 2026"),
        (replace(CARD, suspended_at=MAY), Action.TOP_UP, "suspended"),
        (replace(CARD, cancelled_at=MAY), Action.TOP_UP, "cancelled on 21 May 2026 01:00"),
        (replace(CARD, cancelled_at=MAY, suspended_at=MAY), Action.TOP_UP, "cancelled on 21 May 2026 01:00"),
        (replace(CARD, cancelled_at=MAY, suspended_at=MAY), Action.REDEEM, "cancelled on 21 May 2026 01:00"),
        (replace(CARD, cancelled_at=MAY, suspended_at=MAY), Action.LIFT, "cancelled on 21 May 2026 01:00"),
        (replace(CARD, active_from_at=NOW + 200 * DAY), Action.REDEEM, "Wed 9 Jun 2027"),
        (replace(CARD, active_from_at=NOW + 2 * DAY, cut_off_at=NOW - DAY), Action.REDEEM, "Mon 23 Nov"),
        (replace(CARD, cut_off_at=NOW - 365 * DAY), Action.REDEEM, "Fri 21 Nov 2025"),
        (replace(CARD, cut_off_at=NOW - 365 * DAY), Action.REFUND, "Fri 21 Nov 2025"),
        (replace(CARD, cut_off_at=NOW), Action.REFUND, "Sat 21 Nov"),
        (replace(CARD, suspended_at=MAY), Action.SUSPEND, "21 May 2026"),
        (CARD, Action.LIFT, "not suspended"),
        (CARD, Action.CLEAR_FLAG, "No flag"),
        (replace(CARD, cancelled_at=MAY), Action.CANCEL, "cancelled on 21 May 2026 01:00, which is final"),
        (CARD, Action.EXTEND, "never expires"),
        (OVER, Action.EXTEND, "stopped Sat 21 Nov 14:00"),
        (replace(OVER, balance_minor=0), Action.EXTEND, "only a reactivation"),
        (replace(CARD, suspended_at=MAY), Action.TRANSFER, "suspended"),
        (replace(CARD, suspended_at=MAY, cancelled_at=MAY), Action.REPLACE, "final"),
        (OVER, Action.TRANSFER, "last day is over (stopped Sat 21 Nov 14:00)"),
        (replace(OVER, balance_minor=0, broken_minor=5000), Action.REPLACE, "last day is over"),
        (replace(OVER, balance_minor=0), Action.REPLACE, "nothing left"),
        (replace(CARD, balance_minor=0), Action.TRANSFER, "nothing left"),
        (replace(CARD, open_flags=2), Action.TRANSFER, "2 flags are open: read and clear each"),
        (replace(CARD, open_flags=1), Action.REPLACE, "1 flag is open: read and clear each"),
        (OVER, Action.ADJUST, "no balance can be corrected"),
        (replace(CARD, is_consistent=False), Action.ADJUST, "verify --repair"),
        (REPLACED, Action.TOP_UP, "replaced by ···· J773 on 21 May 2026 01:00: go on with that one"),
        (REPLACED, Action.REPLACE, "replaced by ···· J773"),
        (REPLACED, Action.REDEEM, "replaced by ···· J773"),
        (REPLACED, Action.TRANSFER, "replaced by ···· J773"),
    ],
)
def test_a_refusal_says_what_stands_in_the_way(card: CardFacts, action: Action, words: str) -> None:
    assert words in (refusal(action, card) or "")


@pytest.mark.parametrize("action", ON_A_CARD)
def test_nobody_favours_a_card_of_their_own(action: Action) -> None:
    """What gives its people something is a colleague's to do; whatever else stands in the way is told first."""
    theirs = replace(CARD, last_day_on=NOW.date(), people_emails=frozenset({"sue@desk.example", "lin@home.example"}))
    sue, bo = Actor(Role.MANAGER, "sue@desk.example"), Actor(Role.MANAGER, "bo@desk.example")
    theirs = replace(theirs, open_flags=1) if action is Action.CLEAR_FLAG else theirs
    theirs = replace(theirs, suspended_at=MAY) if action is Action.LIFT else theirs
    told = refusal(action, theirs, sue)
    favours = {Action.REPLACE, Action.EXTEND, Action.TRANSFER, Action.REFUND}
    favours |= {Action.LIFT, Action.CLEAR_FLAG, Action.RESTRICT}
    assert (told == "This is a card of your own: ask a colleague.") is (action in favours)
    assert refusal(action, theirs, bo) == refusal(action, replace(theirs, people_emails=frozenset()))
    assert "which is final" in (refusal(Action.EXTEND, replace(theirs, cancelled_at=MAY), sue) or "")


def test_what_was_refunded_to_a_replaced_card_can_still_be_spent_and_moved() -> None:
    """But no fresh money is put on it, and no third card made for it."""
    late = replace(REPLACED, balance_minor=1500)
    assert refusal(Action.REDEEM, late) is None
    assert refusal(Action.TRANSFER, late) is None
    assert "replaced by" in (refusal(Action.REPLACE, late) or "")
    assert "replaced by" in (refusal(Action.TOP_UP, late) or "")


def test_a_cancelled_card_on_hold_takes_no_load_and_nobody_is_told_to_wait_for_the_hold() -> None:
    """Lifting the suspension would not help: what is final is told."""
    told = refusal(Action.TOP_UP, replace(CARD, cancelled_at=MAY, suspended_at=MAY))
    assert told == "The card was cancelled on 21 May 2026 01:00, which is final."


def test_a_card_whose_product_has_no_rules_yet_takes_no_load_and_everything_else() -> None:
    """What is final or on hold is told before it."""
    unruled = replace(CARD, has_rules=False)
    told = refusal(Action.TOP_UP, unruled)
    assert told == "The card's product has no validity rules yet: a manager must set them before it can be topped up."
    assert "cancelled" in (refusal(Action.TOP_UP, replace(unruled, cancelled_at=MAY)) or "")
    assert "suspended" in (refusal(Action.TOP_UP, replace(unruled, suspended_at=MAY)) or "")
    for action in ON_A_CARD:
        if action is not Action.TOP_UP:
            assert refusal(action, unruled) == refusal(action, CARD), action


def test_an_expired_card_takes_new_money_and_no_refund() -> None:
    expired = replace(CARD, cut_off_at=NOW)
    assert refusal(Action.TOP_UP, expired) is None
    assert refusal(Action.REFUND, expired) is not None
    assert refusal(Action.REFUND, replace(expired, cut_off_at=NOW + MICROSECOND)) is None


def test_a_held_or_waiting_card_is_credited_and_stays_what_it_is() -> None:
    assert refusal(Action.REFUND, replace(CARD, suspended_at=MAY)) is None
    assert refusal(Action.REFUND, replace(CARD, active_from_at=NOW + DAY)) is None
