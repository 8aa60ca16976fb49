"""Correcting a balance, for Payments Support: never without the escalation that asked for it."""

from models.desk.judging import check_amount, judged, name_of, refused, with_ref
from models.errors import Mendable, Refused
from models.ledger import append
from models.records import Record
from models.rules.facts import own_card_refusal
from models.rules.journal import Entry, Kind
from models.rules.money import LARGEST_MINOR, format_money
from models.rules.roles import Action
from models.rules.texts import REFERENCE, check_line, check_note
from models.unit import Outcome, Session, Unit, perform


def adjust(
    session: Session,
    card_id: int,
    amount_minor: int,
    escalation: str,
    reason: str,
    *,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Add an amount to a card's balance, or take one away when it is negative (minor units, not zero).

    The escalation is named by its id, as the card's journal has it.
    """

    def work(unit: Unit) -> Outcome:
        why = check_note(reason, "reason")
        check_amount(abs(amount_minor))
        named = check_line(escalation, "escalation", REFERENCE).upper()
        record = judged(unit, card_id, Action.ADJUST)
        own = own_card_refusal(record.facts(), unit.actor) if amount_minor > 0 else None
        if own is not None:
            raise refused(unit, record, own)
        _check_escalation(record, named)
        _check_balance(record, amount_minor)
        details = with_ref(ref, escalation=named)
        card = append(unit.hand, record.card, Entry(Kind.ADJUSTMENT, unit.now, amount_minor, text=why, details=details))
        moved = format_money(abs(amount_minor), card.currency)
        return Outcome(
            True,
            f"{name_of(card)}: {moved} {'added' if amount_minor > 0 else 'taken off'} for {named}, "
            f"{format_money(card.balance_minor, card.currency)} on the card.{_still_open(record, named)}",
            card_id,
            {"balance_minor": card.balance_minor, "escalation": named, "number": card.number},
        )

    request = {"card": card_id, "amount": amount_minor, "escalation": escalation, "reason": reason, "ref": ref}
    return perform(session, Action.ADJUST, intent, request, work)


def _check_escalation(record: Record, named: str) -> None:
    """Refuse an escalation that this card does not have."""
    escalations = [activity.details.get("escalation") for activity in record.journal if activity.kind is Kind.ESCALATED]
    if not escalations:
        raise Refused("Nobody has escalated this card: a balance is corrected only for an escalation.")
    if named not in escalations:
        raise Mendable(f"This card has no escalation {named}; its latest is {escalations[-1]}.")


def _still_open(record: Record, named: str) -> str:
    """That the escalation waits for its answer, if it does."""
    is_open = record.handed is not None and record.handed.id == named and record.handed.is_open
    return f" {named} is still to be answered." if is_open else ""


def _check_balance(record: Record, amount_minor: int) -> None:
    """Refuse an amount that would leave less than nothing, or more than a card can hold."""
    balance, currency = record.card.balance_minor, record.card.currency
    if balance + amount_minor < 0:
        raise Mendable(
            f"The card holds {format_money(balance, currency)}, less than {format_money(-amount_minor, currency)}."
        )
    if balance + amount_minor > LARGEST_MINOR:
        raise Mendable("That is more than a gift card can hold.")
