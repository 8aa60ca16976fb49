"""What a decision rests on, in words: what its dialog showed, and what must still be so when it is carried out.

The same functions read the card on the screen and the card under the lock; a difference is told by label.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from models.rules import wording
from models.rules.diagnosis import verdict_of
from models.rules.facts import CardFacts
from models.rules.money import format_money
from models.rules.policy import GROUNDS_IN_WORDS, Policy
from models.rules.reactivation import plan
from models.rules.roles import Action
from models.rules.status import status_of, unbroken_minor
from models.rules.validity import BusinessTime

Terms = Mapping[str, str]
"""Label -> words."""


def terms(action: Action, card: CardFacts, policy: Policy, now: datetime, business: BusinessTime) -> Terms:
    """What an action on a card rests on at an instant (UTC).

    Empty for what is said about a card whatever became of it: a note, a flag, a hold.
    """
    make = _TERMS.get(action)
    return {} if make is None else make(card, policy, now, business)


def facts_in_words(card: CardFacts, now: datetime, business: BusinessTime) -> Terms:
    """What is known of a card, in words, at an instant (UTC)."""
    return {
        "Balance": format_money(card.balance_minor, card.currency),
        "Status": status_of(card, now).value,
        "Last day": wording.last_day(card.last_day_on),
        "Valid from": wording.moment(card.active_from_at, business),
        "On hold": _hold(card, business),
        "Flags": _flags(card),
        "Holder": card.holder or "nobody on file",
        "VIP": "yes" if card.is_vip else "no",
        "Spent by": spender_in_words(card),
        "Adds up": "yes" if card.is_consistent else "no",
    }


def differences(before: Terms, after: Terms) -> tuple[str, ...]:
    """What became of each label that does not read the same any more, a line for each."""
    changed = [label for label in {**before, **after} if before.get(label) != after.get(label)]
    return tuple(f"{label.ljust(13)} {after.get(label, 'none')}, was {before.get(label, 'none')}" for label in changed)


def _hold(card: CardFacts, business: BusinessTime) -> str:
    return "no" if card.suspended_at is None else f"since {wording.moment(card.suspended_at, business)}"


def _flags(card: CardFacts) -> str:
    return wording.open_flags(card.open_flags) if card.open_flags else "none"


def _reactivation(card: CardFacts, policy: Policy, now: datetime, business: BusinessTime) -> Terms:
    """Grounds, money, last day and hold afterwards; whether the expiry run has been by makes no difference."""
    planned = plan(card, policy, now, business)
    return {
        "Grounds": ", ".join(GROUNDS_IN_WORDS[each] for each in planned.grounds) or "none",
        "Then on it": format_money(card.balance_minor + planned.restores_minor, card.currency),
        "New last day": wording.last_day(planned.last_day_on),
        "Lifts hold": _hold(card, business),
        "Note": policy.note if planned.grounds else policy.lift_note,
    }


def _approval(card: CardFacts, policy: Policy, now: datetime, business: BusinessTime) -> Terms:
    """The same without what was settled when it was asked for."""
    effects = _reactivation(card, policy, now, business)
    return {label: effects[label] for label in ("Then on it", "New last day", "Lifts hold")}


def _lift(card: CardFacts, _policy: Policy, _now: datetime, business: BusinessTime) -> Terms:
    return {"On hold": _hold(card, business), "Flags": _flags(card)}


def _holder(card: CardFacts, _policy: Policy, _now: datetime, _business: BusinessTime) -> Terms:
    return {"Holder": card.holder or "nobody on file"}


def _spender(card: CardFacts, _policy: Policy, _now: datetime, _business: BusinessTime) -> Terms:
    return {"Spent by": spender_in_words(card)}


def spender_in_words(card: CardFacts) -> str:
    """Who can spend a card."""
    return f"{card.limits.person or 'one person'} only" if card.limits.is_personal else "anybody"


def _balance(card: CardFacts, _policy: Policy, _now: datetime, _business: BusinessTime) -> Terms:
    return {"Balance": format_money(card.balance_minor, card.currency)}


def _goes_back(card: CardFacts, _policy: Policy, now: datetime, _business: BusinessTime) -> Terms:
    return {"Goes back": format_money(unbroken_minor(card, now), card.currency)}


def _last_day(card: CardFacts, _policy: Policy, _now: datetime, _business: BusinessTime) -> Terms:
    return {"Last day": wording.last_day(card.last_day_on)}


def _moved_whole(card: CardFacts, policy: Policy, now: datetime, business: BusinessTime) -> Terms:
    return {**_balance(card, policy, now, business), **_last_day(card, policy, now, business)}


def _case(card: CardFacts, policy: Policy, now: datetime, business: BusinessTime) -> Terms:
    return {"Verdict": verdict_of(card, policy, now).value, **_balance(card, policy, now, business)}


_TERMS: Final[Mapping[Action, Callable[[CardFacts, Policy, datetime, BusinessTime], Terms]]] = {
    Action.REACTIVATE: _reactivation,
    Action.APPROVE: _approval,
    Action.LIFT: _lift,
    Action.REGISTER: _holder,
    Action.ESCALATE: _case,
    Action.CANCEL: _goes_back,
    Action.ADJUST: _balance,
    Action.RESTRICT: _spender,
    Action.EXTEND: _last_day,
    Action.REPLACE: _moved_whole,
    Action.TRANSFER: _moved_whole,
}
