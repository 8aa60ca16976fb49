"""Deciding about a reactivation that a colleague asked for: approved it is carried out, in one transaction and once."""

from dataclasses import replace

from models.agents import is_also
from models.approvals import SPOILED, approval_seal, digest_of, request_numbered
from models.desk.asking import settle
from models.desk.judging import hold_to_terms, name_of, refused
from models.desk.reactivating import Wished, by_a_colleague, carry_out, read_counted
from models.errors import Refused
from models.records import Record
from models.rules import wording
from models.rules.approvals import approval_refusal, deciding_refusal, withdrawal_refusal
from models.rules.asked import Asked, Decision
from models.rules.facts import own_card_refusal
from models.rules.reactivation import plan
from models.rules.roles import Action, Actor, Role, role_refusal
from models.rules.texts import check_note, email_key
from models.schema import Agent, Approval
from models.unit import Outcome, Session, Unit, perform


def approve(session: Session, approval_id: int, *, ref: str | None = None, intent: str | None = None) -> Outcome:
    """Approve a reactivation that somebody else asked for, and carry it out.

    The grounds are those that held when it was asked; everything else is judged now.
    """

    def work(unit: Unit) -> Outcome:
        record, asked = _read(unit, approval_id)
        business, facts = unit.store.business, record.facts()
        refusal = approval_refusal(asked, facts, unit.agent.id, unit.actor, unit.policy, unit.now, business)
        refusal = refusal or _asker_refusal(unit, asked, record)
        if refusal is not None:
            raise refused(unit, record, _already(unit, record, asked) or refusal)
        hold_to_terms(unit, record, Action.APPROVE)
        planned = plan(facts, unit.policy, unit.now, business, held=asked.grounds)
        outcome = carry_out(unit, record, Wished(planned, asked.note, asked.reason, ref or asked.ref, asked))
        settle(unit, asked, Decision.APPROVED, number=outcome.facts["number"])
        return replace(outcome, facts=_facts(asked, Decision.APPROVED) | dict(outcome.facts))

    return perform(session, Action.APPROVE, intent, {"approval": approval_id, "ref": ref}, work)


def refuse_approval(session: Session, approval_id: int, reason: str, *, intent: str | None = None) -> Outcome:
    """Refuse to approve a reactivation that somebody else asked for, with a reason."""

    def work(unit: Unit) -> Outcome:
        said = check_note(reason, "reason")
        record, asked = _read(unit, approval_id)
        refusal = deciding_refusal(asked, unit.agent.id, unit.actor, unit.now, unit.store.business)
        refusal = refusal or own_card_refusal(record.facts(), unit.actor)
        if refusal is not None:
            raise Refused(refusal)
        settle(unit, asked, Decision.REFUSED, said=said)
        sentence = f"{name_of(record.card)} stays as it is: what {wording.shortened(asked.by)} asked for is refused."
        return Outcome(True, sentence, asked.card_id, _facts(asked, Decision.REFUSED))

    request = {"approval": approval_id, "decision": "refuse", "reason": reason}
    return perform(session, Action.APPROVE, intent, request, work)


def withdraw_approval(session: Session, approval_id: int, *, intent: str | None = None) -> Outcome:
    """Take back what one asked for oneself."""

    def work(unit: Unit) -> Outcome:
        record, asked = _read(unit, approval_id)
        refusal = withdrawal_refusal(asked, unit.agent.id, unit.now, unit.store.business)
        if refusal is not None:
            raise Refused(refusal)
        settle(unit, asked, Decision.WITHDRAWN)
        sentence = f"Your request is withdrawn: {name_of(record.card)} stays as it is."
        return Outcome(True, sentence, asked.card_id, _facts(asked, Decision.WITHDRAWN))

    return perform(session, Action.REACTIVATE, intent, {"approval": approval_id, "decision": "withdraw"}, work)


def _read(unit: Unit, approval_id: int) -> tuple[Record, Asked]:
    """A request and its card, read again under the card's lock. Raises Refused for one that was tampered with."""
    record = read_counted(unit, request_numbered(unit.store, approval_id).card_id)
    asked = request_numbered(unit.store, approval_id)
    row = Approval.get_by_id(approval_id)
    texts = [digest_of(unit.store.keys, asked, fact) for fact in ("note", "reason")]
    if bytes(row.seal) != approval_seal(unit.store.keys, asked, texts) and asked.waits(unit.now):
        raise Refused(SPOILED)
    return record, asked


def _already(unit: Unit, record: Record, asked: Asked) -> str | None:
    """Who reactivated the card, when that is why it can't be any more; a request that is settled speaks for itself."""
    return by_a_colleague(unit, record) if asked.waits(unit.now) else None


def _asker_refusal(unit: Unit, asked: Asked, record: Record) -> str | None:
    """Why whoever asked may not have the card reactivated any more, or never might have; None when they may."""
    row: Agent = Agent.get_by_id(asked.by_id)
    who = wording.shortened(asked.by)
    if is_also(unit.agent, row):
        return f"{who}, who asked for this, has your e-mail address: somebody else must decide."
    is_known = row.disabled_at is None and row.role in set(Role)
    if not is_known or role_refusal(Role(row.role), Action.REACTIVATE) is not None:
        return f"{who}, who asked for this, may reactivate no cards any more: refuse it."
    asker = Actor(Role(row.role), email_key(row.email) if row.email else None)
    return f"This is a card of {who}'s own: refuse it." if own_card_refusal(record.facts(), asker) else None


def _facts(asked: Asked, decision: Decision) -> dict[str, object]:
    return {"approval": asked.id, "decision": decision.value, "asked_by": asked.by}
