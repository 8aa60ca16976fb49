"""When a customer is reminded that a balance is about to stop: pure functions of facts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.rules.validity import Period


class State(StrEnum):
    """How far a reminder is that was taken in hand."""

    CLAIMED = "claimed"
    """About to be sent; one that stays so may have gone out or not: somebody must look."""
    WAITING = "waiting"
    """Certainly not sent; it is tried again."""
    SENT = "sent"
    REFUSED = "refused"
    """The mail server will not have it: the address is no good."""
    DROPPED = "dropped"
    """Somebody decided that it is not to be sent any more."""


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before the last day a product's reminder goes."""

    period: Period
    """Days or weeks."""
    since_at: datetime
    """When it was put on the schedule, UTC: days before that are not owed."""

    @property
    def days(self) -> int:
        """Whole days before the last day."""
        return self.period.shortest_days
