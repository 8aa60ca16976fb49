"""Which actions a card allows now, and for each that it refuses the reason why.

Screens ask it to dim a key, and the desk asks it again under the lock: it is the same answer.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from models.rules import wording
from models.rules.facts import CardFacts, own_card_refusal
from models.rules.limits import SPOILED
from models.rules.policy import Policy
from models.rules.reactivation import is_past_cut_off, open_flags_refusal, reactivation_refusal
from models.rules.roles import Action, Actor, role_refusal
from models.rules.status import Status, holds
from models.rules.validity import BusinessTime

_Judge = Callable[[CardFacts, datetime, BusinessTime], str | None]

INCONSISTENT: Final = "The card does not add up: it takes notes and escalations only."
_MEND_FIRST: Final = (
    "The card does not add up: its row is mended first (giftdesk verify --repair), and where its chain is broken "
    "no amount can be trusted."
)


def action_refusal(
    action: Action, card: CardFacts, actor: Actor, policy: Policy, now: datetime, business: BusinessTime
) -> str | None:
    """Why an action is refused for a card at an instant (UTC), as a sentence; None when it is allowed."""
    if action is Action.REACTIVATE:
        return reactivation_refusal(card, actor, policy, now, business)
    refused = role_refusal(actor.role, action)
    if refused is not None:
        return refused
    if not card.is_consistent and action not in (Action.NOTE, Action.ESCALATE):
        return _MEND_FIRST if action is Action.ADJUST else INCONSISTENT
    refused = _JUDGES[action](card, now, business)
    if refused is None and action in _NOT_ON_ONES_OWN:
        return own_card_refusal(card, actor)
    return refused


def _allowed(_card: CardFacts, _now: datetime, _business: BusinessTime) -> str | None:
    return None


def _cancelled(card: CardFacts, _now: datetime, business: BusinessTime) -> str | None:
    return None if card.cancelled_at is None else _cancelled_on(card.cancelled_at, business)


def _cancelled_on(at: datetime, business: BusinessTime) -> str:
    return f"The card was cancelled on {wording.moment(at, business)}, which is final."


def spending_refusals(card: CardFacts, at: datetime, business: BusinessTime) -> tuple[str, ...]:
    """Everything about a card that keeps any money from being taken from it at an instant (UTC), in a fixed order.

    A balance that is gone because the card expired or was cancelled is explained by that.
    """
    is_expired = holds(Status.EXPIRED, card, at)
    found = [] if card.is_consistent else [INCONSISTENT]
    if card.cancelled_at is not None:
        found.append(_cancelled_on(card.cancelled_at, business))
    if card.suspended_at is not None:
        found.append("The card is suspended: nothing can be taken from it.")
    if card.active_from_at > at:
        found.append(f"The card is valid only from {wording.weekday_moment(card.active_from_at, business, at)}.")
    if is_expired and card.cut_off_at is not None:
        stopped = wording.weekday_moment(card.cut_off_at, business, at)
        found.append(f"The card expired: its balance stopped on {stopped}.")
    if not card.balance_minor and (card.replaced is not None or (card.cancelled_at is None and not is_expired)):
        found.append(_nothing_left(card, business))
    return tuple(found)


def _redeem(card: CardFacts, now: datetime, business: BusinessTime) -> str | None:
    return " ".join(spending_refusals(card, now, business)) or None


def _nothing_left(card: CardFacts, business: BusinessTime) -> str:
    return _replaced_refusal(card, business) or "There is nothing left on the card."


def _replaced_refusal(card: CardFacts, business: BusinessTime) -> str | None:
    """Where to look instead of a card that another one replaced, as a sentence; None when none did."""
    if card.replaced is None:
        return None
    at = wording.moment(card.replaced.at, business)
    return f"The card was replaced by ···· {card.replaced.last_four} on {at}: go on with that one."


def _load(card: CardFacts, now: datetime, business: BusinessTime) -> str | None:
    cancelled = _cancelled(card, now, business)
    if cancelled is None and card.suspended_at is not None:
        return "The card is suspended: it takes no money until the suspension is lifted."
    if cancelled is None and not card.has_rules:
        return "The card's product has no validity rules yet: a manager must set them before it can be topped up."
    return cancelled or _replaced_refusal(card, business)


def _refund(card: CardFacts, now: datetime, business: BusinessTime) -> str | None:
    return _over(card, now, business, "refund in another way") or _cancelled(card, now, business)


def _over(card: CardFacts, now: datetime, business: BusinessTime, instead: str) -> str | None:
    if card.cut_off_at is None or not is_past_cut_off(card, now):
        return None
    return f"The card's last day is over (stopped {wording.weekday_moment(card.cut_off_at, business, now)}): {instead}."


def _suspend(card: CardFacts, now: datetime, business: BusinessTime) -> str | None:
    if card.suspended_at is not None:
        return f"The card is suspended already, since {wording.moment(card.suspended_at, business)}."
    return _cancelled(card, now, business)


def _lift(card: CardFacts, now: datetime, business: BusinessTime) -> str | None:
    if card.suspended_at is None:
        return "The card is not suspended."
    return _cancelled(card, now, business)


def _extend(card: CardFacts, now: datetime, business: BusinessTime) -> str | None:
    if card.cancelled_at is None and card.last_day_on is None:
        return "The card never expires: there is nothing to extend."
    return _cancelled(card, now, business) or _over(card, now, business, "only a reactivation brings a balance back")


def _transfer(card: CardFacts, now: datetime, business: BusinessTime) -> str | None:
    cancelled = _cancelled(card, now, business)
    if cancelled is not None:
        return cancelled
    if card.suspended_at is not None:
        return "The card is suspended: nothing can be moved from it until the suspension is lifted."
    if card.limits.is_spoiled:
        return SPOILED
    if is_past_cut_off(card, now) and (card.balance_minor or card.broken_minor):
        return _over(card, now, business, "its balance can't be moved any more")
    return open_flags_refusal(card) or (None if card.balance_minor else _nothing_left(card, business))


def _replace(card: CardFacts, now: datetime, business: BusinessTime) -> str | None:
    final = _cancelled(card, now, business) or _replaced_refusal(card, business)
    return final or _transfer(card, now, business)


def _adjust(card: CardFacts, now: datetime, business: BusinessTime) -> str | None:
    return _cancelled(card, now, business) or _over(card, now, business, "no balance can be corrected any more")


def _clear_flag(card: CardFacts, _now: datetime, _business: BusinessTime) -> str | None:
    return None if card.open_flags else "No flag is open."


def _person(card: CardFacts, _now: datetime, _business: BusinessTime) -> str | None:
    return None if card.has_people else "Nobody is on file: register the card to a person first."


_JUDGES: Final[dict[Action, _Judge]] = {
    Action.REDEEM: _redeem,
    Action.TOP_UP: _load,
    Action.REFUND: _refund,
    Action.SUSPEND: _suspend,
    Action.LIFT: _lift,
    Action.RAISE_FLAG: _allowed,
    Action.CLEAR_FLAG: _clear_flag,
    Action.NOTE: _allowed,
    Action.REGISTER: _cancelled,
    Action.ESCALATE: _allowed,
    Action.CANCEL: _cancelled,
    Action.REPLACE: _replace,
    Action.EXTEND: _extend,
    Action.TRANSFER: _transfer,
    Action.ADJUST: _adjust,
    Action.RESTRICT: _cancelled,
    Action.CORRECT_PERSON: _person,
    Action.MERGE_PEOPLE: _person,
    Action.REMOVE_PERSON: _person,
}
# Reactivation asks the same of itself, and an adjustment only when it adds.
_NOT_ON_ONES_OWN: Final = frozenset(
    {Action.REPLACE, Action.EXTEND, Action.TRANSFER, Action.LIFT, Action.CLEAR_FLAG, Action.REFUND, Action.RESTRICT}
)

ON_A_CARD: Final = (Action.REACTIVATE, *_JUDGES)


def all_refusals(
    card: CardFacts, actor: Actor, policy: Policy, now: datetime, business: BusinessTime
) -> dict[Action, str | None]:
    """Every action that can be done on a card with the reason why not now, or None when it can."""
    return {action: action_refusal(action, card, actor, policy, now, business) for action in ON_A_CARD}
