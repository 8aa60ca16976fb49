"""Customers and organisations as rows: found again or written down, within a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from models.chain import person_digest
from models.errors import Refused
from models.fields import LARGEST_ID
from models.keys import Keys
from models.rows import insert_rows
from models.rules.people import LAPSE, PersonFacts
from models.rules.texts import NAME, email_key, optional_email, optional_line, search_key
from models.schema import Customer, GiftCard, Organisation, RemovalRequest, Restriction
from models.search.people_index import index_people


@dataclass(frozen=True, slots=True)
class PersonGiven:
    """A person as an agent or a file names one: a name, an e-mail address, or both."""

    name: str | None = None
    email: str | None = None

    def checked(self) -> "PersonGiven | None":
        """The same, trimmed; None when nothing is given. Raises BadText."""
        name = optional_line(self.name, "name", NAME)
        email = optional_email(self.email)
        return PersonGiven(name, email) if name or email else None


def customer_id(person: PersonGiven, now: datetime) -> int:
    """The id of a customer with that name and e-mail address; a new one when there is none.

    Two people may share an address, so both must agree; without an address nobody can be recognised.
    Who is recognised by a merged record is the person of the one that was kept.
    """
    columns = name_and_email(person)
    found = found_customer(person)
    if found is not None:
        return found
    created: int = Customer.insert(**columns, created_at=now).execute()
    index_people(Customer._meta.database, [(created, columns["name_key"], columns["email_key"])])
    return created


def found_customer(person: PersonGiven) -> int | None:
    """The id of the customer with that name and e-mail address, as customer_id finds one; None when there is none."""
    columns = name_and_email(person)
    key, name_key = columns["email_key"], columns["name_key"]
    if key is None:
        return None
    same_name = Customer.name_key.is_null() if name_key is None else Customer.name_key == name_key
    found = (
        Customer.select(Customer.id, Customer.merged_into_id)
        .where((Customer.email_key == key) & same_name)
        .order_by(Customer.id)
        .tuples()
        .first()
    )
    return None if found is None else int(found[1] or found[0])


def write_people(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write down customers, given as whole rows with their ids, so that they can be found; within a transaction."""
    insert_rows(Customer, rows)
    index_people(Customer._meta.database, [(row["id"], row["name_key"], row["email_key"]) for row in rows])


def people_at(key: str) -> set[int]:
    """The ids of everybody with an e-mail address, as it is compared; a merged record leads to the kept one."""
    rows = Customer.select(Customer.id, Customer.merged_into_id).where(Customer.email_key == key)
    return {row.merged_into_id or row.id for row in rows}


def name_and_email(person: PersonGiven) -> dict[str, str | None]:
    """A person's name and e-mail address as columns, with what they are searched by."""
    return {
        "name": person.name,
        "name_key": search_key(person.name) if person.name else None,
        "email": person.email,
        "email_key": email_key(person.email) if person.email else None,
    }


def known_customer(customer_id: int) -> Customer:
    """A customer's record by its number, with its organisation. Raises Refused when there is none."""
    if not 0 < customer_id <= LARGEST_ID:
        raise Refused(f"There is no person with the record number {customer_id}.")
    found: Customer | None = (
        Customer.select(Customer, Organisation)
        .join(Organisation, JOIN.LEFT_OUTER)
        .where(Customer.id == customer_id)
        .get_or_none()
    )
    if found is None:
        raise Refused(f"There is no person with the record number {customer_id}.")
    return found


def kept_record(customer_id: int) -> Customer | None:
    """The record of a person by its number, that which was kept if it was merged; None when there is none."""
    row: Customer | None = Customer.get_or_none(Customer.id == customer_id)
    if row is None or row.merged_into_id is None:
        return row
    kept: Customer | None = Customer.get_or_none(Customer.id == row.merged_into_id)
    return kept


def merged_into(customer_id: int) -> list[Customer]:
    """The records that were merged into one."""
    return list(Customer.select().where(Customer.merged_into_id == customer_id).order_by(Customer.id))


def names_person(customer_id: int) -> Any:
    """An expression over gift cards: the card names this person, in any role, or is restricted to them.

    Each way has an index of its own.
    """
    return (
        (GiftCard.registered_id == customer_id)
        | (GiftCard.recipient_id == customer_id)
        | (GiftCard.purchaser_id == customer_id)
        | GiftCard.id.in_(Restriction.select(Restriction.card_id).where(Restriction.customer_id == customer_id))
    )


def cards_of(customer_id: int) -> list[int]:
    """The ids of all cards that a person is on, in any role, or alone may spend, in their order."""
    rows = GiftCard.select(GiftCard.id).where(names_person(customer_id)).order_by(GiftCard.id)
    return [row.id for row in rows]


def person_facts(row: Customer, now: datetime) -> PersonFacts:
    """A record as the rules see it at an instant (UTC)."""
    organisation = row.organisation
    emails = [row.email_key, *(other.email_key for other in merged_into(row.id))]
    return PersonFacts(
        id=row.id,
        emails=frozenset(email for email in emails if email is not None),
        organisation=organisation.name if organisation is not None else None,
        organisation_id=organisation.id if organisation is not None else None,
        is_vip=bool(organisation.is_vip) if organisation is not None else False,
        cards=len(cards_of(row.id)),
        merged_into=row.merged_into_id,
        is_removed=row.removed_at is not None,
        is_removal_asked=open_request(row.id, now) is not None,
    )


def open_request(customer_id: int, now: datetime) -> RemovalRequest | None:
    """The request to remove a person's data that waits for a second person at an instant (UTC), if any."""
    is_open = RemovalRequest.confirmed_at.is_null() & (RemovalRequest.asked_at > now - LAPSE)
    return (  # type: ignore[no-any-return]
        RemovalRequest.select()
        .where((RemovalRequest.customer == customer_id) & is_open)
        .order_by(RemovalRequest.id.desc())
        .first()
    )


def linked(row: Customer) -> dict[str, Any]:
    """What a record is linked to and whether it was emptied, as the audit keeps it."""
    return {
        "organisation": row.__data__["organisation"],
        "merged_into": row.merged_into_id,
        "is_removed": row.removed_at is not None,
    }


def audited(keys: Keys, row: Customer) -> dict[str, Any]:
    """What the audit keeps of a record: all that the desk may change, name and address as digests."""
    return {
        **linked(row),
        "name": person_digest(keys, row.id, "name", row.name),
        "email": person_digest(keys, row.id, "email", row.email),
    }


def organisation_named(name: str) -> Organisation | None:
    """The organisation of that name, case and accents left aside."""
    found: Organisation | None = Organisation.get_or_none(Organisation.name_key == search_key(name))
    return found


def new_organisation(name: str) -> Organisation:
    """A new organisation, not a VIP."""
    id_ = Organisation.insert(name=name, name_key=search_key(name), is_vip=False).execute()
    return Organisation.get_by_id(id_)
