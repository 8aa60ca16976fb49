"""What is no whole backup, or lacks its key, is not restored: one true sentence, and nothing is left behind."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from store.counter import Counter, plain_sql
from store.restoring import files, order, taken

from models.errors import Fault
from models.jobs.restore import restore
from models.keys import create_key
from models.locations import pending_folder


def _cut(file: Path, length: int) -> None:
    os.truncate(file, length)


def _write_at(file: Path, where: int, what: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(where)
        opened.write(what)


def _sql(file: Path, statement: str) -> None:
    with plain_sql(file) as sql:
        sql.execute(statement)


SPOILED: dict[str, tuple[Callable[[Path], object], str]] = {
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
    missing = counter.file.with_name("gone.backup")
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
