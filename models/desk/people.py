"""Who a card belongs to, and which organisations are VIPs."""

from typing import Any, Final

from models import audit
from models.desk.judging import judged, name_of, with_ref
from models.errors import Mendable, Refused
from models.ledger import append
from models.people import PersonGiven, audited, customer_id, new_organisation, organisation_named
from models.records import Record
from models.rules.balances import balance_told
from models.rules.journal import Entry, Kind
from models.rules.roles import Action, role_refusal
from models.rules.texts import NAME, check_line, optional_line
from models.schema import Customer, Organisation
from models.search.people_index import reindex_people
from models.unit import Outcome, Session, Unit, perform

_FOUND_BY: Final = frozenset({"name_key", "email_key", "merged_into_id"})


def register(
    session: Session,
    card_id: int,
    person: PersonGiven,
    *,
    organisation: str | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Make a person the holder of a card, and say what they can be told of its balance.

    Linking them to an organisation is a supervisor's.
    """

    def work(unit: Unit) -> Outcome:
        given = person.checked()
        if given is None:
            raise Mendable("A card is registered to a person: give a name, an e-mail address, or both.")
        record = judged(unit, card_id, Action.REGISTER)
        customer = customer_id(given, unit.now)
        _refuse_a_vip_by_the_back_door(unit, record, customer)
        if organisation is not None:
            _link(unit, customer, check_line(organisation, "organisation", NAME))
        entry = Entry(Kind.REGISTERED, unit.now, details=with_ref(ref, sets={"registered": customer}))
        card = append(unit.hand, record.card, entry)
        told = balance_told(record.facts(), unit.now, unit.store.business)
        return Outcome(
            True,
            f"{name_of(card)} is registered. Tell them: {told.sentence}",
            card_id,
            {"number": card.number},
        )

    request = {"card": card_id, "name": person.name, "email": person.email, "organisation": organisation, "ref": ref}
    return perform(session, Action.REGISTER, intent, request, work)


def _refuse_a_vip_by_the_back_door(unit: Unit, record: Record, customer: int) -> None:
    """Who may not link people to organisations may not make a VIP's person the holder of another one's card."""
    refusal = role_refusal(unit.agent.role, Action.LINK_ORGANISATION)
    if refusal is None or (record.holder is not None and record.holder.id == customer):
        return
    belongs = Customer.select(Organisation.is_vip).join(Organisation).where(Customer.id == customer).tuples().first()
    if belongs is not None and belongs[0]:
        raise Refused("That person belongs to a VIP organisation: ask a supervisor to register the card.")


def _link(unit: Unit, customer: int, name: str) -> None:
    refusal = role_refusal(unit.agent.role, Action.LINK_ORGANISATION)
    if refusal is not None:
        raise Refused(refusal)
    organisation = organisation_named(name) or new_organisation(name)
    before = Customer.get_by_id(customer)
    if before.__data__["organisation"] == organisation.id:
        return
    change_person(unit, before, "link", organisation=organisation.id, linked_at=unit.now)


def change_person(unit: Unit, before: Customer, action: str, reason: str | None = None, **columns: Any) -> None:
    """Change columns of a customer's record, if any, and audit what was done."""
    if columns:
        Customer.update(**columns).where(Customer.id == before.id).execute()
    if columns.keys() & _FOUND_BY:
        leads_to = (before.id, before.merged_into_id, columns.get("merged_into_id"))
        reindex_people(unit.store.database, {id_ for id_ in leads_to if id_ is not None})
    after: Customer = Customer.get_by_id(before.id)
    keys = unit.store.keys
    audit.record(unit.hand, f"customer:{before.id}", action, audited(keys, before), audited(keys, after), reason)


def set_organisation(
    session: Session,
    name: str,
    *,
    is_vip: bool | None = None,
    source: str | None = None,
    reason: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Write down an organisation, and whether it is a VIP; the source says how that is known."""

    def work(unit: Unit) -> Outcome:
        checked = check_line(name, "organisation", NAME)
        known_by = optional_line(source, "source", NAME)
        why = optional_line(reason, "reason", NAME)
        known = organisation_named(checked)
        organisation = known or new_organisation(checked)
        shown = organisation.name if known else f"{organisation.name}, a new organisation,"
        if is_vip is None or bool(organisation.is_vip) == is_vip:
            state = "is a VIP" if organisation.is_vip else "is not a VIP"
            return Outcome(True, f"{shown} {state}.", facts={"is_vip": bool(organisation.is_vip)})
        Organisation.update(is_vip=is_vip, vip_source=known_by, vip_changed_at=unit.now).where(
            Organisation.id == organisation.id
        ).execute()
        audit.record(
            unit.hand,
            f"organisation:{organisation.id}",
            "set_vip",
            {"is_vip": bool(organisation.is_vip), "source": organisation.vip_source},
            {"is_vip": is_vip, "source": known_by},
            why,
        )
        result = "is a VIP now" if is_vip else "is no VIP any more"
        return Outcome(True, f"{shown} {result}.", facts={"is_vip": is_vip})

    request = {"name": name, "is_vip": is_vip, "source": source, "reason": reason}
    return perform(session, Action.SET_ORGANISATION, intent, request, work)
