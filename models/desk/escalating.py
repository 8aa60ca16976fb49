"""Handing a card over to Payments Support: an activity, a row of its own, and a packet of text."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from models import audit
from models.casebook import case_for, enter, intake_given, intake_of, take_down
from models.chain import answer_digest
from models.clock import to_microseconds
from models.desk.judging import judged, name_of, with_ref
from models.errors import Mendable
from models.escalations import known_escalation
from models.keys import Keys
from models.ledger import append
from models.outbox import write_letter
from models.packets import packet, packet_of
from models.records import Record
from models.rules.cases import Step
from models.rules.escalations import Escalation
from models.rules.handing_over import filled
from models.rules.intakes import INTAKE_FIELDS, Intake, intake_refusal
from models.rules.journal import Entry, Kind
from models.rules.letters import LetterKind
from models.rules.roles import Action
from models.rules.texts import check_note
from models.schema import Escalation as EscalationRow
from models.schema import SupportCase
from models.unit import Outcome, Session, Unit, perform


def escalate(
    session: Session,
    card_id: int,
    why: Escalation,
    text: str,
    *,
    intake: Intake | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Hand a card over to Payments Support. The outcome hands out the packet to send.

    It stands in the agent's case with the card, whose intake is completed by what is given and what is known: of the
    card's holder, by the reason, and the description counts as the error message. What the policy asks for all the
    same is asked for.
    """

    def work(unit: Unit) -> Outcome:
        checked = check_note(text, "description")
        record = judged(unit, card_id, Action.ESCALATE)
        id_ = _fresh_id(card_id, record.card.number + 1)
        case_id = _case(unit, record, why, checked, intake or Intake())
        entry = Entry(Kind.ESCALATED, unit.now, text=checked, details=with_ref(ref, escalation=id_, why=why.value))
        card = append(unit.hand, record.card, entry)
        _write_row(unit, id_, card_id, card.number, why, case_id)
        enter(unit, case_id, Step.ESCALATED, with_ref(ref, waits_for=f"escalation:{id_}", card=card_id, why=why.value))
        letter = _mailed(unit, id_, card_id, case_id)
        sentence = f"{name_of(card)} is handed over to Payments Support as {id_}."
        facts = {"escalation": id_, "number": card.number, "case": case_id, **letter}
        return Outcome(True, sentence, card_id, facts)

    given = {} if intake is None else {"intake": {name: getattr(intake, name) for name in INTAKE_FIELDS}}
    request = {"card": card_id, "why": why.value, "text": text, "ref": ref, **given}
    outcome = perform(session, Action.ESCALATE, intent, request, work)
    return replace(outcome, hand_out=packet(session, outcome.facts["escalation"])) if outcome.done else outcome


def _fresh_id(card_id: int, number: int) -> str:
    """The id of an escalation, by its card and activity; another where somebody took the card's journal back."""
    base = id_ = f"E{card_id}-{number}"
    again = 1
    while EscalationRow.select(EscalationRow.id).where(EscalationRow.id == id_).exists():
        again += 1
        id_ = f"{base}-{again}"
    return id_


def _case(unit: Unit, record: Record, why: Escalation, text: str, given: Intake) -> int:
    """The agent's case with the card, its intake completed. Raises Mendable for what the customer must be asked."""
    case = case_for(unit, record.card.id)
    intake = filled(given, intake_of(unit.store, case, record), why, text)
    refusal = intake_refusal(unit.policy, Action.ESCALATE, intake)
    if refusal is not None:
        raise Mendable(refusal)
    said = intake_given(case)
    # Of the purchase only what somebody said belongs to the case: the rest the card itself tells.
    bought = {name: getattr(given, name) or getattr(said, name) for name in _NOT_ASKED}
    take_down(unit, case, replace(intake, **bought))
    return case.id


_NOT_ASKED: Final = ("typed_last_four", "bought_when", "bought_where")


def _write_row(unit: Unit, id_: str, card_id: int, number: int, why: Escalation, case_id: int) -> None:
    row = {"id": id_, "card_id": card_id, "number": number, "why": why.value, "case_id": case_id}
    EscalationRow.insert(**row, opened_at=unit.now, opened_by=unit.agent.id).execute()
    _record(unit, id_, "open", None)


def _mailed(unit: Unit, id_: str, card_id: int, case_id: int) -> dict[str, int]:
    """Lay the packet into the outbox where Payments Support has an address; the facts for the outcome."""
    if unit.policy.payments_email is None:
        return {}
    handed = known_escalation(unit.store.database, id_)
    letter = write_letter(
        unit,
        LetterKind.PACKET,
        subject=f"Escalation {id_}: gift card ending in {handed.last_four}",
        text=packet_of(unit.store, handed, unit.actor, unit.policy),
        card_id=card_id,
        case_id=case_id,
        escalation_id=id_,
        customer_id=SupportCase.get_by_id(case_id).customer_id,
    )
    return {"letter": letter}


_FACTS: Final = ("card_id", "number", "case_id", "why", "opened_by", "owner_id", "outcome", "closed_by")
_INSTANTS: Final = ("opened_at", "taken_at", "closed_at", "seen_at")


def audited(keys: Keys, row: EscalationRow) -> dict[str, Any]:
    """What the audit keeps of an escalation: everything, what was written with the answer as a digest."""
    instants = {name: getattr(row, name) for name in _INSTANTS}
    return {
        **{name: getattr(row, name) for name in _FACTS},
        **{name: None if at is None else to_microseconds(at) for name, at in instants.items()},
        "said": answer_digest(keys, row.id, row.outcome_text),
    }


def change_escalation(unit: Unit, id_: str, action: str, reason: str | None = None, **columns: Any) -> None:
    """Change an escalation's row and write down what it was and is, within the transaction."""
    before = _audited_now(unit, id_)
    EscalationRow.update(**columns).where(EscalationRow.id == id_).execute()
    _record(unit, id_, action, before, reason)


def remove_answers(unit: Unit, card_id: int) -> None:
    """Take away what was written with the answers to a card's escalations, within the transaction."""
    is_written = (EscalationRow.card_id == card_id) & EscalationRow.outcome_text.is_null(False)
    for row in EscalationRow.select(EscalationRow.id).where(is_written).order_by(EscalationRow.id):
        change_escalation(unit, row.id, "remove", outcome_text=None)


def _record(unit: Unit, id_: str, action: str, before: Mapping[str, Any] | None, reason: str | None = None) -> None:
    audit.record(unit.hand, f"escalation:{id_}", action, before, _audited_now(unit, id_), reason)


def _audited_now(unit: Unit, id_: str) -> dict[str, Any]:
    return audited(unit.store.keys, EscalationRow.get_by_id(id_))
