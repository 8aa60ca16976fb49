"""The table of faults where it takes a disk or a server of one's own: nothing of these is played.

python3 tests/check.py -m slow -k faults
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from postgres import PrivateServer, private_server
from store import faulty
from store.counter import NOON, Counter, ServedDesks, copy_desk, plain_sql
from store.scene import ALL, WRITING, Scene, set_scene, told_at_the_desk
from store.test_faults import DAMAGED, FAILS, FULL, LOST, NOTHING, SERVER_FULL, Row, impatient, is_told

from models.clock import FixedClock, pause
from models.store import open_store

pytestmark = pytest.mark.slow

STAND_BY = f"77 {{path}} can only be read: it may be a stand-by. Use the server that takes changes. {NOTHING}"
SLOW = f"75 {{path}} took too long over this and was told to stop. Try again. {NOTHING}"
GAVE_UP = f"75 The server gave up waiting for this desk. Try again. {NOTHING}"


@contextmanager
def disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of so many bytes; skipped where nobody may make one."""
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], capture_output=True).returncode:
        pytest.skip("no disk can be made here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("left", [0, 48_000], ids=["not a byte", "room to look"])
def test_a_disk_that_is_full(furnished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], left: int) -> None:
    """With room for what reading needs, people look on; without it nothing can be opened."""
    clock = FixedClock(NOON)
    with disk(tmp_path / "disk", "4m") as folder:
        (folder / "desk").mkdir()
        store = open_store(copy_desk(furnished, folder / "desk"), clock)
        scene = set_scene(Counter(store, clock), tmp_path)
        row = Row(faulty.full_disk(left), FULL, WRITING) if left else Row(faulty.full_disk(left), FAILS, ALL, FAILS)
        is_told(row, scene, "file", capsys)


@pytest.fixture
def alone(server: PrivateServer, tmp_path: Path) -> Iterator[Scene]:  # noqa: ARG001 - where none can be started, skipped
    """A desk on a server that serves nothing else."""
    clock = FixedClock(NOON)
    with private_server() as own, ServedDesks(own, tmp_path / "served.key").copy() as place:
        yield set_scene(Counter(open_store(place, clock), clock), tmp_path, own)


def server_of(scene: Scene) -> PrivateServer:
    assert scene.server is not None
    return scene.server


@contextmanager
def stopped(scene: Scene) -> Iterator[None]:
    """Somebody stopped the server."""
    server_of(scene).stop()
    yield
    server_of(scene).start()


@contextmanager
def crashed(scene: Scene) -> Iterator[None]:
    """It went away without a word."""
    server_of(scene).crash()
    yield
    server_of(scene).start()


@contextmanager
def restarted(scene: Scene) -> Iterator[None]:
    """It was away for a moment."""
    server_of(scene).stop()
    server_of(scene).start()
    yield


@contextmanager
def following(scene: Scene) -> Iterator[None]:
    """It follows another one, and takes no changes."""
    sign = server_of(scene).folder / "data" / "standby.signal"
    server_of(scene).stop()
    sign.touch()
    server_of(scene).start()
    yield
    server_of(scene).stop()
    sign.unlink()
    server_of(scene).start()


@contextmanager
def garbled(scene: Scene) -> Iterator[None]:
    """A page of the journals is rubbish on its disk."""
    with plain_sql(scene.place) as sql:
        sql.execute("CHECKPOINT")
        (name,) = sql.execute("SELECT pg_relation_filepath('activity')").fetchone()
    file = server_of(scene).folder / "data" / name
    server_of(scene).stop()
    whole = file.read_bytes()
    with file.open("r+b") as spoiled:
        spoiled.write(b"\xaa" * 8192)
    server_of(scene).start()
    yield
    server_of(scene).stop()
    file.write_bytes(whole)
    server_of(scene).start()


ALONE = {
    "it is stopped": Row(stopped, LOST, ALL, LOST),
    "it crashed": Row(crashed, LOST, ALL, LOST),
    "it was started anew": Row(restarted, stops=()),
    "it follows another": Row(following, STAND_BY, WRITING),
    "its journals are garbled": Row(garbled, DAMAGED, ("open", "note", "reactivate", "expiry run")),
}


@pytest.mark.parametrize("fault", ALONE)
def test_a_server_of_its_own(alone: Scene, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    is_told(ALONE[fault], alone, "server", capsys)


def test_a_server_whose_disk_is_full(alone: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    """Its journals lie on a disk that has no room for another page."""
    server = server_of(alone)
    with disk(server.folder / "disk", "6m") as folder:
        shutil.chown(folder, *_owner(server.folder / "data"))
        with server.connection(alone.name) as sql:
            sql.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
            sql.execute("ALTER TABLE activity SET (fillfactor = 10)")
            sql.execute("ALTER TABLE activity SET TABLESPACE small")
        is_told(Row(filled, SERVER_FULL, ("note", "reactivate", "expiry run", "import")), alone, "server", capsys)
        with server.connection(alone.name) as sql:
            sql.execute("ALTER TABLE activity SET TABLESPACE pg_default")
            sql.execute("DROP TABLESPACE small")


def _owner(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_uid, found.st_gid


@contextmanager
def filled(scene: Scene) -> Iterator[None]:
    """Something else took all the room there."""
    import psycopg

    with server_of(scene).connection(scene.name) as sql:
        sql.execute("CREATE TABLE filler (text TEXT) TABLESPACE small")
        with suppress(psycopg.errors.DiskFull):
            while True:
                sql.execute("INSERT INTO filler SELECT repeat('x', 1900) FROM generate_series(1, 4)")
        yield
        sql.execute("DROP TABLE filler")


def test_what_takes_too_long_is_told_to_stop(alone: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    """The server counts the time, whatever it is spent on."""
    from models.server import connection as connecting

    hasty = connecting._SETTINGS.replace("'3s'", "'0'").replace("'15s'", "'100ms'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connecting, "_SETTINGS", hasty)
        is_told(Row(faulty.tables_held, SLOW, ALL, SLOW), alone, "file", capsys)


def test_a_desk_that_was_stopped_for_long_holds_nobody_up(alone: Scene) -> None:
    """The server gives it up and all others go on; woken up, it hears so, and nothing of its change is there."""
    from models.server import connection as connecting

    reading, writing = os.pipe()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connecting, "_SETTINGS", connecting._SETTINGS.replace("'10s'", "'300ms'"))
        child = os.fork()
        if child == 0:
            with impatient("server"):
                os.write(writing, _stopped_in_the_middle(alone).encode())
            os._exit(0)
    os.waitpid(child, os.WUNTRACED)
    assert told_at_the_desk(alone, "note") == ""
    pause(0.5)
    os.kill(child, signal.SIGCONT)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        assert answer.read() in (GAVE_UP, LOST)  # it may not get to read why it was cut off
    assert alone.counter.kinds(alone.card) == ["issue", "note"]


def _stopped_in_the_middle(scene: Scene) -> str:
    """What a desk is told that sleeps while it saves a note."""
    from models.desk import holds

    append = holds.append  # type: ignore[attr-defined]

    def slow(*arguments: object) -> object:
        os.kill(os.getpid(), signal.SIGSTOP)
        return append(*arguments)  # type: ignore[arg-type]

    holds.append = slow  # type: ignore[assignment, attr-defined]
    own = Counter(open_store(scene.place, scene.counter.clock), scene.counter.clock)
    return told_at_the_desk(replace(scene, counter=own), "note").replace(str(scene.place), "{path}")
