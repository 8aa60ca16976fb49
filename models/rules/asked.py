"""That somebody asked for a reactivation: on what it rested then, until when it may be decided, and what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LAPSE: Final = timedelta(hours=24)
"""How long a request waits: the instant at which it ends is not part of it any more."""


class Decision(StrEnum):
    """What came of a request."""

    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that a colleague approve a reactivation. Instants are UTC."""

    id: int
    card_id: int
    by_id: int
    """Who asked: the number of an agent."""
    by: str
    """Their name then."""
    at: datetime
    case_id: int | None
    """The case in which they asked."""
    why: tuple[str, ...]
    """Why it needed an approval, a sentence for each threshold."""
    grounds: tuple[str, ...]
    """The grounds that held then; they hold for this request whatever becomes of them."""
    cut_off_at: datetime | None = None
    """The card's cut-off then: the grounds are about this expiry and no other."""
    suspended_at: datetime | None = None
    """The hold that it would lift; None: there was none."""
    policy: int = 1
    """The version of the policy under which it was asked."""
    note: str | None = None
    """What the agent adds to the note."""
    reason: str | None = None
    """Why the hold ends."""
    ref: str | None = None
    """The ticket."""
    decision: Decision | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    """Who decided, by name; None when it lapsed."""
    said: str | None = None
    """What was said about the decision."""

    @property
    def lapses_at(self) -> datetime:
        """The first instant at which it can't be decided any more, UTC."""
        return self.at + LAPSE

    def waits(self, now: datetime) -> bool:
        """Whether somebody may still decide about it at an instant (UTC)."""
        return self.decision is None and now < self.lapses_at

    def state(self, now: datetime) -> str:
        """What has become of it at an instant (UTC): waiting, or what was decided; left alone it lapses."""
        if self.decision is not None:
            return self.decision.value
        return "waiting" if self.waits(now) else Decision.LAPSED.value
