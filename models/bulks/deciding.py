"""Deciding about a bulk that somebody else asked for: approved, it is carried out on exactly the list that was seen."""

from dataclasses import replace

from models import audit
from models.agents import is_also
from models.bulks.beginning import go_on
from models.bulks.facts import Bulk, BulkReport, BulkState, Progress, Stop
from models.bulks.keeping import audited, bulk_numbered_in, check_list, end, subject
from models.bulks.outcomes import outcome_of
from models.errors import Refused, faults
from models.rules import wording
from models.rules.asked import Decision
from models.rules.roles import Action, Role, role_refusal
from models.rules.texts import check_note
from models.schema import Agent
from models.schema import Bulk as BulkRow
from models.unit import Outcome, Session, Unit, perform


def approve_bulk(
    session: Session,
    bulk_id: int,
    *,
    intent: str | None = None,
    on_progress: Progress | None = None,
    is_stopped: Stop | None = None,
) -> BulkReport:
    """Approve a bulk that somebody else asked for, and carry it out.

    Raises Refused for who may not, for one's own request, and for a list that is not what was asked for; Fault for a
    broken store.
    """

    def work(unit: Unit) -> Outcome:
        bulk = _read(unit, bulk_id)
        refusal = _deciding_refusal(unit, bulk) or _asker_refusal(bulk)
        if refusal is not None:
            raise Refused(refusal)
        settle(unit, bulk, Decision.APPROVED)
        if bulk.undoes is not None:
            close(unit, bulk_numbered_in(unit.store, bulk.undoes))
        return Outcome(True, f"Bulk {bulk.id} is approved.", facts={"bulk": bulk.id, "why": []})

    with faults(session.store.path):
        with session.store.database.reading():
            bulk = bulk_numbered_in(session.store, bulk_id)
        check_list(session.store, bulk)
    outcome = perform(session, Action.APPROVE, intent, {"bulk": bulk_id, "decision": "approve"}, work)
    return go_on(session, outcome, on_progress=on_progress, is_stopped=is_stopped)


def refuse_bulk(session: Session, bulk_id: int, reason: str, *, intent: str | None = None) -> Outcome:
    """Refuse to approve a bulk that somebody else asked for, with a reason."""

    def work(unit: Unit) -> Outcome:
        said = check_note(reason, "reason")
        bulk = _read(unit, bulk_id)
        refusal = _deciding_refusal(unit, bulk)
        if refusal is not None:
            raise Refused(refusal)
        settle(unit, bulk, Decision.REFUSED, said)
        who = wording.shortened(bulk.by)
        return Outcome(True, f"Bulk {bulk.id}, which {who} asked for, is refused.", facts={"bulk": bulk.id})

    request = {"bulk": bulk_id, "decision": "refuse", "reason": reason}
    return perform(session, Action.APPROVE, intent, request, work)


def withdraw_bulk(session: Session, bulk_id: int, *, intent: str | None = None) -> Outcome:
    """Take back a bulk that one asked for oneself, while nobody has decided."""

    def work(unit: Unit) -> Outcome:
        bulk = _read(unit, bulk_id)
        refusal = _settled(unit, bulk)
        if refusal is None and bulk.by_id != unit.agent.id:
            refusal = f"{wording.shortened(bulk.by)} asked for this, and nobody else withdraws it: refuse it instead."
        if refusal is not None:
            raise Refused(refusal)
        settle(unit, bulk, Decision.WITHDRAWN)
        return Outcome(True, f"Bulk {bulk.id} is withdrawn: no card was changed.", facts={"bulk": bulk.id})

    return perform(session, Action.BULK, intent, {"bulk": bulk_id, "decision": "withdraw"}, work)


def _read(unit: Unit, bulk_id: int) -> Bulk:
    """A bulk that nobody else decides about before this transaction ends."""
    unit.store.database.hold(subject(bulk_id))
    return bulk_numbered_in(unit.store, bulk_id)


def _settled(unit: Unit, bulk: Bulk) -> str | None:
    """Why nobody can decide about it any more, as a sentence; None while it waits."""
    state = bulk.state(unit.now)
    if state is BulkState.WAITING:
        return None
    if bulk.decided_at is not None and bulk.decided_by is not None:
        at = wording.moment(bulk.decided_at, unit.store.business)
        return f"{wording.shortened(bulk.decided_by)} decided about bulk {bulk.id} on {at}: {bulk.decision}."
    if state is BulkState.LAPSED:
        at = wording.moment(bulk.lapses_at, unit.store.business)
        return f"Bulk {bulk.id} lapsed on {at}: it has to be asked for anew."
    return f"Bulk {bulk.id} waits for nobody: it is {state}."


def _deciding_refusal(unit: Unit, bulk: Bulk) -> str | None:
    """Why this agent may neither approve nor refuse it; None when they may."""
    settled = _settled(unit, bulk)
    if settled is not None:
        return settled
    if bulk.by_id == unit.agent.id:
        at = wording.moment(bulk.at, unit.store.business)
        return f"You asked for this on {at}: somebody else must decide."
    if is_also(unit.agent, Agent.get_by_id(bulk.by_id)):
        return f"{wording.shortened(bulk.by)}, who asked for this, has your e-mail address: somebody else must decide."
    return None


def _asker_refusal(bulk: Bulk) -> str | None:
    """Why whoever asked may not have it carried out any more; None when they may."""
    row: Agent = Agent.get_by_id(bulk.by_id)
    is_known = row.disabled_at is None and row.role in set(Role)
    if not is_known or any(role_refusal(Role(row.role), each) for each in (Action.BULK, bulk.kind.action)):
        return f"{wording.shortened(bulk.by)}, who asked for this, may not do it any more: refuse it."
    return None


def close(unit: Unit, bulk: Bulk) -> None:
    """Within a transaction, let nothing more be done of a bulk that is undone."""
    if bulk.ended_at is None:
        end(unit.hand, bulk, outcome_of(unit.store, bulk.id))


def settle(unit: Unit, bulk: Bulk, decision: Decision, said: str | None = None) -> None:
    """Write down what came of a request, within the transaction; nobody decides that one lapsed.

    Raises Refused when somebody was quicker.
    """
    has_lapsed = decision is Decision.LAPSED
    changed = (
        BulkRow.update(
            decision=decision,
            decided_at=unit.now,
            decided_by=None if has_lapsed else unit.agent.id,
            decided_by_name=None if has_lapsed else unit.agent.name,
            said=said,
        )
        .where((BulkRow.id == bulk.id) & BulkRow.decision.is_null())
        .execute()
    )
    if changed != 1:
        raise Refused("Somebody else decided about this at the same moment. Nothing was changed; look again.")
    keys = unit.store.keys
    after = replace(bulk, decision=decision.value, said=said)
    audit.record(unit.hand, subject(bulk.id), decision.value, audited(keys, bulk), audited(keys, after))
