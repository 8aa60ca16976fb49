"""What is told of bulk work: what one would do, what one did, and where it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from models.errors import Refused
from models.jobs.remarks import Remark
from models.rules.asked import LAPSE
from models.rules.bulk import BulkKind

Progress = Callable[[int, int], None]
"""Is told how many cards are done, of how many."""
Stop = Callable[[], bool]
"""Says whether somebody asked for a stop."""


class BrokenOff(Refused):
    """Somebody stopped a bulk before its list was complete: nothing of it is done."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("It was stopped before its list was complete. No card was changed.")


@dataclass(frozen=True, slots=True)
class BySearch:
    """All cards that a text in the search field finds; a whole code is looked for in a file only."""

    text: str


@dataclass(frozen=True, slots=True)
class ByFile:
    """The cards whose codes a file names: one a line, or a table with a column called code.

    A table may have columns for each card's own day (until), or person (name, email, organisation).
    """

    path: Path
    mapping: str | None = None
    """The name of a mapping for files of another system with a day for each card; None for what is described above."""


Selection = BySearch | ByFile


@dataclass(frozen=True, slots=True)
class Skipped:
    """Cards that stay as they are for one reason."""

    reason: str
    """What a sentence says of each: was cancelled, which is final."""
    cards: int
    first_ids: tuple[int, ...]
    """The first of them, a hundred at most."""


@dataclass(frozen=True, slots=True)
class Money:
    """What comes back to the cards of one product in one currency; of an undone bulk, what breaks again."""

    currency: str
    product: str
    """Its name."""
    cards: int
    minor: int
    first_ids: tuple[int, ...] = ()
    """The first of them, a hundred at most."""


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """What a bulk would do now; nothing was changed."""

    kind: BulkKind
    cards: int
    """How many would be changed."""
    first_ids: tuple[int, ...] = ()
    """The first of them, a hundred at most."""
    skipped: tuple[Skipped, ...] = ()
    money: tuple[Money, ...] = ()
    """By currency and product; empty where none moves."""
    needs_approval: str | None = None
    """Why a second person must approve it, as a sentence; None when nobody must."""
    missing: tuple[Remark, ...] = ()
    """The first lines of the file that lead to no card, or to one that is named before."""
    missing_lines: int = 0
    """How many there are in all."""
    is_undoing: bool = False
    """Whether money breaks again rather than comes back."""
    is_whole: bool = True
    """False when somebody stopped it: what is told then is of the cards looked at so far."""

    @property
    def skipped_cards(self) -> int:
        """How many cards would stay as they are."""
        return sum(each.cards for each in self.skipped)

    @property
    def money_minor(self) -> Mapping[str, int]:
        """Currency -> minor units."""
        return sums_of(self.money)


class BulkState(StrEnum):
    """Where a bulk stands at an instant."""

    BROKEN_OFF = "broken off"
    """Its list was never complete: nothing of it will be done."""
    WAITING = "waiting"
    """For a second person."""
    LAPSED = "lapsed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    BEGUN = "begun"
    """Some of its cards are done, or none yet: it goes on, or is resumed."""
    DONE = "done"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Bulk:
    """One bulk as it is kept. Instants are UTC."""

    id: int
    kind: BulkKind
    wish: Mapping[str, Any]
    """What is done, JSON values: until, period, days of breakage, product's id and name, how cards were chosen."""
    reason: str | None
    """None once it was removed for a person who asked."""
    by_id: int
    by: str
    """Who asked, by name."""
    at: datetime
    """When they did."""
    cards: int = 0
    """How many cards are on its list."""
    undoes: int | None = None
    """The bulk that it undoes."""
    undone_by: int | None = None
    """The bulk that undoes it, begun or done."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """What the preview said: cards that were skipped by reason, and money."""
    why: tuple[str, ...] = ()
    """Why a second person must approve it."""
    policy: int = 1
    ref: str | None = None
    is_ready: bool = True
    """False until its list was complete."""
    decision: str | None = None
    decided_at: datetime | None = None
    decided_by_id: int | None = None
    decided_by: str | None = None
    said: str | None = None
    ended_at: datetime | None = None
    """When the last of its cards was done; None: cards are left."""
    outcome: Mapping[str, Any] = field(default_factory=dict)
    """What came of it in the end, as told is kept."""
    left: int = 0
    """How many cards nobody came to yet."""
    digest: bytes = b""
    """Covers the list."""
    seal: bytes = b""
    """Covers what was asked, and the digest of the list."""

    @property
    def lapses_at(self) -> datetime:
        """The first instant at which it can't be approved any more."""
        return self.at + LAPSE

    def state(self, now: datetime) -> BulkState:
        """Where it stands at an instant (UTC)."""
        if not self.is_ready:
            return BulkState.BROKEN_OFF
        if self.decision in _DECIDED:
            return _DECIDED[self.decision]
        if self.why and self.decision is None:
            return BulkState.WAITING if now < self.lapses_at else BulkState.LAPSED
        if self.ended_at is None:
            return BulkState.BEGUN
        return BulkState.DONE if self.undone_by is None else BulkState.UNDONE


_DECIDED: Final = {
    "refused": BulkState.REFUSED,
    "withdrawn": BulkState.WITHDRAWN,
    "lapsed": BulkState.LAPSED,
}


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What came of a bulk."""

    id: int
    kind: BulkKind
    state: BulkState
    sentence: str
    """What happened, or for whom it waits until when."""
    done: int = 0
    """How many cards were changed, in all."""
    skipped: tuple[Skipped, ...] = ()
    """The cards of its list that had changed meanwhile and stay as they are."""
    money: tuple[Money, ...] = ()
    left: int = 0
    """How many cards nobody came to yet: it was stopped, or waits."""
    why: tuple[str, ...] = ()
    """Why a second person must approve it."""
    undoes: int | None = None

    @property
    def money_minor(self) -> Mapping[str, int]:
        """Currency -> minor units."""
        return sums_of(self.money)


def sums_of(money: tuple[Money, ...]) -> Mapping[str, int]:
    """Currency -> minor units of all products."""
    sums: dict[str, int] = {}
    for each in money:
        sums[each.currency] = sums.get(each.currency, 0) + each.minor
    return sums
