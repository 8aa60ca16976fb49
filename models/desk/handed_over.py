"""What Payments Support does with what was handed over: take it, answer it; and who asked reads the answer."""

from typing import Any

from models.casebook import enter
from models.desk.escalating import change_escalation
from models.errors import Mendable, Refused
from models.escalations import known_escalation
from models.rules.cases import Step
from models.rules.escalations import (
    Answer,
    HandedOver,
    closing_refusal,
    taking_refusal,
    text_refusal,
)
from models.rules.roles import Action
from models.rules.texts import optional_note
from models.unit import Outcome, Session, Unit, perform


def take_escalation(
    session: Session, escalation_id: str, *, reason: str | None = None, intent: str | None = None
) -> Outcome:
    """Take an escalation in hand; over from a colleague with a reason."""

    def work(unit: Unit) -> Outcome:
        why = optional_note(reason, "reason")
        handed = known_escalation(unit.store.database, escalation_id)
        refusal = taking_refusal(handed, unit.agent.id, why, unit.store.business)
        if refusal is not None:
            is_mendable = handed.is_open and handed.owner_id != unit.agent.id
            raise Mendable(refusal) if is_mendable else Refused(refusal)
        action = "take" if handed.owner_id is None else "take_over"
        change_escalation(unit, handed.id, action, why, owner_id=unit.agent.id, taken_at=unit.now)
        before = f", from {handed.owner}" if handed.owner is not None else ""
        return Outcome(True, f"You have {handed.id} in hand{before}.", facts={"escalation": handed.id})

    request = {"escalation": escalation_id, "reason": reason}
    return perform(session, Action.CLOSE_ESCALATION, intent, request, work)


def close_escalation(
    session: Session, escalation_id: str, answer: Answer, text: str | None = None, *, intent: str | None = None
) -> Outcome:
    """Answer an escalation, which closes it: what came of it, in a word and, where that does not say it, a text.

    Who answers one that nobody has taken has it from then on.
    """

    def work(unit: Unit) -> Outcome:
        said = optional_note(text, "answer")
        refusal = text_refusal(answer, said)
        if refusal is not None:
            raise Mendable(refusal)
        handed = known_escalation(unit.store.database, escalation_id)
        refusal = closing_refusal(handed, unit.agent.id, unit.store.business)
        if refusal is not None:
            raise Refused(refusal)
        _close(unit, handed, answer, said)
        told = "" if handed.opened_by == unit.agent.id else f" {handed.opened_by_name} is told."
        facts = {"escalation": handed.id, "outcome": answer.value}
        return Outcome(True, f"{handed.id} is answered: {answer.words}{told}", facts=facts)

    request = {"escalation": escalation_id, "answer": answer.value, "text": text}
    return perform(session, Action.CLOSE_ESCALATION, intent, request, work)


def _close(unit: Unit, handed: HandedOver, answer: Answer, said: str | None) -> None:
    taken: dict[str, Any] = {"owner_id": unit.agent.id, "taken_at": unit.now} if handed.owner_id is None else {}
    closed: dict[str, Any] = {
        "outcome": answer.value,
        "outcome_text": said,
        "closed_at": unit.now,
        "closed_by": unit.agent.id,
    }
    # Nobody has to be told of their own answer.
    seen: dict[str, Any] = {"seen_at": unit.now} if handed.opened_by == unit.agent.id else {}
    change_escalation(unit, handed.id, "close", **taken, **closed, **seen)
    if handed.case_id is not None:
        enter(
            unit, handed.case_id, Step.ANSWERED, {"waits_for": f"escalation:{handed.id}", "answer": answer.value}, said
        )


def see_answer(session: Session, escalation_id: str, *, intent: str | None = None) -> Outcome:
    """Write down that whoever asked has read the answer to an escalation."""

    def work(unit: Unit) -> Outcome:
        handed = known_escalation(unit.store.database, escalation_id)
        if handed.opened_by != unit.agent.id:
            raise Refused(f"{handed.opened_by_name} handed {handed.id} over, and is the one to read the answer.")
        if handed.is_open:
            raise Refused(f"There is no answer to {handed.id} yet.")
        if not handed.is_news:
            raise Refused(f"You have read the answer to {handed.id} already.")
        change_escalation(unit, handed.id, "see", seen_at=unit.now)
        return Outcome(True, f"The answer to {handed.id} is read.", facts={"escalation": handed.id})

    return perform(session, Action.ESCALATE, intent, {"escalation": escalation_id}, work)
