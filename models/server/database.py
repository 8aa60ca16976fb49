"""The connection to a desk on a server: its settings, its two kinds of transactions, its locks and its clock."""

import hashlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import peewee
import psycopg
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.types.array import ListBinaryDumper

from models.clock import Clock, SystemClock, from_microseconds, pause
from models.engine import DeskDatabase
from models.locations import Server
from models.relocation import STANDS, check_writable
from models.schema import HighWater
from models.server.driver import marked, stored
from models.stopping import Stop, ThreadAtWork

_CONNECT_SECONDS: Final = 5
# Other processes and compiled plans are for reports: what somebody waits for here is done before they have begun.
_SETTINGS: Final = (
    "SET lock_timeout = '3s'; SET statement_timeout = '15s'; SET idle_in_transaction_session_timeout = '10s'; "
    "SET TimeZone = 'UTC'; SET client_encoding = 'UTF8'; SET synchronous_commit = 'on'; "
    "SET max_parallel_workers_per_gather = 0; SET jit = 'off'"
)
_LOOK_SECONDS: Final = 0.02
"""How often a thread that waits for the server looks whether somebody still waits for it."""
_CANCEL_SECONDS: Final = 2.0
_LOOKS_BETWEEN_WORDS: Final = 10
_MOST_LOOKS: Final = 100
_READING: Final = "REPEATABLE READ READ ONLY"
_WRITING: Final = "READ COMMITTED READ WRITE"
_WRITING_HERE: Final = f"{_WRITING}, by a desk that is here"
_STRIDE: Final = timedelta(minutes=1)
"""How far time may go on before it is written down that it did."""


class _WholeNumber(Loader):
    """Sums come as numeric; all of ours are whole."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class _Many(list[Any]):
    """Many values as one parameter: sent as they are, for reading a thousand as text takes longer than finding them."""


class _Cursor(psycopg.Cursor[Any]):
    """Takes statements with our marks for parameters. One without parameters is left as it is."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Cursor":
        if not params:
            return super().execute(query, **options)
        return super().execute(marked(query) if "?" in query else query, stored(params), **options)

    def executemany(self, query: Any, params_seq: Iterable[Any], **options: Any) -> None:
        super().executemany(marked(query), [stored(params) for params in params_seq], **options)


class _Connection(psycopg.Connection[Any]):
    """Waits for the server no longer than somebody waits for the thread that does."""

    thread: ThreadAtWork | None = None

    def wait(self, gen: Generator[Any, Any, Any], interval: float = _LOOK_SECONDS, timeout: float | None = None) -> Any:
        """What the server answers, as the driver waits for it."""
        stop = self.thread.stop if self.thread is not None else None
        return super().wait(gen if stop is None else self._until(stop, gen), interval, timeout)

    def _until(self, stop: Stop, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """The same answer; once the stop is called the server is told to end, and its last word is still awaited.

        So whatever comes next on the connection finds the server idle. It is told again, for it may have been told
        before it had the statement. One that can't be told, or doesn't end, is left: the connection is closed.
        """
        looks = 0
        try:
            awaited = next(gen)
            while looks < _MOST_LOOKS:
                ready = yield awaited
                if stop.is_called:
                    if looks % _LOOKS_BETWEEN_WORDS == 0:
                        self._tell_to_end()
                    looks += 1
                awaited = gen.send(ready)
        except StopIteration as answered:
            return answered.value
        self.pgconn.finish()
        raise psycopg.errors.CancellationTimeout("the server does not end what it does")

    def _tell_to_end(self) -> None:
        try:
            self.cancel_safe(timeout=_CANCEL_SECONDS)
        except psycopg.Error:
            self.pgconn.finish()
            raise


class _Adapter(peewee.Psycopg3Adapter):
    """What Peewee would know of the driver, had it been there when Peewee was imported."""

    txn_idle = TransactionStatus.IDLE
    txn_inerror = TransactionStatus.INERROR
    txn_unknown = TransactionStatus.UNKNOWN

    def check_driver(self) -> None:
        """It is there, or this module would not be."""

    def get_binary_type(self) -> type:
        return bytes


class ServerDatabase(DeskDatabase, peewee.PostgresqlDatabase):
    """PostgreSQL: many writers at a time, each waiting only for whoever works on the same card or the same thing."""

    param = "?"
    # Truth is a number and texts sort by their letters' numbers, as in a file.
    field_types = {**peewee.PostgresqlDatabase.field_types, "BOOL": "SMALLINT", "TEXT": 'TEXT COLLATE "C"'}
    psycopg2_adapter = psycopg3_adapter = _Adapter

    time_sql = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

    def __init__(self, server: Server) -> None:
        """Prepare connections to a database on a server; nothing is opened yet."""
        super().__init__(server.name, autoconnect=False)
        self.place = server
        self._clock = ServerClock(self)

    def _connect(self) -> Any:
        assert isinstance(self.place, Server)
        given = {"connect_timeout": _CONNECT_SECONDS, "fallback_application_name": "giftdesk"}
        settings: dict[str, Any] = {**given, **conninfo_to_dict(self.place.url)}
        connection = _Connection.connect("", autocommit=True, cursor_factory=_Cursor, **settings)
        connection.adapters.register_loader("numeric", _WholeNumber)
        connection.adapters.register_dumper(_Many, ListBinaryDumper)
        connection.execute(_SETTINGS)
        connection.thread = self._thread
        return connection

    @contextmanager
    def connected(self) -> Iterator[None]:
        """A connection for this thread, closed again by whoever opened it; one that was lost is replaced."""
        if not self.is_closed() and not self.in_transaction() and self._is_lost():
            self.close()
        with super().connected():
            yield

    def _is_lost(self) -> bool:
        return bool(self.connection().closed)  # type: ignore[no-untyped-call]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view for a few queries; never held while a person thinks."""
        with self.connected(), self.atomic(_READING):
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that sees what others have saved by then; saved whole at the end, or not at all."""
        with self.unstoppable(), self.connected(), self.atomic(_WRITING_HERE):
            yield

    @contextmanager
    def making(self) -> Iterator[None]:
        """The same, wherever the desk is."""
        with self.unstoppable(), self.connected(), self.atomic(_WRITING):
            yield

    def begin(self, isolation_level: str | None = None) -> None:
        """Begin a transaction in a mode; one that needs the desk to be here asks for that on the same way."""
        if isolation_level != _WRITING_HERE:
            self.execute_sql(f"BEGIN ISOLATION LEVEL {isolation_level or _WRITING}")
            return
        try:
            check_writable(self._begin_asking(STANDS))
        except BaseException:
            self.rollback()
            raise

    def _begin_asking(self, question: str) -> tuple[Any, ...] | None:
        """Begin a transaction that writes, and ask one thing in the same message; the first row of the answer."""
        with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            cursor = self.cursor()  # type: ignore[no-untyped-call]
            cursor.execute(f"BEGIN ISOLATION LEVEL {_WRITING}; {question}", prepare=False)
            cursor.nextset()
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def rollback(self) -> None:
        """Undo the transaction; where the connection was lost, the server does so by itself."""
        if not self._is_lost():
            with self._under(None):
                self.execute_sql("ROLLBACK")

    def hold(self, *names: str) -> None:
        """Wait for whoever holds one of these names, and let others wait for it until this transaction ends."""
        if names:
            locks = ", ".join("pg_advisory_xact_lock(?)" for _ in names)
            self.execute_sql(f"SELECT {locks}", [_number(name) for name in names])

    def read_along_indexes(self) -> None:
        """A guess about a word that nobody has would have the server read a whole table for the first few."""
        self.execute_sql("SET LOCAL enable_seqscan = off")

    def with_texts(self, fits: str) -> str:
        """The texts by themselves: whoever wants a few rows only would else be given a walk through all texts."""
        some = f"SELECT p.id FROM search_text p WHERE {fits} OFFSET 0"
        return f"FROM ({some}) AS p CROSS JOIN customer_text t WHERE t.text_id = p.id"

    def among(self, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """One of many values, all in one parameter; in their order, for neighbours in the index are met together."""
        return f"{column} = ANY(?)", [_Many(sorted(values))]

    def fresh_ids(self, table: Any, count: int) -> Sequence[int]:
        """Ids that the server hands out once only."""
        name = table._meta.table_name
        rows = self.execute_sql(
            "SELECT nextval(pg_get_serial_sequence(?, 'id')) FROM generate_series(1, ?)", (name, count)
        )
        return sorted(id_ for (id_,) in rows)

    def orphans(self) -> Iterator[tuple[str, str]]:
        """None: the server refuses them, and whether it was told to look away is asked when the desk is opened."""
        return iter(())

    def clock(self) -> Clock:
        """The server's clock: a workstation that is wrong can't bring a card back."""
        return self._clock

    def heed(self, told: int) -> datetime:
        """The instant, UTC, that the server told along with something else."""
        return self._clock.heed(told)

    def reach(self, at: datetime) -> None:
        """Remember that something was written at about an instant (UTC), within its transaction.

        One clock counts for all who write, so time runs behind the last record only when the server itself is set
        back, or another takes its place. To notice that, a mark every minute is enough: no writer ever waits for
        another to set it.
        """
        (reached,) = self.execute_sql("SELECT reached_at FROM high_water").fetchone()
        if at - from_microseconds(reached) >= _STRIDE:
            free = HighWater.select(HighWater.id).for_update(skip_locked=True)
            if free.tuples().first() is not None:
                HighWater.update(reached_at=at).where(HighWater.reached_at < at).execute()


class ServerClock:
    """The clock of the server: asked within a connection, and running on from the last answer outside of one."""

    def __init__(self, database: ServerDatabase) -> None:
        """Begin in agreement with the clock of this computer."""
        self._database = database
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The present instant, UTC: not that at which the transaction began."""
        if self._database.is_closed():
            return SystemClock().now() + self._ahead
        return self.heed(self._database.execute_sql(f"SELECT {self._database.time_sql}").fetchone()[0])

    def heed(self, told: int) -> datetime:
        """The present instant, UTC, as the server just told it, in microseconds."""
        at = from_microseconds(told)
        self._ahead = at - SystemClock().now()
        return at

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        pause(seconds)


def _number(name: str) -> int:
    """The number by which the server knows what is held."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
