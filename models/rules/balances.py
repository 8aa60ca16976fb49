"""What a customer who asks for a balance may be told: nothing about people, notes, flags, codes or grounds."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from models.rules import wording
from models.rules.facts import CardFacts
from models.rules.money import format_money
from models.rules.status import Status, status_of
from models.rules.validity import BusinessTime

UNKNOWN_CODE: Final = "No gift card has this code. Please check it, one group at a time."
"""What is told whenever no card answers, whatever was typed."""

MISTYPED_CODE: Final = "This gift card code can't be right. Please check it, one group at a time."
"""What is told of a code that could be no card's, which takes no look at any card to say."""

_CONTACT_US: Final = "This gift card can't be used at present. Please contact us."


class Told(StrEnum):
    """Which of the answers it is."""

    UNKNOWN = "unknown"
    """No card answers."""
    SPENDABLE = "spendable"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SPENT = "spent"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    CONTACT_US = "contact_us"
    """On hold, or something is to be looked into: a customer hears no more than that."""


@dataclass(frozen=True, slots=True)
class BalanceTold:
    """What a customer is told of a card; dates are calendar dates of the business."""

    told: Told
    sentence: str
    """All of it in words. It names the last day, never the hour of the cut-off."""
    balance_minor: int | None = None
    """What can be spent, at once or later, in minor units; None: it isn't told."""
    currency: str | None = None
    active_from_on: date | None = None
    """The day from which it can be spent, when that lies ahead."""
    last_day_on: date | None = None
    """The last day on which it can be spent, or could be; None: it doesn't expire, or it isn't told."""


def balance_told(card: CardFacts, now: datetime, business: BusinessTime) -> BalanceTold:
    """What the customer may be told of a card at an instant (UTC)."""
    if not card.is_consistent:
        return BalanceTold(Told.CONTACT_US, _CONTACT_US)
    status = status_of(card, now)
    if status is Status.CANCELLED:
        return BalanceTold(Told.CANCELLED, "This gift card was cancelled and can't be used any more.")
    if status is Status.SUSPENDED:
        return BalanceTold(Told.CONTACT_US, _CONTACT_US)
    if status is Status.EXPIRED:
        return _expired(card)
    if card.balance_minor == 0:
        return _empty(card)
    return _not_yet(card, business) if status is Status.INACTIVE else _spendable(card)


def _expired(card: CardFacts) -> BalanceTold:
    on = "" if card.last_day_on is None else f" at the end of {wording.weekday(card.last_day_on)}"
    return BalanceTold(
        Told.EXPIRED, f"The balance of this gift card expired{on}.", 0, card.currency, last_day_on=card.last_day_on
    )


def _empty(card: CardFacts) -> BalanceTold:
    if card.replaced is not None:
        return BalanceTold(
            Told.REPLACED, "A new gift card has taken the place of this one. Please use the code of that."
        )
    return BalanceTold(Told.SPENT, "There is nothing left on this gift card.", 0, card.currency)


def _not_yet(card: CardFacts, business: BusinessTime) -> BalanceTold:
    if card.cut_off_at is not None and card.active_from_at >= card.cut_off_at:
        return BalanceTold(Told.CONTACT_US, _CONTACT_US)
    starts_on = business.date_of(card.active_from_at)
    sentence = _holds(card, f" from {wording.weekday(starts_on)}")
    return BalanceTold(Told.NOT_YET, sentence, card.balance_minor, card.currency, starts_on, card.last_day_on)


def _spendable(card: CardFacts) -> BalanceTold:
    return BalanceTold(Told.SPENDABLE, _holds(card), card.balance_minor, card.currency, last_day_on=card.last_day_on)


def _holds(card: CardFacts, since: str = "") -> str:
    balance = f"This gift card holds {format_money(card.balance_minor, card.currency)}"
    only = f" It can be spent only {card.limits.where}." if card.limits.where is not None else ""
    if card.last_day_on is not None:
        return f"{balance}, which can be spent{since} up to and including {wording.weekday(card.last_day_on)}.{only}"
    return f"{balance}, which {f'can be spent{since} and ' if since else ''}does not expire.{only}"
