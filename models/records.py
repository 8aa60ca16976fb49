"""A card read whole: its row, its people, its journal and flags, checked against each other."""

from dataclasses import dataclass, replace
from typing import Any, Final

from peewee import JOIN

from models.errors import Refused
from models.journals import StoredActivity, read_journal, what_is_wrong
from models.ledger import LockedCard, locked
from models.rules.facts import CardFacts, Emptied
from models.rules.journal import SIGNS
from models.rules.texts import email_key
from models.schema import Flag, GiftCard, Product
from models.store import Store

_PEOPLE: Final = (
    "SELECT c.id, c.name, c.email, o.name, o.is_vip FROM customer c "
    "LEFT JOIN organisation o ON o.id = c.organisation_id WHERE c.id IN (?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as a card's sheet shows one."""

    id: int
    name: str | None
    email: str | None
    organisation: str | None = None
    is_vip: bool = False

    @property
    def shown_name(self) -> str:
        """The name, else the e-mail address."""
        return self.name or self.email or ""


@dataclass(frozen=True)
class Record:
    """Everything that is known of one card at one moment."""

    card: LockedCard
    product: Product
    people: dict[int, Person]
    journal: tuple[StoredActivity, ...]
    """The newest activities, oldest first."""
    open_flags: frozenset[int]
    """The numbers of the activities that raised them."""
    wrong: str | None
    """What does not add up, if anything."""

    @property
    def holder(self) -> Person | None:
        """Who the card belongs to now."""
        return self.person(self.card.state.holder_id)

    def person(self, customer_id: int | None) -> Person | None:
        """One of the card's people."""
        return None if customer_id is None else self.people.get(customer_id)

    def facts(self) -> CardFacts:
        """The card as the rules see it."""
        state, holder = self.card.state, self.holder
        assert state.active_from_at is not None
        return CardFacts(
            currency=self.card.currency,
            balance_minor=state.balance_minor,
            broken_minor=state.broken_minor,
            active_from_at=state.active_from_at,
            last_day_on=state.last_day_on,
            cut_off_at=self.card.cut_off_at,
            suspended_at=state.suspended_at,
            cancelled_at=state.cancelled_at,
            open_flags=len(self.open_flags),
            is_consistent=self.wrong is None,
            organisation=holder.organisation if holder else None,
            is_vip=holder.is_vip if holder else False,
            people_emails=frozenset(email_key(person.email) for person in self.people.values() if person.email),
            has_rules=self.product.rules is not None,
            emptied=self._emptied(),
        )

    def _emptied(self) -> Emptied | None:
        if self.card.state.balance_minor:
            return None
        for activity in reversed(self.journal):
            if activity.kind in SIGNS and activity.values["amount_minor"] < 0:
                values = activity.values
                return Emptied(
                    activity.kind,
                    activity.effective_at,
                    -values["amount_minor"],
                    values["place"],
                    values["order_ref"],
                )
        return None

    def activity(self, number: int) -> StoredActivity:
        """One of the newest activities, by its number. Raises Refused when it is none of them."""
        for activity in self.journal:
            if activity.number == number:
                return activity
        raise Refused(f"The card has no activity {number} among its newest ones.")


def read_record(store: Store, card_id: int) -> Record:
    """A card read whole, in four queries, within one transaction. Raises Refused when there is no such card."""
    row: GiftCard | None = (
        GiftCard.select(GiftCard, Product)
        .join(Product, JOIN.LEFT_OUTER, attr="product_row")
        .where(GiftCard.id == card_id)
        .get_or_none()
    )
    if row is None:
        raise Refused("There is no such card.")
    card, product = locked(row), getattr(row, "product_row", None)
    state = card.state
    people: Any = store.database.execute_sql(_PEOPLE, (state.purchaser_id, state.recipient_id, state.registered_id))
    journal = read_journal(store.database, card_id)
    flags = Flag.select(Flag.number).where((Flag.card == card_id) & Flag.cleared_number.is_null())
    open_flags = frozenset(flag.number for flag in flags)
    wrong = what_is_wrong(store.keys, card, journal, open_flags)
    if wrong is None and product is None:
        wrong = "the card's product is missing"
    if wrong is not None and journal:
        # So that a note can still follow what somebody inserted.
        card = replace(card, number=max(card.number, journal[-1].number))
    return Record(
        card=card,
        product=product or Product(name="(missing)", code="", reminders=[]),
        people={id_: Person(id_, name, email, org, bool(vip)) for id_, name, email, org, vip in people},
        journal=tuple(activity for activity in journal if activity.is_readable),
        open_flags=open_flags,
        wrong=wrong,
    )


def last_of(record: Record, kind: str) -> StoredActivity | None:
    """The newest activity of a kind, if the record holds one."""
    return next((activity for activity in reversed(record.journal) if activity.values["kind"] == kind), None)
