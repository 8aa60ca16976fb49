"""What a desk asks of the engine below it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeVar

import peewee

from models.clock import Clock
from models.errors import Fault, is_of_the_store
from models.locations import Place
from models.stopping import Stop, Stopped, ThreadAtWork

PATIENCE_SECONDS: Final = 10.0
"""How long a write is begun again while others are in its way, before somebody is told so."""
T = TypeVar("T")
SHARED: Final = "what cards share"
"""What is held by whoever writes more than one card: people, organisations, products, policy, agents, new cards."""


def wish(intent: str) -> str:
    """What is held by whoever carries out a wish, by its idempotency key."""
    return f"wish {intent}"


class DeskDatabase(peewee.Database):
    """The database of one desk, with what each engine does in its own way."""

    place: Place
    """Where it is, for sentences and for what is kept beside it."""
    texts: tuple[str, str] = ("search_text", "id")
    """Where texts are looked through for a part of them, and what their number is called there."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        """Prepare connections; nothing is opened yet."""
        super().__init__(*arguments, **settings)
        self._thread = ThreadAtWork()

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement, its parameters marked by `?`; within a connection."""
        self.check_stop()
        return super().execute_sql(sql, params)  # type: ignore[no-untyped-call]

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Run one statement for each row of parameters; how many rows of a table it touched in all."""
        with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            cursor = self.cursor()  # type: ignore[no-untyped-call]
            cursor.executemany(sql, rows)
        touched: int = cursor.rowcount
        return touched

    def insert_stored(self, table: Any, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows of values that have the form in which they are stored; within a transaction."""
        self.execute_many(_insertion(table, tuple(columns)), rows)

    def update_stored(
        self, table: Any, columns: Sequence[str], where: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> int:
        """Change columns of rows, each found by the values of some others at its end; how many were changed."""
        return self.execute_many(_change(table, tuple(columns), tuple(where)), rows)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """A connection for this thread, closed again by whoever opened it."""
        opened_here = self.connect(reuse_if_open=True)
        try:
            yield
        finally:
            if opened_here:
                self.close()

    def let_go(self) -> None:
        """Keep nothing open between units of work, where an engine does so for a while."""

    def surveying(self) -> Any:
        """A connection for lists and reports, on which nothing is decided: where one was named, to a server that
        follows, and may be a moment behind."""
        return self.connected()

    def read_at_length(self) -> None:
        """Let a job for which nobody waits read on this connection for as long as it needs, and think in between.

        Nothing to do where the engine asks for no haste. Whoever writes is in a hurry: others wait for them.
        """

    @contextmanager
    def stoppable(self, stop: Stop) -> Iterator[None]:
        """Whatever this thread reads within ends soon after somebody calls the stop, by raising Stopped.

        The reading thread itself looks whether it was called, and tells its own engine: nothing that comes later on
        the connection can be hit. What is written within is written whole; within a transaction that writes, nothing
        can be stopped.
        """
        assert not self._thread.is_writing, "what writes is not stopped half way"
        stop.check()
        with self._under(stop):
            try:
                yield
            except Exception as error:
                if stop.is_called and (isinstance(error, Fault) or is_of_the_store(error)):
                    raise Stopped from error
                raise

    @contextmanager
    def _under(self, stop: Stop | None, *, is_writing: bool = False) -> Iterator[None]:
        before = self._thread.stop, self._thread.is_writing
        self._thread.stop, self._thread.is_writing = stop, is_writing
        self.look_out()
        try:
            yield
        finally:
            self._thread.stop, self._thread.is_writing = before
            self.look_out()

    def look_out(self) -> None:
        """Have the connection of this thread, if there is one, look for its stop, or for none."""

    def check_stop(self) -> None:
        """Go on only while somebody waits for what this thread reads. Raises Stopped."""
        if self._thread.stop is not None:
            self._thread.stop.check()

    def unstoppable(self) -> Any:
        """Whatever this thread writes within is written whole, though it is in the midst of what can be stopped."""
        return self._under(None, is_writing=True)

    def reading(self) -> Any:
        """One consistent view for a few queries; never held while a person thinks."""
        raise NotImplementedError

    def writing(self) -> Any:
        """One transaction; saved whole at the end, or not at all. Raises Refused for a desk that is on its way."""
        raise NotImplementedError

    def making(self) -> Any:
        """The same, wherever the desk is: for whoever makes it, brings it up to date, or moves it."""
        raise NotImplementedError

    asked_seconds: float = 0.0
    """How long it is asked what came of a change whose answer was lost, where the engine may be back meanwhile."""

    def vouching(self) -> Any:
        """What is read within is told only when it is as safe as what is written: in a file it always is."""
        return self.connected()

    def vouch(self) -> None:
        """Let the end of this transaction, which writes nothing else, promise that what it saw is not lost any more.

        Nothing to do in a file, where only what is safe is seen.
        """

    def hold(self, *names: str) -> None:
        """Let whoever holds one of these names finish, and others wait for it until this transaction ends."""
        raise NotImplementedError

    def hold_all(self) -> None:
        """Let all transactions that write finish, and others wait for this one; within a transaction that writes.

        Nothing to do where only one writes at a time.
        """

    def with_texts(self, fits: str) -> str:
        """The rest of a statement, from FROM on, about customer_text t of the texts p of which a condition holds."""
        table, id_ = self.texts
        return f"FROM {table} p CROSS JOIN customer_text t WHERE t.text_id = p.{id_} AND {fits}"

    def add_parts(self, texts: Iterable[tuple[int, str]]) -> None:
        """Let texts that were just stored, given with their numbers, be found by a part of them; within the same
        transaction. Nothing to do where the engine sees to that."""

    def has_whole_parts(self) -> bool:
        """Whether all texts that are stored are found by their parts; within a transaction that writes."""
        return True

    def remake_parts(self) -> None:
        """Let all texts that are stored be found by their parts, and nothing else."""

    def remove_part(self, text_id: int, text: str) -> None:
        """Let a text that is about to be removed be found no more, leaving nothing of it."""

    def read_along_indexes(self) -> None:
        """Let what is asked within this transaction be read along indexes, whatever the engine guesses of the tables.

        Nothing to do where the engine does so anyway.
        """

    def among(self, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """The condition that a column has one of many values, in the engine's quickest words, and its parameters."""
        raise NotImplementedError

    def given(self, *columns: Sequence[Any]) -> tuple[str, list[Any]]:
        """A table of values to read from, its columns called column1, column2 and so on, and its parameters."""
        rows = list(zip(*columns, strict=True))
        marks = f"({', '.join('?' * len(columns))})"
        return f"(VALUES {', '.join([marks] * len(rows))}) AS given", [value for row in rows for value in row]

    @contextmanager
    def meanwhile(self, compute: Callable[[], T]) -> Iterator[Callable[[], T]]:
        """Have something computed that asks no database, while this thread goes on; yields what waits for it.

        Where the engine works within the thread that asks, there is nothing to be gained: it is computed beforehand.
        """
        computed = compute()
        yield lambda: computed

    time_sql: str = "NULL"
    """What tells the time in a statement, in microseconds UTC, where the engine's own clock counts."""

    def heed(self, told: int) -> datetime:
        """The instant, UTC, that the engine told by that."""
        raise NotImplementedError

    def fresh_ids(self, table: Any, count: int) -> Sequence[int]:
        """Ids that no row of a table has or will get, in rising order; within a transaction."""
        raise NotImplementedError

    def orphans(self) -> Iterator[tuple[str, str]]:
        """The table of each row that belongs to no row, and the table where that one is missing."""
        raise NotImplementedError

    def clock(self) -> Clock:
        """The clock that decides on this engine."""
        raise NotImplementedError

    def reach(self, at: datetime) -> None:
        """Remember that something was written at an instant (UTC), within its transaction."""
        raise NotImplementedError


@lru_cache
def _insertion(table: Any, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{table._meta.combined[column].column_name}"' for column in columns)
    return f'INSERT INTO "{table._meta.table_name}" ({names}) VALUES ({", ".join("?" * len(columns))})'


@lru_cache
def _change(table: Any, columns: tuple[str, ...], where: tuple[str, ...]) -> str:
    name = table._meta.combined
    settings = ", ".join(f'"{name[column].column_name}" = ?' for column in columns)
    found = " AND ".join(f'"{name[column].column_name}" = ?' for column in where)
    return f'UPDATE "{table._meta.table_name}" SET {settings} WHERE {found}'
