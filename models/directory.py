"""Who works at the desk, and which organisations it knows: reads that become frozen dataclasses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import fn

from models.credentials import with_password
from models.errors import Refused, faults
from models.people import organisation_named
from models.rules.roles import Role
from models.schema import Agent, Customer, Organisation
from models.store import Store


@dataclass(frozen=True, slots=True)
class AgentLine:
    """A person at the desk. Instants are UTC."""

    login: str
    name: str
    role: Role
    email: str | None
    disabled_at: datetime | None
    """None: may work."""
    created_at: datetime
    has_password: bool


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation and its VIP mark."""

    name: str
    is_vip: bool
    vip_source: str | None
    """How the mark is known."""
    vip_changed_at: datetime | None
    """UTC; None: never."""
    people: int
    """How many customers belong to it."""


def agents(store: Store) -> tuple[AgentLine, ...]:
    """Everybody who ever worked at the desk, by login. Raises Fault for a broken store."""
    with faults(store.path), store.database.reading():
        have_one = with_password()
        return tuple(
            AgentLine(
                row.login, row.name, Role(row.role), row.email, row.disabled_at, row.created_at, row.id in have_one
            )
            for row in Agent.select().order_by(Agent.login)
        )


def organisations(store: Store) -> tuple[OrganisationLine, ...]:
    """Every organisation, by name. Raises Fault for a broken store."""
    with faults(store.path), store.database.reading():
        counts = (
            Customer.select(Customer.organisation, fn.COUNT(Customer.id))
            .where(Customer.organisation.is_null(is_null=False))
            .group_by(Customer.organisation)
        )
        rows: Any = counts.tuples()
        people: dict[int, int] = dict(rows)
        return tuple(_line(row, people.get(row.id, 0)) for row in Organisation.select().order_by(Organisation.name_key))


def organisation_called(store: Store, name: str) -> OrganisationLine:
    """The organisation of that name, case and accents left aside. Raises Refused when there is none."""
    with faults(store.path), store.database.reading():
        row = organisation_named(name)
        if row is None:
            raise Refused(f"There is no organisation called {name.strip()[:40]!r}. See: giftdesk organisation list")
        return _line(row, Customer.select().where(Customer.organisation == row.id).count())


def _line(row: Organisation, people: int) -> OrganisationLine:
    return OrganisationLine(row.name, bool(row.is_vip), row.vip_source, row.vip_changed_at, people)
