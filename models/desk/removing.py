"""Removing a person's data: one colleague asks, another confirms, and nothing readable is left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from models.casebook import cases_of_person, empty
from models.chain import START, seal
from models.clock import to_microseconds
from models.desk.asking import remove_request_texts
from models.desk.escalating import remove_answers
from models.desk.judging import name_of, read_again, with_ref
from models.desk.people import change_person
from models.errors import Mendable, Refused
from models.keys import Keys
from models.ledger import append, remove_texts
from models.outbox import empty_letters
from models.people import cards_of, known_customer, merged_into, open_request, person_facts
from models.records import Record
from models.rules import wording
from models.rules.journal import Entry, Kind
from models.rules.people import LAPSE, REMOVED_NAME, RemovalReason, removal_refusal
from models.rules.roles import Action
from models.rules.texts import optional_ticket
from models.schema import Bulk, BulkCard, Customer, RemovalRequest
from models.unit import Outcome, Session, Unit, perform

_EMPTIED: Final = {
    "name": REMOVED_NAME,
    "name_key": None,
    "email": None,
    "email_key": None,
    "organisation": None,
    "linked_at": None,
}


def remove_person(
    session: Session,
    customer_id: int,
    *,
    ref: str,
    why: RemovalReason = RemovalReason.ASKED,
    is_confirming: bool | None = None,
    intent: str | None = None,
) -> Outcome:
    """Ask for the removal of a person's data, or carry it out when a colleague asked under the same ticket.

    Name, e-mail address and organisation go, and with them the free texts of the cards that the person
    holds, but for the policy's own wording, and all that was said in cases about them or with the person.
    Whoever has seen which of both it would be says so with is_confirming, and is refused when it is the other
    by then; None does whichever it is.
    """

    def work(unit: Unit) -> Outcome:
        ticket = optional_ticket(ref)
        if ticket is None:
            raise Mendable("Give the ticket under which the removal is asked for.")
        row = known_customer(customer_id)
        refusal = removal_refusal(person_facts(row, unit.now), unit.actor)
        if refusal is not None:
            raise Refused(refusal)
        records = [_free(unit, card_id, customer_id) for card_id in cards_of(customer_id)]
        request = open_request(customer_id, unit.now)
        if is_confirming is not None and is_confirming != (request is not None):
            raise Refused("A colleague asked or confirmed at the same moment. Nothing was changed; look again.")
        if request is None:
            return _ask(unit, row, why, ticket)
        _check_second(unit, request, ticket)
        return _remove(unit, row, records, request)

    wish = {"person": customer_id, "why": why, "ref": ref, "is_confirming": is_confirming}
    return perform(session, Action.REMOVE_PERSON, intent, wish, work)


def _free(unit: Unit, card_id: int, customer_id: int) -> Record:
    """A card of the person. Raises Refused while somebody still has to read what would go."""
    record = read_again(unit, card_id)
    if record.wrong is not None:
        raise Refused(f"{name_of(record.card)} does not add up: escalate it before anything of it is removed.")
    if record.open_flags and record.card.state.holder_id == customer_id:
        flags = wording.open_flags(len(record.open_flags))
        raise Refused(f"On {name_of(record.card)} {flags}: read and clear each with a reason first.")
    if record.asked is not None and record.asked.waits(unit.now):
        raise Refused(f"{name_of(record.card)} waits for an approval: decide about that first.")
    return record


def _ask(unit: Unit, row: Customer, why: RemovalReason, ticket: str) -> Outcome:
    asked = RemovalRequest(
        customer=row.id, why=why, ref=ticket, asked_at=unit.now, asked_by=unit.agent.id, asked_by_name=unit.agent.name
    )
    RemovalRequest.insert(**{**asked.__data__, "seal": request_seal(unit.store.keys, asked)}).execute()
    change_person(unit, row, "ask_removal", ticket)
    until = wording.moment(unit.now + LAPSE, unit.store.business)
    sentence = f"The removal of record {row.id} is asked for: a second person must confirm it before {until}."
    return Outcome(True, sentence, facts={"person": row.id, "is_removed": False, "lapses_at": _iso(unit.now + LAPSE)})


def _iso(at: datetime) -> str:
    return at.isoformat()


def request_seal(keys: Keys, request: RemovalRequest) -> bytes:
    """The seal that belongs on a request: over whose data, why, and who asked when."""
    who = [request.asked_by, request.asked_by_name]
    asked = [request.__data__["customer"], request.why, request.ref, to_microseconds(request.asked_at), *who]
    return seal(keys, START, ["removal", *asked])


def _check_second(unit: Unit, request: RemovalRequest, ticket: str) -> None:
    """Raises Refused unless somebody else asked, for this very ticket."""
    if bytes(request.seal) != request_seal(unit.store.keys, request):
        raise Refused("The request was changed with another tool. Nothing was changed; let it lapse and ask anew.")
    at = wording.moment(request.asked_at, unit.store.business)
    if request.asked_by == unit.agent.id:
        raise Refused(f"You asked for this on {at}: somebody else must confirm it.")
    if request.ref != ticket:
        asked_by = wording.shortened(request.asked_by_name)
        raise Refused(f"{asked_by} asked for this on {at} under ticket {request.ref}: confirm it under that ticket.")


def _remove(unit: Unit, row: Customer, records: list[Record], request: RemovalRequest) -> Outcome:
    people = (*merged_into(row.id), row)
    theirs = [each.id for each in people]
    texts = sum(_clear(unit, record, row.id, theirs, request.ref) for record in records)
    held = [record.card.id for record in records if record.card.state.holder_id == row.id]
    empty_letters(unit, theirs, held)
    cases = cases_of_person(theirs, held)
    emptied = sum(empty(unit, case_id, with_ref(request.ref, removed=row.id)) for case_id in cases)
    for each in people:
        change_person(unit, each, "remove", request.ref, **_EMPTIED, removed_at=unit.now)
    RemovalRequest.update(confirmed_at=unit.now, confirmed_by_name=unit.agent.name).where(
        RemovalRequest.id == request.id
    ).execute()
    told = f"{wording.plural(len(records), 'card')}, {wording.plural(texts, 'text')}"
    told = f"{told}, {wording.plural(emptied, 'case')}" if emptied else told
    facts = {"person": row.id, "is_removed": True, "cards": len(records), "texts": texts, "cases": emptied}
    return Outcome(True, f"The data of record {row.id} are removed: {told}.", facts=facts)


def remove_bulk_texts(card_id: int) -> None:
    """Take the free texts of the bulks away that a card was on, within the transaction; the audit keeps digests."""
    of_card = BulkCard.select(BulkCard.bulk).where(BulkCard.card == card_id)
    Bulk.update(reason=None, said=None).where(Bulk.id.in_(of_card)).execute()


def _clear(unit: Unit, record: Record, customer_id: int, theirs: Sequence[int], ticket: str) -> int:
    """Take the texts off a card that the person holds, and why it was restricted to them off any other, and say on it
    that data were removed; how many texts went."""
    holds = record.card.state.holder_id == customer_id
    numbers = [
        activity.number
        for activity in record.journal
        if activity.has_free_text and (holds or activity.details.get("restriction") in theirs)
    ]
    remove_texts(record.card.id, numbers)
    if holds:
        remove_answers(unit, record.card.id)
        remove_request_texts(record.card.id)
        remove_bulk_texts(record.card.id)
    details = with_ref(ticket, removed=customer_id, texts=len(numbers))
    append(unit.hand, record.card, Entry(Kind.CORRECTED_CUSTOMER, unit.now, details=details))
    return len(numbers)
