"""Restricting a card to one person, and lifting that: a sealed row, its audit, and a note that says why."""

from models.desk.judging import judged, name_of, with_ref
from models.errors import Mendable, Refused
from models.ledger import append
from models.people import PersonGiven, customer_id, people_at
from models.records import Record
from models.restrictions import write_restriction
from models.rules.journal import Entry, Kind
from models.rules.roles import Action
from models.rules.texts import REFERENCE, check_note, email_key, optional_line
from models.unit import Outcome, Session, Unit, perform


def restrict(
    session: Session,
    card_id: int,
    person: PersonGiven | None,
    reason: str,
    *,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Let one person alone spend a card, recognised by their e-mail address; None lets anybody spend it again."""

    def work(unit: Unit) -> Outcome:
        why = check_note(reason, "reason")
        ticket = optional_line(ref, "ticket", REFERENCE)
        given = None if person is None else _with_address(person)
        record = judged(unit, card_id, Action.RESTRICT)
        before = record.restricted
        customer = None if given is None else _customer(unit, record, given)
        if customer == before.customer_id and not before.is_spoiled:
            raise Refused(_SO_ALREADY if customer is not None else "Anybody can spend the card as it is.")
        write_restriction(unit.hand, card_id, before.customer_id, customer, ticket)
        note = Entry(Kind.NOTE, unit.now, text=why, details=with_ref(ticket, restriction=customer))
        card = append(unit.hand, record.card, note)
        result = "anybody can spend it again" if customer is None else "one person alone can spend it"
        return Outcome(True, f"{name_of(card)}: {result}.", card_id, {"number": card.number, "person": customer})

    given = None if person is None else {"name": person.name, "email": person.email}
    request = {"card": card_id, "person": given, "reason": reason, "ref": ref}
    return perform(session, Action.RESTRICT, intent, request, work)


_SO_ALREADY = "The card is restricted to that person already."


def _with_address(person: PersonGiven) -> PersonGiven:
    given = person.checked()
    if given is None or given.email is None:
        raise Mendable("Give the e-mail address of who alone may spend the card: they are recognised by it.")
    return given


def _customer(unit: Unit, record: Record, given: PersonGiven) -> int:
    """The record of a person with an address; who has no name given is looked for on the card, then at the desk."""
    assert given.email is not None
    key = email_key(given.email)
    if key == unit.actor.email:
        raise Refused("A card is not restricted to yourself by you: ask a colleague.")
    if given.name is not None:
        return customer_id(given, unit.now)
    on_card = {person.id for person in record.people.values() if key in map(email_key, person.emails)}
    known = on_card or people_at(key)
    if len(known) > 1:
        raise Mendable("Several people have that e-mail address: give the name, too.")
    return next(iter(known), None) or customer_id(given, unit.now)


def carry_restriction(unit: Unit, source: Record, card_id: int, ref: str | None) -> int | None:
    """Let a card that takes over from a restricted one be restricted to the same person; within the transaction.

    Returns the customer, whom the activity that moves the balance has to name; None when there is no restriction.
    """
    customer = source.restricted.customer_id
    if customer is not None:
        write_restriction(unit.hand, card_id, None, customer, ref)
    return customer
