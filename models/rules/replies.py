"""What to tell the customer: a text for each verdict, filled from facts that are true of the card now."""

from datetime import datetime, timedelta
from typing import Final

from models.rules import wording
from models.rules.diagnosis import Diagnosis, Verdict
from models.rules.facts import CardFacts
from models.rules.money import format_money
from models.rules.reactivation import is_past_cut_off
from models.rules.status import is_spendable
from models.rules.validity import BusinessTime

_JUST_NOW: Final = timedelta(hours=24)


def reply(
    card: CardFacts, diagnosis: Diagnosis, reactivated_at: datetime | None, now: datetime, business: BusinessTime
) -> str:
    """The reply for a verdict at an instant (UTC); a card reactivated within a day is told to be active again.

    It names the stated last day only, never the hour of the cut-off, and nothing about other customers.
    """
    if is_spendable(card, now) and reactivated_at is not None and now - reactivated_at <= _JUST_NOW:
        return (
            f"Thank you for getting in touch. I've looked into your gift card, and it is active again: "
            f"{_balance(card)} is ready to spend{_until(card)}. Please try your purchase once more; the balance is "
            f"taken off at checkout. If anything still goes wrong, just tell us and we'll help."
        )
    match diagnosis.verdict:
        case Verdict.RETRY:
            return (
                f"Thank you for getting in touch. I've checked your gift card: it is active, with {_balance(card)} "
                f"to spend{_until(card)}. Please try again at checkout, typing the code exactly as it is printed. "
                f"If it is still refused, let us know what the message says and we'll have it looked into."
            )
        case Verdict.DECLINE if _has_expired(card, now):
            return (
                f"I've checked your gift card, and I'm sorry to say that it expired{_on(card)}. A balance that has "
                f"passed its expiry date can't be brought back, which I know is disappointing. If another way to "
                f"pay would help you today, I'm glad to assist."
            )
        case Verdict.TOO_EARLY:
            return (
                f"Thank you for getting in touch. Your gift card is in order, but it becomes valid only on "
                f"{wording.weekday(business.date_of(card.active_from_at))}. That short wait protects you against "
                f"misuse. From then on {_balance(card)} can be spent{_until(card)}."
            )
        case Verdict.SPENT:
            return _spent(card, business)
        case Verdict.CANCELLED:
            return (
                "I've checked your gift card: its order was cancelled and the money went back to whoever paid for "
                "it, so the card can't be used any more. If you think that's a mistake, please tell us."
            )
        case Verdict.UNKNOWN:
            return (
                "I couldn't find a gift card with that code. Could you send it once more, group by group, or a "
                "picture of it? Letters and digits that look alike are easily mixed up."
            )
        case Verdict.INCONSISTENT:
            return (
                "Thank you for your patience. Something about your gift card's records needs a closer look, so I've "
                "asked our payments team to check it. We'll write to you as soon as we know more."
            )
        case _:
            return (
                "Thank you for getting in touch. I'm looking into your gift card and will come back to you shortly; "
                "there is nothing you need to do for now."
            )


def _balance(card: CardFacts) -> str:
    return format_money(card.balance_minor, card.currency)


def _until(card: CardFacts) -> str:
    return "" if card.last_day_on is None else f", up to and including {wording.weekday(card.last_day_on)}"


def _on(card: CardFacts) -> str:
    return "" if card.last_day_on is None else f" at the end of {wording.day(card.last_day_on)}"


def _has_expired(card: CardFacts, now: datetime) -> bool:
    return is_past_cut_off(card, now) and (card.balance_minor > 0 or card.broken_minor > 0)


def _spent(card: CardFacts, business: BusinessTime) -> str:
    if card.emptied is None:
        return "I've checked your gift card: it is valid, but there has never been any money on it. We'll find out why."
    where = f" at {card.emptied.place}" if card.emptied.place else ""
    amount = format_money(card.emptied.amount_minor, card.currency)
    return (
        f"I've checked your gift card: it has been used up. The last {amount} "
        f"was taken on {wording.day(business.date_of(card.emptied.at))}{where}. If you don't recognise that purchase, "
        f"please tell us and we'll have it checked."
    )
