"""The power goes at any instant: whatever was acknowledged is there when it is back, and nothing is half there.

What the shipped engine asks of the disk is written down while a desk works, and played to a disk that keeps for certain
only what it was told to sync. What is left is opened as any desk is. The log's index in shared memory is gone with the
power. The default run cuts at 80 instants, the long proof at 10,000, or at as many as are asked for:

    pytest tests/store/test_power_cuts.py -m slow
    GIFTDESK_CUTS=100000 pytest tests/store/test_power_cuts.py -m slow
"""

import hashlib
import os
import random
import tempfile
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from store.counter import NOON, Counter, copy_desk
from store.disk import Disk
from store.recorder import Recording

from models import desk
from models.clock import FixedClock
from models.database import FileDatabase
from models.errors import Fault, faults
from models.jobs.expire import expire
from models.store import init_store, open_store

CUTS = 80
MANY_CUTS = int(os.environ.get("GIFTDESK_CUTS", "10000"))
_OFF, _NORMAL, _FULL = range(3)
LOG = "desk.db-wal"
_MOST_TRIES = 100
KEPT, LOST, HALF, DAMAGED = "kept", "lost", "half", "damaged"


@dataclass
class Tape:
    """A desk's work as the disk saw it, and what was in the database after each change."""

    recording: Recording
    states: list[bytes]
    verified: set[bytes] = field(default_factory=set)


def record(original: Path, folder: Path, rounds: int, unsafe: tuple[str, int] | None = None) -> Tape:
    """Work at a copy of a desk, in its own mode or another: each deed by itself, then all on one connection."""
    folder.mkdir()
    clock = FixedClock(NOON)
    counter = Counter(open_store(copy_desk(original, folder), clock), clock)
    with counter.database.connected():
        for name, value in zip(("journal_mode", "synchronous"), unsafe or (), strict=False):
            counter.database.pragma(name, value, permanent=True)
        first = contents(counter.database)
    tape = Tape(Recording(folder), [first])
    with tape.recording.listening(), acknowledging(tape):
        work(counter, rounds)
        with counter.database.connected():
            work(counter, 2 * rounds)
    assert not counter.findings()
    return tape


def work(counter: Counter, rounds: int) -> None:
    """Cards are spent and written about, expire and come back, round after round."""
    cards = [counter.issued("week") for _ in range(3)]
    for number in range(rounds):
        for card in cards:
            assert desk.redeem(counter.mia, card, 100, order_ref=f"A-{number}").done
        assert desk.note(counter.sam, cards[0], f"called {number}").done
        counter.clock.at = (counter.sheet(cards[0]).cut_off_at or NOON) + timedelta(hours=1)
        assert expire(counter.olaf, is_sure=True).cards >= len(cards)
        for card in cards:
            assert desk.reactivate(counter.mia, card).done


@contextmanager
def acknowledging(tape: Tape) -> Iterator[None]:
    """Whatever changes the database is written down, the moment that the engine says it is saved."""
    commit = FileDatabase.commit

    def acknowledge(database: FileDatabase) -> None:
        commit(database)
        state = contents(database)
        if state != tape.states[-1]:
            tape.states.append(state)
            tape.recording.note("acknowledge")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FileDatabase, "commit", acknowledge)
        yield


def contents(database: FileDatabase) -> bytes:
    """All that is stored, in a word."""
    connection = database.connection()  # type: ignore[no-untyped-call]
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name")
    stored = [(name, connection.execute(f'SELECT * FROM "{name}"').fetchall()) for (name,) in tables.fetchall()]
    return hashlib.blake2b(repr(stored).encode()).digest()


def fates(tape: Tape, cuts: int) -> Tally[str]:
    """What came of so many power cuts, each at any instant of the work."""
    dice = random.Random()
    moments = Tally(dice.randint(0, len(tape.recording.events)) for _ in range(cuts))
    disk, came = Disk(tape.recording.files), Tally[str]()
    with tempfile.TemporaryDirectory(dir=tape.recording.folder.parent) as folder:
        for moment, event in enumerate([*tape.recording.events, None]):
            for _ in range(moments[moment]):
                came[fate(tape, disk, Path(folder), dice)] += 1
            if event is not None:
                getattr(disk, event[0])(*event[1:])
    assert disk.acknowledged == len(tape.states) - 1
    return came


def fate(tape: Tape, disk: Disk, folder: Path, dice: random.Random) -> str:
    """Cut the power, and open what it left."""
    for file in folder.iterdir():
        file.unlink()
    for name, content in disk.left(dice).items():
        (folder / name).write_bytes(content)
    try:
        counter = reopened(folder / "desk.db")
        with faults(counter.store.path), counter.database.connected():
            if counter.database.execute_sql("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return DAMAGED
            state = contents(counter.database)
    except Fault:
        return DAMAGED
    if state not in tape.states:
        return HALF
    if tape.states.index(state) < disk.acknowledged:
        return LOST
    if state not in tape.verified:
        assert not counter.findings()
        tape.verified.add(state)
    return KEPT


def reopened(path: Path) -> Counter:
    """The desk, as the first who comes after the cut opens it."""
    if path.read_bytes()[18:20] != b"\2\2":
        database = FileDatabase(path)
        with faults(path), database.connected():
            database.pragma("journal_mode", "wal")
    clock = FixedClock(NOON)
    return Counter(open_store(path, clock), clock)


def test_a_power_cut_takes_nothing_that_was_acknowledged(furnished: Path, folder: Path) -> None:
    """The desk stands as after the last change that was acknowledged, or after the one that was under way."""
    assert fates(record(furnished, folder / "desk", 3), CUTS) == {KEPT: CUTS}


@pytest.mark.parametrize(
    ("journal", "synchronous", "harms"),
    [("delete", _FULL, {LOST}), ("wal", _NORMAL, {LOST}), ("delete", _OFF, {HALF, DAMAGED})],
)
def test_in_a_mode_that_is_not_safe_harm_is_found(
    furnished: Path, folder: Path, journal: str, synchronous: int, harms: set[str]
) -> None:
    """This is how we know that the cuts above would be noticed."""
    tape, found = record(furnished, folder / "desk", 1, (journal, synchronous)), set[str]()
    for _ in range(_MOST_TRIES):
        found |= fates(tape, 20).keys()
        if found >= harms:
            return
    pytest.fail(f"found no more than {found}")


def begins_anew(events: list[tuple[Any, ...]]) -> bool:
    """Whether the log was ever written from its beginning again, all that it held being in the database."""
    times = 0
    for event in events:
        times = 0 if event == ("make", LOG) else times + (event[:3] == ("write", LOG, 0))
        if times == 2:
            return True
    return False


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_ten_thousand_power_cuts(furnished: Path, folder: Path) -> None:
    """The same for as long as it takes, with a log that begins anew while the desk stays open."""
    tape = record(furnished, folder / "desk", 12)
    assert begins_anew(tape.recording.events)
    assert fates(tape, MANY_CUTS) == {KEPT: MANY_CUTS}


def test_a_desk_is_safe_with_its_key_and_its_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its key no code is ever found again: neither it nor a folder above it goes with the power."""
    synced, sync = set(), os.fsync

    def fsync(handle: int) -> None:
        synced.add(Path(os.readlink(f"/proc/self/fd/{handle}")))
        sync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    key = tmp_path / "safe" / "of the house" / "desk.key"
    monkeypatch.setenv("GIFTDESK_KEY", str(key))
    init_store(tmp_path / "shop" / "london" / "desk.db")
    made = {folder for each in (key, tmp_path / "shop" / "london" / "desk.db") for folder in each.parents}
    assert synced >= {key, *(folder for folder in made if folder.is_relative_to(tmp_path))}
