"""Correcting a customer's name or e-mail address: every card of the person shows it at once."""

from typing import Final

from models.desk.judging import judged, with_ref
from models.desk.people import change_person
from models.errors import Mendable, Refused
from models.ledger import append
from models.people import PersonGiven, known_customer, name_and_email, person_facts
from models.records import Record
from models.rules.journal import Entry, Kind
from models.rules.people import correction_refusal
from models.rules.roles import Action
from models.rules.texts import NAME, optional_email, optional_line, optional_ticket
from models.schema import Customer
from models.unit import Outcome, Session, Unit, perform

_WORDS: Final = {"name": "name", "email": "e-mail address"}


def correct_person(
    session: Session,
    customer_id: int,
    *,
    name: str | None = None,
    email: str | None = None,
    card_id: int | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Correct what a customer is called or where they are written to; None leaves it, blanks take it away.

    The card from which it is done says so in its journal. The person's other cards show the correction
    and get no activity: their order in lists, and what colleagues have open, stays as it is.
    """

    def work(unit: Unit) -> Outcome:
        ticket = optional_ticket(ref)
        before = known_customer(customer_id)
        wanted = name_and_email(_corrected(before, name, email))
        refusal = correction_refusal(person_facts(before, unit.now), unit.actor, wanted["email_key"])
        if refusal is not None:
            raise Refused(refusal)
        changed = [fact for fact in _WORDS if wanted[fact] != getattr(before, fact)]
        if not changed:
            raise Mendable("The record says that already. Nothing was changed.")
        record = None if card_id is None else _card_of(unit, card_id, customer_id)
        change_person(unit, before, "correct", ticket, **wanted)
        noted = "" if record is None else _note_on(unit, record, customer_id, changed, ticket)
        same = _others_at(wanted["email_key"], customer_id) if "email" in changed else []
        what = " and ".join(_WORDS[fact] for fact in changed)
        facts = {"person": customer_id, "changed": changed, "same_email": same}
        return Outcome(True, f"Record {customer_id}: {what} corrected{noted}.{_hint(same)}", card_id, facts)

    request = {"person": customer_id, "name": name, "email": email, "card": card_id, "ref": ref}
    return perform(session, Action.CORRECT_PERSON, intent, request, work)


def _corrected(before: Customer, name: str | None, email: str | None) -> PersonGiven:
    shown = before.name if name is None else optional_line(name, "name", NAME)
    address = before.email if email is None else optional_email(email)
    if shown is None and address is None:
        raise Mendable("A person has a name, an e-mail address, or both: one of them must stay.")
    return PersonGiven(shown, address)


def _card_of(unit: Unit, card_id: int, customer_id: int) -> Record:
    """The card from which a person is corrected, judged. Raises Refused when the person is not on it."""
    record = judged(unit, card_id, Action.CORRECT_PERSON)
    state = record.card.state
    if customer_id not in (state.registered_id, state.recipient_id, state.purchaser_id):
        raise Refused("That person is not on this card.")
    return record


def _note_on(unit: Unit, record: Record, customer_id: int, changed: list[str], ticket: str | None) -> str:
    details = with_ref(ticket, person=customer_id, changed=changed)
    append(unit.hand, record.card, Entry(Kind.CORRECTED_CUSTOMER, unit.now, details=details))
    return f", noted on card ···· {record.card.last_four}"


def _others_at(email_key: str | None, customer_id: int) -> list[int]:
    """The records that are written to at the same address."""
    if email_key is None:
        return []
    is_other = (Customer.id != customer_id) & Customer.merged_into_id.is_null()
    rows = Customer.select(Customer.id).where((Customer.email_key == email_key) & is_other).order_by(Customer.id)
    return [row.id for row in rows.limit(3)]


def _hint(same: list[int]) -> str:
    if not same:
        return ""
    return f" Record {same[0]} has that address too: if both are one person, merge them."
