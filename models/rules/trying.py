"""What a policy, given as a draft or as it was, says of a decision about a card: asked of the rules themselves."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from models.rules.facts import CardFacts
from models.rules.policy import VIP, Policy
from models.rules.quotas import most_of_a_day, stopped
from models.rules.reactivation import is_expired, plan, reactivation_refusal
from models.rules.roles import Actor, Role
from models.rules.thresholds import why_ask
from models.rules.validity import BusinessTime

SOMEBODY: Final = Actor(Role.SUPERVISOR)
"""Whoever decided was allowed to: a policy says nothing about who may."""
JUDGED: Final = frozenset(
    {
        "grounds",
        "window_hours",
        "extension_days",
        "repeat_limit",
        "approve_above",
        "vip_expired_days",
        "fresh_hours",
        "stop_at",
    }
)
"""The fields of a policy on which a decision about a card rests."""


class Would(StrEnum):
    """What a policy does with a card."""

    REACTIVATE = "reactivate"
    ASK = "ask"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Turn:
    """Which reactivation of their day it was for an agent; None where it is not known."""

    agent: str
    nth: int | None = None
    raised_to: int | None = None
    """The limit to which theirs was raised for that day, if it was."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a policy says of a card at an instant."""

    would: Would
    why: tuple[str, ...] = ()
    """The sentences of the rules that refuse it, or that ask for an approval."""
    last_day_on: date | None = None
    """The last day afterwards, when it is reactivated or asked for; None is never."""


def judge(card: CardFacts, policy: Policy, at: datetime, business: BusinessTime, turn: Turn) -> Judgement:
    """What a policy says of reactivating a card at an instant (UTC), as the desk itself would ask it."""
    refusal = reactivation_refusal(card, SOMEBODY, policy, at, business)
    if refusal is not None:
        return Judgement(Would.REFUSE, (refusal,))
    most = most_of_a_day(policy, turn.raised_to)
    if turn.nth is not None and most is not None and turn.nth > most:
        return Judgement(Would.REFUSE, (stopped(turn.agent, turn.nth - 1),))
    planned = plan(card, policy, at, business)
    why = why_ask(card, planned, policy, at)
    return Judgement(Would.ASK if why else Would.REACTIVATE, why, planned.last_day_on)


def at_stake(card: CardFacts, at: datetime) -> int:
    """What a reactivation at an instant (UTC) gives back, minor units: what broke, booked by then or not."""
    return card.balance_minor + card.broken_minor if is_expired(card, at) else 0


def is_too_fresh_to_tell(card: CardFacts, draft: Policy, then: Policy, at: datetime, business: BusinessTime) -> bool:
    """Whether a draft looks at the age of a VIP mark that is not known any more, and closer than was looked then."""
    if draft.fresh_hours is None or not card.is_vip or card.vip_since_at is not None:
        return False
    if then.fresh_hours is not None and draft.fresh_hours <= then.fresh_hours:
        return False
    return plan(card, draft, at, business).grounds == (VIP,)
