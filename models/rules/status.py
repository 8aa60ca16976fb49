"""What a card is at an instant. No column holds it: it follows from a few others.

Which ones is told once, as data; the function here reads it, and so does whoever asks the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, Protocol, runtime_checkable


class Status(StrEnum):
    """What a card is at an instant."""

    CANCELLED = "cancelled"
    SUSPENDED = "suspended"
    INACTIVE = "inactive"
    EXPIRED = "expired"
    ACTIVE = "active"


@runtime_checkable
class Standing(Protocol):
    """The columns that decide a status. Instants are UTC; None means 'not so', and no cut-off means never."""

    @property
    def cancelled_at(self) -> datetime | None: ...
    @property
    def suspended_at(self) -> datetime | None: ...
    @property
    def active_from_at(self) -> datetime: ...
    @property
    def cut_off_at(self) -> datetime | None: ...
    @property
    def balance_minor(self) -> int: ...
    @property
    def broken_minor(self) -> int:
        """What the breakage took that emptied the card, in minor units; 0 when no breakage did."""


Test = Literal["is_set", "is_not_set", "reached", "not_reached", "positive"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one column against the instant asked for."""

    column: str
    test: Test


# Status -> alternatives, each a tuple of conditions that must all hold. The first status that fits is it.
CONDITIONS: Final[tuple[tuple[Status, tuple[tuple[Condition, ...], ...]], ...]] = (
    (Status.CANCELLED, ((Condition("cancelled_at", "is_set"),),)),
    (Status.SUSPENDED, ((Condition("suspended_at", "is_set"),),)),
    (Status.INACTIVE, ((Condition("active_from_at", "not_reached"),),)),
    (
        Status.EXPIRED,
        (
            (Condition("cut_off_at", "reached"), Condition("balance_minor", "positive")),
            (Condition("cut_off_at", "reached"), Condition("broken_minor", "positive")),
        ),
    ),
    (Status.ACTIVE, ((),)),
)

# What makes a balance due to be booked as broken, whether or not the card is on hold.
BREAKAGE_DUE: Final = (
    Condition("cut_off_at", "reached"),
    Condition("balance_minor", "positive"),
    Condition("cancelled_at", "is_not_set"),
)

_TESTS: Final[dict[Test, Callable[[object, datetime], bool]]] = {
    "is_set": lambda value, _at: value is not None,
    "is_not_set": lambda value, _at: value is None,
    "reached": lambda value, at: isinstance(value, datetime) and value <= at,
    "not_reached": lambda value, at: isinstance(value, datetime) and value > at,
    "positive": lambda value, _at: isinstance(value, int) and value > 0,
}


def holds(status: Status, card: Standing, at: datetime) -> bool:
    """Whether a status' own conditions hold at an instant (UTC), the statuses before it left aside."""
    alternatives = next(rows for name, rows in CONDITIONS if name is status)
    return any(_all_hold(conditions, card, at) for conditions in alternatives)


def is_breakage_due(card: Standing, at: datetime) -> bool:
    """Whether the balance is past its cut-off at an instant (UTC) and not yet booked as broken."""
    return _all_hold(BREAKAGE_DUE, card, at)


def unbroken_minor(card: Standing, at: datetime) -> int:
    """What is left of the balance at an instant (UTC), minor units: nothing of one that is past its cut-off."""
    return 0 if is_breakage_due(card, at) else card.balance_minor


def _all_hold(conditions: tuple[Condition, ...], card: Standing, at: datetime) -> bool:
    return all(_TESTS[condition.test](getattr(card, condition.column), at) for condition in conditions)


def status_of(card: Standing, at: datetime) -> Status:
    """The status of a card at an instant (UTC). Whether the expiry run has been there makes no difference."""
    return next(status for status, _ in CONDITIONS if holds(status, card, at))
