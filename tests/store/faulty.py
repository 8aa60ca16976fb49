"""What goes wrong around a desk: done to one on purpose, and undone afterwards."""

import os
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from postgres import CLERK, PrivateServer
from store.counter import plain_sql, spoil_a_page
from store.scene import Scene, told_at_the_desk

from models.cards import lock_cards
from models.clock import pause
from models.store import open_store

NOBODY = 65534
Misfortune = Callable[[Scene], AbstractContextManager[None]]


# On either engine


@contextmanager
def a_desk_stopped_while_it_saves(scene: Scene) -> Iterator[None]:
    """Somebody pressed Ctrl+Z at another desk in the middle of a change, and went away."""
    child = os.fork()
    if child == 0:
        try:
            store = open_store(scene.place, scene.counter.clock)
            with store.database.writing():
                lock_cards([scene.card, scene.expired, scene.due])
                store.database.hold("what cards share")
                os.kill(os.getpid(), signal.SIGSTOP)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


# A file, its folder and its disk


@contextmanager
def somebody_without_rights(_scene: Scene) -> Iterator[None]:
    """Whoever works there is nobody, to whom only what everybody may is allowed."""
    groups = os.getgroups()
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, 0)
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)
        os.setgroups(groups)


def rights(of_file: int, of_folder: int) -> Misfortune:
    """The file and its folder grant everybody this and no more."""

    @contextmanager
    def taken_away(scene: Scene) -> Iterator[None]:
        if os.getuid() != 0:
            pytest.skip("only root can become nobody")
        scene.file.chmod(of_file)
        scene.file.parent.chmod(of_folder)
        with somebody_without_rights(scene):
            yield
        scene.file.parent.chmod(0o777)
        scene.file.chmod(0o666)

    return taken_away


@contextmanager
def no_room_to_grow(_scene: Scene) -> Iterator[None]:
    """No file may become longer than a page: not even what a database that is read needs beside it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def full_disk(left: int) -> Misfortune:
    """The desk lies on a disk of its own, and there is no room left but for so many bytes."""

    @contextmanager
    def filled(scene: Scene) -> Iterator[None]:
        filler = scene.file.with_name("filler")
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                file.truncate(file.tell() - left)
        yield
        filler.unlink()

    return filled


@contextmanager
def _moved(path: Path) -> Iterator[Path]:
    away = path.with_name(f"{path.name}.away")
    path.rename(away)
    try:
        yield away
    finally:
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        away.rename(path)


@contextmanager
def no_file(scene: Scene) -> Iterator[None]:
    """Somebody moved it."""
    with _moved(scene.file):
        yield


@contextmanager
def no_folder(scene: Scene) -> Iterator[None]:
    """What it lay on is not there any more."""
    with _moved(scene.file.parent):
        yield


@contextmanager
def a_folder_in_its_place(scene: Scene) -> Iterator[None]:
    """The path names something else."""
    with _moved(scene.file):
        scene.file.mkdir()
        yield


@contextmanager
def another_file_in_its_place(scene: Scene) -> Iterator[None]:
    """A letter was saved under its name."""
    with _moved(scene.file):
        scene.file.write_bytes(b"Dear Ada, " * 9000)
        yield


def _spoiled(spoil: Callable[[Path], object]) -> Misfortune:
    @contextmanager
    def done(scene: Scene) -> Iterator[None]:
        whole = scene.file.read_bytes()
        spoil(scene.file)
        yield
        for rest in ("-wal", "-shm"):
            scene.file.with_name(scene.file.name + rest).unlink(missing_ok=True)
        scene.file.write_bytes(whole)

    return done


def _garble_the_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"SQLite format 4\0")


garbled_header = _spoiled(_garble_the_header)
garbled_journal = _spoiled(lambda path: spoil_a_page(path, "activity"))
garbled_cards = _spoiled(lambda path: spoil_a_page(path, "gift_card"))


@contextmanager
def an_older_schema(scene: Scene) -> Iterator[None]:
    """It was never brought up to date."""
    with plain_sql(scene.place) as sql:
        applied = sql.execute("SELECT * FROM schema_migration").fetchall()
        sql.execute("DELETE FROM schema_migration WHERE name > '0002'")
    yield
    with plain_sql(scene.place) as sql:
        sql.execute("DELETE FROM schema_migration")
        for row in applied:
            sql.execute(f"INSERT INTO schema_migration VALUES ({', '.join('?' * len(row))})", row)


@contextmanager
def a_newer_schema(scene: Scene) -> Iterator[None]:
    """A colleague's newer giftdesk brought it up to date."""
    with plain_sql(scene.place) as sql:
        sql.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2026-05-21')")
    yield
    with plain_sql(scene.place) as sql:
        sql.execute("DELETE FROM schema_migration WHERE name = '9999_later'")


# A server


def told_to_the_server(do: str, undo: str) -> Misfortune:
    """Whoever runs the server does something, as its owner: {name} is the database, {clerk} who works there."""

    @contextmanager
    def done(scene: Scene) -> Iterator[None]:
        assert scene.server is not None
        names = {"name": scene.name, "clerk": CLERK}
        with scene.server.connection() as sql:
            sql.execute(do.format(**names))
        yield
        with scene.server.connection() as sql:
            sql.execute(undo.format(**names))

    return done


def told_to_the_database(do: str, undo: str) -> Misfortune:
    """The same, within the desk's own database."""

    @contextmanager
    def done(scene: Scene) -> Iterator[None]:
        with plain_sql(scene.place) as sql:
            sql.execute(do)
        yield
        with plain_sql(scene.place) as sql:
            sql.execute(undo)

    return done


def answers_with(code: str) -> Misfortune:
    """Whatever is to be written down of a card, the server answers with an error of its own."""
    function = (
        f"CREATE FUNCTION fail() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$"
    )
    on = "BEFORE INSERT ON activity FOR EACH STATEMENT EXECUTE FUNCTION fail()"
    return told_to_the_database(
        f"{function} LANGUAGE plpgsql; CREATE TRIGGER fail {on}", "DROP FUNCTION fail() CASCADE"
    )


@contextmanager
def tables_held(scene: Scene) -> Iterator[None]:
    """Somebody works on the tables with another tool, and nobody may even look."""
    with plain_sql(scene.place) as sql:
        sql.execute("LOCK TABLE gift_card IN ACCESS EXCLUSIVE MODE")
        yield
        sql.rollback()


def _socket(scene: Scene) -> Path:
    assert scene.server is not None
    return scene.server.folder / ".s.PGSQL.5432"


@contextmanager
def nobody_listens(scene: Scene) -> Iterator[None]:
    """The way to the server leads nowhere."""
    with _moved(_socket(scene)):
        yield


@contextmanager
def connections_dropped(scene: Scene) -> Iterator[None]:
    """Every connection is ended once, by whoever runs the server; one was just at work."""
    assert told_at_the_desk(scene, "open") == ""
    drop_connections(scene)
    yield


def drop_connections(scene: Scene) -> None:
    """End every connection to the desk, where it has any."""
    if scene.server is not None:
        drop = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
        with scene.server.connection() as sql:
            sql.execute(drop, (scene.name,))


def entry(line: str) -> Misfortune:
    """Whoever comes to this database is asked for what this line of the server's own settings says."""

    @contextmanager
    def done(scene: Scene) -> Iterator[None]:
        assert scene.server is not None
        settings = scene.server.folder / "data" / "pg_hba.conf"
        before = settings.read_text()
        _let_in_by(scene.server, f"{line.format(name=scene.name, clerk=CLERK)}\n{before}")
        yield
        _let_in_by(scene.server, before)

    return done


def _let_in_by(server: PrivateServer, text: str) -> None:
    (server.folder / "data" / "pg_hba.conf").write_text(text)
    reload_settings(server)


def reload_settings(server: PrivateServer) -> None:
    """Have the server read its settings, and wait until it has."""
    with server.connection() as sql:
        before = sql.execute("SELECT pg_conf_load_time()").fetchone()
        sql.execute("SELECT pg_reload_conf()")
    while True:
        with server.connection() as sql:
            if sql.execute("SELECT pg_conf_load_time()").fetchone() != before:
                return
        pause(0.01)
