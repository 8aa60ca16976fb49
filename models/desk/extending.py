"""Setting a later last day for a card that has not expired."""

from datetime import date

from models.desk.judging import judged, name_of, with_ref
from models.errors import Mendable
from models.ledger import append
from models.rules import wording
from models.rules.journal import Entry, Kind
from models.rules.roles import Action
from models.rules.texts import check_note
from models.rules.validity import LATEST
from models.unit import Outcome, Session, Unit, perform


def extend(
    session: Session, card_id: int, until: date, reason: str, *, ref: str | None = None, intent: str | None = None
) -> Outcome:
    """Make a day (in the business zone) that is later than the card's last day its last day, with a reason.

    Nothing else changes: a card on hold stays on hold.
    """

    def work(unit: Unit) -> Outcome:
        why = check_note(reason, "reason")
        record = judged(unit, card_id, Action.EXTEND)
        last = record.card.state.last_day_on
        if last is not None and until <= last:
            raise Mendable(f"The last day is {wording.weekday(last)} already: give a later one.")
        if until > LATEST:
            raise Mendable(f"The last day can't be later than {wording.day(LATEST)}.")
        details = with_ref(ref, sets={"last_day": until.isoformat()})
        card = append(unit.hand, record.card, Entry(Kind.EXPIRY_CHANGED, unit.now, text=why, details=details))
        sentence = f"{name_of(card)} is valid until {wording.weekday(until)}."
        return Outcome(True, sentence, card_id, {"last_day": until.isoformat(), "number": card.number})

    request = {"card": card_id, "until": until.isoformat(), "reason": reason, "ref": ref}
    return perform(session, Action.EXTEND, intent, request, work)
