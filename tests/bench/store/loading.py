"""A desk on a server with the content of a sample's file: table by table, with indexes and constraints made at the end.

    python3 tests/bench/store load sample.db 'postgresql://desk@/bench?host=/run/postgresql'

The database must be there and hold no desk; who loads must own it. Everything is one transaction. The sample's key is
kept where giftdesk looks for that of the server.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench.store.engines import bare_file
from peewee import BigAutoField

from models.engine import DeskDatabase
from models.engines import create_database
from models.keys import keep_key, key_path, read_key
from models.locations import Server, database_path
from models.schema import TABLES, Table
from models.store import open_store

_UNHURRIED = "SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '1GB'"
_CONSTRAINTS = """
    SELECT conrelid::regclass, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = current_schema()::regnamespace AND contype IN ('p', 'u', 'f') ORDER BY contype = 'f', conname
"""
_INDEXES = """
    SELECT quote_ident(indexname), indexdef FROM pg_indexes WHERE schemaname = current_schema()
    AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname
"""


def load(source: Path, server: Server) -> None:
    """Make a desk of a sample's content in an empty database. Raises Fault when there is a desk already."""
    keys = read_key(key_path(source))
    if not keep_key(key_path(server), keys) and read_key(key_path(server)) != keys:
        raise SystemExit(f"{key_path(server)} holds another key. Move it away, or set GIFTDESK_KEY.")
    create_database(server, partial(_fill, source))
    _settle(server)
    open_store(server)


def _fill(source: Path, database: DeskDatabase) -> None:
    database.execute_sql(_UNHURRIED)
    with _bare(database), bare_file(source) as file:
        for table in TABLES:
            with _told(table._meta.table_name):
                _copy(database, file, table)


def _copy(database: DeskDatabase, file: Any, table: type[Table]) -> None:
    """All rows of a table; its next number goes on behind them."""
    name, fields = table._meta.table_name, table._meta.sorted_fields
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    with database.cursor().copy(f'COPY "{name}" ({columns}) FROM STDIN (FREEZE)') as copy:  # type: ignore[no-untyped-call]
        for row in file.execute(f'SELECT {columns} FROM "{name}"'):
            copy.write_row(row)
    if isinstance(table._meta.primary_key, BigAutoField):
        database.execute_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), MAX(id)) FROM \"{name}\"")


@contextmanager
def _bare(database: DeskDatabase) -> Iterator[None]:
    """Tables without keys, references and indexes, which are made again afterwards as they were."""
    constraints = database.execute_sql(_CONSTRAINTS).fetchall()
    indexes = database.execute_sql(_INDEXES).fetchall()
    for table, name, _ in reversed(constraints):
        database.execute_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        database.execute_sql(f"DROP INDEX {name}")
    yield
    for table, name, definition in constraints:
        with _told(name):
            database.execute_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for name, definition in indexes:
        with _told(name):
            database.execute_sql(definition)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Say how long something took, in seconds, when it was long."""
    started = time.perf_counter()
    yield
    if (took := time.perf_counter() - started) >= 1:
        print(f"{what}: {took:.0f} s", file=sys.stderr, flush=True)


def _settle(server: Server) -> None:
    """Let the server know what lies where."""
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as connection, _told("VACUUM, ANALYZE"):
        connection.execute("VACUUM (ANALYZE)")


def main(arguments: Sequence[str]) -> None:
    """Load what the command line names."""
    parser = argparse.ArgumentParser(prog="python3 tests/bench/store load", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sample", type=Path, help="the file of a sample desk, its key beside it")
    parser.add_argument("server", help="an empty database: postgresql://user@host/name")
    asked = parser.parse_args(arguments)
    server = database_path(asked.server)
    assert isinstance(server, Server), "the second is a database on a server"
    load(asked.sample.absolute(), server)
