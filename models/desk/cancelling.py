"""Cancelling a card's order: what is on it goes back to the payer, and nothing moves on it ever after."""

from models.desk.breakage import break_balance
from models.desk.judging import judged, name_of, with_ref
from models.ledger import append
from models.rules.journal import Entry, Kind
from models.rules.money import format_money
from models.rules.roles import Action
from models.rules.texts import check_note
from models.unit import Outcome, Session, Unit, perform


def cancel(
    session: Session, card_id: int, reason: str, *, ref: str | None = None, intent: str | None = None
) -> Outcome:
    """Cancel a card for good, with a reason. A balance past its cut-off breaks first: then nothing goes back."""

    def work(unit: Unit) -> Outcome:
        why = check_note(reason, "reason")
        record = judged(unit, card_id, Action.CANCEL)
        card = break_balance(unit.hand, record.card)
        returned = card.balance_minor
        entry = Entry(Kind.CANCELLATION, unit.now, -returned, text=why, details=with_ref(ref))
        card = append(unit.hand, card, entry)
        back = f"{format_money(returned, card.currency)} goes back to the payer" if returned else "nothing goes back"
        return Outcome(
            True, f"{name_of(card)} is cancelled: {back}.", card_id, {"returned_minor": returned, "number": card.number}
        )

    return perform(session, Action.CANCEL, intent, {"card": card_id, "reason": reason, "ref": ref}, work)
