"""The engines below a desk, without the desk: one connection, statements with `?` for parameters, rows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from models.locations import Place
from models.server.driver import let_in, marked


class Engine(Protocol):
    """An engine that answers to statements."""

    begin: str
    """The statement that begins a transaction that writes."""

    def run(self, sql: str, *params: Any) -> None:
        """Carry out a statement that brings no rows."""

    def rows(self, sql: str, *params: Any) -> Sequence[Any]:
        """All rows that a statement brings."""

    def among(self, column: str, values: Sequence[bytes]) -> tuple[str, tuple[Any, ...]]:
        """The condition that a column has one of many values, as this engine answers it fastest, and its parameters."""


class BareFile:
    """SQLite, in the mode that a desk uses."""

    begin = "BEGIN IMMEDIATE"

    def __init__(self, connection: Any) -> None:
        """Over an open connection."""
        self._connection = connection

    def run(self, sql: str, *params: Any) -> None:
        """Carry out a statement that brings no rows."""
        self._connection.execute(sql, params)

    def rows(self, sql: str, *params: Any) -> Sequence[Any]:
        """All rows that a statement brings."""
        found: Sequence[Any] = self._connection.execute(sql, params).fetchall()
        return found

    def among(self, column: str, values: Sequence[bytes]) -> tuple[str, tuple[Any, ...]]:
        """One of many values, each a parameter, in their order."""
        return f"{column} IN ({', '.join('?' * len(values))})", tuple(sorted(values))


class BareServer:
    """PostgreSQL, each statement a transaction of its own, unless one was begun."""

    begin = "BEGIN"

    def __init__(self, connection: Any) -> None:
        """Over an open connection."""
        self._connection = connection

    def run(self, sql: str, *params: Any) -> None:
        """Carry out a statement that brings no rows."""
        self._connection.execute(marked(sql), params)

    def rows(self, sql: str, *params: Any) -> Sequence[Any]:
        """All rows that a statement brings."""
        found: Sequence[Any] = self._connection.execute(marked(sql), params).fetchall()
        return found

    def among(self, column: str, values: Sequence[bytes]) -> tuple[str, tuple[Any, ...]]:
        """One of many values, all in one parameter."""
        return f"{column} = ANY(?)", (list(values),)


@contextmanager
def bare(place: Place) -> Iterator[Engine]:
    """The engine of a desk alone, connected."""
    if isinstance(place, Path):
        with bare_file(place) as connection:
            yield BareFile(connection)
        return
    let_in()
    import psycopg
    from psycopg.types.array import ListBinaryDumper

    with psycopg.connect(place.url, autocommit=True) as server:
        server.adapters.register_dumper(list, ListBinaryDumper)  # as a desk sends many digests
        yield BareServer(server)


@contextmanager
def bare_file(path: Path) -> Iterator[Any]:
    """A connection of SQLite to a desk's file, in the mode that the desk uses."""
    import cysqlite

    connection = cysqlite.connect(str(path), timeout=10)  # type: ignore[attr-defined]
    connection.execute("PRAGMA synchronous = FULL")
    try:
        yield connection
    finally:
        connection.close()
