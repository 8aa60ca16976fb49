"""Deciding about a reminder of which nobody knows what became of it, or that the mail server will not have."""

from datetime import date
from typing import Any, Final

from models.desk.judging import name_of, read_again, with_ref
from models.errors import Refused
from models.fates import IN_HAND_FOR, Fate, fate_of
from models.ledger import append
from models.reminding import row_of
from models.rules import wording
from models.rules.actions import INCONSISTENT
from models.rules.journal import Entry, Kind
from models.rules.reminders import Call, Decision, State, sent_entry
from models.rules.roles import Action
from models.rules.texts import NOTE, check_note
from models.schema import Outbox, Reminder
from models.unit import Outcome, Session, Unit, perform

_LONGEST_REASON: Final = NOTE - 200


def settle_reminder(
    session: Session,
    card_id: int,
    last_day_on: date,
    lead_days: int,
    decision: Decision,
    reason: str,
    *,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Decide about a reminder, by its card, last day and lead: it was sent, it is to be sent again, or not at all.

    The reason stays on the card. A reminder that a run is sending at this moment is left to it.
    """

    def work(unit: Unit) -> Outcome:
        why = check_reason(reason)
        record = read_again(unit, card_id)
        if record.wrong is not None:
            raise Refused(INCONSISTENT)
        row: Reminder | None = Reminder.get_or_none(row_of(card_id, last_day_on, lead_days))
        if row is None:
            raise Refused("No such reminder was ever in hand. See: giftdesk reminder list")
        check_decision(unit, row, decision, "reminder")
        Reminder.update(**_changes(unit, decision)).where(row_of(card_id, last_day_on, lead_days)).execute()
        call = Call(last_day_on, lead_days, last_day_on, unit.now, bool(row.is_late))
        card = append(unit.hand, record.card, _entry(unit, call, decision, why, with_ref(ref)))
        facts = {"number": card.number, "decision": decision.value}
        return Outcome(True, f"{name_of(card)}: {_RESULT[decision]}", card_id, facts)

    request = {
        "card": card_id,
        "last_day": last_day_on.isoformat(),
        "lead_days": lead_days,
        "decision": decision,
        "reason": reason,
        "ref": ref,
    }
    return perform(session, Action.SETTLE_REMINDER, intent, request, work)


_RESULT: Final = {
    Decision.SENT: "the reminder is recorded as sent.",
    Decision.AGAIN: "the reminder goes with the next run, if it is still owed then.",
    Decision.DROP: "the reminder is dropped; it is not sent any more.",
}
_NOTED: Final = {Decision.AGAIN: "is to be sent again", Decision.DROP: "is dropped"}


def check_reason(reason: str) -> str:
    """Why somebody decides so, short enough to stand in a note. Raises Refused or BadText."""
    why = check_note(reason, "reason")
    if len(why) > _LONGEST_REASON:
        raise Refused(f"The reason must be shorter: {_LONGEST_REASON:,} characters at most.")
    return why


def check_decision(unit: Unit, row: Reminder | Outbox, decision: Decision, what: str) -> None:
    """Raise Refused unless somebody may decide so about an e-mail: it is settled, in hand, or certainly not sent."""
    if row.settled_at is not None:
        raise Refused(f"That {what} is settled already: it is {_SETTLED[State(row.state)]}.")
    fate = fate_of(State(row.state), row.said, row.claimed_at, unit.now - IN_HAND_FOR)
    if fate is Fate.IN_HAND:
        assert row.claimed_at is not None
        minutes = int(IN_HAND_FOR.total_seconds()) // 60
        raise Refused(
            f"A run is sending that {what}, since {wording.moment(row.claimed_at, unit.store.business)}: wait until "
            f"{minutes} minutes are over."
        )
    if decision is Decision.SENT and row.state != State.CLAIMED:
        raise Refused(f"That {what} was certainly not sent: send it again, or drop it.")


_SETTLED: Final = {
    State.SENT: "sent",
    State.REFUSED: "refused by the mail server, and its day is over",
    State.DROPPED: "dropped",
}


def _changes(unit: Unit, decision: Decision) -> dict[str, Any]:
    match decision:
        case Decision.SENT:
            return {"state": State.SENT, "settled_at": unit.now, "said": None}
        case Decision.AGAIN:
            return {"state": State.WAITING, "next_try_at": unit.now, "said": None}
        case Decision.DROP:
            return {"state": State.DROPPED, "settled_at": unit.now, "next_try_at": None}


def _entry(unit: Unit, call: Call, decision: Decision, why: str, details: dict[str, Any]) -> Entry:
    """What the card says of it: that it was sent, or a note that it was not."""
    if decision is Decision.SENT:
        return sent_entry(call, unit.now, why, **details)
    which = f"{wording.plural(call.lead_days, 'day')} before {wording.weekday(call.last_day_on)}"
    text = f"The reminder for {which} {_NOTED[decision]}: {why}"
    facts = {"last_day": call.last_day_on.isoformat(), "lead_days": call.lead_days, "decision": decision.value}
    return Entry(Kind.NOTE, unit.now, text=text, details={**details, "reminder": facts})
