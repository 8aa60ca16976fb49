"""One person and all their cards: whose record answers to a name, what they have, and who asks for its removal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from models.card_lines import CardLine, lines_of
from models.errors import Mendable, Refused, faults
from models.finding import MOST
from models.journals import read_journals
from models.people import cards_of, known_customer, merged_into, names_person, open_request
from models.rules import wording
from models.rules.money import format_money
from models.rules.people import LAPSE, RemovalReason, has_lapsed
from models.rules.status import is_breakage_due
from models.rules.words import can_be_a_name
from models.schema import Customer, GiftCard, RemovalRequest
from models.search.fitting import people_fitting
from models.store import Store

MOST_PEOPLE: Final = 50
_FEW: Final = 2_000
_TOO_MANY: Final = "Very many people fit that: give more of the name, an e-mail address or a record number."
_ROLES: Final = ("registered", "recipient", "purchaser")


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A customer's record. Instants are UTC."""

    id: int
    """Its number."""
    name: str | None
    email: str | None
    organisation: str | None
    is_vip: bool
    cards: int
    """On how many cards the person is, in any role."""
    merged: tuple[int, ...]
    """The numbers of the records that were merged into this one."""
    created_at: datetime
    removed_at: datetime | None
    """When the person's data were removed."""

    @property
    def shown_name(self) -> str:
        """The name, else the e-mail address."""
        return self.name or self.email or ""

    @property
    def in_words(self) -> str:
        """Name and organisation as a sentence names them: Ada Lovelace, Northwind, VIP."""
        parts = [wording.shortened(self.shown_name), wording.shortened(self.organisation or "")]
        return ", ".join([*(part for part in parts if part), *(["VIP"] if self.is_vip else [])])


@dataclass(frozen=True, slots=True)
class Removal:
    """A request to remove a person's data. Instants are UTC."""

    person: int
    """The number of the record."""
    shown_name: str
    why: RemovalReason
    ref: str
    """The ticket."""
    asked_at: datetime
    asked_by: str
    lapses_at: datetime
    has_lapsed: bool
    confirmed_at: datetime | None
    confirmed_by: str | None

    @property
    def state(self) -> str:
        """What became of it."""
        return "removed" if self.confirmed_at is not None else "lapsed" if self.has_lapsed else "open"


@dataclass(frozen=True, slots=True)
class Holdings:
    """One person with all their cards."""

    person: PersonLine
    cards: tuple[CardLine, ...]
    """Newest activity first, at most so many; each tells the person's roles."""
    totals_minor: Mapping[str, int]
    """Currency -> what all of them hold, minor units; a balance past its cut-off counts as broken, booked or not."""
    removal: Removal | None
    """The open request to remove the person's data, if any."""

    @property
    def heading(self) -> str:
        """How many cards, whose, and what is on them; currencies are never added together."""
        more = f"The newest {len(self.cards)} of " if len(self.cards) < self.person.cards else ""
        money = " and ".join(format_money(minor, currency) for currency, minor in self.totals_minor.items())
        counted = wording.plural(self.person.cards, "card")
        return f"{more}{counted} of {self.person.in_words}{f': {money} in all' if money else ''}."


@dataclass(frozen=True, slots=True)
class Removable:
    """What the removal of a person's data would take away."""

    person: PersonLine
    held: int
    """How many cards the person holds: their texts go."""
    texts: int
    removal: Removal | None
    """The open request, which only a second person can confirm."""


def people_found(store: Store, text: str) -> tuple[PersonLine, ...]:
    """The people whom a record number, an e-mail address or a name fits, by name, at most so many.

    A merged record leads to the one that was kept; removed ones are only found by their number. A single letter finds
    nobody: whoever is the first of so many would be taken for the one who was meant.
    Raises Mendable when they are too many to be told apart, Fault for a broken store.
    """
    wanted = text.strip()
    with faults(store.path), store.database.reading():
        store.database.read_along_indexes()
        if wanted.isascii() and wanted.isdigit() and len(wanted) <= 18:
            row = Customer.get_or_none(Customer.id == int(wanted))
            return () if row is None else (_person(row.merged_into_id or row.id),)
        words = wanted.split()
        few = people_fitting(store.database, words, _FEW).few if any(map(can_be_a_name, words)) else ()
        if few is None:
            raise Mendable(_TOO_MANY)
        rows = Customer.select(Customer.id).where(Customer.id.in_(few)).order_by(Customer.name_key, Customer.id)
        return tuple(_person(row.id) for row in rows.limit(MOST_PEOPLE))


def holdings(store: Store, customer_id: int) -> Holdings:
    """One person with all their cards. Raises Refused for an unknown record, Fault for a broken store."""
    with faults(store.path), store.database.reading():
        now = store.now()
        person, rows = _person(customer_id), _cards(customer_id)
        lines = lines_of(store, [row.id for row in rows[:MOST]])
        roles = {row.id: _roles(row, customer_id) for row in rows}
        totals: dict[str, int] = {}
        for row in rows:
            minor = 0 if is_breakage_due(row, now) else row.balance_minor
            totals[row.currency] = totals.get(row.currency, 0) + minor
        return Holdings(
            person=person,
            cards=tuple(replace(line, roles=roles[line.card_id]) for line in lines),
            totals_minor=dict(sorted(totals.items())),
            removal=_open_removal(customer_id, now),
        )


def removable(store: Store, customer_id: int) -> Removable:
    """What would go if a person's data were removed now. Raises Refused for an unknown record."""
    with faults(store.path), store.database.reading():
        person = _person(customer_id)
        if person.removed_at is not None:
            raise Refused(f"The data of record {customer_id} were removed.")
        cards = _cards(customer_id)
        held = {row.id for row in cards if "holder" in _roles(row, customer_id)}
        journals = read_journals(store.database, [row.id for row in cards]) if cards else {}
        theirs = [customer_id, *person.merged]
        texts = sum(
            activity.has_free_text and (card_id in held or activity.details.get("restriction") in theirs)
            for card_id, journal in journals.items()
            for activity in journal
            if activity.is_readable
        )
        return Removable(person, len(held), texts, _open_removal(customer_id, store.now()))


def removals(store: Store) -> tuple[Removal, ...]:
    """Every request to remove a person's data, the newest first. Raises Fault for a broken store."""
    with faults(store.path), store.database.reading():
        now = store.now()
        rows = RemovalRequest.select(RemovalRequest, Customer).join(Customer).order_by(RemovalRequest.id.desc())
        return tuple(_removal(row, row.customer, now) for row in rows)


def _person(customer_id: int) -> PersonLine:
    row = known_customer(customer_id)
    organisation: Any = row.organisation
    return PersonLine(
        id=row.id,
        name=row.name,
        email=row.email,
        organisation=organisation.name if organisation is not None else None,
        is_vip=bool(organisation.is_vip) if organisation is not None else False,
        cards=len(cards_of(customer_id)),
        merged=tuple(other.id for other in merged_into(customer_id)),
        created_at=row.created_at,
        removed_at=row.removed_at,
    )


def _cards(customer_id: int) -> list[GiftCard]:
    newest_first = GiftCard.changed_at.desc(), GiftCard.id.desc()
    return list(GiftCard.select().where(names_person(customer_id)).order_by(*newest_first))


def _roles(row: GiftCard, customer_id: int) -> tuple[str, ...]:
    """What a person is to a card: its holder, and by which role they came to it."""
    roles = [role for role in _ROLES if getattr(row, f"{role}_id") == customer_id]
    is_holder = customer_id == (row.registered_id or row.recipient_id or row.purchaser_id)
    return ("holder", *roles) if is_holder else tuple(roles)


def _open_removal(customer_id: int, now: datetime) -> Removal | None:
    row = open_request(customer_id, now)
    return None if row is None else _removal(row, Customer.get_by_id(customer_id), now)


def _removal(row: RemovalRequest, customer: Customer, now: datetime) -> Removal:
    return Removal(
        person=customer.id,
        shown_name=customer.name or customer.email or "",
        why=RemovalReason(row.why),
        ref=row.ref,
        asked_at=row.asked_at,
        asked_by=row.asked_by_name,
        lapses_at=row.asked_at + LAPSE,
        has_lapsed=has_lapsed(row.asked_at, now),
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by_name,
    )
