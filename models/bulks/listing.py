"""The bulks of a desk as lists and sheets show them, each opened down to its cards."""

from dataclasses import dataclass
from typing import Final, Literal

from models.bulks.facts import Bulk
from models.bulks.keeping import ROWS, as_bulk, bulk_numbered_in
from models.card_lines import CardLine, lines_of
from models.errors import Refused, faults
from models.fields import LARGEST_ID
from models.store import Store

MOST: Final = 200
"""How many lines a page has when nobody asks for fewer."""

CameTo = Literal["done", "skipped", "left"]
"""What came of a card: it was changed, it stayed as it was, or nobody came to it yet."""
_WHICH: Final = {
    None: "",
    "done": "AND first_number IS NOT NULL ",
    "skipped": "AND skipped IS NOT NULL ",
    "left": "AND first_number IS NULL AND skipped IS NULL ",
}
_CARDS: Final = "SELECT card_id FROM bulk_card WHERE bulk_id = ? AND card_id > ? {which}ORDER BY card_id LIMIT ?"


@dataclass(frozen=True, slots=True)
class CardsOf:
    """Some cards of a bulk."""

    lines: tuple[CardLine, ...]
    """As they are at this moment, in the order of the list."""
    next: int | None
    """Behind it the next page begins; None when these are all."""


def bulks(store: Store, after: int | None = None, most: int = MOST) -> tuple[Bulk, ...]:
    """The bulks, the latest first, behind the number of one; a spoiled row is left to verification.

    Raises Fault for a broken store.
    """
    with faults(store.path), store.database.reading():
        behind = LARGEST_ID if after is None else after
        rows = store.database.execute_sql(f"{ROWS} WHERE b.id < ? ORDER BY b.id DESC LIMIT ?", (behind, most))
        found = []
        for row in rows.fetchall():
            try:
                found.append(as_bulk(row))
            except Refused:
                continue
        return tuple(found)


def bulk_numbered(store: Store, bulk_id: int) -> Bulk:
    """A bulk by its number. Raises Refused when there is none, Fault for a broken store."""
    with faults(store.path), store.database.reading():
        return bulk_numbered_in(store, bulk_id)


def cards_of(
    store: Store, bulk_id: int, outcome: CameTo | None = None, after: int | None = None, most: int = MOST
) -> CardsOf:
    """Some cards on a bulk's list: all, or those of which something came. Raises Fault for a broken store."""
    with faults(store.path), store.database.reading():
        query = _CARDS.format(which=_WHICH[outcome])
        ids = [row[0] for row in store.database.execute_sql(query, (bulk_id, after or 0, most + 1)).fetchall()]
        return CardsOf(lines_of(store, ids[:most]), ids[most - 1] if len(ids) > most else None)
