"""The only code that writes into cases: an entry is a row of the case's audit, and the case's row what all add up to.

Whoever writes about a card within a unit of work does it here: after the card is locked, and where an intake is
given after SHARED is held, so that nobody waits for each other crosswise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from models import audit
from models.chain import case_digest
from models.clock import to_microseconds
from models.errors import Mendable, Refused
from models.fields import LARGEST_ID, canonical_json
from models.keys import Keys
from models.people import PersonGiven, customer_id, kept_record, name_and_email
from models.records import Record
from models.rules import wording
from models.rules.cases import TOLD, CaseOutcome, CaseState, Step, after
from models.rules.intakes import Intake, Symptom, checked_intake, intake_refusal, typed_end
from models.rules.journal import LOADS, Kind
from models.rules.people import REMOVED_NAME
from models.rules.roles import Action
from models.rules.texts import optional_note
from models.schema import CaseCard, CaseText, Customer, GiftCard, SupportCase
from models.store import Store
from models.unit import Unit

_TOLD: Final = ("typed_last_four", "message", "screenshot", "bought_when", "bought_where")
"""What of an intake is kept with the case; who the caller is, and what they see, has columns of its own."""


def hold_cases(unit: Unit) -> None:
    """Let whoever opens a case for the same agent finish first; taken after the card is locked."""
    unit.store.database.hold(f"cases of agent {unit.agent.id}")


def case_for(unit: Unit, card_id: int, *, intake: Intake | None = None) -> SupportCase:
    """The agent's open case with a card, else a new one; an intake that is given is taken down in it."""
    hold_cases(unit)
    row = case_with(unit.agent.id, card_id) or opened(unit, card_id)
    return row if intake is None else take_down(unit, row, intake)


def case_with(agent_id: int, card_id: int) -> SupportCase | None:
    """The open case of an agent with a card, the latest one of several; within a connection."""
    is_theirs = (SupportCase.agent_id == agent_id) & SupportCase.closed_at.is_null()
    found: SupportCase | None = (
        SupportCase.select()
        .join(CaseCard, on=(CaseCard.case == SupportCase.id))
        .where((CaseCard.card == card_id) & is_theirs)
        .order_by(SupportCase.id.desc())
        .first()
    )
    return found


def locked_case(case_id: int) -> SupportCase:
    """A case that nobody else changes before this transaction ends. Raises Refused when there is none."""
    return found_case(case_id, is_locked=bool(SupportCase._meta.database.for_update))


def found_case(case_id: int, *, is_locked: bool = False) -> SupportCase:
    """A case by its number, within a connection. Raises Refused when there is none."""
    query = SupportCase.select().where(SupportCase.id == case_id)
    is_number = 0 < case_id <= LARGEST_ID
    row: SupportCase | None = (query.for_update() if is_locked else query).first() if is_number else None
    if row is None:
        raise Refused(f"There is no case {case_id}.")
    return row


def opened(unit: Unit, card_id: int, typed: str | None = None, facts: Mapping[str, Any] | None = None) -> SupportCase:
    """A new case of the agent about a card, with the end of the code as it was typed."""
    end = typed_end(typed)
    told = {"typed_last_four": end} if end else None
    columns = {"opened_at": unit.now, "opened_by": unit.agent.id, "agent_id": unit.agent.id, "last_at": unit.now}
    row = SupportCase(**columns, entries=1, calls=1, is_begun=False, told=told)
    row.id = SupportCase.insert(**row.__data__).execute()
    _put_in(unit, row.id, card_id)
    kept = kept_of(unit.store.keys, row)
    audit.record(unit.hand, subject(row.id), Step.OPENED, None, {**kept, "facts": {**(facts or {}), "card": card_id}})
    return row


def _put_in(unit: Unit, case_id: int, card_id: int) -> None:
    number = GiftCard.select(GiftCard.head_number).where(GiftCard.id == card_id).scalar()
    CaseCard.insert(case=case_id, card=card_id, added_at=unit.now, number=number).execute()


def add_card(unit: Unit, row: SupportCase, card_id: int) -> None:
    """Let a case be about one more card."""
    _put_in(unit, row.id, card_id)
    enter(unit, row.id, Step.CARD_ADDED, {"card": card_id})


def enter(unit: Unit, case_id: int, step: Step, facts: Mapping[str, Any] | None = None, text: str | None = None) -> int:
    """One entry of a case's time line, with what it changes about the case; the entry's number.

    The facts are JSON without personal data: names and free text stay in the text, from which they can be removed.
    Raises BadText for a text that can't be kept, Refused for a case that is not there or was spoiled.
    """
    row, given = locked_case(case_id), dict(facts or {})
    return _write_down(unit, row, after(state_of(row), step, given, unit.now), step, given, optional_note(text, "text"))


def _write_down(
    unit: Unit, row: SupportCase, state: CaseState, step: Step, facts: Mapping[str, Any], text: str | None = None
) -> int:
    keys, number = unit.store.keys, row.entries + 1
    told = _told_digest(keys, row)
    entry: dict[str, Any] = {"facts": facts} if facts else {}
    if text is not None:
        entry["text"] = case_digest(keys, row.id, number, text)
        CaseText.insert(case_id=row.id, number=number, text=text).execute()
    columns = _columns(state)
    if unit.agent.id == state.agent_id:
        columns["last_at"] = unit.now
    SupportCase.update(**columns, entries=number).where(SupportCase.id == row.id).execute()
    written = audit.record(unit.hand, subject(row.id), step, None, {**_kept(columns, told), **entry})
    if written != number:
        raise Refused(f"Case {row.id} was changed with another tool. Nothing was changed; tell Payments Support.")
    return number


def subject(case_id: int) -> str:
    """What a case is called in the audit."""
    return f"case:{case_id}"


def state_of(row: SupportCase) -> CaseState:
    """What a case's row says, but for the digest of what was told; what somebody spoiled is left for verification."""
    awaited = row.waits_for if isinstance(row.waits_for, list) else []
    return CaseState(
        agent_id=row.agent_id,
        calls=row.calls,
        customer_id=row.customer_id,
        symptom=Symptom(row.symptom) if row.symptom in set(Symptom) else None,
        is_begun=bool(row.is_begun),
        said=CaseOutcome(row.said) if row.said in TOLD else None,
        said_at=row.said_at,
        waits_for=tuple(str(each) for each in awaited),
        answered_at=row.answered_at,
        outcome=_outcome(row.outcome),
        closed_at=row.closed_at,
    )


def _outcome(stored: str | None) -> CaseOutcome | None:
    if stored is None:
        return None
    return CaseOutcome(stored) if stored in set(CaseOutcome) else CaseOutcome.OTHER


_DECIDED: Final = (
    *("agent_id", "calls", "customer_id", "symptom", "is_begun", "said", "said_at", "waits_for", "answered_at"),
    *("outcome", "closed_at"),
)
"""The columns of a case's row that its entries decide."""


def _columns(state: CaseState) -> dict[str, Any]:
    columns = {name: getattr(state, name) for name in _DECIDED}
    return {**columns, "waits_for": list(state.waits_for) or None}


def _kept(columns: Mapping[str, Any], told: str | None) -> dict[str, Any]:
    """What the audit keeps of a case: all that says something."""
    facts = {**{name: columns[name] for name in _DECIDED}, "told": told}
    return {name: _as_json(value) for name, value in facts.items() if value not in (None, False)}


def _as_json(value: Any) -> Any:
    return to_microseconds(value) if isinstance(value, datetime) else value


def kept_of(keys: Keys, row: SupportCase) -> dict[str, Any]:
    """What the audit must say of a case as its row is."""
    return _kept({name: getattr(row, name) for name in _DECIDED}, _told_digest(keys, row))


def _told_digest(keys: Keys, row: SupportCase) -> str | None:
    return None if row.told is None else case_digest(keys, row.id, "told", canonical_json(row.told))


def take_down(unit: Unit, row: SupportCase, intake: Intake, facts: Mapping[str, Any] | None = None) -> SupportCase:
    """Take an intake down in a case, whole, as it is given; nothing is entered when it says that already.

    Raises BadText, and Mendable when nothing is given. SHARED must be held.
    """
    given = checked_intake(intake)
    told = {name: value for name in _TOLD if (value := getattr(given, name)) is not None}
    caller = _caller(unit, row, PersonGiven(given.name, given.email))
    if not told and caller is None and given.symptom is None:
        raise Mendable("Nothing is given: say at least who the customer is, or what they see.")
    row = locked_case(row.id)
    if (caller, given.symptom, told or None) == (row.customer_id, row.symptom, row.told):
        return row
    row.told = told or None
    SupportCase.update(told=row.told).where(SupportCase.id == row.id).execute()
    state = replace(after(state_of(row), Step.INTAKE, {}, unit.now), customer_id=caller, symptom=given.symptom)
    names = [name for name in ("name", "email", "symptom", *_TOLD) if getattr(given, name) is not None]
    _write_down(unit, row, state, Step.INTAKE, {**(facts or {}), "given": names})
    return SupportCase.get_by_id(row.id)


def _caller(unit: Unit, row: SupportCase, given: PersonGiven) -> int | None:
    """The record of whoever calls: one that the case or its cards know by that name and address, else any such."""
    person = given.checked()
    if person is None:
        return None
    columns = name_and_email(person)
    for known in _people_near(row):
        if (known.name_key, known.email_key) == (columns["name_key"], columns["email_key"]):
            return int(known.merged_into_id or known.id)
    return customer_id(person, unit.now)


def _people_near(row: SupportCase) -> Sequence[Customer]:
    """The caller as the case knows them, and whom its cards name."""
    cards = CaseCard.select(CaseCard.card).where(CaseCard.case == row.id)
    roles = (GiftCard.registered_id, GiftCard.recipient_id, GiftCard.purchaser_id)
    named: Any = GiftCard.select(*roles).where(GiftCard.id.in_(cards)).tuples()
    ids = {row.customer_id, *(id_ for each in named for id_ in each)} - {None}
    return list(Customer.select().where(Customer.id.in_(sorted(ids)) & Customer.removed_at.is_null()))


def intake_of(store: Store, case: SupportCase, record: Record) -> Intake:
    """The intake of a case, filled up from what the desk knows of one of its cards; within a connection."""
    given, holder = intake_given(case), record.holder
    if holder is None or holder.name == REMOVED_NAME or given.name or given.email:
        holder = None
    load = next((each for each in record.journal if each.kind in {*LOADS, Kind.IMPORTED}), None)
    bought_on = None if load is None else wording.day(store.business.date_of(load.effective_at))
    bought_at = None if load is None else load.values["place"]
    return replace(
        given,
        name=given.name if holder is None else holder.name,
        email=given.email if holder is None else holder.email,
        typed_last_four=given.typed_last_four or record.card.last_four,
        bought_when=given.bought_when or bought_on,
        bought_where=given.bought_where or bought_at,
    )


def require_intake(unit: Unit, record: Record, action: Action) -> None:
    """Raise Refused while the policy wants the intake of the agent's case about a card before an action on it."""
    if intake_refusal(unit.policy, action, Intake()) is None:
        return
    case = case_for(unit, record.card.id)
    refusal = intake_refusal(unit.policy, action, intake_of(unit.store, case, record))
    if refusal is not None:
        raise Refused(f"{refusal} Nothing was changed.")


def intake_given(case: SupportCase) -> Intake:
    """What the caller of a case said, and nothing else; within a connection."""
    caller = (None if case.customer_id is None else caller_of(case.customer_id)) or PersonGiven()
    kept = case.told if isinstance(case.told, dict) else {}
    told = {name: kept[name] for name in _TOLD if isinstance(kept.get(name), str)}
    return Intake(name=caller.name, email=caller.email, symptom=state_of(case).symptom, **told)


def caller_of(customer_id: int) -> Customer | None:
    """Who called, as they are known today: the record that was kept of a merged one; None when it was emptied."""
    row = kept_record(customer_id)
    return None if row is None or row.removed_at is not None else row


def cases_of_person(customer_ids: Sequence[int], card_ids: Sequence[int]) -> list[int]:
    """The cases in which a person called, by all their records, and those about the cards that they hold."""
    called = SupportCase.select(SupportCase.id).where(SupportCase.customer_id.in_(customer_ids))
    about = CaseCard.select(CaseCard.case).where(CaseCard.card.in_(card_ids))
    rows: Any = (called.union(about)).tuples()
    return sorted(case_id for (case_id,) in rows)


def empty(unit: Unit, case_id: int, facts: Mapping[str, Any]) -> bool:
    """Take away all that a case keeps of what was said in it, and enter that; whether there was anything."""
    row = locked_case(case_id)
    is_kept = (CaseText.case_id == case_id) & CaseText.text.is_null(False)
    texts: int = CaseText.update(text=None).where(is_kept).execute()
    if not texts and row.told is None:
        return False
    SupportCase.update(told=None).where(SupportCase.id == case_id).execute()
    enter(unit, case_id, Step.REMOVED, {**facts, "texts": texts})
    return True
