"""A desk's database on a server: its two kinds of transactions, its locks and its clock."""

import hashlib
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import peewee
import psycopg
from psycopg.pq import TransactionStatus

from models.clock import Clock, SystemClock, from_microseconds, pause
from models.engine import DeskDatabase
from models.errors import Fault, is_of_the_store
from models.locations import Server
from models.relocation import STANDS, check_writable
from models.schema import HighWater
from models.server.connection import Connection, Many, Servers
from models.server.many import change_of_many, copy_rows
from models.server.spare import Spare

T = TypeVar("T")

_READING: Final = "REPEATABLE READ READ ONLY"
_WRITING: Final = "READ COMMITTED READ WRITE"
_WRITING_HERE: Final = f"{_WRITING}, by a desk that is here"
_UNDER_WAY: Final = int.from_bytes(b"giftdesk")
"""The number of what everybody holds who writes."""
_MANY: Final = 20
"""From so many rows on they go to the server together."""
_STRIDE: Final = timedelta(minutes=1)
"""How far time may go on before it is written down that it did."""


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

    asked_seconds = 30.0
    time_sql = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

    def __init__(self, server: Server) -> None:
        """Prepare connections to a database on a server; nothing is opened yet."""
        super().__init__(server.name, autoconnect=False)
        self.place = server
        self._servers = Servers(server.url)
        self._followers = Servers(server.url, server.reports) if server.reports else None
        self._clock = ServerClock(self)
        self._spare = Spare()
        weakref.finalize(self, self._spare.close)

    def _connect(self) -> Connection:
        connection = self._connect_to_a_follower() if self._thread.is_surveying else None
        if connection is None:
            connection = self._spare.take() or self._servers.connect()
        connection.thread = self._thread
        return connection

    def _close(self, connection: Connection) -> None:
        self._spare.give(connection)

    def let_go(self) -> None:
        """Keep no connection to the server until another one was made."""
        self._spare.close()

    def _connect_to_a_follower(self) -> Connection | None:
        """None where none answers: then whoever takes the changes is asked for lists as well."""
        assert self._followers is not None
        try:
            connection = self._followers.connect()
        except psycopg.OperationalError:
            return None
        connection.is_spoilt = True  # for all else
        return connection

    @contextmanager
    def surveying(self) -> Iterator[None]:
        """A connection for lists and reports, beside that for everything else."""
        if self._followers is None or self.in_transaction():
            with self.connected():
                yield
            return
        state: Any = self._state  # type: ignore[attr-defined]
        here = dict(state.__dict__)
        state.reset()
        self._thread.is_surveying = True
        try:
            with super().connected():
                yield
        finally:
            self._thread.is_surveying = False
            state.__dict__.update(here)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """A connection for this thread, closed again by whoever opened it; one that was lost is replaced."""
        if not self.is_closed() and not self.in_transaction() and self._is_lost():
            self.close()
        with super().connected():
            try:
                yield
            except Exception as error:
                if (isinstance(error, Fault) or is_of_the_store(error)) and not self.is_closed():
                    self.connection().is_spoilt = True  # type: ignore[no-untyped-call]
                raise

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
        """Begin a transaction in a mode; on another connection where the one that was kept is of no use any more."""
        connection = self.connection()  # type: ignore[no-untyped-call]
        may_be_lost, connection.is_kept = connection.is_kept, False
        try:
            self._begin(isolation_level)
        except (peewee.DatabaseError, peewee.InterfaceError):
            if not may_be_lost:
                raise
            connection.is_spoilt = True
            self.close()
            self.connect()
            self._begin(isolation_level)

    def _begin(self, isolation_level: str | None) -> None:
        """One that needs the desk to be here asks for that on the same way."""
        if isolation_level not in (None, _WRITING, _WRITING_HERE):
            self.execute_sql(f"BEGIN ISOLATION LEVEL {isolation_level}")
            return
        try:
            if isolation_level == _WRITING_HERE:
                check_writable(self._begin_writing(f"; {STANDS}"))
            else:
                self._begin_writing()
        except BaseException:
            self.rollback()
            raise

    def _begin_writing(self, question: str = "") -> tuple[Any, ...] | None:
        """Begin a transaction that writes, and ask one thing in the same message; the first row of the answer.

        Whoever wants to wait for all that write can tell by the lock that one does.
        """
        says_so = f"SELECT pg_advisory_xact_lock_shared({_UNDER_WAY})"
        with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            cursor = self.cursor()  # type: ignore[no-untyped-call]
            cursor.execute(f"BEGIN ISOLATION LEVEL {_WRITING}; {says_so}{question}", prepare=False)
            while cursor.nextset():
                pass
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def commit(self) -> None:
        """Save the transaction. Raises as well when the server says that it was undone, or may yet be lost."""
        connection = self.connection()  # type: ignore[no-untyped-call]
        with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            connection.warnings.clear()
            if connection.execute("COMMIT").statusmessage != "COMMIT":
                raise psycopg.errors.InFailedSqlTransaction("an error in the transaction was passed over")
            if connection.warnings:
                # It waited for the second server until somebody told it not to, which is no error to it.
                raise psycopg.errors.TransactionResolutionUnknown(connection.warnings[-1])

    def hold_all(self) -> None:
        """Wait for all transactions that write, which have said so as they began, and let others wait for this one."""
        self.execute_sql(f"SELECT pg_advisory_xact_lock({_UNDER_WAY})")

    def rollback(self) -> None:
        """Undo the transaction; where the connection was lost, the server does so by itself."""
        if not self._is_lost():
            with self._under(None):
                self.execute_sql("ROLLBACK")

    @contextmanager
    def vouching(self) -> Iterator[None]:
        """What is read within is told only when it is as safe as what is written; also where the desk has left."""
        with self.making():
            yield
            self.vouch()

    def vouch(self) -> None:
        """Write something, a lock that is in nobody's way: its commit waits for the second server, as a reading's
        does not, and comes behind everything that was seen."""
        self.execute_sql("SELECT id FROM high_water FOR KEY SHARE")

    def take_all_the_time(self) -> None:
        """Let what comes on this connection take as long as it needs."""
        self.execute_sql("SET statement_timeout = 0")
        connection = self.connection()  # type: ignore[no-untyped-call]
        connection.patience_seconds, connection.is_spoilt = None, True

    def read_at_length(self) -> None:
        """The server waits as well, while a journal is added up or a slow disk takes what was read."""
        self.take_all_the_time()
        self.execute_sql("SET idle_in_transaction_session_timeout = 0")

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
        return f"{column} = ANY(?)", [Many(sorted(values))]

    @contextmanager
    def meanwhile(self, compute: Callable[[], T]) -> Iterator[Callable[[], T]]:
        """By another thread, while this one waits for the server."""
        with ThreadPoolExecutor(1) as other:
            yield other.submit(compute).result

    def given(self, *columns: Sequence[Any]) -> tuple[str, list[Any]]:
        """A table of values, each of its columns one parameter."""
        names = ", ".join(f"column{number}" for number in range(1, len(columns) + 1))
        return f"unnest({', '.join('?' * len(columns))}) AS given ({names})", [Many(column) for column in columns]

    def insert_stored(self, table: Any, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert many rows by the way that takes most of them, few as usual: it begins with a question of its own."""
        if len(rows) < _MANY:
            super().insert_stored(table, columns, rows)
            return
        with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            names = [table._meta.combined[column].column_name for column in columns]
            copy_rows(self.cursor(), table._meta.table_name, names, rows)  # type: ignore[no-untyped-call]

    def update_stored(
        self, table: Any, columns: Sequence[str], where: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> int:
        """Change many rows by one statement, along an index: so they are locked in the order in which they come."""
        if len(rows) < _MANY:
            return super().update_stored(table, columns, where, rows)
        self.read_along_indexes()
        statement = change_of_many(table, tuple(columns), tuple(where))
        return int(self.execute_sql(statement, [Many(values) for values in zip(*rows, strict=True)]).rowcount)

    def fresh_ids(self, table: Any, count: int) -> Sequence[int]:
        """Ids that the server hands out once only."""
        rows = self.execute_sql(
            "SELECT nextval(s.name) FROM (SELECT pg_get_serial_sequence(?, 'id') AS name OFFSET 0) s "
            "CROSS JOIN generate_series(1, ?)",
            (table._meta.table_name, count),
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
        back, or another takes its place. To notice that, a mark every minute is enough, and no writer waits for another
        to set it; but whoever else sets it may yet undo that, so behind a rest of minutes it is waited for.
        """
        (reached,) = self.execute_sql("SELECT reached_at FROM high_water").fetchone()
        if at - from_microseconds(reached) >= _STRIDE:
            is_near = at - from_microseconds(reached) <= 2 * _STRIDE
            free = HighWater.select(HighWater.id).for_update(skip_locked=is_near)
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
