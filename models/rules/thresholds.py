"""Why a reactivation needs the approval of a colleague: the thresholds of the policy, each for itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from models.rules import wording
from models.rules.facts import CardFacts
from models.rules.money import format_money
from models.rules.policy import VIP, Policy
from models.rules.reactivation import Reactivation

REPEAT_WINDOW: Final = timedelta(days=90)
"""How long a reactivation counts against the next: elapsed time, its end left out."""


def why_ask(card: CardFacts, planned: Reactivation, policy: Policy, now: datetime) -> tuple[str, ...]:
    """Why somebody else must approve what a reactivation would do at an instant (UTC), a sentence for each threshold.

    Empty when nobody must. A threshold that the policy leaves out never asks.
    """
    return tuple(sentence for judge in _JUDGES if (sentence := judge(card, planned, policy, now)) is not None)


def _repeated_card(card: CardFacts, _planned: Reactivation, policy: Policy, now: datetime) -> str | None:
    return _repeated("This card was", card.reactivated, policy, now)


def _repeated_holder(card: CardFacts, _planned: Reactivation, policy: Policy, now: datetime) -> str | None:
    if _repeated("", card.reactivated, policy, now) is not None:
        return None
    return _repeated("The holder's cards were", card.holder_reactivated, policy, now)


def _repeated(what: str, instants: tuple[datetime, ...], policy: Policy, now: datetime) -> str | None:
    if policy.repeat_limit is None:
        return None
    count = sum(now - at < REPEAT_WINDOW for at in instants)
    if count < policy.repeat_limit:
        return None
    return f"{what} reactivated {wording.plural(count, 'time')} in {REPEAT_WINDOW.days} days."


def _much(card: CardFacts, planned: Reactivation, policy: Policy, _now: datetime) -> str | None:
    limit_minor = policy.approve_above.get(card.currency)
    then_minor = card.balance_minor + planned.restores_minor
    if limit_minor is None or then_minor <= limit_minor:
        return None
    return f"{format_money(then_minor, card.currency)} is more than {format_money(limit_minor, card.currency)}."


def _late(card: CardFacts, planned: Reactivation, policy: Policy, now: datetime) -> str | None:
    if policy.vip_expired_days is None or VIP not in planned.grounds or card.cut_off_at is None:
        return None
    if now - card.cut_off_at <= timedelta(days=policy.vip_expired_days):
        return None
    return f"A VIP's card that expired more than {wording.plural(policy.vip_expired_days, 'day')} ago."


def _fresh(card: CardFacts, planned: Reactivation, policy: Policy, now: datetime) -> str | None:
    if policy.fresh_hours is None or planned.grounds != (VIP,) or card.vip_since_at is None:
        return None
    if now - card.vip_since_at >= timedelta(hours=policy.fresh_hours):
        return None
    return f"The VIP mark, the link to it or the holder is younger than {policy.fresh_hours} h, and the only ground."


_JUDGES: Final[tuple[Callable[[CardFacts, Reactivation, Policy, datetime], str | None], ...]] = (
    _repeated_card,
    _repeated_holder,
    _much,
    _late,
    _fresh,
)
