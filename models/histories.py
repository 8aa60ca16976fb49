"""A card's history as it is shown: its lines are read block by block, by key, however long it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models.errors import faults
from models.journals import Linked, StoredActivity, read_part, what_is_wrong_with
from models.rules.journal import SIGNS, Kind
from models.store import Store

BLOCK: Final = 100
"""How many lines are read at once."""


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One activity as a history shows it. Instants are UTC, amounts signed minor units."""

    number: int
    kind: Kind
    amount_minor: int
    balance_after_minor: int
    effective_at: datetime
    recorded_at: datetime
    actor: str
    place: str | None
    order_ref: str | None
    reason: str | None
    """The note or reason."""
    reverses: int | None
    details: dict[str, Any]

    @property
    def moves_money(self) -> bool:
        """Whether it belongs to the redemption history."""
        return self.kind in SIGNS


@dataclass(frozen=True, slots=True)
class SpoiledLine:
    """An activity that is missing, or not as the desk wrote it: what is stored of it is not shown."""

    number: int
    wrong: str
    """What is wrong with it, as the rest of a sentence: 'activity 7 is missing'."""


Line = ActivityLine | SpoiledLine
"""What a history lists."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a history goes back. Its lines are counted from the oldest: what follows later moves none of them."""

    card_id: int
    until: int
    """The number of the newest activity that may belong to it."""
    length: int
    """How many lines it has."""
    marks: tuple[int, ...] | None = None
    """With which activity each block of a redemption history begins; None: all activities, so each is its number."""

    @property
    def moves_money(self) -> bool:
        """Whether only what moved money belongs to it."""
        return self.marks is not None

    def numbers(self, block: int) -> tuple[int, int]:
        """The numbers between which the activities of a block lie, both included."""
        if self.marks is None:
            return block * BLOCK + 1, min(self.until, (block + 1) * BLOCK)
        is_last = block + 1 == len(self.marks)
        return self.marks[block], self.until if is_last else self.marks[block + 1] - 1

    def grown(self, newest: Sequence[ActivityLine]) -> "Extent | None":
        """The same history with what was written since, given the newest activities without a gap, newest first; None
        when these do not reach back to its end."""
        since = [line for line in newest if line.number > self.until]
        if len(since) == len(newest) and (not newest or newest[-1].number != self.until + 1):
            return None
        until = self.until + len(since)
        if self.marks is None:
            return Extent(self.card_id, until, until)
        length, marks = self.length, list(self.marks)
        for line in reversed(since):
            if line.moves_money:
                marks += [line.number] if length % BLOCK == 0 else []
                length += 1
        return Extent(self.card_id, until, length, tuple(marks))


def all_activities(card_id: int, until: int) -> Extent:
    """How far the activities of a card up to a number go back."""
    return Extent(card_id, until, until)


def money_activities(store: Store, card_id: int, until: int) -> Extent:
    """How far the redemption history of a card up to a number goes back: the one question that looks at all of it."""
    kinds = ", ".join(f"'{kind}'" for kind in SIGNS)
    with faults(store.path), store.database.reading():
        rows = store.database.execute_sql(
            f"SELECT number FROM activity WHERE card_id = ? AND number <= ? AND kind IN ({kinds}) ORDER BY number",
            (card_id, until),
        ).fetchall()
    return Extent(card_id, until, len(rows), tuple(number for (number,) in rows[::BLOCK]))


def read_block(store: Store, extent: Extent, block: int) -> tuple[Line, ...]:
    """One block of a history, oldest first, each line checked by its seal and against the one before it."""
    first, last = extent.numbers(block)
    with faults(store.path), store.database.reading():
        part = read_part(store.database, extent.card_id, first, last, SIGNS if extent.moves_money else ())
    if extent.moves_money:
        return tuple(_checked(store, part))
    lines = {line.number: line for line in _checked(store, part)}
    return tuple(lines.get(number) or _missing(number) for number in range(first, last + 1))


def _checked(store: Store, part: Sequence[Linked]) -> Iterator[Line]:
    balance = None
    for linked in part:
        wrong = what_is_wrong_with(store.keys, linked, linked.balance_before if balance is None else balance)
        balance = linked.activity.values["balance_after_minor"]
        number = linked.activity.number
        yield line_of(linked.activity) if wrong is None else SpoiledLine(number, wrong)


def _missing(number: int) -> SpoiledLine:
    return SpoiledLine(number, f"activity {number} is missing")


def line_of(activity: StoredActivity) -> ActivityLine:
    """An activity that can be read, as a history shows it."""
    values = activity.values
    return ActivityLine(
        number=activity.number,
        kind=activity.kind,
        amount_minor=values["amount_minor"],
        balance_after_minor=values["balance_after_minor"],
        effective_at=activity.effective_at,
        recorded_at=activity.recorded_at,
        actor=values["actor_name"],
        place=values["place"],
        order_ref=values["order_ref"],
        reason="(removed)" if activity.is_text_removed else activity.text,
        reverses=values["reverses"],
        details=activity.details,
    )
