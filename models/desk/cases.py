"""A case in an agent's hand: opened with a card, gone on with, left for another customer, closed, opened again."""

from models import casebook
from models.agents import name_of_agent
from models.approvals import lapsed_among
from models.cards import lock_card
from models.case_deeds import deeds_in, last_deed_at
from models.desk.judging import with_ref
from models.engine import SHARED
from models.errors import Mendable, Refused
from models.rules import wording
from models.rules.cases import (
    ANOTHER_CALL,
    CaseOutcome,
    CaseState,
    Leaving,
    Step,
    closing_refusal,
    others_case_refusal,
    outcome_on_leaving,
    with_lapsed,
)
from models.rules.checkout import Checkout
from models.rules.intakes import Intake, missing
from models.rules.roles import Action
from models.rules.texts import optional_note
from models.schema import SupportCase
from models.unit import Outcome, Session, Unit, perform


def open_case(
    session: Session,
    card_id: int,
    *,
    beside: int | None = None,
    typed: str | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Go on with the agent's open case about a card, or open one.

    With beside, the card comes to that case: it is in the agent's hand, and the card is of the same customer. The same
    card again, half an hour after anything was last done in the case or to its cards, is another call. Of the code as
    it was typed only the end is kept.
    """

    def work(unit: Unit) -> Outcome:
        facts = with_ref(ref)
        lock_card(card_id)
        unit.has_waited()
        casebook.hold_cases(unit)
        row = casebook.case_with(unit.agent.id, card_id)
        if row is not None:
            return _go_on(unit, row, card_id)
        if beside is not None and _is_in_hand(unit, beside):
            row = casebook.locked_case(beside)
            casebook.add_card(unit, row, card_id)
            return _told(row, "has one more card")
        row = casebook.opened(unit, card_id, typed, facts)
        return _told(row, "is open", is_new=True)

    request = {"card": card_id, "beside": beside, "typed": typed, "ref": ref}
    return perform(session, Action.HANDLE_CASE, intent, request, work, is_awaited=False)


def _go_on(unit: Unit, row: SupportCase, card_id: int) -> Outcome:
    """Count another call, if it is one; else only remember that the agent has to do with the case."""
    if unit.now - row.last_at >= ANOTHER_CALL and unit.now - last_deed_at(row) >= ANOTHER_CALL:
        casebook.enter(unit, row.id, Step.CALLED, {"card": card_id})
        return _told(row, "goes on with another call", calls=row.calls + 1)
    SupportCase.update(last_at=unit.now).where(SupportCase.id == row.id).execute()
    return _told(row, "goes on")


def _is_in_hand(unit: Unit, case_id: int) -> bool:
    try:
        row = casebook.found_case(case_id)
    except Refused:
        return False
    return bool(row.agent_id == unit.agent.id and row.closed_at is None)


def _told(row: SupportCase, what: str, *, is_new: bool = False, calls: int | None = None) -> Outcome:
    facts = {"case": row.id, "is_new": is_new, "calls": calls or row.calls}
    return Outcome(True, f"Case {row.id} {what}.", facts=facts)


def complete_intake(
    session: Session, case_id: int, intake: Intake, *, ref: str | None = None, intent: str | None = None
) -> Outcome:
    """Take down what a customer was asked, whole, as it is then; what is still missing is in the sentence."""

    def work(unit: Unit) -> Outcome:
        unit.store.database.hold(SHARED)
        casebook.take_down(unit, _own(unit, case_id), intake, with_ref(ref))
        lacks = missing(intake)
        more = f" Still to be asked: {wording.listed(lacks)}." if lacks else ""
        facts = {"case": case_id, "missing": list(lacks)}
        return Outcome(True, f"The intake of case {case_id} is taken down.{more}", facts=facts)

    given = {name: getattr(intake, name) for name in Intake.__dataclass_fields__}
    return perform(session, Action.HANDLE_CASE, intent, {"case": case_id, "intake": given, "ref": ref}, work)


def add_to_case(
    session: Session, case_id: int, text: str, *, ref: str | None = None, intent: str | None = None
) -> Outcome:
    """Add what the customer said, or what was seen, to an open case."""

    def work(unit: Unit) -> Outcome:
        if optional_note(text, "text") is None:
            raise Mendable("The text is empty.")
        _own(unit, case_id)
        number = casebook.enter(unit, case_id, Step.ADDED, with_ref(ref), text)
        return Outcome(True, f"Case {case_id} has your text.", facts={"case": case_id, "number": number})

    return perform(session, Action.HANDLE_CASE, intent, {"case": case_id, "add": text, "ref": ref}, work)


def keep_checkout(session: Session, case_id: int, found: Checkout, *, intent: str | None = None) -> Outcome:
    """Keep in an open case that a purchase was tried, and what came of it."""
    text = found.in_words

    def work(unit: Unit) -> Outcome:
        _own(unit, case_id)
        number = casebook.enter(unit, case_id, Step.CHECKED, {"passes": found.passes}, text)
        return Outcome(True, f"Case {case_id} has what was tried.", facts={"case": case_id, "number": number})

    request = {"case": case_id, "checkout": text}
    return perform(session, Action.HANDLE_CASE, intent, request, work, is_awaited=False)


def leave_case(session: Session, case_id: int, *, ref: str | None = None, intent: str | None = None) -> Outcome:
    """Turn to another customer: the case closes with what follows from what was done in it, or stays open.

    A case that is closed, or a colleague's by then, is left as it is.
    """

    def work(unit: Unit) -> Outcome:
        row = casebook.locked_case(case_id)
        if row.agent_id != unit.agent.id or row.closed_at is not None:
            return _left(case_id, Leaving(None, "it is not in your hand any more"))
        state = _as_it_stands(unit, row)
        leaving = outcome_on_leaving(state, deeds_in(row))
        if leaving.outcome is not None:
            casebook.enter(unit, case_id, Step.CLOSED, with_ref(ref, outcome=leaving.outcome, by_itself=True))
        return _left(case_id, leaving)

    request = {"case": case_id, "leave": True, "ref": ref}
    return perform(session, Action.HANDLE_CASE, intent, request, work, is_awaited=False)


def _left(case_id: int, leaving: Leaving) -> Outcome:
    closed = "stays as it is" if leaving.outcome is None else f"is closed ({leaving.outcome.words})"
    facts = {"case": case_id, "outcome": leaving.outcome, "is_closed": leaving.outcome is not None}
    return Outcome(True, f"Case {case_id} {closed}: {leaving.why}.", facts=facts)


def close_case(
    session: Session,
    case_id: int,
    outcome: CaseOutcome,
    text: str | None = None,
    *,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Close a case with what it ended with. One that waits for an answer closes as unanswered only, with the reason."""

    def work(unit: Unit) -> Outcome:
        said = optional_note(text, "reason")
        row = _own(unit, case_id, is_to_be_open=False)
        refusal = closing_refusal(_as_it_stands(unit, row), outcome, said)
        if refusal is not None:
            raise Mendable(refusal)
        casebook.enter(unit, case_id, Step.CLOSED, with_ref(ref, outcome=outcome), said)
        facts = {"case": case_id, "outcome": outcome}
        return Outcome(True, f"Case {case_id} is closed: {outcome.words}.", facts=facts)

    request = {"case": case_id, "close": outcome, "text": text, "ref": ref}
    return perform(session, Action.HANDLE_CASE, intent, request, work)


def reopen_case(session: Session, case_id: int, *, ref: str | None = None, intent: str | None = None) -> Outcome:
    """Open a closed case again, or take over a colleague's open one: it is the agent's own from then on."""

    def work(unit: Unit) -> Outcome:
        row = casebook.locked_case(case_id)
        is_own = row.agent_id == unit.agent.id
        if row.closed_at is None and is_own:
            raise Refused("You have this case open already.")
        whose = {} if is_own else {"agent": unit.agent.id}
        step = Step.TAKEN if row.closed_at is None else Step.REOPENED
        casebook.enter(unit, case_id, step, with_ref(ref, **whose))
        what = "is yours" if step is Step.TAKEN else "is open again"
        return Outcome(True, f"Case {case_id} {what}.", facts={"case": case_id})

    return perform(session, Action.HANDLE_CASE, intent, {"case": case_id, "reopen": True, "ref": ref}, work)


def _as_it_stands(unit: Unit, row: SupportCase) -> CaseState:
    """What a case is at this moment: a request that nobody decided about in time is not waited for."""
    state = casebook.state_of(row)
    return with_lapsed(state, lapsed_among(unit.store, state.waits_for))


def _own(unit: Unit, case_id: int, *, is_to_be_open: bool = True) -> SupportCase:
    """A case, locked, that the agent may write into. Raises Refused for a closed one, and for a colleague's."""
    row = casebook.locked_case(case_id)
    owner = name_of_agent(row.agent_id)
    refusal = others_case_refusal(unit.agent.id, unit.agent.role, casebook.state_of(row), owner)
    if refusal is not None:
        raise Refused(refusal)
    if is_to_be_open and row.closed_at is not None:
        raise Refused(f"Case {case_id} is closed: open it again first.")
    return row
