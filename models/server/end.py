"""A database on a server as an end of a move; for its owner, who alone may change its tables."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import peewee

from models.moving.ends import End
from models.moving.freight import Crate, Row, freight
from models.server.database import ServerDatabase
from models.server.definitions import check_definitions
from models.server.many import copy_rows

_MEMORY: Final = "SET maintenance_work_mem = '256MB'"
# What belongs to others is taken away before them, and brought back after them.
_TAKEN: Final = """
    SELECT 3, conrelid::regclass::text, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
    UNION ALL
    SELECT 2, t.tgrelid::regclass::text, format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass),
        pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT 1, i.indrelid::regclass::text, format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))
    ORDER BY 1 DESC, 3
"""


class ServerEnd(End):
    """A database on a server."""

    database: ServerDatabase

    def check_whole(self) -> None:
        """Raise Fault unless everything that money depends on is there as it was made."""
        check_definitions(self.database)

    @contextmanager
    def ready(self) -> Iterator[None]:
        """One connection, on which nothing takes too long."""
        with self.database.connected():
            self.database.take_all_the_time()
            self.database.execute_sql(_MEMORY)
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A transaction that whoever writes has read before, and is waited for: they ask where the desk is."""
        with self.database.making():
            self.database.execute_sql("LOCK TABLE relocation IN ACCESS EXCLUSIVE MODE")
            yield

    def fill(self, crate: Crate, rows: Iterable[Row]) -> None:
        """Put rows into a table, within a transaction, by the way that takes many of them."""
        with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            copy_rows(self.database.cursor(), crate.name, crate.columns, rows)  # type: ignore[no-untyped-call]

    def take_away(self) -> list[str]:
        """Take away foreign keys, triggers and indexes, in the server's own words."""
        tables = {crate.name for crate in freight()}
        ours = [row for row in self.database.execute_sql(_TAKEN).fetchall() if row[1].strip('"') in tables]
        for _, _, taken, _ in ours:
            self.database.execute_sql(taken)
        return [brought for *_, brought in reversed(ours)]

    def bring_back(self, statements: list[str]) -> None:
        """Make indexes, triggers and foreign keys again, and count ids on from the highest."""
        for statement in statements:
            self.database.execute_sql(statement)
        for crate in freight():
            if crate.is_counted:
                self.database.execute_sql(
                    f'SELECT setval(pg_get_serial_sequence(?, ?), COALESCE(MAX("{crate.key[0]}"), 0) + 1, false) '
                    f'FROM "{crate.name}"',
                    (crate.name, crate.key[0]),
                )
            self.database.execute_sql(f'ANALYZE "{crate.name}"')
