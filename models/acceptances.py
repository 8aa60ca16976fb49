"""When the desk's time was taken back to a clock, after one that had been far ahead: as the audit tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.clock import to_microseconds
from models.errors import faults
from models.rules.wording import moment
from models.schema import Audit, GiftCard, HighWater
from models.store import CLOCK_SLACK, Store

SUBJECT: Final = "desk"
ACTION: Final = "accept_clock"
ASKING: Final = "ask_to_accept_clock"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One time that it was."""

    at: datetime
    """By the clock that was accepted, UTC."""
    reached_at: datetime
    """Until when the desk had recorded by then, UTC."""
    first_ahead_at: datetime
    """The first that lay ahead of the clock, UTC."""
    by: str
    """The name of who did it."""
    reason: str
    asked_by: str | None
    """The name of who had asked for it; None where one did it alone."""

    @property
    def who(self) -> str:
        """Who did it, as the beginning of a sentence."""
        return f"{self.by} alone" if self.asked_by is None else f"{self.by}, asked by {self.asked_by},"


def acceptances() -> list[Acceptance]:
    """All of them, the first one first; within a connection."""
    is_one = (Audit.subject == SUBJECT) & (Audit.action == ACTION)
    found = map(_acceptance, Audit.select().where(is_one).order_by(Audit.number))
    return [each for each in found if each is not None]


def told(store: Store) -> list[str]:
    """A sentence for each time that it was, with the reason. Raises Fault."""
    with faults(store.path), store.database.reading():
        return [f"{_in_words(store, each)}: {each.reason.rstrip('.')}." for each in acceptances()]


def told_of_one_alone(store: Store) -> list[str]:
    """A short sentence for each time when one did it alone, for everybody to know. Raises Fault."""
    with faults(store.path), store.database.reading():
        return [f"{_in_words(store, each)}." for each in acceptances() if each.asked_by is None]


def _in_words(store: Store, each: Acceptance) -> str:
    at, reached_at = (moment(at, store.business) for at in (each.at, each.reached_at))
    return f"On {at} {each.who} took the desk's time back from {reached_at}"


def spans_ahead(until: datetime) -> list[tuple[int, int]]:
    """From when until when (microseconds, UTC) entries are dated that were recorded ahead of a clock which was accepted
    until an instant (UTC); within a connection."""
    return [
        (to_microseconds(each.first_ahead_at), to_microseconds(each.reached_at))
        for each in acceptances()
        if each.at <= until
    ]


def _acceptance(row: Audit) -> Acceptance | None:
    """What a row of the audit tells; None when somebody spoiled it, which its chain shows."""
    try:
        reached, first = row.before["reached_at"], row.after["first_ahead"]
        reached_at, first_at = (datetime.fromisoformat(each) for each in (reached, first or reached))
    except (KeyError, TypeError, ValueError):
        return None
    return Acceptance(
        row.recorded_at, reached_at, first_at, row.actor_name, row.reason or "", row.after.get("asked_by")
    )


def disputed_time(store: Store) -> Iterator[str]:
    """What shows that the desk's time was taken back with another tool; within a connection."""
    known, held = acceptances(), HighWater.get()
    if (held.taken_back or 0) != len(known):
        yield f"it was taken back {held.taken_back or 0} times, and the audit tells of {len(known)}"
    changed_at = GiftCard.select(GiftCard.changed_at).order_by(GiftCard.changed_at.desc()).limit(1).scalar()
    if store.is_sandbox or changed_at is None or changed_at - held.reached_at <= CLOCK_SLACK:
        return
    if not any(each.at < changed_at <= each.reached_at + CLOCK_SLACK for each in known):
        last, changed = (moment(at, store.business) for at in (held.reached_at, changed_at))
        yield f"the last record is said to be of {last}, and a card was changed on {changed}"
