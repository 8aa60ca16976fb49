"""Reminders in hand: what one card's holder will be told, and those that nobody settled yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from models.candidates import Candidate, products_by_id, read_candidates
from models.cards import look_at_cards
from models.errors import Refused, faults
from models.fates import IN_HAND_FOR, Fate, fate_of, standing_at
from models.fields import stored_day, stored_instant
from models.paging import page
from models.rules.reminders import Addressee, Outlook, State
from models.schema import Reminder
from models.store import Store, policy_in_force
from models.unit import Session

MOST: Final = 1_000


def card_outlook(session: Session, card_id: int) -> tuple[Candidate, Outlook]:
    """What one card's holder will be told, and when. Raises Refused for no such card, Fault for a broken store."""
    store = session.store
    with faults(store.path), store.database.reading():
        for candidate in read_candidates(store.database, look_at_cards([card_id]), products_by_id()):
            hour = policy_in_force(store).reminder_hour
            return candidate, candidate.outlook(hour, store.now(), store.business)
    raise Refused("There is no such card.")


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """A reminder that nobody settled yet, as it is listed."""

    card_id: int
    last_four: str
    last_day_on: date
    lead_days: int
    fate: Fate
    addressee: Addressee
    is_late: bool
    tries: int
    claimed_at: datetime
    """When it was last taken in hand, UTC."""
    next_try_at: datetime | None
    """From when it may be tried again, UTC; None when it is not tried by itself."""
    said: str | None
    """What the mail server said."""

    @property
    def key(self) -> tuple[datetime, int, date, int]:
        """Its place in the list: ask for what follows with it."""
        return self.claimed_at, self.card_id, self.last_day_on, self.lead_days


_UNSETTLED: Final = "FROM reminder r WHERE r.settled_at IS NULL AND ("
_LINE: Final = (
    "SELECT r.card_id, g.last_four, r.last_day_on, r.lead_days, r.state, k.id, k.name, k.email, k.removed_at, "
    "r.is_late, r.tries, r.claimed_at, r.next_try_at, r.said FROM reminder r "
    "JOIN gift_card g ON g.id = r.card_id JOIN customer c ON c.id = r.customer_id "
    "JOIN customer k ON k.id = COALESCE(c.merged_into_id, c.id) WHERE r.settled_at IS NULL AND "
)
_IN_ORDER: Final = ("r.claimed_at", "r.card_id", "r.last_day_on", "r.lead_days")


def unsettled(
    store: Store,
    fates: Sequence[Fate] = (Fate.UNKNOWN, Fate.WAITING, Fate.REFUSED),
    *,
    card_id: int | None = None,
    after: tuple[datetime, int, date, int] | None = None,
    most: int = MOST,
) -> tuple[ReminderLine, ...]:
    """The reminders that wait for a person or for another try, oldest claim first, at most so many after a place.

    Raises Fault for a broken store.
    """
    with faults(store.path), store.database.reading():
        left_behind = store.now() - IN_HAND_FOR
        where, values = standing_at(fates, left_behind, "r")
        where = f"({where})"
        if card_id is not None:
            where, values = f"{where} AND r.card_id = ?", [*values, card_id]
        where, values = page(where, values, _IN_ORDER, after, most)
        rows = store.database.execute_sql(f"{_LINE}{where}", values)
        return tuple(_line(row, left_behind) for row in rows.fetchall())


def count_unsettled(store: Store) -> dict[Fate, int]:
    """How many reminders stand where. Raises Fault for a broken store."""
    with faults(store.path), store.database.reading():
        left_behind = store.now() - IN_HAND_FOR
        counts = {}
        for fate in Fate:
            where, values = standing_at([fate], left_behind, "r")
            ((counts[fate],),) = store.database.execute_sql(f"SELECT COUNT(*) {_UNSETTLED}{where})", values).fetchall()
        return counts


def _line(row: Sequence[Any], left_behind: datetime) -> ReminderLine:
    card, last_four, last_day, lead, state, person, name, email, removed_at, is_late, tries, claimed, next_, said = row
    claimed_at = stored_instant(claimed)
    return ReminderLine(
        card_id=card,
        last_four=last_four,
        last_day_on=stored_day(last_day),
        lead_days=lead,
        fate=fate_of(State(state), said, claimed_at, left_behind),
        addressee=Addressee(person, name, email, removed_at is not None),
        is_late=bool(is_late),
        tries=tries,
        claimed_at=claimed_at,
        next_try_at=None if next_ is None else stored_instant(next_),
        said=said,
    )


def row_of(card_id: int, last_day_on: date, lead_days: int) -> Any:
    """The condition that only the row of one reminder fits."""
    return (Reminder.card == card_id) & (Reminder.last_day_on == last_day_on) & (Reminder.lead_days == lead_days)
