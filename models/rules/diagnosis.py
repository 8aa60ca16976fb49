"""What is wrong with a card and what the agent does about it: one verdict, one reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from models.rules import wording
from models.rules.actions import all_refusals
from models.rules.approvals import settled
from models.rules.asked import Decision
from models.rules.damage import damage_in_words
from models.rules.facts import CardFacts
from models.rules.journal import Kind
from models.rules.money import format_money
from models.rules.policy import RECENTLY_EXPIRED, VIP, Policy
from models.rules.reactivation import (
    Reactivation,
    grounds,
    is_expired,
    is_past_cut_off,
    plan,
    waiting,
    why_no_ground,
)
from models.rules.roles import Action, Actor
from models.rules.status import Status, status_of
from models.rules.thresholds import why_ask
from models.rules.validity import BusinessTime
from models.rules.zero import taken_in_words


class Verdict(StrEnum):
    """What was found, in the order in which it is looked for."""

    UNKNOWN = "unknown"
    INCONSISTENT = "inconsistent"
    CANCELLED = "cancelled"
    REVIEW = "review"
    LIFT = "lift"
    TOO_EARLY = "too_early"
    REINSTATE = "reinstate"
    DECLINE = "decline"
    SPENT = "spent"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A verdict on one card at one instant."""

    verdict: Verdict
    reason: str
    """One sentence (or two) for the agent: what was found, and what to do next."""
    grounds: tuple[str, ...]
    """All grounds for a reactivation that hold, whether or not it is allowed."""
    actions: Mapping[Action, str | None]
    """Every action on a card with the reason why not, or None when it can be done."""
    would_become: Reactivation | None
    """What a reactivation would do now; None when it is refused."""
    approval: tuple[str, ...] = ()
    """Why a colleague must approve it first, a sentence for each threshold; empty when nobody must."""


_THEIR_ORGANISATION: Final = "the holder's organisation"
UNKNOWN_REASON: Final = "No card answers to this code. Ask for the code again, one group at a time."
MISTYPED_REASON: Final = "This code was mistyped: its check fails. Ask again, one group at a time."


def diagnose(card: CardFacts | None, actor: Actor, policy: Policy, now: datetime, business: BusinessTime) -> Diagnosis:
    """The verdict on a card, or on a code that no card answers to (None), at an instant (UTC)."""
    if card is None:
        return Diagnosis(Verdict.UNKNOWN, UNKNOWN_REASON, (), {}, None)
    verdict = verdict_of(card, policy, now)
    refusals = all_refusals(card, actor, policy, now, business)
    can_reactivate = refusals[Action.REACTIVATE] is None
    planned = plan(card, policy, now, business)
    approval = why_ask(card, planned, policy, now) if can_reactivate else ()
    reason = _reason(verdict, card, planned, policy, now, business) + _pointer(verdict, card, business)
    return Diagnosis(
        verdict=verdict,
        reason=reason + _approval(verdict, card, approval, now, business),
        grounds=grounds(card, policy, now),
        actions=refusals,
        would_become=planned if can_reactivate else None,
        approval=approval,
    )


def _approval(verdict: Verdict, card: CardFacts, why: tuple[str, ...], now: datetime, business: BusinessTime) -> str:
    """What follows the reason of a card that can be reactivated: who asked, what was decided, or that it is to be
    asked for."""
    if verdict not in (Verdict.REINSTATE, Verdict.LIFT):
        return ""
    asked = waiting(card, now, business)
    if asked is not None:
        return f" {asked}"
    needs = f" It needs an approval. {' '.join(why)}" if why else ""
    is_about_this = card.asked is not None and card.asked.cut_off_at == card.cut_off_at
    if card.asked is None or card.asked.decision is Decision.APPROVED or not is_about_this:
        return needs
    return f"{needs} {settled(card.asked, now, business)}"


def verdict_of(card: CardFacts, policy: Policy, now: datetime) -> Verdict:
    """What is found of a card at an instant (UTC)."""
    if not card.is_consistent:
        return Verdict.INCONSISTENT
    if card.cancelled_at is not None:
        return Verdict.CANCELLED
    has_ground = bool(grounds(card, policy, now))
    if card.open_flags and (card.suspended_at is not None or has_ground):
        return Verdict.REVIEW
    if card.suspended_at is not None and not is_past_cut_off(card, now):
        return Verdict.LIFT
    if card.suspended_at is None and status_of(card, now) is Status.INACTIVE:
        return Verdict.TOO_EARLY
    if card.suspended_at is not None or is_expired(card, now):
        return Verdict.REINSTATE if has_ground else Verdict.DECLINE
    return Verdict.RETRY if card.balance_minor else Verdict.SPENT


def _reason(
    verdict: Verdict,
    card: CardFacts,
    planned: Reactivation,
    policy: Policy,
    now: datetime,
    business: BusinessTime,
) -> str:
    match verdict:
        case Verdict.INCONSISTENT:
            if card.damage is not None:
                return damage_in_words(card.damage, business)
            return "The balance and the journal do not agree, or an activity is missing. Escalate to Payments Support."
        case Verdict.CANCELLED:
            assert card.cancelled_at is not None
            return (
                f"The order was cancelled on {wording.moment(card.cancelled_at, business)}{_returned(card)}. "
                f"Explain this to the customer."
            )
        case Verdict.REVIEW:
            held = "The card is suspended" if card.suspended_at is not None else "The card has expired"
            return (
                f"{held} and {wording.open_flags(card.open_flags)}. Read them and the notes (a); "
                f"then clear with x what is settled, and say why."
            )
        case Verdict.LIFT:
            return "The card is on hold, before its last day and with no open flag. Reactivate it with a reason."
        case Verdict.TOO_EARLY:
            return (
                f"The card is valid from {wording.weekday_moment(card.active_from_at, business, now)} "
                f"(in {wording.span(card.active_from_at - now)}). The delay guards against fraud and can't be hurried."
            )
        case Verdict.REINSTATE:
            return _reinstate_reason(card, planned, policy, now, business)
        case Verdict.DECLINE:
            return _decline_reason(card, policy, now, business)
        case Verdict.SPENT:
            return _spent_reason(card, business)
        case _:
            return (
                f"The card works: {format_money(card.balance_minor, card.currency)} can be spent{_only(card)}. "
                f"Confirm the balance and ask to retry at checkout; if it still fails, escalate.{_flagged(card)}"
            )


def _only(card: CardFacts) -> str:
    """Where and by whom alone, as the end of a sentence."""
    where = f" only {card.limits.where}" if card.limits.where is not None else ""
    person = wording.shortened(card.limits.person or "one person", 60)
    return f"{where}{',' if where else ''} by {person} only" if card.limits.is_personal else where


def _pointer(verdict: Verdict, card: CardFacts, business: BusinessTime) -> str:
    """What follows every reason on a card that was replaced, but for the one that is about it."""
    if card.replaced is None or verdict in (Verdict.INCONSISTENT, Verdict.SPENT):
        return ""
    on = wording.moment(card.replaced.at, business)
    left = ": move there what is left on it" if card.balance_minor else ""
    return f" It was replaced by ···· {card.replaced.last_four} on {on}{left}."


def _flagged(card: CardFacts) -> str:
    return f" {wording.open_flags(card.open_flags).capitalize()}: read before you answer." if card.open_flags else ""


def _returned(card: CardFacts) -> str:
    was_paid_back = card.emptied is not None and card.emptied.kind is Kind.CANCELLATION
    return " and the balance returned to the payer" if was_paid_back else ""


def _reinstate_reason(
    card: CardFacts, planned: Reactivation, policy: Policy, now: datetime, business: BusinessTime
) -> str:
    assert card.cut_off_at is not None
    because = []
    if VIP in planned.grounds:
        because.append(f"{wording.shortened(card.organisation or _THEIR_ORGANISATION)} is a VIP")
    if RECENTLY_EXPIRED in planned.grounds:
        closes_at = card.cut_off_at + policy.window
        because.append(
            f"it expired {wording.span(now - card.cut_off_at)} ago, and the window closes "
            f"{wording.weekday_moment(closes_at, business)} (in {wording.span(closes_at - now)})"
        )
    back = planned.restores_minor or card.balance_minor
    keeps = "gives back" if planned.restores_minor else "keeps"
    held = " It is also suspended: give the reason why that ends." if planned.lifts else ""
    return (
        f"Can be reactivated: {'; and '.join(because)}.{held} Valid until {wording.last_day(planned.last_day_on)}, "
        f"{keeps} {format_money(back, card.currency)}."
    )


def _decline_reason(card: CardFacts, policy: Policy, now: datetime, business: BusinessTime) -> str:
    assert card.cut_off_at is not None
    stopped = wording.weekday_moment(card.cut_off_at, business, now)
    if not is_expired(card, now):
        return f"The card is suspended and its last day is over (stopped {stopped}); nothing on it could come back."
    return (
        f"Expired {wording.span(now - card.cut_off_at)} ago (stopped {stopped}): {why_no_ground(policy)}. "
        f"Apologise and explain the expiry terms."
    )


def _spent_reason(card: CardFacts, business: BusinessTime) -> str:
    if card.replaced is not None:
        return (
            f"The card was replaced by ···· {card.replaced.last_four} on "
            f"{wording.moment(card.replaced.at, business)}, and its balance moved there. The customer pays with the "
            f"code of that card."
        )
    if card.imported_empty_at is not None:
        at = wording.moment(card.imported_empty_at, business)
        return f"The card is valid, but was brought in on {at} with nothing on it."
    if card.emptied is None:
        return "The card is valid but never had any money on it."
    return f"Nothing is left: {taken_in_words(card.emptied, card.currency, business)}."
