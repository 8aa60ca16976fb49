"""Holding a card and letting it go, flags, and notes: what is said about a card without moving money."""

from models.desk.judging import judged, name_of, refused, with_ref
from models.errors import Refused
from models.ledger import append
from models.records import Record
from models.rules.journal import Entry, Kind
from models.rules.roles import Action
from models.rules.texts import check_note
from models.unit import Outcome, Session, Unit, perform


def suspend(
    session: Session, card_id: int, reason: str, *, ref: str | None = None, intent: str | None = None
) -> Outcome:
    """Put a card on hold, with a reason."""
    return _say(session, Action.SUSPEND, Kind.SUSPENDED, card_id, reason, "is suspended", ref, intent)


def lift(session: Session, card_id: int, reason: str, *, ref: str | None = None, intent: str | None = None) -> Outcome:
    """Remove a suspension, with a reason, and change nothing else."""
    return _say(session, Action.LIFT, Kind.UNSUSPENDED, card_id, reason, "is not suspended any more", ref, intent)


def note(session: Session, card_id: int, text: str, *, ref: str | None = None, intent: str | None = None) -> Outcome:
    """Write a note that stays with the card."""
    return _say(session, Action.NOTE, Kind.NOTE, card_id, text, "has your note", ref, intent)


def raise_flag(
    session: Session, card_id: int, reason: str, *, ref: str | None = None, intent: str | None = None
) -> Outcome:
    """Raise a flag, with a reason; several may be open at once."""
    return _say(session, Action.RAISE_FLAG, Kind.FLAG_RAISED, card_id, reason, "is flagged", ref, intent)


def clear_flag(
    session: Session,
    card_id: int,
    reason: str,
    *,
    number: int | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Clear one open flag, with a reason. It is named by its number when more than one is open."""

    def work(unit: Unit) -> Outcome:
        text = check_note(reason, "reason")
        record = judged(unit, card_id, Action.CLEAR_FLAG)
        flag = _open_flag(unit, record, number)
        entry = Entry(Kind.FLAG_CLEARED, unit.now, text=text, details=with_ref(ref), reverses=flag)
        card = append(unit.hand, record.card, entry)
        left = len(record.open_flags) - 1
        rest = "none is open" if left == 0 else f"{left} still open"
        return Outcome(True, f"{name_of(card)}: flag cleared, {rest}.", card_id, {"number": card.number})

    request = {"card": card_id, "text": reason, "number": number, "ref": ref}
    return perform(session, Action.CLEAR_FLAG, intent, request, work)


def _open_flag(unit: Unit, record: Record, number: int | None) -> int:
    if number is not None:
        if number not in record.open_flags:
            raise refused(unit, record, f"No flag {number} is open on this card.")
        return number
    if len(record.open_flags) > 1:
        numbers = ", ".join(str(flag) for flag in sorted(record.open_flags))
        raise Refused(f"Several flags are open; clear each by its number: {numbers}.")
    return next(iter(record.open_flags))


def _say(
    session: Session,
    action: Action,
    kind: Kind,
    card_id: int,
    text: str,
    result: str,
    ref: str | None,
    intent: str | None,
) -> Outcome:
    def work(unit: Unit) -> Outcome:
        said = check_note(text, "note" if kind is Kind.NOTE else "reason")
        record = judged(unit, card_id, action)
        card = append(unit.hand, record.card, Entry(kind, unit.now, text=said, details=with_ref(ref)))
        return Outcome(True, f"{name_of(card)} {result}.", card_id, {"number": card.number})

    return perform(session, action, intent, {"card": card_id, "text": text, "ref": ref}, work)
