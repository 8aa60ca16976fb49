"""How often a desk that is no sandbox asks its database: each question waits for the way to a server and back."""

from store.counter import BOTH, Counter

from models.sheets import card_sheet
from models.store import Store, open_store
from models.unit import Session

ENGINES = BOTH


def asked_from_here(store: Store) -> list[str]:
    """The queries from here on."""
    queries: list[str] = []

    def note(event: object) -> None:
        sql = str(getattr(event, "sql", ""))
        queries.extend([sql] if sql.startswith("SELECT") else [])

    store.database.query_hooks.append(note)
    return queries


def test_the_time_comes_along_with_who_looks(in_earnest: Counter) -> None:
    """A sheet of nobody's takes three queries, though the last record and a server's own clock count."""
    card = in_earnest.issued()
    store = open_store(in_earnest.store.path)
    queries = asked_from_here(store)
    sheet = card_sheet(Session(store, "sam"), card)
    assert len(queries) == 3
    with store.database.connected():
        assert sheet.judged_at < store.now()


def test_the_time_takes_one_query(in_earnest: Counter) -> None:
    """The clock and the last record are asked for in one go, to read as well as to write."""
    store = open_store(in_earnest.store.path)
    with store.database.connected():
        queries = asked_from_here(store)
        assert store.how_far_behind() < store.now() - store.now().replace(year=2000)
    assert len(queries) == 3
