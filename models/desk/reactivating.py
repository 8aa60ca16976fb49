"""Reactivating a card under the policy: judged again under the lock, all or nothing; or asking for an approval."""

from dataclasses import dataclass
from typing import Any, Final

from models.casebook import require_intake
from models.desk.asking import ask
from models.desk.judging import hold_to_terms, name_of, read_again, refused, with_ref
from models.desk.quotas import count_one, refuse_beyond, warning
from models.errors import Refused
from models.ledger import append
from models.records import Record, last_of
from models.rules import wording
from models.rules.asked import Asked
from models.rules.journal import LOADS, Entry, Kind
from models.rules.money import format_money
from models.rules.reactivation import Reactivation, plan, reactivation_refusal
from models.rules.roles import Action
from models.rules.texts import optional_note
from models.rules.thresholds import why_ask
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

    The reason is needed when a suspension is lifted; the note is what the agent adds. Where a threshold of the policy
    is passed a colleague is asked to approve it, and the outcome's facts name the request as "approval" and hold no
    "number". A dry run says what would happen and changes nothing.
    """

    def work(unit: Unit) -> Outcome:
        record = read_counted(unit, card_id)
        planned = _judged(unit, record)
        require_intake(unit, record, Action.REACTIVATE)
        added = optional_note(note)
        why = optional_note(reason, "reason")
        if planned.lifts and why is None:
            raise Refused("The card is suspended: give the reason for which the suspension is lifted.")
        must_ask = why_ask(record.facts(), planned, unit.policy, unit.now)
        if must_ask or is_dry_run:
            refuse_beyond(unit, unit.agent.id, unit.agent.name)
        if is_dry_run:
            raise _DryRun(f"{_would(record, planned, must_ask)} Nothing was changed.")
        if must_ask:
            return ask(unit, record, planned, must_ask, note=added, reason=why, ref=ref)
        return carry_out(unit, record, Wished(planned, added, why, ref))

    request = {"card": card_id, "note": note, "reason": reason, "ref": ref}
    try:
        return perform(session, Action.REACTIVATE, intent, request, work)
    except _DryRun as would:
        return Outcome(True, str(would), card_id)


_SHORT_NAME: Final = 40


class _DryRun(Exception):
    """Ends the unit of work before anything is written."""


@dataclass(frozen=True, slots=True)
class Wished:
    """What is to be carried out, and for whom."""

    planned: Reactivation
    note: str | None
    """What the agent adds."""
    reason: str | None
    """Why a suspension is lifted."""
    ref: str | None
    asked: Asked | None = None
    """The request that was approved; None: nobody had to be asked."""


def read_counted(unit: Unit, card_id: int) -> Record:
    """The card under the lock, with what was reactivated of its holder: nobody counts along at the same moment."""
    record = read_again(unit, card_id)
    holder_id = record.card.state.holder_id
    if holder_id is None or unit.policy.repeat_limit is None or not unit.store.database.for_update:
        return record
    unit.store.database.hold(f"reactivations of customer {holder_id}")
    return read_again(unit, card_id)


def carry_out(unit: Unit, record: Record, wished: Wished) -> Outcome:
    """Reactivate a card that was judged, within the transaction; counted for whoever wished it.

    Raises Refused when they may reactivate no more today.
    """
    planned, asked = wished.planned, wished.asked
    agent_id, name = (unit.agent.id, unit.agent.name) if asked is None else (asked.by_id, asked.by)
    nth = count_one(unit, agent_id, name)
    card = append(unit.hand, record.card, *_entries(unit, record, wished, nth))
    return Outcome(
        True,
        f"{_sentence(record, planned)}{warning(unit, agent_id, name, nth)}",
        card.id,
        {
            "grounds": list(planned.grounds),
            "last_day": planned.last_day_on.isoformat() if planned.last_day_on else None,
            "restored_minor": planned.restores_minor,
            "number": card.number,
        },
    )


def _judged(unit: Unit, record: Record) -> Reactivation:
    business = unit.store.business
    facts = record.facts()
    refusal = reactivation_refusal(facts, unit.actor, unit.policy, unit.now, business)
    if refusal is not None:
        raise refused(unit, record, by_a_colleague(unit, record) or refusal)
    hold_to_terms(unit, record, Action.REACTIVATE)
    return plan(facts, unit.policy, unit.now, business)


def by_a_colleague(unit: Unit, record: Record) -> str | None:
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


def _entries(unit: Unit, record: Record, wished: Wished, nth: int) -> list[Entry]:
    state, planned = record.card.state, wished.planned
    entries = []
    if planned.restores_minor:
        entries.append(Entry(Kind.REINSTATEMENT, unit.now, planned.restores_minor, reverses=state.last_money_number))
    if planned.last_day_on != state.last_day_on:
        assert planned.last_day_on is not None
        entries.append(
            Entry(Kind.EXPIRY_CHANGED, unit.now, details={"sets": {"last_day": planned.last_day_on.isoformat()}})
        )
    if planned.lifts:
        entries.append(Entry(Kind.UNSUSPENDED, unit.now, text=wished.reason))
    written = unit.policy.note if planned.grounds else unit.policy.lift_note_for(wished.reason or "")
    grounds = {"grounds": list(planned.grounds), "policy": unit.policy.version}
    entries.append(Entry(Kind.NOTE, unit.now, text=written, details={**grounds, **_approved(wished.asked)}))
    facts = record.facts()
    entries.append(
        Entry(
            Kind.REACTIVATED,
            unit.now,
            text=wished.note,
            details=with_ref(
                wished.ref,
                **grounds,
                **_approved(wished.asked),
                nth=nth,
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


def _approved(asked: Asked | None) -> dict[str, Any]:
    """What activities say of the request that was approved."""
    return {} if asked is None else {"approval": asked.id, "asked_by": asked.by_id, "asked_by_name": asked.by}


def _would(record: Record, planned: Reactivation, must_ask: tuple[str, ...]) -> str:
    if not must_ask:
        return _sentence(record, planned, "would be")
    return f"{_sentence(record, planned, 'would be')} But it needs an approval, which would be asked for. " + " ".join(
        must_ask
    )


def _sentence(record: Record, planned: Reactivation, verb: str = "is") -> str:
    back = (
        f"{format_money(planned.restores_minor, record.card.currency)} given back, " if planned.restores_minor else ""
    )
    last = planned.last_day_on
    until = "without expiry" if last is None else f"valid until {wording.weekday(last)}"
    return f"{name_of(record.card)} {verb} reactivated: {back}{until}."
