"""Moving a balance from one card to another, both locked and judged, in one transaction."""

from typing import Any

from models.answering import own_digest
from models.cards import LockedCard, lock_card
from models.desk.breakage import break_balance
from models.desk.judging import check_amount, judged, name_of, read_again, with_ref
from models.desk.loads import until
from models.desk.restricting import carry_restriction
from models.errors import OwnCard, Refused
from models.ledger import append
from models.records import Record
from models.rules.codes import masked
from models.rules.journal import BrokenJournal, Entry, Kind
from models.rules.money import LARGEST_MINOR, format_money
from models.rules.products import load_refusal
from models.rules.roles import Action
from models.rules.texts import check_note
from models.rules.transfers import OTHER_IS_OWN, OtherCard, last_day_after, receiving_refusal
from models.unit import Outcome, Session, Unit, perform


def transfer(
    session: Session,
    card_id: int,
    to_card_id: int,
    amount_minor: int | None = None,
    *,
    reason: str,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Move an amount (minor units, above zero; None is the whole balance) from a card to another one.

    The other card's balance breaks first when its cut-off has passed. One that never had money takes over
    the days, the product and the people, and to whom it is restricted; any other keeps its own and the later
    last day, and must let nobody spend the balance who could not have spent it before.
    """

    def work(unit: Unit) -> Outcome:
        why = check_note(reason, "reason")
        if amount_minor is not None:
            check_amount(amount_minor)
        if card_id == to_card_id:
            raise Refused("A balance is moved to another card, not to the card that it is on.")
        for each in sorted((card_id, to_card_id)):
            lock_card(each)
        source = judged(unit, card_id, Action.TRANSFER)
        target = _receiving(unit, source, to_card_id)
        moved = _amount(source, amount_minor)
        sets = _taken_over(unit, source, target)
        broken = break_balance(unit.hand, target.card)
        if broken.balance_minor + moved > LARGEST_MINOR:
            raise Refused("That is more than a gift card can hold.")
        is_carried = target.facts().never_had_money and not target.limits().is_personal
        only_for = carry_restriction(unit, source, to_card_id, ref) if is_carried else None
        left, filled = move(unit, source.card, broken, moved, sets, reason=why, ref=ref, only_for=only_for)
        currency = left.currency
        return Outcome(
            True,
            f"{name_of(left)}: {format_money(moved, currency)} moved to ···· {filled.last_four}, "
            f"{format_money(left.balance_minor, currency)} left. {name_of(filled)} has "
            f"{format_money(filled.balance_minor, currency)}, {until(filled)}.",
            card_id,
            {
                "amount_minor": moved,
                "balance_minor": left.balance_minor,
                "to": masked(filled.last_four),
                "to_balance_minor": filled.balance_minor,
                "to_last_day": filled.state.last_day_on.isoformat() if filled.state.last_day_on else None,
                "number": left.number,
            },
        )

    request = {"card": card_id, "to": to_card_id, "amount": amount_minor, "reason": reason, "ref": ref}
    return perform(session, Action.TRANSFER, intent, request, work)


def _receiving(unit: Unit, source: Record, card_id: int) -> Record:
    target = read_again(unit, card_id)
    refusal = receiving_refusal(source.facts(), target.facts(), unit.actor, unit.now, unit.store.business)
    if refusal == OTHER_IS_OWN:
        raise OwnCard(refusal, card_id)
    if refusal is not None:
        raise Refused(refusal)
    return target


def _amount(source: Record, wished_minor: int | None) -> int:
    balance, currency = source.card.balance_minor, source.card.currency
    if wished_minor is not None and wished_minor > balance:
        raise Refused(
            f"The card holds {format_money(balance, currency)}, less than {format_money(wished_minor, currency)}."
        )
    return balance if wished_minor is None else wished_minor


def _taken_over(unit: Unit, source: Record, target: Record) -> dict[str, Any]:
    """The facts that the balance brings along to the card that takes it."""
    if target.facts().never_had_money:
        return inheritance(source.card)
    last_day_on = last_day_after(source.facts(), target.facts())
    refusal = load_refusal(target.card.active_from_at, last_day_on, unit.now, unit.store.business)
    if refusal is not None:
        raise Refused(refusal)
    if last_day_on == target.card.state.last_day_on:
        return {}
    return {"last_day": last_day_on.isoformat() if last_day_on else None}


def inheritance(source: LockedCard) -> dict[str, Any]:
    """The facts of a card that one in its place takes over: its product, its days and its people."""
    state = source.state
    return {
        "product": state.product_id,
        "active_from": source.active_from_at.isoformat(),
        "last_day": state.last_day_on.isoformat() if state.last_day_on else None,
        "purchaser": state.purchaser_id,
        "recipient": state.recipient_id,
        "registered": state.registered_id,
    }


def move(
    unit: Unit,
    source: LockedCard,
    target: LockedCard,
    amount_minor: int,
    sets: dict[str, Any],
    *,
    reason: str,
    ref: str | None,
    is_replacement: bool = False,
    only_for: int | None = None,
) -> tuple[LockedCard, LockedCard]:
    """Take an amount from one locked card and put it on another, whose facts it sets; each names the other.

    Only_for is the customer to whom the balance takes a restriction along. The reason stands on both when both are
    the same person's; else on the first, whose person it is about.
    """
    named = [
        OtherCard(own_digest(unit.store, card.id), card.last_four).as_details(is_replacement=is_replacement)
        for card in (target, source)
    ]
    out = Entry(Kind.TRANSFER_OUT, unit.now, -amount_minor, text=reason, details=with_ref(ref, **named[0]))
    is_same_person = "product" in sets or source.state.holder_id == target.state.holder_id
    said = reason if is_same_person else None
    whose = {} if only_for is None else {"restriction": only_for}
    details = with_ref(ref, **named[1], **whose, sets=sets)
    in_ = Entry(Kind.TRANSFER_IN, unit.now, amount_minor, text=said, details=details)
    left, filled = append(unit.hand, source, out), append(unit.hand, target, in_)
    if left.balance_minor + filled.balance_minor != source.balance_minor + target.balance_minor:
        raise BrokenJournal(f"activity {filled.number}: what came is not what went")
    return left, filled
