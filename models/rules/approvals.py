"""Whether a request for a reactivation may be approved, refused or withdrawn, and how it reads in a sentence."""

from datetime import datetime

from models.rules import wording
from models.rules.asked import Asked, Decision
from models.rules.facts import CardFacts, own_card_refusal
from models.rules.policy import Policy
from models.rules.reactivation import reactivation_refusal
from models.rules.roles import Action, Actor, role_refusal
from models.rules.validity import BusinessTime


def deciding_refusal(asked: Asked, agent_id: int, actor: Actor, now: datetime, business: BusinessTime) -> str | None:
    """Why somebody may neither approve nor refuse a request at an instant (UTC); None when they may."""
    refused = role_refusal(actor.role, Action.APPROVE) or settled(asked, now, business)
    if refused is None and asked.by_id == agent_id:
        return f"You asked for this on {wording.moment(asked.at, business)}: somebody else must decide."
    return refused


def approval_refusal(
    asked: Asked, card: CardFacts, agent_id: int, actor: Actor, policy: Policy, now: datetime, business: BusinessTime
) -> str | None:
    """Why a request may not be approved at an instant (UTC); None when it may.

    The grounds are those that held when it was asked; everything else is judged at that instant.
    """
    refused = deciding_refusal(asked, agent_id, actor, now, business)
    refused = refused or reactivation_refusal(card, actor, policy, now, business, held=asked.grounds)
    return refused or _another_case(asked, card, business) or own_card_refusal(card, actor)


def withdrawal_refusal(asked: Asked, agent_id: int, now: datetime, business: BusinessTime) -> str | None:
    """Why somebody may not withdraw a request at an instant (UTC); None when they may."""
    refused = settled(asked, now, business)
    if refused is None and asked.by_id != agent_id:
        return f"{wording.shortened(asked.by)} asked for this, and nobody else withdraws it: refuse it instead."
    return refused


def settled(asked: Asked, now: datetime, business: BusinessTime) -> str | None:
    """What came of a request that waits no more at an instant (UTC), as a sentence; None while it waits."""
    if asked.waits(now):
        return None
    if asked.decision in (None, Decision.LAPSED) or asked.decided_at is None:
        return f"The request lapsed on {wording.moment(asked.lapses_at, business)}: it has to be asked for anew."
    who, at = wording.shortened(asked.decided_by or ""), wording.moment(asked.decided_at, business)
    return f"{who} {_DID[asked.decision]} on {at}{_because(asked)}."


_DID = {
    Decision.APPROVED: "approved this",
    Decision.REFUSED: "refused to approve this",
    Decision.WITHDRAWN: "withdrew the request for this",
}


def _because(asked: Asked) -> str:
    return f": {wording.shortened(' '.join(asked.said.split()), 80).rstrip('.')}" if asked.said else ""


def _another_case(asked: Asked, card: CardFacts, business: BusinessTime) -> str | None:
    """Why the card is not any more what it was asked for: it expires at another time, or another hold is on it."""
    who, at = wording.shortened(asked.by), wording.moment(asked.at, business)
    if card.cut_off_at != asked.cut_off_at:
        return f"The card's last day was changed after {who} asked on {at}: refuse this, so that it is asked for anew."
    if card.suspended_at is not None and card.suspended_at != asked.suspended_at:
        return f"The card was put on hold after {who} asked on {at}: refuse this, so that it is asked for anew."
    return None
