"""A desk in a file: SQLite, one mode, checked before anything is believed of it."""

import os
import random
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import peewee
from playhouse.cysqlite_ext import CySqliteDatabase

from models.clock import Clock, Stopwatch, SystemClock, pause
from models.definitions import HISTORY, check_definitions
from models.engine import PATIENCE_SECONDS, DeskDatabase
from models.errors import Fault, faults
from models.exits import BAD_INPUT, CANNOT_OPEN, MISCONFIGURED, NO_PERMISSION
from models.placing import placed
from models.relocation import STANDS, check_here, check_writable
from models.schema import APPLICATION_ID, HighWater, database_proxy

_MIGRATIONS: Final = Path(__file__).with_name("migrations")
BUSY_SECONDS: Final = PATIENCE_SECONDS
_TURN_SECONDS: Final = 0.001
_LONGEST_TURN_SECONDS: Final = 0.05
_MOST_COUNTED_SECONDS: Final = 0.1
"""What one turn of asking costs of the patience, however long it took."""
_STEPS_BETWEEN_LOOKS: Final = 50_000
"""A few milliseconds of a reading. Looking takes the interpreter, which a busy screen gives up late."""
DATABASE_MODE: Final = 0o660
"""Who may read and write a database: its owner and the desk's group."""


class LostTransaction(peewee.InternalError):
    """The engine ended the transaction by itself (a full disk does that); going on would save by halves."""


class FileDatabase(DeskDatabase, CySqliteDatabase):  # type: ignore[misc]
    """SQLite in WAL mode, every commit on the disk before it is acknowledged, one writer at a time."""

    # STRICT tables know these types only.
    field_types = {**CySqliteDatabase.field_types, "BIGINT": "INTEGER", "BOOL": "INTEGER"}
    texts = ("search_text_part", "rowid")

    def __init__(self, path: Path, mode: str = "rw", *, told_as: Path | None = None) -> None:
        """Prepare connections to an existing file; nothing is opened yet. Sentences may tell of it by another path."""
        super().__init__(
            f"file:{quote(os.fspath(path))}?mode={mode}",
            rank_functions=False,
            autoconnect=False,
            lock_type="IMMEDIATE",
            timeout=BUSY_SECONDS,
            uri=True,
            pragmas={
                "synchronous": 2,
                "foreign_keys": 1,
                "recursive_triggers": 1,
                "trusted_schema": 0,
                "secure_delete": 1,  # what a person asked to remove is overwritten, not only unlinked
            },
        )
        self.place = told_as or path

    def get_binary_type(self) -> type[memoryview]:
        """What bytes are handed over as; Peewee would ask Python's own SQLite for it."""
        return memoryview

    def _connect(self) -> Any:
        connection = super()._connect()
        self._look_out(connection)
        return connection

    def look_out(self) -> None:
        """Have the connection of this thread look for its stop, if it has one, while a statement runs."""
        if not self.is_closed():
            self._look_out(self.connection())  # type: ignore[no-untyped-call]

    def _look_out(self, connection: Any) -> None:
        # Only where there is one: Python would drop what comes to the main thread, Ctrl+C above all, while it looks.
        stop = self._thread.stop
        connection.progress(None if stop is None else lambda: stop.is_called, _STEPS_BETWEEN_LOOKS)

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement, unless the engine has left the transaction that we believe to be in."""
        self._check_transaction()
        return super().execute_sql(sql, params)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Run one statement for each row of parameters; how many rows of the table it touched in all."""
        self._check_transaction()
        return super().execute_many(sql, rows)

    def _check_transaction(self) -> None:
        if self.in_transaction() and not self.connection().in_transaction:  # type: ignore[no-untyped-call]
            raise LostTransaction("the transaction is gone")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view for a few queries; never held while a person thinks."""
        with self.connected(), self.atomic("DEFERRED"):
            yield

    def rebuild(self) -> None:
        """Write the file anew, without what its unused space still holds of rows that moved; others wait for it."""
        with self.connected():
            self.execute_sql("VACUUM")
            self.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy_into(self, file: Path) -> None:
        """Copy everything, as it is at one instant, into an empty file; nobody has to wait for that."""
        with self.connected():
            self.execute_sql("VACUUM INTO ?", (os.fspath(file),))

    def damage(self) -> str | None:
        """What is wrong with the file's pages, in the engine's words, or None; within a connection."""
        (told,) = self.execute_sql("PRAGMA quick_check(1)").fetchone()
        return None if told == "ok" else str(told)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that holds the write lock from its start; saved whole at the end, or not at all."""
        with self.making():
            check_writable(self.execute_sql(STANDS).fetchone())
            yield

    @contextmanager
    def making(self) -> Iterator[None]:
        """The same, wherever the desk is."""
        with self.unstoppable(), self.connected(), ExitStack() as transaction:
            self._take_turn(transaction)
            yield

    def _take_turn(self, transaction: ExitStack) -> None:
        """Begin to write, asking again every millisecond while another desk does; who waited long asks less often.

        The engine's own waits grow to a tenth of a second: beside a job, a till would hardly ever get its turn. But
        where hundreds wait, whoever has the turn would hardly get the processor for all the asking. Time in which
        nobody could ask, on a machine that stood still, is not held against whoever had the turn.
        """
        waited, turn = 0.0, Stopwatch()
        self.pragma("busy_timeout", 0)
        try:
            while True:
                try:
                    transaction.enter_context(self.atomic("IMMEDIATE"))
                    return
                except peewee.OperationalError as error:
                    waited, turn = waited + min(turn.seconds(), _MOST_COUNTED_SECONDS), Stopwatch()
                    if "locked" not in str(error) or waited > BUSY_SECONDS:
                        raise
                longest = min(waited / 20, _LONGEST_TURN_SECONDS)
                pause(max(_TURN_SECONDS, random.uniform(0, longest)))
        finally:
            self.pragma("busy_timeout", int(BUSY_SECONDS * 1000))

    def hold(self, *_names: str) -> None:
        """Nothing to do: there is one write lock, and whoever writes has it."""

    def add_parts(self, texts: Iterable[tuple[int, str]]) -> None:
        """Let texts that were just stored be found by their parts; within the same transaction."""
        self.execute_many("INSERT INTO search_text_part (rowid, text) VALUES (?, ?)", texts)

    def has_whole_parts(self) -> bool:
        """Whether all texts that are stored are found by their parts; the engine compares them one by one."""
        try:
            self.execute_sql("INSERT INTO search_text_part (search_text_part, rank) VALUES ('integrity-check', 1)")
        except peewee.DatabaseError:
            return False
        return True

    def remake_parts(self) -> None:
        """Let all texts that are stored be found by their parts, and nothing else; within a transaction."""
        self.execute_sql("INSERT INTO search_text_part (search_text_part) VALUES ('rebuild')")

    def remove_part(self, text_id: int, text: str) -> None:
        """Let a text that is about to be removed be found no more; the index was told to overwrite what it deletes."""
        sql = "INSERT INTO search_text_part (search_text_part, rowid, text) VALUES ('delete', ?, ?)"
        self.execute_sql(sql, (text_id, text))

    def among(self, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """One of many values, each a parameter; in their order, so that neighbours in the index are met together."""
        return f"{column} IN ({', '.join('?' * len(values))})", sorted(values)

    def fresh_ids(self, table: Any, count: int) -> Sequence[int]:
        """The ids after the last one; they stay free, for the transaction holds the write lock."""
        first = int(table.select(peewee.fn.MAX(table.id)).scalar() or 0) + 1
        return range(first, first + count)

    def orphans(self) -> Iterator[tuple[str, str]]:
        """The table of each row that belongs to no row, and the table where that one is missing."""
        for table, _row, parent, _key in self.execute_sql("PRAGMA foreign_key_check"):
            yield table, parent

    def clock(self) -> Clock:
        """The clock of this computer."""
        return SystemClock()

    def reach(self, at: datetime) -> None:
        """Remember that something was written at an instant (UTC), within its transaction."""
        HighWater.update(reached_at=at).where(HighWater.reached_at < at).execute()


def open_file(path: Path) -> FileDatabase:
    """The database at a path, checked and ready. Raises Fault with a sentence for everything that forbids it."""
    _check_file(path)
    database = FileDatabase(path)
    with faults(path), database.connected():
        check_identity(database)
        _check_mode(database)
        _check_version(database)
        check_here(database, lambda: check_definitions(database))
    database_proxy.initialize(database)
    return database


def _check_file(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise Fault(
            f"There is no database at {path}. Check the path, or make one with: giftdesk init --db {path}", CANNOT_OPEN
        ) from None
    except PermissionError:
        raise Fault(f"{path} can't be reached by you. Ask whoever runs the desk.", NO_PERMISSION) from None
    except (OSError, ValueError) as error:
        raise Fault(f"{path} can't be opened: {getattr(error, 'strerror', None) or error}.", CANNOT_OPEN) from None
    if stat.S_ISDIR(mode):
        raise Fault(f"{path} is a folder, not a database.", CANNOT_OPEN)
    if not os.access(path, os.R_OK):
        raise Fault(f"{path} may not be read by you. Ask whoever runs the desk.", NO_PERMISSION)
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise Fault(
            f"{path} lies where nothing can be written, which a desk needs even to look. Ask for the right to write "
            f"there, or move it. Nothing was changed.",
            NO_PERMISSION,
        )


def check_identity(database: FileDatabase) -> None:
    """Raise Fault for another program's database; within a connection."""
    if database.pragma("application_id") != APPLICATION_ID:
        raise Fault(f"{database.place} is not a giftdesk database. Check the path.", BAD_INPUT)


def _check_mode(database: FileDatabase) -> None:
    if database.pragma("journal_mode") != "wal":
        raise Fault(
            f"{database.place} is not in the mode that keeps commits safe. If it is a backup, restore it with: "
            f"giftdesk restore; if it is the desk itself, run: giftdesk migrate",
            BAD_INPUT,
        )


def known_migrations() -> list[str]:
    """The names of all migrations that this giftdesk has, in order."""
    return sorted(file.stem for file in _MIGRATIONS.glob("[0-9]*.py"))


def missing_migrations(database: FileDatabase) -> list[str]:
    """The names of what must be applied to a database, in order; within a connection.

    Raises Fault for one that a newer giftdesk made.
    """
    applied = applied_migrations(database)
    if applied - set(known_migrations()):
        raise Fault(f"{database.place} was made by a newer giftdesk. Update this one; nothing was changed.", BAD_INPUT)
    return [name for name in known_migrations() if name not in applied]


def applied_migrations(database: FileDatabase) -> set[str]:
    """The names of what was applied to a database; within a connection."""
    return {name for (name,) in database.execute_sql(f"SELECT name FROM {HISTORY}")}


def _check_version(database: FileDatabase) -> None:
    if missing_migrations(database):
        raise Fault(f"{database.place} was made by an older giftdesk. Run: giftdesk migrate", BAD_INPUT)


def create_file(path: Path, fill: Callable[[DeskDatabase], None]) -> None:
    """A new database at a path, migrated and filled; it appears there whole or not at all."""
    if path.exists():
        raise Fault(f"There is a database at {path} already. Nothing was changed.", MISCONFIGURED)
    refuse_left_overs(path)
    with placed(path, DATABASE_MODE) as unfinished:
        make_file(unfinished, fill)


def refuse_left_overs(path: Path) -> None:
    """Raise Fault when the log of a database that was deleted lies at a path: it would be played into the next one."""
    for left_over in (path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")):
        if left_over.exists():
            raise Fault(
                f"{left_over} is left over from another database and would spoil a new one. Move it away first.",
                CANNOT_OPEN,
            )


def make_file(path: Path, fill: Callable[[DeskDatabase], None]) -> None:
    """Make a database of an empty file, migrated and filled in one transaction."""
    with faults(path):
        database = FileDatabase(path, mode="rwc")
        with database.connected():
            database.pragma("application_id", APPLICATION_ID)
            database.pragma("journal_mode", "wal")
            migrate(database)
            from models.schema import TABLES

            with database.bind_ctx(TABLES), database.atomic():
                fill(database)


def migrate(database: FileDatabase) -> list[str]:
    """Apply what is missing, one transaction each; returns the names of what was applied.

    Two that migrate at once wait for each other: what is missing is asked again under the lock.
    """
    from playhouse.migrations import Runner

    runner = Runner(database, str(_MIGRATIONS), table_name=HISTORY)
    applied: list[str] = []
    for name in known_migrations():
        with database.atomic("EXCLUSIVE"):
            if name not in runner.applied():
                applied += runner.up(target=name)
    return applied
