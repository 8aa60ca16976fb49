"""Copies of a desk that are spoilt by being measured: beside its file, or beside its database on the server."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from models.keys import key_path
from models.locations import Place, Server
from models.server.driver import let_in


@contextmanager
def copied(place: Place, folder: Path, name: str) -> Iterator[Place]:
    """A copy with its key, as long as it is needed; on a server nobody may be connected to the desk meanwhile."""
    with _in_a_file(place, folder / f"{name}.db") if isinstance(place, Path) else _on_a_server(place, name) as copy:
        kept = key_path(copy)
        if kept != key_path(place):
            shutil.copy(key_path(place), kept)
        yield copy
        if kept != key_path(place):
            kept.unlink()


@contextmanager
def _in_a_file(original: Path, copy: Path) -> Iterator[Path]:
    shutil.copy(original, copy)
    yield copy
    copy.unlink()


@contextmanager
def _on_a_server(original: Server, name: str) -> Iterator[Server]:
    let_in()
    import psycopg
    from psycopg.conninfo import make_conninfo

    copy = f"{original.name}_{name}"
    with psycopg.connect(make_conninfo(original.url, dbname="postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{original.name}"')
        try:
            yield replace(original, name=copy, url=make_conninfo(original.url, dbname=copy))
        finally:
            server.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')
