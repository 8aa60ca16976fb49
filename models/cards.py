"""A card's row as it is read, and the only code that locks it: nothing is appended to a card that was not read here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models.chain import START
from models.errors import Refused
from models.fields import DayField, InstantField
from models.rules.journal import COLUMNS, CardState, OfState
from models.schema import GiftCard


@dataclass(frozen=True, slots=True)
class LockedCard(OfState):
    """A card read under the lock: nobody else changes it before this transaction ends."""

    id: int
    currency: str
    last_four: str
    state: CardState
    cut_off_at: datetime | None
    number: int
    """How many activities it has."""
    mac: bytes
    """The end of its chain."""
    seal: bytes
    """The seal on the row as it was read: the version that a write expects."""
    is_spoiled: bool = False
    """The row does not add up: what is appended leaves it as it is, for verification to see."""


def lock_card(card_id: int) -> LockedCard:
    """Lock a card for this transaction and read it; of several cards the one with the lowest id first."""
    for card in lock_cards([card_id]):
        return card
    raise Refused("There is no such card.")


def lock_cards(card_ids: Sequence[int]) -> list[LockedCard]:
    """Lock some cards for this transaction and read them, in the order of their ids; none for an id that no card has.

    In a file the transaction's own lock covers them.
    """
    return _read_cards(card_ids, " FOR UPDATE" if GiftCard._meta.database.for_update else "")


def look_at_cards(card_ids: Sequence[int]) -> list[LockedCard]:
    """Read some cards as they would be locked, where nothing is to be written."""
    return _read_cards(card_ids)


def _read_cards(card_ids: Sequence[int], ending: str = "") -> list[LockedCard]:
    marks = ", ".join("?" * len(card_ids))
    rows = GiftCard._meta.database.execute_sql(
        f"SELECT {', '.join(CARD)} FROM gift_card WHERE id IN ({marks}) ORDER BY id{ending}", tuple(card_ids)
    )
    return [as_read(row) for row in rows.fetchall()]


CARD: Final = ("id", "currency", "last_four", "cut_off_at", "head_number", "head_mac", "seal", *COLUMNS)
"""The columns of a card's row that its journal decides, in the order in which some reads take them."""

# What makes facts of those columns, where they are not facts as they are stored.
_READ: Final[Sequence[tuple[int, Callable[[Any], Any]]]] = [
    (place, field.python_value)
    for place, field in enumerate(GiftCard._meta.combined[column] for column in CARD)
    if isinstance(field, InstantField | DayField)
]


def as_read(row: Sequence[Any]) -> LockedCard:
    """A card's row given as stored, its columns those of CARD; only its seal tells later that nobody changed it."""
    values = list(row)
    for place, read in _READ:
        values[place] = read(values[place])
    id_, currency, last_four, cut_off_at, number, mac, seal_, *facts = values
    return LockedCard(id_, currency, last_four, CardState(*facts), cut_off_at, number, mac, seal_)


_EMPTY: Final = CardState()


def new_locked(card_id: int, currency: str, last_four: str) -> LockedCard:
    """A card before its first activity."""
    return LockedCard(card_id, currency, last_four, _EMPTY, None, 0, START, START)
