"""A file as an end of a move."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from models.database import FileDatabase
from models.definitions import check_definitions
from models.moving.ends import End
from models.moving.freight import Crate, Row, freight

_KEPT_KIB = 256 * 1024
"""How much of the file is kept in memory while its indexes are made."""


class FileEnd(End):
    """A file: whoever writes is alone anyway."""

    database: FileDatabase

    def check_whole(self) -> None:
        """Raise Fault unless everything that money depends on is there as it was made."""
        check_definitions(self.database)

    @contextmanager
    def ready(self) -> Iterator[None]:
        """One connection, on which rows may come before those that they name: verification looks for the orphans."""
        with self.database.connected():
            self.database.pragma("foreign_keys", 0)
            self.database.pragma("cache_size", -_KEPT_KIB)
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A transaction: there is one write lock."""
        with self.database.making():
            yield

    def fill(self, crate: Crate, rows: Iterable[Row]) -> None:
        """Put rows into a table, within a transaction."""
        columns = ", ".join(f'"{column}"' for column in crate.columns)
        marks = ", ".join("?" * len(crate.columns))
        self.database.execute_many(f'INSERT INTO "{crate.name}" ({columns}) VALUES ({marks})', rows)

    def take_away(self) -> list[str]:
        """Take away indexes and triggers, in the words in which the engine keeps them."""
        tables = {crate.name for crate in freight()}
        made = self.database.execute_sql(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') "
            "AND sql IS NOT NULL ORDER BY type, name"
        ).fetchall()
        ours = [(type_, name, sql) for type_, name, table, sql in made if table in tables]
        for type_, name, _ in ours:
            self.database.execute_sql(f'DROP {type_} "{name}"')
        return [sql for _, _, sql in ours]

    def bring_back(self, statements: list[str]) -> None:
        """Make indexes and triggers again, and the index of parts of texts."""
        for statement in statements:
            self.database.execute_sql(statement)
        self.database.remake_parts()
