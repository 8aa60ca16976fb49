"""What to tell the customer: a text for each verdict, filled from facts that are true of the card now."""

from datetime import datetime, timedelta
from typing import Final

from models.rules import wording
from models.rules.diagnosis import Diagnosis, Verdict
from models.rules.facts import CardFacts, Replaced
from models.rules.journal import Kind
from models.rules.money import format_money
from models.rules.reactivation import is_expired
from models.rules.validity import BusinessTime
from models.rules.zero import taken_for_the_customer

_JUST_NOW: Final = timedelta(hours=24)
_NOTHING_TO_SPEND: Final = frozenset({Verdict.SPENT, Verdict.TOO_EARLY})


def reply(
    card: CardFacts,
    diagnosis: Diagnosis,
    reactivated_at: datetime | None,
    is_escalated: bool,
    now: datetime,
    business: BusinessTime,
) -> str:
    """The reply for a verdict at an instant (UTC); a card reactivated within a day is told to be active again.

    A card that was handed over, and nothing done to it since, is told to be with the payments team.

    It names the stated last day only, never the hour of the cut-off, and nothing about other customers.
    """
    if is_escalated:
        return _handed_over()
    if card.replaced is not None and not card.balance_minor and diagnosis.verdict in _NOTHING_TO_SPEND:
        return _replaced(card.replaced)
    match diagnosis.verdict:
        case Verdict.RETRY:
            was_reactivated = reactivated_at is not None and now - reactivated_at <= _JUST_NOW
            return _active_again(card) if was_reactivated else _active(card)
        case Verdict.DECLINE if is_expired(card, now):
            return (
                f"I've checked your gift card, and I'm sorry to say that it expired{_on(card)}. A balance that has "
                f"passed its expiry date can't be brought back, which I know is disappointing. If another way to "
                f"pay would help you today, I'm glad to assist."
            )
        case Verdict.TOO_EARLY:
            return _too_early(card, business)
        case Verdict.SPENT:
            return _spent(card, business)
        case Verdict.CANCELLED:
            return _cancelled(card)
        case _:
            return (
                "Thank you for getting in touch. I'm looking into your gift card and will come back to you shortly; "
                "there is nothing you need to do for now."
            )


def _handed_over() -> str:
    return (
        "Thank you for your patience. I've passed your gift card on to our payments team, who will look into it. "
        "We'll write to you as soon as we know more."
    )


def _active_again(card: CardFacts) -> str:
    return (
        f"Thank you for getting in touch. I've looked into your gift card, and it is active again: "
        f"{_balance(card)} is ready to spend{_until(card)}. Please try your purchase once more; the balance is "
        f"taken off at checkout. If anything still goes wrong, just tell us and we'll help."
    )


def _active(card: CardFacts) -> str:
    return (
        f"Thank you for getting in touch. I've checked your gift card: it is active, with {_balance(card)} "
        f"to spend{_until(card)}. Please try again at checkout, typing the code exactly as it is printed. "
        f"If it is still refused, let us know what the message says and we'll have it looked into."
    )


def _too_early(card: CardFacts, business: BusinessTime) -> str:
    starts = wording.weekday(business.date_of(card.active_from_at))
    will_work = card.balance_minor > 0 and (card.cut_off_at is None or card.active_from_at < card.cut_off_at)
    ready = f" From then on {_balance(card)} can be spent{_until(card)}." if will_work else ""
    return (
        f"Thank you for getting in touch. Your gift card is in order, but it becomes valid only on {starts}; until "
        f"then nobody can use it, which also protects you against misuse.{ready}"
    )


def _balance(card: CardFacts) -> str:
    return format_money(card.balance_minor, card.currency)


def _until(card: CardFacts) -> str:
    return "" if card.last_day_on is None else f", up to and including {wording.weekday(card.last_day_on)}"


def _on(card: CardFacts) -> str:
    return "" if card.last_day_on is None else f" at the end of {wording.day(card.last_day_on)}"


def _cancelled(card: CardFacts) -> str:
    was_paid_back = card.emptied is not None and card.emptied.kind is Kind.CANCELLATION
    money = " and the money went back to whoever paid for it" if was_paid_back else ""
    return (
        f"I've checked your gift card: its order was cancelled{money}, so the card can't be used any more. If you "
        f"think that's a mistake, please tell us."
    )


def _replaced(replaced: Replaced) -> str:
    return (
        f"I've checked your gift card: a new card has replaced it, with a code that ends in {replaced.last_four}, and "
        f"what was on the old one has been moved there. Please use the new code; the old one can't be used any more. "
        f"If you haven't received it, just tell us."
    )


def _spent(card: CardFacts, business: BusinessTime) -> str:
    emptied = card.emptied
    if emptied is None:
        return "I've checked your gift card: it is valid, but there has never been any money on it. We'll find out why."
    amount, on = format_money(emptied.amount_minor, card.currency), wording.day(business.date_of(emptied.at))
    if emptied.kind is Kind.TRANSFER_OUT:
        return (
            f"I've checked your gift card: there is nothing left on it, because the last {amount} was moved to "
            f"another gift card on {on}. If you didn't expect that, please tell us and we'll have it checked."
        )
    if emptied.kind is not Kind.REDEMPTION:
        return (
            f"I've checked your gift card: there is nothing left on it, because the last {amount} was taken off on "
            f"{on}. If you didn't expect that, please tell us and we'll have it checked."
        )
    return (
        f"I've checked your gift card: it has been used up. {taken_for_the_customer(emptied, card.currency, business)} "
        f"If you don't recognise that purchase, please tell us and we'll have it checked."
    )
