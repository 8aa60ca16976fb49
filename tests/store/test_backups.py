"""A desk is copied while others work, and what was copied becomes a desk again: all of it, or nothing.

The default run takes a backup beside eight writers twice; the long proof twenty times:

    pytest tests/store/test_backups.py -m slow
"""

import json
import os
import select
import signal
import stat
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from store.counter import NOON, Counter, plain_sql

from models import desk
from models.clock import FixedClock
from models.errors import Fault, Refused
from models.finding import find_exact
from models.jobs.backup import Backup, back_up
from models.jobs.restore import Order, restore
from models.jobs.verify import verify
from models.keys import create_key
from models.locations import pending_folder
from models.schema import Audit, Intent
from models.store import Store, open_store
from models.unit import Session

WRITERS = 8


@pytest.fixture
def elsewhere(folder: Path) -> Path:
    """Where a desk is restored: a folder of another machine, with nothing in it."""
    (folder / "elsewhere").mkdir()
    return folder / "elsewhere" / "desk.db"


def taken(counter: Counter, login: str = "olaf") -> Backup:
    return back_up(Session(counter.store, login), counter.store.path.with_name("kept.backup"))


def order(backup: Path, database: Path, **more: object) -> Order:
    """What Olaf orders, with the key that lies beside the first desk."""

    def olaf(store: Store) -> Session:
        return Session(store.with_clock(FixedClock(NOON)), "olaf")

    whole = Order(backup, database, backup.with_name("desk.key"), olaf)
    return replace(whole, **more)  # type: ignore[arg-type]


def files(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def test_a_backup_becomes_the_same_desk_elsewhere(counter: Counter, elsewhere: Path, clock: FixedClock) -> None:
    """A card that was issued before is found there, with its money and its history."""
    issued = desk.issue(counter.mia, "half", 5000, recipient=desk.PersonGiven("Ada", "ada@example.org"))
    assert desk.redeem(counter.sam, issued.card_id or 0, 1250).done
    before = counter.sheet(issued.card_id or 0)
    backup = taken(counter)
    assert (backup.report.cards, backup.report.activities, backup.report.balances_minor) == (1, 2, {"GBP": 3750})
    assert (backup.key, backup.fingerprint) == (counter.store.path.with_suffix(".key"), counter.store.keys.fingerprint)
    told = restore(order(backup.file, elsewhere))
    assert (told.database, told.key, told.reached_at) == (elsewhere, elsewhere.with_suffix(".key"), NOON)
    assert told.report == backup.report
    there = Counter(open_store(elsewhere, clock), clock)
    assert find_exact(there.store, issued.hand_out or "") == issued.card_id
    assert there.sheet(issued.card_id or 0) == before
    assert there.findings() == []
    assert desk.redeem(there.sam, issued.card_id or 0, 3750).done


def test_a_backup_is_one_file_that_only_its_owner_may_read(counter: Counter) -> None:
    """It holds names and addresses; the key is not in it, and no helper files stay beside it."""
    backup = taken(counter)
    assert stat.S_IMODE(backup.file.stat().st_mode) == 0o600
    assert backup.size == backup.file.stat().st_size
    assert {name for name in files(backup.file) if "desk.db" not in name} == {"desk.key", "kept.backup"}
    assert counter.store.keys.master not in backup.file.read_bytes()
    assert counter.store.keys.master.hex().encode() not in backup.file.read_bytes()


def test_in_a_folder_a_backup_is_named_after_the_time(counter: Counter, elsewhere: Path) -> None:
    """A nightly job names the folder only."""
    assert back_up(counter.olaf, elsewhere.parent).file.name == "desk-20260521-120000.backup"


def test_a_folder_that_is_not_there_is_not_made(counter: Counter, folder: Path) -> None:
    """A disk that was not put in would be taken for an empty folder on the one that is to be saved."""
    with pytest.raises(Fault, match=r"The folder .*/usb is not there\. Make it first; no backup was made\."):
        back_up(counter.olaf, folder / "usb" / "kept.backup")
    assert not (folder / "usb").exists()


def test_nothing_is_ever_overwritten(counter: Counter, elsewhere: Path) -> None:
    """Neither by a backup nor by restoring one."""
    backup = taken(counter).file
    before = backup.read_bytes()
    with pytest.raises(Fault, match=r"There is a file at .*kept.backup already"):
        taken(counter)
    with pytest.raises(Fault, match=r"There is a database at .* already\. Move it away"):
        restore(order(backup, counter.store.path))
    assert backup.read_bytes() == before
    elsewhere.with_suffix(".key").write_text("ab" * 32)
    with pytest.raises(Fault, match="The key of another desk lies at"):
        restore(order(backup, elsewhere))
    assert files(elsewhere) == ["desk.key"]


@pytest.mark.parametrize("login", ["sam", "sue", "ada", "pat", "stranger"])
def test_not_everybody_may_take_everything_home(counter: Counter, login: str) -> None:
    with pytest.raises(Refused, match=r"may not back the desk up; ask a manager or an operator\."):
        taken(counter, login)
    assert not counter.store.path.with_name("kept.backup").exists()


def test_the_desk_remembers_who_took_a_backup_and_who_restored_one(counter: Counter, elsewhere: Path) -> None:
    """An operator who goes back to last week is seen in the desk that came back."""

    def remembered() -> list[tuple[str, str]]:
        with counter.store.database.connected():
            rows = Audit.select().where(Audit.subject == "desk").order_by(Audit.number)
            return [(row.action, row.actor_name) for row in rows]

    backup = taken(counter)
    assert remembered() == [("backup", "Olaf")]
    again = back_up(counter.mia, elsewhere.parent)
    restore(order(again.file, elsewhere, key=backup.key))
    counter = Counter(open_store(elsewhere, counter.clock), counter.clock)
    assert remembered() == [("backup", "Olaf"), ("restore", "Olaf")]
    assert not counter.findings()


def test_a_backup_that_cannot_be_written_down_stands_all_the_same(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk of the desk is full: now more than ever the copy is wanted."""

    def full(*_arguments: object) -> None:
        raise Fault("The disk is full.")

    monkeypatch.setattr("models.jobs.backup.audit.record", full)
    backup = taken(counter)
    assert backup.unrecorded == "It is not written down who took it: The disk is full."
    assert backup.file.exists()


def test_somebody_who_was_sent_away_restores_nothing(counter: Counter, elsewhere: Path) -> None:
    def leaver(_store: Store) -> Session:
        raise Refused("The login olaf may no longer work at this desk.")

    with pytest.raises(Refused, match="no longer work"):
        restore(order(taken(counter).file, elsewhere, sit_down=leaver))
    assert files(elsewhere) == []


def spoil_a_page(path: Path, table: str) -> None:
    """Write rubbish over the root of a table, in a database that nobody has open."""
    with plain_sql(path) as sql:
        (page,) = sql.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = sql.execute("PRAGMA page_size").fetchone()
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xaa" * size)


# What does not add up.


@pytest.fixture
def spoiled(counter: Counter) -> Counter:
    """A desk at which somebody gave a card money with another tool."""
    card = counter.issued()
    with plain_sql(counter.store.path) as sql:
        sql.execute("UPDATE gift_card SET balance_minor = 6000 WHERE id = ?", (card,))
    return counter


def test_what_does_not_add_up_is_no_backup_unless_somebody_says_so(spoiled: Counter, elsewhere: Path) -> None:
    """The sentence names the card; a desk that must be moved as it is can be, and says it again there."""
    file = spoiled.store.path.with_name("kept.backup")
    with pytest.raises(
        Fault, match=r"1 thing in .* does not add up.*card 1.*add --despite-findings. No backup was made"
    ):
        back_up(spoiled.olaf, file)
    assert not file.exists()
    assert len(back_up(spoiled.olaf, file, accepts_findings=True).report.findings) == 1
    with pytest.raises(Fault, match=r"does not add up.*Nothing was restored\."):
        restore(order(file, elsewhere))
    assert files(elsewhere) == []
    assert len(restore(order(file, elsewhere, accepts_findings=True)).report.findings) == 1


def test_a_desk_with_damaged_pages_gives_no_backup(counter: Counter, elsewhere: Path, clock: FixedClock) -> None:
    """What cannot be read whole is not copied by halves."""
    for _ in range(40):
        counter.issued()
    path = counter.store.path
    spoil_a_page(path, "activity")
    with pytest.raises(Fault) as caught:
        back_up(Session(open_store(path, clock), "olaf"), elsewhere)
    assert caught.value.sentence.endswith("No backup was made.")
    assert files(elsewhere) == []


# What is no backup.


def _cut(file: Path, length: int) -> None:
    os.truncate(file, length)


def _write_at(file: Path, where: int, what: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(where)
        opened.write(what)


def _sql(file: Path, statement: str) -> None:
    with plain_sql(file) as sql:
        sql.execute(statement)


SPOILED = {
    "empty": (lambda file: _cut(file, 0), "is empty"),
    "a few bytes": (lambda file: _cut(file, 50), "is no backup of a giftdesk"),
    "the header only": (lambda file: _cut(file, 100), "it is incomplete or damaged"),
    "half": (lambda file: _cut(file, file.stat().st_size // 2), "it is incomplete or damaged"),
    "all but a byte": (lambda file: _cut(file, file.stat().st_size - 1), "it is incomplete or damaged"),
    "one page short": (lambda file: _cut(file, file.stat().st_size - 4096), "it is incomplete or damaged"),
    "something behind it": (lambda file: _write_at(file, file.stat().st_size, b"x"), "it is incomplete or damaged"),
    "another file": (lambda file: file.write_bytes(b"PK" * 5000), "is no backup of a giftdesk"),
    "another program's": (lambda file: _sql(file, "PRAGMA application_id = 7"), "is no backup of a giftdesk"),
    "copied at work": (lambda file: _sql(file, "PRAGMA journal_mode = WAL"), "was copied with another tool"),
    "a newer one": (
        lambda file: _sql(file, "INSERT INTO schema_migration (name, applied) VALUES ('9999_later', 'x')"),
        "was made by a newer giftdesk",
    ),
    "no history": (lambda file: _sql(file, "DROP TABLE schema_migration"), "is not the database of this giftdesk"),
    "a dropped trigger": (lambda file: _sql(file, "DROP TRIGGER activity_no_delete"), "lacks a safeguard"),
    "a dropped index": (lambda file: _sql(file, "DROP INDEX agent_login"), "lacks a safeguard"),
    "a trigger more": (
        lambda file: _sql(file, "CREATE TRIGGER x AFTER INSERT ON flag BEGIN SELECT 1; END"),
        "a trigger that giftdesk did not make",
    ),
    "another zone": (lambda file: _sql(file, "UPDATE business SET zone = 'Asia/Tokyo'"), "changed with another tool"),
    "a zeroed page": (lambda file: _write_at(file, 4096, bytes(4096)), "damaged"),
    "a zeroed last page": (lambda file: _write_at(file, file.stat().st_size - 4096, bytes(4096)), "damaged"),
    "nobody's": (lambda file: _sql(file, "DELETE FROM business"), "does not say whose desk it is"),
    "without agents": (lambda file: _sql(file, "DELETE FROM agent"), "agent 1: its row is missing"),
    "a changed name": (lambda file: _sql(file, "UPDATE agent SET name = 'Eve' WHERE login = 'sam'"), "does not add up"),
}


@pytest.mark.parametrize("damage", SPOILED)
def test_what_is_no_whole_backup_is_not_restored(counter: Counter, elsewhere: Path, damage: str) -> None:
    """One true sentence, exit status 65, and nothing is left behind, not even a key."""
    counter.issued()
    backup = taken(counter).file
    spoil, told = SPOILED[damage]
    spoil(backup)
    before = backup.read_bytes()
    with pytest.raises(Fault) as caught:
        restore(order(backup, elsewhere))
    assert told in caught.value.sentence
    assert str(backup) in caught.value.sentence
    assert ".new-" not in caught.value.sentence
    assert caught.value.status == 65
    assert files(elsewhere) == []
    assert backup.read_bytes() == before


def test_what_is_not_even_a_file_is_not_restored(counter: Counter, elsewhere: Path) -> None:
    missing = counter.store.path.with_name("gone.backup")
    for file, told in (
        (missing, "There is no backup at"),
        (missing.parent, "is a folder"),
        (Path("/dev/null"), "no file"),
    ):
        with pytest.raises(Fault, match=told) as caught:
            restore(order(file, elsewhere))
        assert caught.value.status == 66
    assert files(elsewhere) == []


def test_without_the_right_key_nothing_is_restored(counter: Counter, elsewhere: Path) -> None:
    """The sentence says which key is needed, by its fingerprint."""
    backup = taken(counter)
    wrong, short = elsewhere.with_name("wrong.key"), elsewhere.with_name("short.key")
    other = create_key(wrong).fingerprint
    short.write_text("abcd")
    needed = f"needs the key with the fingerprint {backup.fingerprint}"
    for key, told, status in (
        (None, f"{needed}, and there is none at {elsewhere.with_suffix('.key')}", 66),
        (wrong, f"{needed}; {wrong} has {other}", 78),
        (short, "holds no giftdesk key", 78),
    ):
        with pytest.raises(Fault) as caught:
            restore(order(backup.file, elsewhere, key=key))
        assert told in caught.value.sentence
        assert caught.value.status == status
        assert files(elsewhere) == ["short.key", "wrong.key"]


def test_a_log_of_another_desk_is_not_played_into_the_restored_one(counter: Counter, elsewhere: Path) -> None:
    elsewhere.with_name("desk.db-wal").write_bytes(b"frames")
    with pytest.raises(Fault, match="left over from another database"):
        restore(order(taken(counter).file, elsewhere))
    assert files(elsewhere) == ["desk.db-wal"]


def test_what_a_lost_desk_waited_for_is_not_asked_of_the_restored_one(counter: Counter, elsewhere: Path) -> None:
    """A note of a change that was cut off belongs to the desk that is gone."""
    backup = taken(counter)
    note = pending_folder(elsewhere) / "1.json"
    note.parent.mkdir(parents=True)
    note.write_text(json.dumps({"key": "k", "action": "redeem", "process": 1}))
    restore(order(backup.file, elsewhere))
    assert not note.exists()


# While others write.


def test_a_backup_beside_eight_writers_has_all_that_was_acknowledged(counter: Counter, folder: Path) -> None:
    """Whoever was told 'done' before the backup began is in it; it adds up, whatever was under way."""
    for number in range(2):
        copy_beside_writers(counter, folder / str(number) / "desk.db")


@pytest.mark.slow
def test_twenty_backups_beside_eight_writers(counter: Counter, folder: Path) -> None:
    for number in range(20):
        copy_beside_writers(counter, folder / str(number) / "desk.db")


def copy_beside_writers(counter: Counter, database: Path) -> None:
    with writers(counter.store.path) as lines:
        acknowledged = {key for line in lines for key in told_by(line, at_least=3)}
        olaf = Session(open_store(counter.store.path, counter.clock), "olaf")
        backup = back_up(olaf, counter.store.path.with_name(f"{database.parent.name}.backup"))
    restored = restore(order(backup.file, database))
    store = open_store(database, counter.clock)
    with store.database.connected():
        assert acknowledged <= {key for (key,) in Intent.select(Intent.key).tuples()}
    assert len(acknowledged) >= 3 * WRITERS
    assert restored.report == backup.report
    assert not verify(store).findings


@contextmanager
def writers(path: Path) -> Iterator[list[int]]:
    """Processes that write as fast as they can; each names what it was told is done, a line each."""
    lines, children = [], []
    for number in range(WRITERS):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(reading)
                _write_for_ever(path, number, writing)
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


def _write_for_ever(path: Path, number: int, writing: int) -> None:
    session = Session(open_store(path, FixedClock(NOON)), "mia")
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
