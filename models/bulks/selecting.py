"""Which cards a bulk is about: all that a search finds, however many they are."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any, Final

from models.clock import to_microseconds
from models.engine import DeskDatabase
from models.errors import Mendable, faults
from models.rules.queries import read_query
from models.search.meanings import meanings
from models.search.searching import Key, Page, newest
from models.search.traits import Trait
from models.store import Store

_PAGE: Final = 10_000
# Nobody writes for longer: an instant that was read before is stored by then.
_SLOWEST_WRITE: Final = timedelta(minutes=2)


def cards_found(store: Store, text: str, on_progress: Callable[[int], None] | None = None) -> "array[int]":
    """The ids of all cards that a text in the search field finds, in their order; read page by page.

    The latest changed come first, so who is changed meanwhile comes to stand before what was read already: those are
    read again at the end, in one view. A text is taken as it stands: no slip is forgiven, and no code is looked for.
    Raises Mendable for a text by which nothing can be looked for, Fault for a broken store.
    """
    ids: array[int] = array("q")
    with faults(store.path):
        begun, traits = _traits(store, text)
        for page in _pages(store.database, traits, store.database.reading):
            ids.extend(page.ids)
            if on_progress is not None:
                on_progress(len(ids))
        since = to_microseconds(begun - _SLOWEST_WRITE)
        with store.database.reading():
            for page in _pages(store.database, traits, nullcontext):
                ids.extend(page.ids)
                if page.next is not None and page.next.changed_at < since:
                    break
    return array("q", sorted(set(ids)))


def _pages(database: DeskDatabase, traits: Sequence[Trait], view: Callable[[], Any]) -> Iterator[Page]:
    after: Key | None = None
    while True:
        with view():
            database.read_along_indexes()
            page = newest(database, traits, after, _PAGE)
        yield page
        after = page.next
        if after is None:
            return


def _traits(store: Store, text: str) -> tuple[datetime, Sequence[Trait]]:
    """The instant of the look, UTC, and what a card must be."""
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
            return now, meaning.traits
    raise Mendable("Nothing is found by that. For codes name a file.")
