"""A card's journal: what each kind of activity is, and the state that a card's activities add up to.

The ledger applies each activity to a card's state as it appends it, verification folds a whole
journal again, and what a card was in the past is what its journal added up to by then.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final


class Kind(StrEnum):
    """The kinds of activity. The first group moves money, the second changes or records facts."""

    ISSUE = "issue"
    TOP_UP = "top_up"
    REDEMPTION = "redemption"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"
    BREAKAGE = "breakage"
    REINSTATEMENT = "reinstatement"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"
    CANCELLATION = "cancellation"
    IMPORTED = "imported"

    SUSPENDED = "suspended"
    UNSUSPENDED = "unsuspended"
    NOTE = "note"
    FLAG_RAISED = "flag_raised"
    FLAG_CLEARED = "flag_cleared"
    EXPIRY_CHANGED = "expiry_changed"
    REGISTERED = "registered"
    REACTIVATED = "reactivated"
    ESCALATED = "escalated"
    REMINDER_SENT = "reminder_sent"
    REPLIED = "replied"
    CORRECTED_CUSTOMER = "corrected_customer"
    PRODUCT_CHANGED = "product_changed"

    @property
    def words(self) -> str:
        """How it reads on screens and in sentences."""
        return _WORDS.get(self, self.value.replace("_", " "))


_WORDS: Final[Mapping[Kind, str]] = {
    Kind.TOP_UP: "top-up",
    Kind.FLAG_RAISED: "flag raised",
    Kind.FLAG_CLEARED: "flag cleared",
    Kind.EXPIRY_CHANGED: "new last day",
    Kind.TRANSFER_IN: "moved in",
    Kind.TRANSFER_OUT: "moved out",
    Kind.REMINDER_SENT: "reminder",
    Kind.CORRECTED_CUSTOMER: "correction",
    Kind.PRODUCT_CHANGED: "new product",
}


_GIVES, _TAKES, _EITHER = 1, -1, 0

# What each kind does to the card's money. Kinds that are not here move none.
SIGNS: Final[Mapping[Kind, int]] = {
    Kind.ISSUE: _GIVES,
    Kind.TOP_UP: _GIVES,
    Kind.REDEMPTION: _TAKES,
    Kind.REFUND: _GIVES,
    Kind.ADJUSTMENT: _EITHER,
    Kind.BREAKAGE: _TAKES,
    Kind.REINSTATEMENT: _GIVES,
    Kind.TRANSFER_OUT: _TAKES,
    Kind.TRANSFER_IN: _GIVES,
    Kind.CANCELLATION: _TAKES,
    Kind.IMPORTED: _GIVES,
}
LOADS: Final = frozenset({Kind.ISSUE, Kind.TOP_UP})


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who wrote an activity down at another desk, and when: what an import leaves as it was."""

    recorded_at: datetime
    """UTC."""
    actor_id: int
    actor_name: str
    intent: str | None = None
    removed_text: bytes | None = None
    """The digest that stayed of a text that was removed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity before it has a place in its card's journal."""

    kind: Kind
    effective_at: datetime
    """When it counts, UTC. Differs from when it was recorded only for breakage and imported history."""
    amount_minor: int = 0
    """Signed minor units of the card's currency."""
    place: str | None = None
    order_ref: str | None = None
    text: str | None = None
    """The note or reason: free text, kept beside the journal so that it can be removed."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Structured facts, JSON; under 'sets' the facts of the card that it changes (see SETTABLE)."""
    reverses: int | None = None
    """The number, on the same card, of the activity that this one answers."""
    stamp: Stamp | None = None
    """None: it is written down here and by this hand."""

    def having(self, details: Mapping[str, Any]) -> "Entry":
        """The same entry with other details."""
        return Entry(
            self.kind,
            self.effective_at,
            self.amount_minor,
            self.place,
            self.order_ref,
            self.text,
            details,
            self.reverses,
            self.stamp,
        )


@dataclass(frozen=True, slots=True)
class CardState:
    """What a card's activities add up to. Instants are UTC, amounts minor units."""

    balance_minor: int = 0
    broken_minor: int = 0
    """What the last money activity took, when that is a breakage; else 0."""
    last_money_number: int | None = None
    active_from_at: datetime | None = None
    last_day_on: date | None = None
    """None is never."""
    loaded_at: datetime | None = None
    """The latest load."""
    reactivated_at: datetime | None = None
    suspended_at: datetime | None = None
    cancelled_at: datetime | None = None
    product_id: int | None = None
    purchaser_id: int | None = None
    recipient_id: int | None = None
    registered_id: int | None = None

    @property
    def holder_id(self) -> int | None:
        """Who the card belongs to: who registered it, else its recipient, else its purchaser."""
        return self.registered_id or self.recipient_id or self.purchaser_id


class OfState:
    """What has a card's state: the conditions of its status look at these."""

    __slots__ = ()
    state: CardState

    @property
    def balance_minor(self) -> int:
        """What is on it, in minor units."""
        return self.state.balance_minor

    @property
    def broken_minor(self) -> int:
        """What the last money activity took, when that is a breakage; else 0."""
        return self.state.broken_minor

    @property
    def active_from_at(self) -> datetime:
        """From when it can be spent, UTC."""
        assert self.state.active_from_at is not None
        return self.state.active_from_at

    @property
    def suspended_at(self) -> datetime | None:
        """Since when it is on hold, UTC."""
        return self.state.suspended_at

    @property
    def cancelled_at(self) -> datetime | None:
        """When its order was cancelled, UTC."""
        return self.state.cancelled_at


def _as_date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _as_instant(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _as_id(value: int | None) -> int | None:
    return value


SETTABLE: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "active_from": ("active_from_at", _as_instant),
    "last_day": ("last_day_on", _as_date),
    "product": ("product_id", _as_id),
    "purchaser": ("purchaser_id", _as_id),
    "recipient": ("recipient_id", _as_id),
    "registered": ("registered_id", _as_id),
}


def are_details(facts: Any) -> bool:
    """Whether structured facts are what sentences are made of: an object, in it what is set, and grounds by name."""
    if not isinstance(facts, dict) or not isinstance(facts.get("sets", {}), dict):
        return False
    try:
        _as_date(facts.get("sets", {}).get("last_day"))
    except (ValueError, TypeError):
        return False
    grounds = facts.get("grounds", [])
    return isinstance(grounds, list) and all(isinstance(ground, str) for ground in grounds)


COLUMNS: Final = tuple(column.name for column in fields(CardState))
"""The names of the facts that a card's activities add up to."""
_read: Final = attrgetter(*COLUMNS)

DATED: Final[Mapping[Kind, str]] = {
    **dict.fromkeys(LOADS, "loaded_at"),
    Kind.SUSPENDED: "suspended_at",
    Kind.CANCELLATION: "cancelled_at",
    Kind.REACTIVATED: "reactivated_at",
}
"""The facts that date a card's latest activity of a kind."""


class BrokenJournal(AssertionError):
    """An activity that the rules of money forbid: a defect, or a journal that somebody changed."""


class Tally:
    """What a card's activities add up to while they are added, one after the other."""

    __slots__ = ("values",)

    def __init__(self, state: CardState = CardState()) -> None:
        """Begin with what earlier activities add up to."""
        self.values: dict[str, Any] = dict(zip(COLUMNS, _read(state), strict=True))
        """The facts of the card, named as in CardState."""

    @property
    def state(self) -> CardState:
        """What was added so far."""
        return CardState(**self.values)

    def add(self, entry: Entry, number: int) -> None:
        """Add one more activity, the card's number-th. Raises BrokenJournal, never clamps."""
        sets = entry.details.get("sets")
        self.add_facts(number, entry.kind, entry.amount_minor, entry.effective_at, sets, entry.reverses)

    def add_facts(
        self, number: int, kind: Kind, amount_minor: int, at: Any, sets: Mapping[str, Any] | None, reverses: int | None
    ) -> None:
        """Add an activity given by what counts of it; its instant is kept in whatever form it comes."""
        values = self.values
        if kind in SIGNS:
            _check_money(values, number, kind, amount_minor, reverses)
            values["balance_minor"] += amount_minor
            values["broken_minor"] = -amount_minor if kind is Kind.BREAKAGE else 0
            values["last_money_number"] = number
        elif amount_minor:
            raise BrokenJournal(f"activity {number}: {kind} moves money")
        for name, value in (sets or {}).items():
            column, read = SETTABLE[name]
            values[column] = read(value)
        if kind in DATED:
            values[DATED[kind]] = at
        elif kind is Kind.UNSUSPENDED:
            values["suspended_at"] = None


def _check_money(values: Mapping[str, Any], number: int, kind: Kind, amount_minor: int, reverses: int | None) -> None:
    """Hold the rules of money against one more activity. Raises BrokenJournal."""
    if SIGNS[kind] * amount_minor < 0:
        raise BrokenJournal(f"activity {number}: {kind} has the wrong sign")
    balance = values["balance_minor"] + amount_minor
    if values["cancelled_at"] is not None:
        raise BrokenJournal(f"activity {number}: money moves on a cancelled card")
    if balance < 0:
        raise BrokenJournal(f"activity {number}: {kind} takes more than the balance")
    if kind is Kind.BREAKAGE and (balance != 0 or amount_minor == 0):
        raise BrokenJournal(f"activity {number}: a breakage takes the whole balance, once")
    if kind is Kind.CANCELLATION and balance != 0:
        raise BrokenJournal(f"activity {number}: a cancellation takes the whole balance")
    if kind is Kind.REINSTATEMENT and not (
        0 < amount_minor == values["broken_minor"] and reverses == values["last_money_number"]
    ):
        raise BrokenJournal(f"activity {number}: a reinstatement gives back what the last breakage took")


class TextsGone:
    """Texts that are gone from a journal, held against the removals that it records."""

    __slots__ = ("_unrecorded",)

    def __init__(self) -> None:
        """Begin before the first activity."""
        self._unrecorded = 0

    def add(self, kind: Kind, details: Mapping[str, Any], *, is_gone: bool) -> None:
        """See one more activity. Raises BrokenJournal when a removal took more texts than are gone before it."""
        self._unrecorded += is_gone
        if kind is Kind.CORRECTED_CUSTOMER and "removed" in details:
            took = details.get("texts")
            if not isinstance(took, int) or took > self._unrecorded:
                raise BrokenJournal("a text is there that was removed")
            self._unrecorded -= took

    def close(self) -> None:
        """See that there are no more. Raises BrokenJournal when a text is gone that no removal took."""
        if self._unrecorded:
            raise BrokenJournal("a text is gone, and no removal of it is recorded")


def apply(state: CardState, entry: Entry, number: int) -> CardState:
    """The state after one more activity, the card's number-th. Raises BrokenJournal, never clamps."""
    tally = Tally(state)
    tally.add(entry, number)
    return tally.state


def fold(entries: Iterable[Entry]) -> CardState:
    """The state that a card's activities, in the order of its journal, add up to. Raises BrokenJournal."""
    tally = Tally()
    for number, entry in enumerate(entries, start=1):
        tally.add(entry, number)
    return tally.state
