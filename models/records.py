"""A card read whole: its row, its people, its journal and flags, checked against each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

from models import approvals
from models.cards import CARD, LockedCard, as_read
from models.errors import Refused
from models.escalations import COLUMNS, NAMES, latest
from models.fields import stored_instant
from models.inspection import inspect
from models.journals import ALL, NEWEST, StoredActivity, read_journal, read_older, what_is_wrong
from models.products import spending_of
from models.restrictions import UNRESTRICTED, Restricted, as_stored
from models.rules.asked import Asked
from models.rules.damage import Damage
from models.rules.escalations import HandedOver
from models.rules.facts import CardFacts, Emptied, Replaced
from models.rules.journal import BrokenJournal, Kind, fold
from models.rules.limits import Limits
from models.rules.policy import LONGEST_REPEAT
from models.rules.texts import email_key
from models.rules.transfers import OtherCard, other_card
from models.rules.zero import Booked, emptied_by
from models.schema import Product
from models.soundness import adds_up
from models.store import Store

_PEOPLE: Final = (
    "SELECT c.id, k.id, k.name, k.email, o.name, o.is_vip, c.email, o.vip_changed_at, k.linked_at FROM customer c "
    "JOIN customer k ON k.id = COALESCE(c.merged_into_id, c.id) "
    "LEFT JOIN organisation o ON o.id = k.organisation_id WHERE c.id IN ({marks})"
)
_REACTIVATIONS: Final = (
    "SELECT a.recorded_at FROM gift_card g JOIN activity a ON a.card_id = g.id AND a.kind = 'reactivated' "
    "WHERE COALESCE(g.registered_id, g.recipient_id, g.purchaser_id) = ? AND g.reactivated_at IS NOT NULL "
    f"ORDER BY a.recorded_at DESC LIMIT {LONGEST_REPEAT}"
)
# The newest reactivations of all cards of the holder come along as people without a number.
_PEOPLE_AND_PAST: Final = (
    f"{_PEOPLE} UNION ALL SELECT past.recorded_at, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL "
    f"FROM ({_REACTIVATIONS}) AS past"
)
_LONG: Final = 500
_ROLES: Final = ("purchaser", "recipient", "registered")
_PRODUCT: Final = (
    "id",
    "code",
    "name",
    "rules",
    "reminders",
    "changed_at",
    "channels",
    "retired_at",
    "spend_places",
    "spend_channels",
)
# One row for each open flag, or one without; spelt out once, for building it costs more than asking it.
_CARD: Final = (
    f"SELECT {', '.join(f'c.{name}' for name in CARD)}, {', '.join(f'p.{name}' for name in _PRODUCT)}, "
    f"{', '.join(f'q.{name}' for name in approvals.COLUMNS)}, {COLUMNS}, "
    "(SELECT COUNT(*) FROM reminder r WHERE r.card_id = c.id AND r.settled_at IS NULL), "
    "x.customer_id, x.changed_at, x.seal, f.number "
    "FROM gift_card c LEFT JOIN product p ON p.id = c.product_id LEFT JOIN restriction x ON x.card_id = c.id "
    "LEFT JOIN approval q ON q.id = (SELECT MAX(id) FROM approval WHERE card_id = c.id) "
    "LEFT JOIN escalation e ON e.id = (SELECT l.id FROM escalation l WHERE l.card_id = c.id "
    f"ORDER BY (CASE WHEN l.closed_at IS NULL THEN 0 ELSE 1 END), l.number DESC LIMIT 1) {NAMES} "
    "LEFT JOIN flag f ON f.card_id = c.id AND f.cleared_number IS NULL WHERE c.id = ?"
)


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as a card's sheet shows one."""

    id: int
    name: str | None
    email: str | None
    organisation: str | None = None
    is_vip: bool = False
    former_email: str | None = None
    """The address of a record that was merged into this one, when the card once named that record."""
    belongs_since_at: datetime | None = None
    """Since when both the link to the organisation and its VIP mark are as they are, UTC; None: not known."""

    @property
    def emails(self) -> frozenset[str]:
        """Every address by which somebody at the desk would recognise themselves."""
        return frozenset(email for email in (self.email, self.former_email) if email)

    @property
    def in_words(self) -> str:
        """Name and e-mail address."""
        return ", ".join(part for part in (self.name, self.email) if part)

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
    """The newest activities, and the older ones that still matter; oldest first."""
    open_flags: frozenset[int]
    """The numbers of the activities that raised them."""
    wrong: str | None
    """What does not add up, if anything."""
    damage: Damage | None = None
    """The same, looked at closely."""
    unsettled: int = 0
    """How many of its reminders nobody settled yet."""
    restricted: Restricted = UNRESTRICTED
    """Who alone may spend it."""
    asked: Asked | None = None
    """The latest request for an approval of its reactivation."""
    holder_reactivated: tuple[datetime, ...] = ()
    """When cards of its holder were reactivated, UTC: the newest."""
    handed: HandedOver | None = None
    """Its latest escalation that is open, else the latest that was answered."""

    @property
    def restricted_to(self) -> Person | None:
        """Who alone may spend it; None: anybody."""
        return self.person(self.restricted.customer_id)

    def limits(self) -> Limits:
        """Where and by whom alone it may be spent. Raises Refused for what the desk did not write."""
        places, channels = spending_of(self.product)
        person = self.restricted_to
        return Limits(
            places=places,
            channels=channels,
            is_personal=self.restricted.customer_id is not None,
            emails=frozenset(map(email_key, person.emails)) if person else frozenset(),
            person=person.in_words if person else None,
            is_spoiled=self.restricted.is_spoiled,
        )

    @property
    def holder(self) -> Person | None:
        """Who the card belongs to now."""
        return self.person(self.card.state.holder_id)

    def person(self, customer_id: int | None) -> Person | None:
        """One of the card's people."""
        return None if customer_id is None else self.people.get(customer_id)

    def facts(self) -> CardFacts:
        """The card as the rules see it."""
        state, holder, emptied = self.card.state, self.holder, self._emptied()
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
            damage=self.damage,
            holder=holder.in_words if holder else None,
            organisation=holder.organisation if holder else None,
            is_vip=holder.is_vip if holder else False,
            people_emails=frozenset(email_key(email) for person in self.people.values() for email in person.emails),
            has_people=state.holder_id is not None,
            has_rules=self.product.rules is not None,
            emptied=emptied,
            limits=self.limits(),
            imported_empty_at=self._imported_at() if emptied is None and state.balance_minor == 0 else None,
            replaced=self._replaced(),
            reactivated=tuple(each.recorded_at for each in self.journal if each.values["kind"] == Kind.REACTIVATED),
            holder_reactivated=self.holder_reactivated,
            vip_since_at=self._vip_since_at(),
            asked=self.asked,
        )

    def _vip_since_at(self) -> datetime | None:
        """Since when VIP mark, link and holder are all as they are; the holder since the card last named them."""
        if self.holder is None or not self.holder.is_vip:
            return None
        role = next(role for role in reversed(_ROLES) if getattr(self.card.state, f"{role}_id") is not None)
        named = (each.recorded_at for each in reversed(self.journal) if each.sets.get(role) is not None)
        known = [at for at in (self.holder.belongs_since_at, next(named, None)) if at is not None]
        return max(known, default=None)

    def _emptied(self) -> Emptied | None:
        state, card = self.card.state, self.card
        if state.balance_minor:
            return None
        if state.broken_minor and card.cut_off_at is not None and not self._holds(state.last_money_number):
            return Emptied(Kind.BREAKAGE, card.cut_off_at, state.broken_minor)
        newest_first = reversed(self.journal)
        return emptied_by(Booked(each.number, each.values["actor_name"], each.entry()) for each in newest_first)

    def _holds(self, number: int | None) -> bool:
        return any(activity.number == number for activity in reversed(self.journal))

    def _imported_at(self) -> datetime | None:
        came = next((activity for activity in self.journal if activity.kind is Kind.IMPORTED), None)
        return came.effective_at if came is not None else None

    def _replaced(self) -> Replaced | None:
        for activity in reversed(self.journal):
            if activity.values["kind"] == Kind.TRANSFER_OUT and activity.details.get("replacement") is True:
                other = self.other_card(activity)
                return Replaced(other.last_four, activity.effective_at) if other else None
        return None

    def other_card(self, activity: StoredActivity) -> OtherCard | None:
        """The card at the other end of a transfer; None for any other activity."""
        return other_card(activity.details) if activity.kind in (Kind.TRANSFER_IN, Kind.TRANSFER_OUT) else None

    def activity(self, number: int) -> StoredActivity:
        """One activity, by its number. Raises Refused when it was not read."""
        for activity in self.journal:
            if activity.number == number:
                return activity
        raise Refused(f"The card has no activity {number} to show.")


def read_record(store: Store, card_id: int, newest: int = NEWEST) -> Record:
    """A card within one transaction, with its newest activities and the older ones that still matter.

    Raises Refused when there is no such card.
    """
    rows = store.database.execute_sql(_CARD, (card_id,)).fetchall()
    if not rows:
        raise Refused("There is no such card.")
    columns = iter(rows[0])
    card, product = as_read([*islice(columns, len(CARD))]), _product([*islice(columns, len(_PRODUCT))])
    asked = approvals.as_asked([*islice(columns, len(approvals.COLUMNS))])
    handed = latest([*islice(columns, COLUMNS.count(",") + 1)], card.last_four)
    unsettled, person_id, restricted_at, restricted_seal, _flag = columns
    open_flags = frozenset(row[-1] for row in rows if row[-1] is not None)
    journal = read_journal(store.database, card_id, newest)
    # The whole of a long journal is asked after quickly first; the exact answer takes ten times as long.
    is_quick = newest == ALL and len(journal) > _LONG and adds_up(store.database, store.keys, card_id)
    wrong = None if is_quick else what_is_wrong(store.keys, card, journal, open_flags, newest)
    if wrong is None and product is None:
        wrong = "the card's product is missing"
    damage = None if wrong is None else _damage(store, card, wrong)
    if wrong is not None and journal:
        card = _as_its_journal_says(card, journal)
    readable = journal if wrong is None else [activity for activity in journal if activity.is_readable]
    if readable and readable[0].number > 1:
        numbers = (*open_flags, card.state.last_money_number)
        readable = [*read_older(store.database, card_id, readable[0].number, numbers), *readable]
    people, holder_reactivated = _people(store, card, readable, person_id)
    return Record(
        card=card,
        product=product or Product(name="(missing)", code="", reminders=[]),
        people=people,
        journal=tuple(readable),
        open_flags=open_flags,
        wrong=wrong,
        damage=damage,
        unsettled=unsettled,
        restricted=as_stored(store.keys, card_id, person_id, restricted_at, restricted_seal),
        asked=asked,
        holder_reactivated=holder_reactivated,
        handed=handed,
    )


def _product(row: Sequence[Any]) -> Product | None:
    if row[0] is None:
        return None
    fields = (Product._meta.combined[name] for name in _PRODUCT)
    return Product(**{field.name: field.python_value(value) for field, value in zip(fields, row, strict=True)})


def _damage(store: Store, card: LockedCard, wrong: str) -> Damage:
    found = inspect(store, card)
    return Damage(wrong) if found is None else found.damage


def _as_its_journal_says(card: LockedCard, journal: Sequence[StoredActivity]) -> LockedCard:
    """A card that does not add up, so that a note can follow its last activity whatever its row says."""
    last = journal[-1]
    try:
        state = fold(activity.entry() for activity in journal) if journal[0].number == 1 else card.state
    except (BrokenJournal, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        state = card.state
    if state.active_from_at is None:
        state = card.state
    balance: int = last.values["balance_after_minor"]
    state = replace(state, balance_minor=balance)
    return replace(card, state=state, number=max(card.number, last.number), mac=last.mac, is_spoiled=True)


def _people(
    store: Store, card: LockedCard, journal: Sequence[StoredActivity], restricted_to: int | None
) -> tuple[dict[int, Person], tuple[datetime, ...]]:
    """Everybody whom the card names or once named, and who alone may spend it, for a merged record the person of the
    one that was kept; and when cards of the holder were reactivated."""
    state = card.state
    ids = {state.purchaser_id, state.recipient_id, state.registered_id, restricted_to}
    for activity in journal:
        sets = activity.sets
        ids |= {sets[role] for role in _ROLES if isinstance(sets.get(role), int)}
    return _read_people(store, [id_ for id_ in ids if id_ is not None], state.holder_id)


def read_people(store: Store, ids: Sequence[int]) -> dict[int, Person]:
    """Some people by their records; for a merged record, the person of the one that was kept. Within a connection."""
    return _read_people(store, ids, None)[0]


def _read_people(
    store: Store, ids: Sequence[int], holder_id: int | None
) -> tuple[dict[int, Person], tuple[datetime, ...]]:
    if not ids:
        return {}, ()
    query = _PEOPLE_AND_PAST.format(marks=", ".join("?" * len(ids)))
    rows = store.database.execute_sql(query, (*ids, holder_id)).fetchall()
    people = {row[0]: _person(*row) for row in rows if row[1]}
    return people, tuple(stored_instant(row[0]) for row in rows if not row[1])


def _person(
    named: int,
    id_: int,
    name: str | None,
    email: str | None,
    organisation: str | None,
    is_vip: int | None,
    former_email: str | None,
    marked_at: int | None,
    linked_at: int | None,
) -> Person:
    since = [stored_instant(at) for at in (marked_at, linked_at) if at is not None]
    former = None if named == id_ else former_email
    return Person(id_, name, email, organisation, bool(is_vip), former, max(since, default=None))


def last_of(record: Record, kind: str) -> StoredActivity | None:
    """The newest activity of a kind, if the record holds one."""
    return next((activity for activity in reversed(record.journal) if activity.values["kind"] == kind), None)
