"""When the desk's time was taken back to a clock, after one that had been far ahead: as the audit tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.schema import Audit

SUBJECT: Final = "desk"
ACTION: Final = "accept_clock"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One time that it was."""

    at: datetime
    """By the clock that was accepted, UTC."""
    reached_at: datetime
    """Until when the desk had recorded by then, UTC."""
    by: str
    """The name of who did it."""
    reason: str


def acceptances() -> list[Acceptance]:
    """All of them, the first one first; within a connection."""
    is_one = (Audit.subject == SUBJECT) & (Audit.action == ACTION)
    return [
        Acceptance(row.recorded_at, datetime.fromisoformat(row.before["reached_at"]), row.actor_name, row.reason or "")
        for row in Audit.select().where(is_one).order_by(Audit.number)
    ]
