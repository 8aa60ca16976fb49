"""The index of what people are found by: written with the customers, in the same transaction, and made from them alone.

A text (a whole name, the front part of an address, a domain) is stored once, and people refer to theirs: so the people
of a full name are found among names, of which there are far fewer than people. A merged record's texts belong to the
record that was kept. The words of the texts are kept for the sake of slips.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final, Protocol

from peewee import chunked

from models.engine import DeskDatabase
from models.fields import LARGEST_ID
from models.rules.words import holding, texts_of, words_in

Row = tuple[int, str | None, str | None]
"""The number of a person's record, and a name and an e-mail address as they are compared."""

_AT_ONCE: Final = 2_000
_PAGE: Final = 2_000
_PEOPLE: Final = (
    "SELECT COALESCE(merged_into_id, id), name_key, email_key, id FROM customer WHERE id > ? ORDER BY id LIMIT ?"
)
_RECORDS: Final = (
    "SELECT COALESCE(merged_into_id, id), name_key, email_key FROM customer "
    "WHERE (id = ? AND merged_into_id IS NULL) OR merged_into_id = ?"
)

_PEOPLE_OF: Final = (
    "SELECT id, name_key, email_key FROM customer WHERE id > ? AND id <= ? AND merged_into_id IS NULL "
    "UNION ALL "
    "SELECT merged_into_id, name_key, email_key FROM customer WHERE merged_into_id > ? AND merged_into_id <= ?"
)
_TEXTS_OF: Final = (
    "SELECT t.customer_id, s.text FROM customer_text t LEFT JOIN search_text s ON s.id = t.text_id "
    "WHERE t.customer_id > ? AND t.customer_id <= ?"
)
_LOST: Final = (
    "SELECT s.id FROM search_text s WHERE NOT EXISTS (SELECT 1 FROM customer_text t WHERE t.text_id = s.id) "
    "ORDER BY s.id LIMIT ?"
)


class Executes(Protocol):
    """Whatever runs statements: a database, or what stands for one while it is migrated."""

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement, its parameters marked by `?`."""

    def given(self, *columns: Sequence[Any]) -> tuple[str, list[Any]]:
        """A table of values to read from, its columns called column1, column2 and so on, and its parameters."""


def index_people(database: DeskDatabase, rows: Iterable[Row]) -> None:
    """Let people be found who were just written down, within the same transaction."""
    for some in chunked(rows, _AT_ONCE):
        database.add_parts(_write(database, some))


def reindex_people(database: DeskDatabase, ids: Collection[int]) -> None:
    """Let people be found by what their records say, and by nothing else, within the transaction that changed these.

    What nobody is found by any more is overwritten, for a person may have asked for that.
    """
    held, wanted = _held(database, ids), _wanted(database, ids)
    there = {(id_, text) for id_, _, text in held}
    gone = [(id_, text_id) for id_, text_id, text in held if text not in wanted[id_]]
    added = [(id_, text) for id_ in ids for text in sorted(wanted[id_]) if (id_, text) not in there]
    database.add_parts(_store(database, added))
    for id_, text_id in gone:
        database.execute_sql("DELETE FROM customer_text WHERE customer_id = ? AND text_id = ?", (id_, text_id))
    for text_id in sorted({text_id for _, text_id in gone}):
        forget_text(database, text_id)


def _held(database: DeskDatabase, ids: Collection[int]) -> list[tuple[int, int, str | None]]:
    """Each person with the texts by which they can be found: the text's number, and the text if it is there."""
    sql = "SELECT t.text_id, s.text FROM customer_text t LEFT JOIN search_text s ON s.id = t.text_id WHERE "
    return [(id_, *row) for id_ in ids for row in database.execute_sql(f"{sql} t.customer_id = ?", (id_,)).fetchall()]


def _wanted(database: DeskDatabase, ids: Collection[int]) -> dict[int, set[str]]:
    """Person -> the texts by which they are to be found, of all their records."""
    found: dict[int, set[str]] = {id_: set() for id_ in ids}
    for id_ in ids:
        for _, name_key, address_key in database.execute_sql(_RECORDS, (id_, id_)).fetchall():
            found[id_] |= texts_of(name_key, address_key)
    return found


def forget_text(database: DeskDatabase, text_id: int) -> None:
    """Take a text and its words away, unless somebody is found by them."""
    if database.execute_sql("SELECT 1 FROM customer_text WHERE text_id = ? LIMIT 1", (text_id,)).fetchone():
        return
    row = database.execute_sql("SELECT text FROM search_text WHERE id = ?", (text_id,)).fetchone()
    if row is None:
        return
    (text,) = row
    database.remove_part(text_id, text)
    database.execute_sql("DELETE FROM search_text WHERE id = ?", (text_id,))
    table, _ = database.texts
    for word in sorted(set(words_in(text))):
        if not database.execute_sql(f"SELECT 1 FROM {table} WHERE text LIKE ? LIMIT 1", (holding(word),)).fetchone():
            database.execute_sql("DELETE FROM search_word WHERE word = ?", (word,))


def make_index(database: Executes) -> None:
    """Make the index of a desk that has none, page by page; the engine's own index of parts of texts comes after."""
    last = 0
    while page := database.execute_sql(_PEOPLE, (last, _PAGE)).fetchall():
        _write(database, [row[:3] for row in page])
        last = page[-1][3]


def differing_people(database: DeskDatabase, after: int) -> tuple[list[int], int]:
    """Of the next people in the order of their numbers those who are found by something else than their records say,
    and the number of the last that was looked at, 0 at the end; within a transaction that reads."""
    page = database.execute_sql("SELECT id FROM customer WHERE id > ? ORDER BY id LIMIT ?", (after, _PAGE)).fetchall()
    last = page[-1][0] if len(page) == _PAGE else LARGEST_ID
    wanted = {
        (id_, text)
        for id_, name_key, address_key in database.execute_sql(_PEOPLE_OF, (after, last, after, last)).fetchall()
        for text in texts_of(name_key, address_key)
    }
    held = set(database.execute_sql(_TEXTS_OF, (after, last)).fetchall())
    return sorted({id_ for id_, _ in wanted ^ held}), last if len(page) == _PAGE else 0


def lost_texts(database: DeskDatabase) -> list[int]:
    """The numbers of some texts that belong to nobody; within a connection."""
    return [id_ for (id_,) in database.execute_sql(_LOST, (_AT_ONCE,)).fetchall()]


def _write(database: Executes, rows: Sequence[Row]) -> list[tuple[int, str]]:
    texts = ((id_, text) for id_, name_key, address_key in rows for text in sorted(texts_of(name_key, address_key)))
    return _store(database, list(texts))


def _store(database: Executes, wanted: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Let people be found by texts; those that nobody was found by, with their numbers."""
    texts = sorted({text for _, text in wanted})
    known = {text: id_ for some in chunked(texts, _AT_ONCE) for id_, text in _known(database, some)}
    missing = [text for text in texts if text not in known]
    added = [row for some in chunked(missing, _AT_ONCE) for row in _add(database, some)]
    known |= {text: id_ for id_, text in added}
    words = sorted({word for text in missing for word in words_in(text)})
    for some in chunked(words, _AT_ONCE):
        _insert(database, "search_word (word)", some)
    pairs = sorted({(id_, known[text]) for id_, text in wanted})
    for together in chunked(pairs, _AT_ONCE):
        _insert(database, "customer_text (customer_id, text_id)", *zip(*together, strict=True))
    return added


def _known(database: Executes, texts: Sequence[str]) -> list[tuple[int, str]]:
    """Those of some texts that are stored, with their numbers: each looked up by itself, for a server that is asked
    for all of them goes through its index of parts of texts, which takes a thousand times as long."""
    given, params = database.given(texts)
    found = database.execute_sql(
        f"SELECT (SELECT id FROM search_text WHERE text = column1), column1 FROM {given}", params
    ).fetchall()
    return [(id_, text) for id_, text in found if id_ is not None]


def _add(database: Executes, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Store texts; whoever stored one of them at the same moment has it indexed as well."""
    added = _insert(database, "search_text (text)", texts, returning=" RETURNING id, text").fetchall()
    yield from added
    there = {text for _, text in added}
    yield from _known(database, [text for text in texts if text not in there]) if len(there) < len(texts) else ()


def _insert(database: Executes, what: str, *columns: Sequence[Any], returning: str = "") -> Any:
    given, params = database.given(*columns)
    # A condition, for in a file ON would else be read as that of a join.
    sql = f"INSERT INTO {what} SELECT * FROM {given} WHERE true ON CONFLICT DO NOTHING{returning}"
    return database.execute_sql(sql, params)
