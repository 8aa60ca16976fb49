"""Reactivating a card under the policy: judged again under the lock, all of it or nothing."""

from typing import Final

from models.desk.judging import hold_to_terms, name_of, read_again, refused, with_ref
from models.errors import Refused
from models.ledger import append
from models.records import Record, last_of
from models.rules import wording
from models.rules.journal import LOADS, Entry, Kind
from models.rules.money import format_money
from models.rules.reactivation import Reactivation, plan, reactivation_refusal
from models.rules.roles import Action
from models.rules.texts import check_note
from models.unit import Outcome, Session, Unit, perform


def reactivate(
    session: Session,
    card_id: int,
    *,
    note: str | None = None,
    reason: str | None = None,
    ref: str | None = None,
    intent: str | None = None,
    is_dry_run: bool = False,
) -> Outcome:
    """Reactivate a card: give back what broke, set the new last day, lift a suspension, leave the policy's note.

    The reason is needed when a suspension is lifted; the note is what the agent adds. A dry run says what
    would happen and changes nothing.
    """

    def work(unit: Unit) -> Outcome:
        record = read_again(unit, card_id)
        planned = _judged(unit, record)
        added = check_note(note) if note is not None and note.strip() else None
        why = check_note(reason, "reason") if reason is not None and reason.strip() else None
        if planned.lifts and why is None:
            raise Refused("The card is suspended: give the reason for which the suspension is lifted.")
        if is_dry_run:
            raise _DryRun(f"{_sentence(record, planned, 'would be')} Nothing was changed.")
        card = append(unit.hand, record.card, *_entries(unit, record, planned, added, why, ref))
        return Outcome(
            True,
            _sentence(record, planned),
            card_id,
            {
                "grounds": list(planned.grounds),
                "last_day": planned.last_day_on.isoformat() if planned.last_day_on else None,
                "restored_minor": planned.restores_minor,
                "number": card.number,
            },
        )

    request = {"card": card_id, "note": note, "reason": reason, "ref": ref}
    try:
        return perform(session, Action.REACTIVATE, intent, request, work)
    except _DryRun as would:
        return Outcome(True, str(would), card_id)


_SHORT_NAME: Final = 40


class _DryRun(Exception):
    """Ends the unit of work before anything is written."""


def _judged(unit: Unit, record: Record) -> Reactivation:
    business = unit.store.business
    facts = record.facts()
    refusal = reactivation_refusal(facts, unit.actor, unit.policy, unit.now, business)
    if refusal is not None:
        raise refused(unit, record, _by_a_colleague(unit, record) or refusal)
    hold_to_terms(unit, record, Action.REACTIVATE)
    return plan(facts, unit.policy, unit.now, business)


def _by_a_colleague(unit: Unit, record: Record) -> str | None:
    """Who reactivated a card that is fine already, and when: the answer to a second press."""
    done = last_of(record, Kind.REACTIVATED)
    state = record.card.state
    is_fine = state.suspended_at is None and (record.card.cut_off_at is None or record.card.cut_off_at > unit.now)
    if done is None or not is_fine or record.wrong or state.cancelled_at is not None:
        return None
    since = [last_of(record, kind) for kind in (*LOADS, Kind.SUSPENDED, Kind.UNSUSPENDED)]
    if any(activity is not None and activity.number > done.number for activity in since):
        return None
    at = wording.moment(done.effective_at, unit.store.business)
    return f"{done.values['actor_name'][:_SHORT_NAME]} reactivated this card already, on {at}. Nothing was changed."


def _entries(
    unit: Unit, record: Record, planned: Reactivation, added: str | None, why: str | None, ref: str | None
) -> list[Entry]:
    state = record.card.state
    entries = []
    if planned.restores_minor:
        entries.append(Entry(Kind.REINSTATEMENT, unit.now, planned.restores_minor, reverses=state.last_money_number))
    if planned.last_day_on != state.last_day_on:
        assert planned.last_day_on is not None
        entries.append(
            Entry(Kind.EXPIRY_CHANGED, unit.now, details={"sets": {"last_day": planned.last_day_on.isoformat()}})
        )
    if planned.lifts:
        entries.append(Entry(Kind.UNSUSPENDED, unit.now, text=why))
    written = unit.policy.note if planned.grounds else unit.policy.lift_note_for(why or "")
    entries.append(
        Entry(
            Kind.NOTE, unit.now, text=written, details={"grounds": list(planned.grounds), "policy": unit.policy.version}
        )
    )
    facts = record.facts()
    entries.append(
        Entry(
            Kind.REACTIVATED,
            unit.now,
            text=added,
            details=with_ref(
                ref,
                grounds=list(planned.grounds),
                policy=unit.policy.version,
                restored_minor=planned.restores_minor,
                cut_off=record.card.cut_off_at.isoformat() if record.card.cut_off_at else None,
                judged_at=unit.now.isoformat(),
                zone=unit.store.business.zone,
                was_vip=facts.is_vip,
                holder=state.holder_id,
            ),
        )
    )
    return entries


def _sentence(record: Record, planned: Reactivation, verb: str = "is") -> str:
    back = (
        f"{format_money(planned.restores_minor, record.card.currency)} given back, " if planned.restores_minor else ""
    )
    last = planned.last_day_on
    until = "without expiry" if last is None else f"valid until {wording.weekday(last)}"
    return f"{name_of(record.card)} {verb} reactivated: {back}{until}."
