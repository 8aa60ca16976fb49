"""Whether and how a card can be reactivated, as a pure judgement of its facts."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from models.rules import wording
from models.rules.facts import CardFacts, own_card_refusal
from models.rules.policy import RECENTLY_EXPIRED, VIP, Policy
from models.rules.roles import Action, Actor, role_refusal
from models.rules.status import Status, status_of
from models.rules.validity import BusinessTime, later


@dataclass(frozen=True, slots=True)
class Reactivation:
    """What a reactivation would do now."""

    grounds: tuple[str, ...]
    """All grounds that hold; empty when only a suspension is lifted."""
    last_day_on: date | None
    """The last day afterwards, in the business zone; None is never."""
    restores_minor: int
    """What the reinstatement gives back, minor units; 0 when nothing was broken."""
    lifts: bool
    """Whether a suspension is lifted, which needs a reason."""


def is_past_cut_off(card: CardFacts, now: datetime) -> bool:
    """Whether the card's last day is over at an instant (UTC), whatever is on it."""
    return card.cut_off_at is not None and card.cut_off_at <= now


def is_expired(card: CardFacts, now: datetime) -> bool:
    """Whether the card is expired at an instant (UTC), its suspension left aside."""
    return status_of(replace(card, suspended_at=None), now) is Status.EXPIRED


def grounds(card: CardFacts, policy: Policy, now: datetime) -> tuple[str, ...]:
    """All grounds of the policy that hold for an expired card, its suspension left aside.

    Recently expired counts elapsed time from the cut-off, the last instant of the window included.
    """
    if card.cut_off_at is None or not is_expired(card, now):
        return ()
    found = {VIP: card.is_vip, RECENTLY_EXPIRED: now <= card.cut_off_at + policy.window}
    return tuple(ground for ground in policy.grounds if found[ground])


def plan(
    card: CardFacts,
    policy: Policy,
    now: datetime,
    business: BusinessTime,
    *,
    held: tuple[str, ...] | None = None,
) -> Reactivation:
    """What reactivating the card at an instant (UTC) does. Asks nothing: see reactivation_refusal.

    The new last day is the policy's number of days after today in the business zone, never earlier
    than the card's own, and at least as many days after a card held before its start becomes valid.
    The grounds are those that held when it was asked for, if they are given.
    """
    extension = timedelta(days=policy.extension_days)
    new = business.date_of(now) + extension
    if card.suspended_at is not None:
        new = max(new, business.date_of(card.active_from_at) + extension)
    return Reactivation(
        grounds=grounds(card, policy, now) if held is None else held,
        last_day_on=later(card.last_day_on, new),
        restores_minor=card.broken_minor,
        lifts=card.suspended_at is not None,
    )


def reactivation_refusal(
    card: CardFacts,
    actor: Actor,
    policy: Policy,
    now: datetime,
    business: BusinessTime,
    *,
    held: tuple[str, ...] | None = None,
) -> str | None:
    """Why the card may not be reactivated at an instant (UTC), as a sentence; None when it may.

    With the grounds that held when it was asked for, it is judged for whoever approves it.
    """
    role = role_refusal(actor.role, Action.REACTIVATE)
    if role is not None:
        return role
    if not card.is_consistent:
        return "The card does not add up: escalate it to Payments Support."
    if card.cancelled_at is not None:
        return f"The card was cancelled on {wording.moment(card.cancelled_at, business)}, which is final."
    if card.suspended_at is None and not is_expired(card, now):
        return "There is nothing to reactivate: the card is neither expired nor suspended."
    if is_past_cut_off(card, now) and not (grounds(card, policy, now) if held is None else held):
        return _no_ground(card, policy, now, business)
    refused = open_flags_refusal(card) or own_card_refusal(card, actor)
    return refused or (waiting(card, now, business) if held is None else None)


def waiting(card: CardFacts, now: datetime, business: BusinessTime) -> str | None:
    """Who asked for the card's reactivation and until when it may be approved, as a sentence; None: nothing waits."""
    asked = card.asked
    if asked is None or not asked.waits(now):
        return None
    who, at = wording.shortened(asked.by), wording.short_moment(asked.at, business)
    return (
        f"{who} asked for this on {at}: it waits for approval until {wording.short_moment(asked.lapses_at, business)}."
    )


def open_flags_refusal(card: CardFacts) -> str | None:
    """Why what must wait until somebody has read the card's flags is refused; None when none is open."""
    if not card.open_flags:
        return None
    return f"{wording.open_flags(card.open_flags).capitalize()}: read and clear each with a reason first."


def why_no_ground(policy: Policy) -> str:
    """What keeps an expired card without a ground from having one: 'more than 24 h, and no VIP organisation'."""
    missing = []
    if RECENTLY_EXPIRED in policy.grounds:
        missing.append(f"more than {policy.window_hours} h")
    if VIP in policy.grounds:
        missing.append("no VIP organisation")
    return ", and ".join(missing) or "the policy knows no exception"


def _no_ground(card: CardFacts, policy: Policy, now: datetime, business: BusinessTime) -> str:
    assert card.cut_off_at is not None
    stopped = f"the balance stopped on {wording.weekday_moment(card.cut_off_at, business, now)}"
    if not is_expired(card, now):
        return f"Nothing expired on this card that could come back: {stopped}."
    return f"The card expired {wording.span(now - card.cut_off_at)} ago ({stopped}): {why_no_ground(policy)}."
