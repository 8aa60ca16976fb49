"""Whether a purchase goes through: every rule that refuses it, asked by the simulator and by the till alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.rules import wording
from models.rules.actions import spending_refusals
from models.rules.errors import BadAmount
from models.rules.facts import CardFacts
from models.rules.limits import CHANNELS_IN_WORDS, SPOILED, WEB, Limits, any_of
from models.rules.money import LARGEST_MINOR, format_money, parse_positive
from models.rules.status import unbroken_minor
from models.rules.texts import email_key, search_key
from models.rules.validity import BusinessTime

BULLET: Final = "- "
NO_AMOUNT: Final = "The amount must be more than zero, and less than any gift card can hold."


@dataclass(frozen=True, slots=True)
class Purchase:
    """What somebody wants to pay with a card. The instant is UTC."""

    amount_minor: int | None
    """Minor units of the currency; None: all that the card can pay."""
    currency: str
    at: datetime
    place: str | None = None
    channel: str | None = None
    """One of CHANNELS."""
    email: str | None = None
    """The e-mail address of who pays."""
    typed: str | None = None
    """The amount as it was typed, in place of minor units: it may be none of the currency."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """Whether a purchase goes through, and what is left then. Amounts are minor units."""

    passes: bool
    refusals: tuple[str, ...]
    """Every rule that refuses it, a sentence each, in a fixed order."""
    pays_minor: int
    """What the card pays; of more than there is on it all, when nothing else refuses."""
    left_minor: int
    """What is left on the card then."""
    rest_minor: int
    """What is left to pay in another way."""
    sentence: str
    """The answer in a sentence, without the reasons."""
    purchase: Purchase

    @property
    def in_words(self) -> str:
        """The answer, and every rule that refuses, a line each."""
        return "\n".join([self.sentence, *(f"{BULLET}{refusal}" for refusal in self.refusals)])


def judge(card: CardFacts, purchase: Purchase, business: BusinessTime) -> Checkout:
    """Whether a purchase goes through with a card as it is at the purchase's instant."""
    there = unbroken_minor(card, purchase.at)
    asked, no_amount = _asked(purchase, card.currency, there)
    is_too_much = asked is not None and purchase.currency == card.currency and 0 < there < asked
    found = (
        *spending_refusals(card, purchase.at, business),
        no_amount,
        _currency_refusal(card, purchase.currency),
        holds_less(there, asked, card.currency) if is_too_much and asked is not None else None,
        _place_refusal(card.limits, purchase.place),
        _channel_refusal(card.limits, purchase.channel),
        _person_refusal(card.limits, purchase.email),
    )
    refusals = tuple(sentence for sentence in found if sentence is not None)
    can_pay = asked is not None and len(refusals) <= is_too_much
    pays = min(asked, there) if can_pay and asked is not None else 0
    rest = (asked or 0) - pays
    answer = _answer(card.currency, pays, there - pays, rest)
    return Checkout(
        passes=not refusals,
        refusals=refusals,
        pays_minor=pays,
        left_minor=there - pays,
        rest_minor=rest,
        sentence=f"{_in_words(purchase, asked, business)} {answer}",
        purchase=purchase,
    )


def _asked(purchase: Purchase, currency: str, there: int) -> tuple[int | None, str | None]:
    """How much is to be paid, and why that is no amount; None and None when all is meant and there is nothing."""
    if purchase.typed is not None:
        try:
            return parse_positive(purchase.typed, purchase.currency), None
        except BadAmount as refused:
            return None, str(refused)
    minor = purchase.amount_minor
    if minor is None:
        return (there if there and purchase.currency == currency else None), None
    is_amount = type(minor) is int and 0 < minor <= LARGEST_MINOR
    return (minor, None) if is_amount else (None, NO_AMOUNT)


def holds_less(there_minor: int, asked_minor: int, currency: str) -> str:
    """That a card holds less than what is asked of it."""
    return f"The card holds {format_money(there_minor, currency)}, less than {format_money(asked_minor, currency)}."


def _currency_refusal(card: CardFacts, currency: str) -> str | None:
    if currency == card.currency:
        return None
    return f"The card is in {card.currency}: it can't pay an amount in {currency}."


def _place_refusal(limits: Limits, place: str | None) -> str | None:
    if not limits.places:
        return None
    only = f"The card can be spent only at {any_of(limits.places)}"
    if place is None:
        return f"{only}, and no place is named."
    is_one = search_key(place) in {search_key(each) for each in limits.places}
    return None if is_one else f"{only}, not at {wording.shortened(place)}."


def _channel_refusal(limits: Limits, channel: str | None) -> str | None:
    if not limits.channels:
        return None
    only = f"The card can be spent only in {any_of([CHANNELS_IN_WORDS[each] for each in limits.channels])}"
    if channel is None:
        return f"{only}, and no channel is named (web or store)."
    return None if channel in limits.channels else f"{only}, not in {CHANNELS_IN_WORDS.get(channel, channel)}."


def _person_refusal(limits: Limits, email: str | None) -> str | None:
    if limits.is_spoiled:
        return SPOILED
    if not limits.is_personal:
        return None
    if not limits.emails:
        return (
            "The card can be spent by one person only, who has no e-mail address on file: a supervisor can lift that."
        )
    if email is None:
        return "The card can be spent by one person only, and nobody is named: give the e-mail address of who pays."
    is_theirs = email_key(email) in limits.emails
    return None if is_theirs else "The card can be spent by one person only, and the e-mail address is somebody else's."


def _in_words(purchase: Purchase, asked: int | None, business: BusinessTime) -> str:
    """The purchase as the answer names it: 25.00 GBP at Leeds on 21 Nov 2026 18:00."""
    what = "A purchase" if asked is None else format_money(asked, purchase.currency)
    at = f" at {wording.shortened(purchase.place)}" if purchase.place else ""
    through = " in the web shop" if purchase.channel == WEB else ""
    return f"{what}{at}{through} on {wording.moment(purchase.at, business)}"


def _answer(currency: str, pays: int, left: int, rest: int) -> str:
    if not pays:
        return "would be refused."
    if not rest:
        return f"would go through, and leave {format_money(left, currency)} on the card."
    return (
        f"would be refused: the card can pay {format_money(pays, currency)}, and {format_money(rest, currency)} would "
        f"be left to pay in another way."
    )
