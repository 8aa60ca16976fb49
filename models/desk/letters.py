"""Deciding about an e-mail of the outbox of which nobody knows what became of it, or that did not go."""

from typing import Final

from models.cards import lock_card
from models.desk.judging import with_ref
from models.desk.settling import check_decision, check_reason
from models.errors import Refused
from models.ledger import append
from models.outbox import NO_SUCH_LETTER, record_letter, settle
from models.rules import wording
from models.rules.journal import Entry, Kind
from models.rules.reminders import Decision, State
from models.rules.roles import Action
from models.schema import Outbox
from models.unit import Outcome, Session, Unit, perform


def settle_letter(
    session: Session,
    letter_id: int,
    decision: Decision,
    reason: str,
    *,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Decide about an e-mail, by its number: it was sent, it is to be sent again, or not at all.

    The reason stays on its card. One that is being sent at this moment is left to whoever sends it; one that is to
    be sent again is judged again before it goes.
    """

    def work(unit: Unit) -> Outcome:
        why = check_reason(reason)
        row: Outbox | None = Outbox.get_or_none(Outbox.id == letter_id)
        if row is None:
            raise Refused(NO_SUCH_LETTER)
        check_decision(unit, row, decision, "e-mail")
        if decision is Decision.AGAIN and row.text is None:
            raise Refused("What that e-mail said was removed with the data of the person: drop it.")
        card = None if row.card_id is None else lock_card(row.card_id)
        _decide(unit, row, decision)
        facts = {"letter": letter_id, "decision": decision.value}
        if card is not None:
            text = f"The e-mail of {wording.moment(row.written_at, unit.store.business)} {_NOTED[decision]}: {why}"
            card = append(unit.hand, card, Entry(Kind.NOTE, unit.now, text=text, details=with_ref(ref, letter=facts)))
        return Outcome(True, _RESULT[decision], None if card is None else card.id, {"decision": decision.value})

    request = {"letter": letter_id, "decision": decision, "reason": reason, "ref": ref}
    return perform(session, Action.SETTLE_LETTER, intent, request, work)


def _decide(unit: Unit, row: Outbox, decision: Decision) -> None:
    if decision is not Decision.AGAIN:
        settle(unit, row, State.SENT if decision is Decision.SENT else State.DROPPED, "settle")
        return
    changes = {"state": State.WAITING, "next_try_at": unit.now, "said": None}
    Outbox.update(**changes).where(Outbox.id == row.id).execute()
    record_letter(unit, row.id, "settle", row.state, State.WAITING)


_RESULT: Final = {
    Decision.SENT: "The e-mail is recorded as sent.",
    Decision.AGAIN: "The e-mail goes when the outbox is sent next, if it is still true then.",
    Decision.DROP: "The e-mail is dropped; it is not sent any more.",
}
_NOTED: Final = {
    Decision.SENT: "was sent",
    Decision.AGAIN: "is to be sent again",
    Decision.DROP: "is dropped",
}
