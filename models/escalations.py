"""Escalations read from their rows: one by its id, the queue of Payments Support, and the answers for who asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from models.agents import look_up
from models.clock import to_microseconds
from models.engine import DeskDatabase
from models.errors import Refused, faults
from models.fields import stored_instant
from models.paging import page
from models.rules.escalations import HandedOver
from models.rules.texts import REFERENCE, check_line
from models.unit import Session

MOST: Final = 200
Key = tuple[datetime, str]
"""Where an escalation stands in its list: behind it the next page begins."""

COLUMNS: Final = (
    "e.id, e.card_id, e.number, e.case_id, e.why, e.opened_at, e.opened_by, ob.name, e.owner_id, ow.name, e.taken_at, "
    "e.outcome, e.outcome_text, e.closed_at, cb.name, e.seen_at"
)
"""What an escalation is read from, joined as in NAMES."""
NAMES: Final = (
    "LEFT JOIN agent ob ON ob.id = e.opened_by LEFT JOIN agent ow ON ow.id = e.owner_id "
    "LEFT JOIN agent cb ON cb.id = e.closed_by"
)
_SELECT: Final = f"SELECT {COLUMNS}, g.last_four FROM escalation e JOIN gift_card g ON g.id = e.card_id {NAMES}"


class Which(StrEnum):
    """The lists of escalations."""

    OPEN = "open"
    """With Payments Support, the oldest first."""
    MINE = "mine"
    """Those of them that whoever looks has in hand."""
    ANSWERED = "answered"
    """Answered to whoever looks, and not read yet, the oldest answer first."""
    CLOSED = "closed"
    """Answered to anybody, the newest answer first."""


@dataclass(frozen=True, slots=True)
class EscalationPage:
    """A part of a list of escalations."""

    lines: tuple[HandedOver, ...]
    next_after: Key | None
    """Behind which line the rest goes on; None when these are the last."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How much waits with Payments Support."""

    count: int
    """No more than 200 are counted."""
    untaken: int
    """How many of them nobody has taken."""
    oldest_at: datetime | None
    """Since when the oldest waits, UTC; None when none does."""


def latest(row: Sequence[Any], last_four: str) -> HandedOver | None:
    """A card's escalation from its COLUMNS as stored; None where none was joined."""
    return None if row[0] is None else handed_over(row, last_four)


def handed_over(row: Sequence[Any], last_four: str) -> HandedOver:
    """An escalation from its COLUMNS as stored."""
    (id_, card_id, number, case_id, why, opened_at, opened_by, by_name, owner_id, owner, taken_at, *closing) = row
    outcome, said, closed_at, closed_by, seen_at = closing
    return HandedOver(
        id=id_,
        card_id=card_id,
        last_four=last_four,
        number=number,
        case_id=case_id,
        why=why,
        opened_at=stored_instant(opened_at),
        opened_by=opened_by,
        opened_by_name=by_name or "somebody",
        owner_id=owner_id,
        owner=None if owner_id is None else owner or "somebody",
        taken_at=_instant(taken_at),
        outcome=outcome,
        said=said,
        closed_at=_instant(closed_at),
        closed_by=closed_by,
        seen_at=_instant(seen_at),
    )


def _instant(stored: int | None) -> datetime | None:
    return None if stored is None else stored_instant(stored)


def known_escalation(database: DeskDatabase, id_: str) -> HandedOver:
    """The escalation of that id, its case left aside; within a connection. Raises Refused when there is none."""
    named = check_line(id_, "escalation", REFERENCE).upper()
    row = database.execute_sql(f"{_SELECT} WHERE e.id = ?", (named,)).fetchone()
    if row is None:
        raise Refused(f"There is no escalation {named}. See: giftdesk escalation list")
    return handed_over(row[:-1], row[-1])


def handed_over_at(database: DeskDatabase, card_id: int, at: datetime) -> HandedOver | None:
    """The latest escalation of a card that was open at an instant (UTC), else the latest; within a connection."""
    rows = database.execute_sql(
        f"{_SELECT} WHERE e.card_id = ? AND e.opened_at <= ? ORDER BY e.number DESC", (card_id, to_microseconds(at))
    ).fetchall()
    then = [handed_over(row[:-1], row[-1]).as_of(at) for row in rows]
    return next((handed for handed in then if handed.is_open), next(iter(then), None))


def escalation(session: Session, id_: str) -> HandedOver:
    """The escalation of that id. Raises Refused when there is none, Fault for a broken store."""
    with faults(session.store.path), session.store.database.reading():
        return known_escalation(session.store.database, id_)


_LISTS: Final = {
    Which.OPEN: ("e.closed_at IS NULL", "e.opened_at", False),
    Which.MINE: ("e.closed_at IS NULL AND e.owner_id = ?", "e.opened_at", False),
    Which.ANSWERED: (
        "e.closed_at IS NOT NULL AND e.seen_at IS NULL AND e.opened_by = ?",
        "e.closed_at",
        False,
    ),
    Which.CLOSED: ("e.closed_at IS NOT NULL", "e.closed_at", True),
}


def listed(session: Session, which: Which, after: Key | None = None, most: int = MOST) -> EscalationPage:
    """A list of escalations, at most so many, behind a line that an earlier answer named.

    Raises Refused for who may not look, Fault for a broken store.
    """
    with faults(session.store.path), session.store.database.reading():
        agent_id = look_up(session).id
        found = rows_of(session.store.database, which, agent_id, after, most + 1)
    lines = tuple(found[:most])
    return EscalationPage(lines, key_of(lines[-1], which) if len(found) > most else None)


def rows_of(database: DeskDatabase, which: Which, agent_id: int, after: Key | None, most: int) -> list[HandedOver]:
    """The escalations on a list of an agent, at most so many behind a key; within a connection."""
    which_ones, by, is_latest_first = _LISTS[which]
    whose = [agent_id] if "?" in which_ones else []
    where, values = page(which_ones, whose, (by, "e.id"), after, most, is_latest_first=is_latest_first)
    rows = database.execute_sql(f"{_SELECT} WHERE {where}", values)
    return [handed_over(row[:-1], row[-1]) for row in rows.fetchall()]


def key_of(line: HandedOver, which: Which) -> Key:
    """Where an escalation stands in a list."""
    at = line.opened_at if which in (Which.OPEN, Which.MINE) else line.closed_at
    assert at is not None
    return at, line.id


def standing_of_queue(session: Session) -> Standing:
    """How much waits with Payments Support. Raises Fault for a broken store."""
    lines = listed(session, Which.OPEN).lines
    untaken = sum(line.owner_id is None for line in lines)
    return Standing(len(lines), untaken, lines[0].opened_at if lines else None)
