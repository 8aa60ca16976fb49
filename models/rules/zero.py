"""Why there is nothing on a card: the one activity that emptied it, in words for the agent and for the customer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from models.rules import wording
from models.rules.facts import CardFacts, Emptied
from models.rules.journal import SIGNS, Entry, Kind
from models.rules.money import format_money
from models.rules.status import is_breakage_due
from models.rules.transfers import other_card
from models.rules.validity import BusinessTime


@dataclass(frozen=True, slots=True)
class Booked:
    """An activity with its place in the journal and who wrote it."""

    number: int
    actor: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class WhyZero:
    """Why nothing can be spent from a card whose balance is gone."""

    emptied: Emptied | None
    """The one activity; None when there never was any money."""
    sentence: str
    """For the agent."""
    customer: str
    """What the customer can be told, in one sentence: no hour, no other card, no name."""


def emptied_by(newest_first: Iterable[Booked]) -> Emptied | None:
    """Of the activities of a card whose balance is zero, the one that took it there; None when none took anything."""
    for booked in newest_first:
        entry = booked.entry
        if entry.kind in SIGNS and entry.amount_minor < 0:
            return Emptied(
                entry.kind,
                entry.effective_at,
                -entry.amount_minor,
                entry.place,
                entry.order_ref,
                _other_last_four(entry),
                booked.number,
                booked.actor,
            )
    return None


def _other_last_four(entry: Entry) -> str | None:
    other = other_card(entry.details) if entry.kind is Kind.TRANSFER_OUT else None
    return other.last_four if other else None


def what_emptied(card: CardFacts, now: datetime) -> Emptied | None:
    """What took a card's balance by an instant (UTC); past the cut-off it is the breakage, booked or not."""
    if is_breakage_due(card, now):
        assert card.cut_off_at is not None
        return Emptied(Kind.BREAKAGE, card.cut_off_at, card.balance_minor)
    return card.emptied


def zero_refusal(card: CardFacts, now: datetime) -> str | None:
    """Why there is nothing to explain at an instant (UTC), as a sentence; None when the balance is gone."""
    if card.balance_minor == 0 or is_breakage_due(card, now):
        return None
    return f"The balance is not zero: there is {format_money(card.balance_minor, card.currency)} on the card."


def why_zero(card: CardFacts, now: datetime, business: BusinessTime) -> WhyZero:
    """Why a card that zero_refusal does not refuse has nothing on it at an instant (UTC)."""
    emptied = what_emptied(card, now)
    if emptied is None:
        sentence, customer = _never(card, business)
    else:
        sentence = f"Nothing is left: {taken_in_words(emptied, card.currency, business)}. {_booked(emptied)}"
        customer = taken_for_the_customer(emptied, card.currency, business)
    if not card.is_consistent:
        sentence += " But the card does not add up: don't rely on this, escalate it."
        customer = "We are looking into what happened to the balance."
    return WhyZero(emptied, sentence, customer)


def _never(card: CardFacts, business: BusinessTime) -> tuple[str, str]:
    if card.imported_empty_at is not None:
        at = wording.moment(card.imported_empty_at, business)
        return (
            f"The card was brought in on {at} with nothing on it.",
            "There was nothing on the card when we took it over.",
        )
    return "The card never had any money on it.", "There has never been any money on the card."


_TAKEN: Final[Mapping[Kind, str]] = {
    Kind.REDEMPTION: "was spent",
    Kind.ADJUSTMENT: "was taken off by an adjustment",
    Kind.TRANSFER_OUT: "was moved to another card",
    Kind.BREAKAGE: "expired at the cut-off",
    Kind.CANCELLATION: "went back to the payer when the order was cancelled",
}


def taken_in_words(emptied: Emptied, currency: str, business: BusinessTime) -> str:
    """What emptied a card, for the agent: how much, how, when, where, for which order, to which card."""
    to = f", ···· {emptied.other_last_four}," if emptied.other_last_four else ""
    where = f" at {emptied.place}" if emptied.place else ""
    order = f", order {emptied.order_ref}" if emptied.order_ref else ""
    return (
        f"the last {format_money(emptied.amount_minor, currency)} {_TAKEN.get(emptied.kind, 'was taken')}{to} on "
        f"{wording.moment(emptied.at, business)}{where}{order}"
    )


def _booked(emptied: Emptied) -> str:
    if emptied.number is None:
        return "The expiry run has not booked it yet."
    return f"Booked by {wording.shortened(emptied.actor or 'nobody')}, activity {emptied.number}."


def taken_for_the_customer(emptied: Emptied, currency: str, business: BusinessTime) -> str:
    """What emptied a card, for the customer: a sentence without hours, names and other cards."""
    amount, on = format_money(emptied.amount_minor, currency), business.date_of(emptied.at)
    match emptied.kind:
        case Kind.REDEMPTION:
            where = f" at {emptied.place}" if emptied.place else ""
            return f"The last {amount} was spent on {wording.day(on)}{where}."
        case Kind.BREAKAGE:
            return f"The last {amount} expired at the end of {wording.day(on - timedelta(days=1))}."
        case Kind.CANCELLATION:
            return f"The order was cancelled on {wording.day(on)}, and the money went back to whoever paid for it."
        case Kind.TRANSFER_OUT:
            return f"The last {amount} was moved to another gift card on {wording.day(on)}."
        case _:
            return f"The last {amount} was taken off on {wording.day(on)}."
