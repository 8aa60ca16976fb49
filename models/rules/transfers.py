"""Moving a balance from one card to another: how each names the other, what may take it, and what it then is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from models.rules import wording
from models.rules.codes import masked
from models.rules.facts import CardFacts, own_card_refusal
from models.rules.roles import Actor
from models.rules.validity import BusinessTime, later


@dataclass(frozen=True, slots=True)
class OtherCard:
    """The card at the other end of a transfer, by a name that holds wherever the key of the codes is the same."""

    digest: str
    """What is stored of its own code, in hex."""
    last_four: str

    @property
    def code_masked(self) -> str:
        """The card's name on screens: the end of its code."""
        return masked(self.last_four)

    def as_details(self, *, is_replacement: bool) -> dict[str, Any]:
        """The structured facts of an activity that name it."""
        named = {"other": {"digest": self.digest, "last_four": self.last_four}}
        return {**named, "replacement": True} if is_replacement else named


def other_card(details: Mapping[str, Any]) -> OtherCard | None:
    """The card that an activity's structured facts name; None when they name none, or nothing that could be one."""
    named = details.get("other")
    if not isinstance(named, dict):
        return None
    digest, last_four = named.get("digest"), named.get("last_four")
    return OtherCard(digest, last_four) if isinstance(digest, str) and isinstance(last_four, str) else None


OTHER_IS_OWN: Final = "The other card is one of your own: ask a colleague."


def receiving_refusal(
    source: CardFacts, target: CardFacts, actor: Actor, now: datetime, business: BusinessTime
) -> str | None:
    """Why a card may not take another's balance at an instant (UTC), as a sentence; None when it may.

    Whether the other may give it is the judgement of the transfer itself.
    """
    if not target.is_consistent:
        return "The other card does not add up: escalate that one first."
    if target.cancelled_at is not None:
        return f"The other card was cancelled on {wording.moment(target.cancelled_at, business)}, which is final."
    if target.suspended_at is not None:
        return "The other card is suspended: it takes no money until the suspension is lifted."
    if target.replaced is not None:
        return f"The other card was itself replaced, by ···· {target.replaced.last_four}: move the balance to that one."
    if own_card_refusal(target, actor) is not None:
        return OTHER_IS_OWN
    if source.currency != target.currency:
        return f"The cards are in different currencies, {source.currency} and {target.currency}: nothing can be moved."
    return _hurry_refusal(source, target, now, business) or _limits_refusal(source, target)


def _hurry_refusal(source: CardFacts, target: CardFacts, now: datetime, business: BusinessTime) -> str | None:
    if source.active_from_at <= now or target.never_had_money or target.active_from_at >= source.active_from_at:
        return None
    return (
        f"The card is valid only from {wording.weekday_moment(source.active_from_at, business, now)}, the other one "
        f"earlier. The delay guards against fraud and can't be hurried."
    )


def _limits_refusal(source: CardFacts, target: CardFacts) -> str | None:
    """Nobody may spend a balance on another card who could not spend it where it was."""
    limits, others = source.limits, target.limits
    is_carried = target.never_had_money and not others.is_personal
    if limits.is_personal and not is_carried and not limits.are_of_one_person(others):
        return "The card can be spent by one person only: its balance can't be moved to a card that others can spend."
    if not target.never_had_money and not limits.are_kept_by(others):
        return f"The card can be spent only {limits.where}: its balance can't be moved to one that is spent elsewhere."
    return None


def last_day_after(source: CardFacts, target: CardFacts) -> date | None:
    """The last day of a card that takes another's balance; None is never.

    One that never had money takes over the other's, any other keeps the later of the two.
    """
    return source.last_day_on if target.never_had_money else later(target.last_day_on, source.last_day_on)
