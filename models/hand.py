"""Whose hand writes: the agent, the instant and the wish that every activity and audit row is put down to."""

from dataclasses import dataclass
from datetime import datetime

from models.keys import Keys
from models.rules.validity import BusinessTime


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes, when (UTC), and for which wish."""

    keys: Keys
    business: BusinessTime
    at: datetime
    actor_id: int
    actor_name: str
    intent: str | None = None
