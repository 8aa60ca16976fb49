"""The breakages of many cards at once: read, judged and sealed as rows of values, then written down by the ledger.

It tells of every card what the desk tells when it books the breakage of one, at a fraction of the cost; a test holds
the two to each other. A card is left out when its row is not as it was written, when its balance is not the sum of its
activities, or when an activity is missing. Whether every word of a journal is as it was written is verification's to
ask: the run would need four times as long, and the money would be the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from peewee import SQL

from models.cards import CARD
from models.chain import FORMAT, seal
from models.clock import from_microseconds, to_microseconds
from models.engine import DeskDatabase
from models.fields import canonical_json
from models.hand import Hand
from models.ledger import Values, append_sealed
from models.rules.journal import Kind
from models.rules.status import BREAKAGE_DUE
from models.schema import GiftCard
from models.standing import all_hold

# What can be no amount does not count: a sum beyond the engine's numbers would end the whole run.
_MOST_MINOR: Final = 10**15
_AMOUNT: Final = f"CASE WHEN amount_minor BETWEEN {-_MOST_MINOR} AND {_MOST_MINOR} THEN amount_minor END"
_ADDS_UP: Final = (
    "(head_number, head_number, balance_minor) = "
    f"(SELECT COUNT(*), MAX(number), SUM({_AMOUNT}) FROM activity WHERE card_id = id) "
    "AND head_mac = (SELECT mac FROM activity WHERE card_id = id AND number = head_number)"
)
_READ: Final = SQL(f"{', '.join(CARD)}, {_ADDS_UP}")
WRITTEN: Final = ("head_number", "head_mac", "balance_minor", "broken_minor", "last_money_number", "seal", "changed_at")
"""The columns of a card's row that a breakage changes."""
_BREAKAGE: Final = Kind.BREAKAGE.value
_NO_DETAILS: Final = canonical_json({})


@dataclass(slots=True)
class Breakages:
    """What is to be written down of some cards, and what it comes to."""

    at: datetime
    """As of when they are judged, UTC."""
    heads: list[Values] = field(default_factory=list)
    activities: list[Values] = field(default_factory=list)
    broken: list[tuple[int, str, int]] = field(default_factory=list)
    """Of each card its product's id, its currency and the balance that breaks, minor units."""
    unsound: list[int] = field(default_factory=list)
    """The ids of cards that do not add up."""


def read_breakages(database: DeskDatabase, hand: Hand, card_ids: Sequence[int]) -> Breakages:
    """What books the breakages that are due on some cards at the hand's instant, sealed; within a transaction."""
    condition, params = database.among("id", card_ids)
    which = SQL(condition, params)
    due = GiftCard.select(_READ).where(which & all_hold(BREAKAGE_DUE, hand.at)).order_by(GiftCard.id)
    return _sealed(hand, database.execute_sql(*due.sql()))


def write_breakages(breakages: Breakages) -> None:
    """Write down what was sealed; within a transaction. Raises Refused when one of the cards has changed meanwhile."""
    append_sealed(WRITTEN, breakages.heads, breakages.activities)


# Many cards share their instants: those of a day stop at the same one.
@lru_cache(maxsize=8192)
def _spelt(microseconds: int | None) -> str | None:
    return None if microseconds is None else from_microseconds(microseconds).isoformat()


def _sealed(hand: Hand, rows: Iterable[Sequence[Any]]) -> Breakages:
    found, keys, at = Breakages(at=hand.at), hand.keys, to_microseconds(hand.at)
    put_down = (at, hand.actor_id, hand.actor_name, None, None, None, _NO_DETAILS, None, hand.intent)
    for id_, currency, last_four, cut_off, number, end, read, balance, broken, last_money, *facts, adds_up in rows:
        active_from, last_day, loaded, reactivated, suspended, cancelled, product, *people = facts
        try:
            begins = (_spelt(active_from), last_day, _spelt(loaded), _spelt(reactivated), _spelt(suspended))
            same = (*begins, _spelt(cancelled), product, *people, _spelt(cut_off))
        except OverflowError:
            found.unsound.append(id_)
            continue
        was = (FORMAT, id_, currency, last_four, balance, broken, last_money, *same, number)
        if not adds_up or seal(keys, end, was) != read:
            found.unsound.append(id_)
            continue
        number += 1
        activity = (FORMAT, id_, number, _BREAKAGE, -balance, 0, cut_off, *put_down)
        mac = seal(keys, end, activity)
        is_ = (FORMAT, id_, currency, last_four, 0, balance, number, *same, number)
        found.activities.append((*activity, mac))
        found.heads.append((number, mac, 0, balance, number, seal(keys, mac, is_), at, id_, read))
        found.broken.append((product, currency, balance))
    return found
