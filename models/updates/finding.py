"""Which card of the desk a line means: by the end of its code, an address of its people, and what it was sold with."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from peewee import chunked

from models.engine import DeskDatabase
from models.updates.told import ToldUpdate

_AT_ONCE: Final = 200
_PERSON: Final = (
    "SELECT c.email_key, g.id, g.last_four, g.currency, a.amount_minor FROM customer c "
    "JOIN gift_card g ON g.{role} = COALESCE(c.merged_into_id, c.id) "
    "JOIN activity a ON a.card_id = g.id AND a.number = 1 WHERE c.email_key IN ({marks})"
)
_ROLES: Final = ("purchaser_id", "recipient_id", "registered_id")


class Candidate(NamedTuple):
    """A card that has to do with an address."""

    id: int
    last_four: str
    currency: str
    initial_minor: int
    """What its first activity brought."""


def cards_meant(database: DeskDatabase, updates: Sequence[ToldUpdate]) -> list[tuple[int, ...]]:
    """The ids of the cards that each line may mean; within a transaction."""
    keys = sorted({key for update in updates for key in update.emails})
    found = {key: cards for some in chunked(keys, _AT_ONCE) for key, cards in _cards_of(database, some).items()}
    return [
        tuple(sorted({card.id for key in update.emails for card in found.get(key, ()) if _fits(update, card)}))
        for update in updates
    ]


def _cards_of(database: DeskDatabase, keys: Sequence[str]) -> Mapping[str, set[Candidate]]:
    marks = ", ".join("?" * len(keys))
    sql = " UNION ALL ".join(_PERSON.format(role=role, marks=marks) for role in _ROLES)
    found: dict[str, set[Candidate]] = {}
    for key, *facts in database.execute_sql(sql, (*keys, *keys, *keys)).fetchall():
        found.setdefault(key, set()).add(Candidate(*facts))
    return found


def _fits(update: ToldUpdate, card: Candidate) -> bool:
    """A short code shows fewer of its characters here."""
    is_its_end = bool(card.last_four) and update.last.endswith(card.last_four)
    return is_its_end and (card.currency, card.initial_minor) == (update.currency, update.initial_minor)
