"""Which cards a bulk is about: all that a search finds, however many they are."""

from array import array
from collections.abc import Callable, Sequence
from typing import Final

from models.clock import to_microseconds
from models.engine import DeskDatabase
from models.errors import Mendable, faults
from models.rules.queries import read_query
from models.search.meanings import meanings
from models.search.searching import Key, newest
from models.search.traits import Trait
from models.store import Store

_PAGE: Final = 1_000
_MOST_ROUNDS: Final = 5


def cards_found(store: Store, text: str, on_progress: Callable[[int], None] | None = None) -> "array[int]":
    """The ids of all cards that a text in the search field finds, in their order; read page by page.

    Whoever is changed meanwhile comes to stand before what was read already, so what changed since is read again. A
    text is taken as it stands: no slip is forgiven, and no code is looked for. Raises Mendable for a text by which
    nothing can be looked for, Fault for a broken store.
    """
    ids: array[int] = array("q")
    with faults(store.path):
        begun, traits = _traits(store, text)
        since: int | None = None
        for _ in range(_MOST_ROUNDS):
            found = _read_through(store.database, traits, since, ids, on_progress)
            since = begun
            if not found:
                break
    return array("q", sorted(set(ids)))


def _traits(store: Store, text: str) -> tuple[int, Sequence[Trait]]:
    """The instant of the look, in microseconds UTC, and what a card must be."""
    with store.database.reading():
        now = store.now()
        query = read_query(text, store.business.date_of(now))
        if query.complaint is not None:
            raise Mendable(query.complaint)
        if not (query.words or query.has_filters):
            raise Mendable("Say by what the cards are found: status:expired, a product, a place, a day, a name.")
        for meaning in meanings(store, query, now):
            if meaning.complaint is not None:
                raise Mendable(meaning.complaint)
            if meaning.mended:
                continue
            return to_microseconds(now), meaning.traits
    raise Mendable("Nothing is found by that. For codes name a file.")


def _read_through(
    database: DeskDatabase,
    traits: Sequence[Trait],
    since: int | None,
    ids: "array[int]",
    on_progress: Callable[[int], None] | None,
) -> int:
    """Add what is found, all of it or what changed since an instant; how many cards that were."""
    after: Key | None = None
    count = 0
    while True:
        with database.reading():
            database.read_along_indexes()
            page = newest(database, traits, after, _PAGE)
        ids.extend(page.ids)
        count += len(page.ids)
        if on_progress is not None:
            on_progress(len(ids))
        if page.next is None or (since is not None and page.next.changed_at < since):
            return count if since is not None or page.ids else count
        after = page.next
