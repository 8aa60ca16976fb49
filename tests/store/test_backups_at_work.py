"""A desk is copied while others write, and whatever was acknowledged before is in the copy.

The default run takes a backup beside eight writers twice; the long proof twenty times:

    pytest tests/store/test_backups_at_work.py -m slow
"""

import os
import select
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from store.counter import NOON, Counter
from store.restoring import order

from models import desk
from models.clock import FixedClock
from models.jobs.backup import back_up
from models.jobs.restore import restore
from models.jobs.verify import verify
from models.locations import Place
from models.schema import Intent
from models.store import open_store
from models.unit import Session

WRITERS = 8


def test_a_backup_beside_eight_writers_has_all_that_was_acknowledged(counter: Counter, folder: Path) -> None:
    """Whoever was told 'done' before the backup began is in it; it adds up, whatever was under way."""
    for number in range(2):
        copy_beside_writers(counter, folder / str(number) / "desk.db")


@pytest.mark.slow
def test_twenty_backups_beside_eight_writers(counter: Counter, folder: Path) -> None:
    for number in range(20):
        copy_beside_writers(counter, folder / str(number) / "desk.db")


def copy_beside_writers(counter: Counter, database: Path) -> None:
    with writers(counter.file) as lines:
        acknowledged = {key for line in lines for key in told_by(line, at_least=3)}
        olaf = Session(open_store(counter.store.path, counter.clock), "olaf")
        backup = back_up(olaf, counter.file.with_name(f"{database.parent.name}.backup"))
    restored = restore(order(backup.file, database))
    store = open_store(database, counter.clock)
    with store.database.connected():
        assert acknowledged <= {row.key for row in Intent.select(Intent.key)}
    assert len(acknowledged) >= 3 * WRITERS
    assert restored.report == backup.report
    assert not verify(store).findings


@contextmanager
def writers(place: Place, many: int = WRITERS) -> Iterator[list[int]]:
    """Processes that write as fast as they can; each names what it was told is done, a line each."""
    lines, children = [], []
    for number in range(many):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(reading)
                _write_for_ever(place, number, writing)
            except BaseException:
                os.write(writing, f"crashed {traceback.format_exc()!r}\n".encode())
            finally:
                os._exit(1)
        os.close(writing)
        lines.append(reading)
        children.append(child)
    try:
        yield lines
    finally:
        for child, line in zip(children, lines, strict=True):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(line)


def _write_for_ever(place: Place, number: int, writing: int) -> None:
    session = Session(open_store(place, FixedClock(NOON)), "mia")
    card, count = 0, 0
    while True:
        key = f"{os.getpid()}-{number}-{count}"
        if count % 4 == 0:
            done = desk.issue(session, "half", 5000, intent=key)
            card = done.card_id or 0
        else:
            done = desk.redeem(session, card, 100, intent=key)
        assert done.done, done.sentence
        os.write(writing, f"{key}\n".encode())
        count += 1


def told_by(line: int, at_least: int) -> list[str]:
    """What a writer was told is done until now, by the keys of its wishes."""
    text = b""
    while text.count(b"\n") < at_least or select.select([line], [], [], 0)[0]:
        assert select.select([line], [], [], 30)[0], "a writer never wrote"
        text += os.read(line, 1 << 16)
    told = text.decode().splitlines()[: text.count(b"\n")]
    assert not [each for each in told if each.startswith("crashed")], told
    return told
