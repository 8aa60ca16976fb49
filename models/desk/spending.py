"""Taking money from a card, and giving back what was taken."""

from models.checkout import purchase_given
from models.desk.judging import check_amount, judged, name_of, read_again, refused, with_ref
from models.errors import Refused
from models.journals import StoredActivity
from models.ledger import append
from models.records import Record
from models.rules.checkout import Purchase, judge
from models.rules.journal import Entry, Kind
from models.rules.money import format_money
from models.rules.roles import Action
from models.rules.texts import REFERENCE, optional_line
from models.unit import Outcome, Session, Unit, perform


def redeem(
    session: Session,
    card_id: int,
    amount_minor: int,
    *,
    place: str | None = None,
    channel: str | None = None,
    email: str | None = None,
    order_ref: str | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Take an amount (minor units, above zero) from a card that can be spent now: there, in that channel, and by the
    person with that e-mail address, where the card is restricted."""

    def work(unit: Unit) -> Outcome:
        where, how, who = purchase_given(place, channel, email)
        order = optional_line(order_ref, "order", REFERENCE)
        check_amount(amount_minor)
        record = read_again(unit, card_id)
        purchase = Purchase(amount_minor, record.card.currency, unit.now, where, how, who)
        found = judge(record.facts(), purchase, unit.store.business)
        if not found.passes:
            raise refused(unit, record, " ".join(found.refusals))
        details = with_ref(ref, **({} if how is None else {"channel": how}))
        entry = Entry(Kind.REDEMPTION, unit.now, -amount_minor, place=where, order_ref=order, details=details)
        card = append(unit.hand, record.card, entry)
        return Outcome(
            True,
            f"{name_of(card)}: {format_money(amount_minor, card.currency)} redeemed, "
            f"{format_money(card.state.balance_minor, card.currency)} left.",
            card_id,
            {"balance_minor": card.state.balance_minor, "number": card.number},
        )

    request = {"card": card_id, "amount": amount_minor, "place": place, "order": order_ref, "ref": ref}
    more = {"channel": channel, "email": email}
    request |= {name: given for name, given in more.items() if given is not None}
    return perform(session, Action.REDEEM, intent, request, work)


def refund(
    session: Session,
    card_id: int,
    amount_minor: int,
    *,
    of_order: str | None = None,
    of_number: int | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Give back an amount (minor units, above zero) of one redemption, at most what is left of it.

    The redemption is named by its order, or by its number in the card's journal.
    """

    def work(unit: Unit) -> Outcome:
        check_amount(amount_minor)
        order = optional_line(of_order, "order", REFERENCE)
        if order is None and of_number is None:
            raise Refused("Name the redemption to give back: by its order, or by its number in the history.")
        record = judged(unit, card_id, Action.REFUND)
        taken = _redemption(record, order, of_number)
        left = _left_to_refund(record, taken)
        if amount_minor > left:
            raise Refused(f"Only {format_money(left, record.card.currency)} of that redemption is left to give back.")
        entry = Entry(
            Kind.REFUND,
            unit.now,
            amount_minor,
            place=taken.values["place"],
            order_ref=taken.values["order_ref"],
            details=with_ref(ref),
            reverses=taken.number,
        )
        card = append(unit.hand, record.card, entry)
        return Outcome(
            True,
            f"{name_of(card)}: {format_money(amount_minor, card.currency)} given back, "
            f"{format_money(card.state.balance_minor, card.currency)} on the card.",
            card_id,
            {"balance_minor": card.state.balance_minor, "number": card.number},
        )

    request = {"card": card_id, "amount": amount_minor, "order": of_order, "number": of_number, "ref": ref}
    return perform(session, Action.REFUND, intent, request, work)


def _redemption(record: Record, order_ref: str | None, number: int | None) -> StoredActivity:
    found = [
        activity
        for activity in record.journal
        if activity.kind is Kind.REDEMPTION
        and (activity.number == number if number is not None else activity.values["order_ref"] == order_ref)
    ]
    open_ones = [activity for activity in found if _left_to_refund(record, activity)] or found
    if not open_ones:
        raise Refused("The card has no such redemption; name it by its order, as the history shows it.")
    if len(open_ones) > 1:
        numbers = ", ".join(str(activity.number) for activity in open_ones)
        raise Refused(f"Several redemptions belong to that order; name one by its number: {numbers}.")
    return open_ones[0]


def _left_to_refund(record: Record, taken: StoredActivity) -> int:
    given = sum(
        activity.values["amount_minor"]
        for activity in record.journal
        if activity.kind is Kind.REFUND and activity.values["reverses"] == taken.number
    )
    left: int = -taken.values["amount_minor"] - given
    return left
