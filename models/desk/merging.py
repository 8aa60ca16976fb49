"""Merging two records of one customer: each card of the one names the other, and what was kept says so."""

from typing import Final

from models.desk.judging import name_of, read_again, with_ref
from models.desk.people import change_person
from models.errors import Refused
from models.ledger import append
from models.people import cards_of, known_customer, merged_into, person_facts
from models.restrictions import write_restriction
from models.rules import wording
from models.rules.journal import CardState, Entry, Kind
from models.rules.people import merge_refusal
from models.rules.roles import Action
from models.rules.texts import optional_ticket
from models.schema import Customer
from models.unit import Outcome, Session, Unit, perform

_ROLES: Final = ("purchaser", "recipient", "registered")


def merge_people(
    session: Session,
    from_id: int,
    into_id: int,
    *,
    organisation_of: int | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Merge a customer's record into another of the same person, by their numbers; all of it or nothing.

    When their organisations differ, organisation_of names the record whose organisation is kept.
    """

    def work(unit: Unit) -> Outcome:
        ticket = optional_ticket(ref)
        gone, kept = _both(from_id, into_id)
        refusal = merge_refusal(person_facts(gone, unit.now), person_facts(kept, unit.now), unit.actor, organisation_of)
        if refusal is not None:
            raise Refused(refusal)
        cards = cards_of(from_id)
        for card_id in cards:
            _move(unit, card_id, from_id, into_id, ticket)
        _lead_on(unit, gone, into_id, ticket)
        _keep(unit, kept, gone if organisation_of == from_id else kept, ticket)
        moved = wording.plural(len(cards), "card")
        facts = {"from": from_id, "into": into_id, "cards": len(cards)}
        return Outcome(True, f"Record {from_id} is merged into record {into_id}, with {moved}.", facts=facts)

    request = {"from": from_id, "into": into_id, "organisation_of": organisation_of, "ref": ref}
    return perform(session, Action.MERGE_PEOPLE, intent, request, work)


def _both(from_id: int, into_id: int) -> tuple[Customer, Customer]:
    """Both records; always read in the order of their numbers, so that nobody waits for each other crosswise."""
    rows = {id_: known_customer(id_) for id_ in sorted({from_id, into_id})}
    return rows[from_id], rows[into_id]


def _move(unit: Unit, card_id: int, from_id: int, into_id: int, ticket: str | None) -> None:
    """Let a card name the kept record in every role in which it names the other."""
    record = read_again(unit, card_id)
    if record.wrong is not None:
        raise Refused(f"{name_of(record.card)} does not add up: escalate it before its people are merged.")
    sets = {role: into_id for role in _ROLES if _named(record.card.state, role) == from_id}
    details = with_ref(ticket, merged=from_id, sets=sets)
    append(unit.hand, record.card, Entry(Kind.CORRECTED_CUSTOMER, unit.now, details=details))
    if record.restricted.customer_id == from_id:
        write_restriction(unit.hand, card_id, from_id, into_id, ticket)


def _named(state: CardState, role: str) -> int | None:
    return getattr(state, f"{role}_id")  # type: ignore[no-any-return]


def _lead_on(unit: Unit, gone: Customer, into_id: int, ticket: str | None) -> None:
    """Let a record, and those that were merged into it, lead to the kept one: the way is one step long."""
    for row in (*merged_into(gone.id), gone):
        change_person(unit, row, "merge", ticket, merged_into_id=into_id, organisation=None, linked_at=None)


def _keep(unit: Unit, kept: Customer, belongs_like: Customer, ticket: str | None) -> None:
    organisation = belongs_like.__data__["organisation"]
    is_other = organisation != kept.__data__["organisation"]
    columns = {"organisation": organisation, "linked_at": unit.now} if is_other else {}
    change_person(unit, kept, "keep", ticket, **columns)
