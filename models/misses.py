"""What is kept of looks for codes that no card answers to: each miss, and since when who may look for none.

Misses are never removed. That somebody was stopped or may look again is in the audit, so that a row that was cleared
with another tool is noticed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models import audit
from models.clock import to_microseconds
from models.hand import Hand
from models.rules.codes import last_four
from models.rules.lookups import WINDOW, Pace, pace
from models.schema import LookupMiss, LookupStop
from models.store import Store

_SUBJECT: Final = "lookups"
_KEPT: Final = (
    "INSERT INTO lookup_stop (agent_id, stopped_at, lifted_at) VALUES (?, ?, ?) "
    "ON CONFLICT (agent_id) DO UPDATE SET stopped_at = excluded.stopped_at, lifted_at = excluded.lifted_at"
)


@dataclass(frozen=True, slots=True)
class Stand:
    """How an agent stands with looks for codes. Instants are UTC."""

    agent_id: int
    stopped_at: datetime | None = None
    """None: may look for codes."""
    lifted_at: datetime | None = None
    """When a colleague let them look again last; no miss from before counts."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the audit says of it."""
        return {name: None if at is None else to_microseconds(at) for name, at in self._instants()}

    def _instants(self) -> Iterator[tuple[str, datetime | None]]:
        yield "stopped_at", self.stopped_at
        yield "lifted_at", self.lifted_at


def stand_of(agent_id: int) -> Stand:
    """How an agent stands; within a connection."""
    row = LookupStop.get_or_none(LookupStop.agent_id == agent_id)
    return Stand(agent_id) if row is None else Stand(agent_id, row.stopped_at, row.lifted_at)


def keep_stand(store: Store, hand: Hand, before: Stand, after: Stand, action: str, why: str | None = None) -> None:
    """Write down how an agent stands from then on, and that it was changed; within a transaction."""
    facts = after.facts
    store.database.execute_sql(_KEPT, (after.agent_id, facts["stopped_at"], facts["lifted_at"]))
    audit.record(hand, subject_of(after.agent_id), action, before.facts, facts, why)


def subject_of(agent_id: int) -> str:
    """What the audit calls an agent's looks for codes."""
    return f"{_SUBJECT}:{agent_id}"


def add_miss(agent_id: int, at: datetime, code: str, digest: bytes) -> None:
    """Record a look for a normalised code at an instant (UTC); within a transaction."""
    LookupMiss.insert(agent_id=agent_id, at=at, masked=last_four(code), digest=digest).execute()


def misses_after(agent_id: int, at: datetime) -> list[tuple[datetime, bytes]]:
    """When an agent missed after an instant (UTC), and the digest of what they looked for; within a connection."""
    rows: Any = LookupMiss.select(LookupMiss.at, LookupMiss.digest).where(
        (LookupMiss.agent_id == agent_id) & (LookupMiss.at > at)
    )
    return [(at, bytes(digest)) for at, digest in rows.tuples()]


def pace_of(stand: Stand, now: datetime) -> Pace:
    """The pace of somebody at an instant (UTC), by how they stand and what they missed; within a connection."""
    if stand.stopped_at is not None:
        return Pace.STOPPED
    return pace((at for at, _ in misses_after(stand.agent_id, now - WINDOW)), now, stand.lifted_at)


def spoiled_stands(last: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with how agents stand: whose, and what, given what the last audit row of every subject says."""
    told = {subject: after for subject, after in last.items() if subject.startswith(f"{_SUBJECT}:")}
    for row in LookupStop.select().order_by(LookupStop.agent_id):
        stand = Stand(row.agent_id, row.stopped_at, row.lifted_at)
        if stand.facts != told.pop(subject_of(stand.agent_id), None):
            yield f"looks for codes of agent {stand.agent_id}", "since when they are stopped was not set by the desk"
    for subject in told:
        yield f"looks for codes of agent {subject.removeprefix(f'{_SUBJECT}:')}", "the row that stops them is missing"
