"""Either end of a move: a database that rows are read from in the order of their keys, and put into."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

from models.engine import DeskDatabase
from models.moving.freight import Crate, Key, Row
from models.relocation import Stage
from models.schema import Relocation

PAGE: Final = 10_000
"""How many rows are read and stored at a time: one transaction."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How far the desk at an end is."""

    stage: Stage
    place: str
    """Where the other end is."""
    mark: str
    lacks: str | None


class End(ABC):
    """What both engines do for a move, each in its own way; within one connection from first to last."""

    begun: Stand
    """How far the desk was when this run found it, where one is to arrive."""

    def __init__(self, database: DeskDatabase) -> None:
        """Take a database that is there."""
        self.database = database

    def stand(self) -> Stand | None:
        """How far the desk here is; None for one that stays, or isn't there at all."""
        row = self._one("SELECT stage, place, mark, lacks FROM relocation")
        return None if row is None else Stand(Stage(row[0]), *row[1:])

    def migrations(self) -> frozenset[str]:
        """The names of what was applied here."""
        return frozenset(name for (name,) in self.database.execute_sql("SELECT name FROM schema_migration"))

    def count(self, crate: Crate) -> int:
        """How many rows a table has."""
        (count,) = self._one(f'SELECT COUNT(*) FROM "{crate.name}"') or (0,)
        return int(count)

    def last_key(self, crate: Crate) -> Key | None:
        """The key of a table's last row; None where there is no row."""
        order = ", ".join(f'"{column}" DESC' for column in crate.key)
        return self._one(f'SELECT {_listed(crate.key)} FROM "{crate.name}" ORDER BY {order} LIMIT 1')

    def page(
        self, crate: Crate, after: Key | None, columns: Sequence[str] | None = None, most: int = PAGE
    ) -> list[Row]:
        """The next rows behind a key, or the first ones, in the order of their keys."""
        behind = "" if after is None else f"WHERE ({_listed(crate.key)}) > ({', '.join('?' * len(after))})"
        sql = f'SELECT {_listed(columns or crate.columns)} FROM "{crate.name}" {behind} ORDER BY {_listed(crate.key)}'
        return list(self.database.execute_sql(f"{sql} LIMIT {most:d}", after).fetchall())

    def rows(self, crate: Crate, columns: Sequence[str]) -> Iterator[Row]:
        """Some columns of all rows, those of the key among them, in the order of the keys."""
        page = self.page(crate, None, columns)
        while page:
            yield from page
            page = self.page(crate, crate.key_of(page[-1], tuple(columns)), columns)

    def lay_bare(self, other: str, mark: str) -> None:
        """Begin to be an arriving end, within the transaction that makes it: what would slow the rows down, or refuse
        them as they come in, is taken away, and it is written down how it is brought back."""
        lacks = json.dumps(self.take_away())
        Relocation.insert(
            id=1, stage=Stage.ARRIVING, place=other, mark=mark, since_at=self.database.clock().now(), lacks=lacks
        ).execute()

    def make_whole(self) -> None:
        """Bring back what was taken away, unless that was done, and let ids be counted on from the highest."""
        with self.alone():
            stand = self.stand()
            if stand is not None and stand.lacks is not None:
                self.bring_back(json.loads(stand.lacks))
                self.database.execute_sql("UPDATE relocation SET lacks = NULL")

    @abstractmethod
    def check_whole(self) -> None:
        """Raise Fault unless everything that money depends on is there as it was made."""

    @abstractmethod
    def ready(self) -> AbstractContextManager[None]:
        """One connection for all of a move, which takes as long as it takes."""

    @abstractmethod
    def alone(self) -> AbstractContextManager[None]:
        """A transaction that begins when everybody who writes here has finished; whoever comes waits for its end."""

    @abstractmethod
    def fill(self, crate: Crate, rows: Iterable[Row]) -> None:
        """Put rows into a table, within a transaction."""

    @abstractmethod
    def take_away(self) -> list[str]:
        """Take away what keeps a desk safe and quick; the statements that bring it back, in order."""

    @abstractmethod
    def bring_back(self, statements: list[str]) -> None:
        """Bring it back, within a transaction."""

    def _one(self, sql: str) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self.database.execute_sql(sql).fetchone()
        return row


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def end_of(database: DeskDatabase) -> End:
    """A database as an end of a move."""
    from models.database import FileDatabase

    if isinstance(database, FileDatabase):
        from models.moving.file_end import FileEnd

        return FileEnd(database)
    from models.server.database import ServerDatabase
    from models.server.end import ServerEnd

    assert isinstance(database, ServerDatabase)
    return ServerEnd(database)
