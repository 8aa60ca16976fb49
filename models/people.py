"""Customers and organisations as rows: found again or written down, within a transaction."""

from dataclasses import dataclass
from datetime import datetime

from models.rules.texts import NAME, check_email, check_line, email_key, search_key
from models.schema import Customer, Organisation


@dataclass(frozen=True, slots=True)
class PersonGiven:
    """A person as an agent or a file names one: a name, an e-mail address, or both."""

    name: str | None = None
    email: str | None = None

    def checked(self) -> "PersonGiven | None":
        """The same, trimmed; None when nothing is given. Raises BadText."""
        name = check_line(self.name, "name", NAME) if self.name and self.name.strip() else None
        email = check_email(self.email) if self.email and self.email.strip() else None
        return PersonGiven(name, email) if name or email else None


def customer_id(person: PersonGiven, now: datetime) -> int:
    """The id of a customer with that name and e-mail address; a new one when there is none.

    Two people may share an address, so both must agree; without an address nobody can be recognised.
    """
    key = email_key(person.email) if person.email else None
    name_key = search_key(person.name) if person.name else None
    if key is not None:
        same_name = Customer.name_key.is_null() if name_key is None else Customer.name_key == name_key
        found = Customer.select(Customer.id).where((Customer.email_key == key) & same_name).tuples().first()
        if found is not None:
            return int(found[0])
    created: int = Customer.insert(
        name=person.name, name_key=name_key, email=person.email, email_key=key, created_at=now
    ).execute()
    return created


def organisation_named(name: str) -> Organisation | None:
    """The organisation of that name, case and accents left aside."""
    found: Organisation | None = Organisation.get_or_none(Organisation.name_key == search_key(name))
    return found


def new_organisation(name: str) -> Organisation:
    """A new organisation, not a VIP."""
    id_ = Organisation.insert(name=name, name_key=search_key(name), is_vip=False).execute()
    return Organisation.get_by_id(id_)
