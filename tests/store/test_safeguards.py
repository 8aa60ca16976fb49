"""A desk does not open on a database that lacks a safeguard, and never says more than it knows."""

import re
import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from store.counter import Counter, copy_desk, plain_sql

from models.clock import FixedClock
from models.database import FileDatabase, known_migrations
from models.definitions import WHOLE, _compare, definitions, digest_of
from models.errors import Fault
from models.keys import create_key
from models.schema import TABLES
from models.store import init_store, open_store


@pytest.fixture
def path(furnished: Path, folder: Path) -> Path:
    """A copy of the furnished desk that nobody has open."""
    return copy_desk(furnished, folder)


def held(path: Path) -> dict[str, str]:
    with plain_sql(path) as sql:
        return dict(sql.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())


def expected(path: Path) -> dict[str, str]:
    with FileDatabase(path).bind_ctx(TABLES):
        return definitions()


def one_spelling(sql: str) -> str:
    return " ".join(sql.split()).replace("( ", "(")


def fault_of(path: Path, clock: FixedClock) -> Fault:
    with pytest.raises(Fault) as caught:
        open_store(path, clock)
    return caught.value


def test_the_migrations_make_exactly_what_the_models_declare(path: Path) -> None:
    """Every table, index and trigger, to the letter; and nothing that no model knows."""
    made = {name: one_spelling(sql) for name, sql in held(path).items()}
    declared = {name: one_spelling(sql) for name, sql in expected(path).items()}
    engines_own = ("schema_migration", "search_text_part_")
    assert {name: sql for name, sql in made.items() if not name.startswith(engines_own)} == declared


def test_a_desk_misses_every_single_safeguard(path: Path, clock: FixedClock, tmp_path: Path) -> None:
    """Drop any one of them, and the desk refuses to open and names it."""
    for name, sql in expected(path).items():
        lame = tmp_path / f"{name}.db"
        lame.write_bytes(path.read_bytes())
        lame.with_suffix(".key").write_bytes(path.with_suffix(".key").read_bytes())
        kind = {"UNIQUE": "INDEX", "VIRTUAL": "TABLE"}.get(sql.split()[1], sql.split()[1])
        with plain_sql(lame) as other:
            other.execute("PRAGMA foreign_keys = 0")
            other.execute(f'DROP {kind} "{name}"')
        fault = fault_of(lame, clock)
        assert fault.status == 65, name
        assert "safeguard" in fault.sentence, name
        lame.unlink()


@pytest.mark.parametrize(
    ("name", "loosened"),
    [
        ("activity_reinstated_once", 'CREATE INDEX "activity_reinstated_once" ON "activity" ("card_id", "reverses")'),
        ("agent_login", 'CREATE INDEX "agent_login" ON "agent" ("login")'),
        (
            "activity_no_delete",
            'CREATE TRIGGER "activity_no_delete" BEFORE DELETE ON "activity" WHEN 0 BEGIN SELECT 1; END',
        ),
    ],
)
def test_a_safeguard_of_the_same_name_that_guards_less_is_noticed(
    path: Path, clock: FixedClock, name: str, loosened: str
) -> None:
    """The definition counts, not the name."""
    with plain_sql(path) as sql:
        kind = "TRIGGER" if "TRIGGER" in loosened else "INDEX"
        sql.execute(f'DROP {kind} "{name}"')
        sql.execute(loosened)
    assert f"({name})" in fault_of(path, clock).sentence


def conditions(sql: str) -> Iterator[tuple[int, int]]:
    """Where a statement that makes a table asks something of its rows: each column that must be given, and each
    constraint, up to the next or to the end of them all."""
    yield from (found.span() for found in re.finditer(r" NOT NULL", sql))
    begins = [found.start() for found in re.finditer(r",\s*CONSTRAINT ", sql)]
    yield from pairwise([*begins, sql.rindex(")")])


def test_a_table_misses_every_single_condition(path: Path, clock: FixedClock) -> None:
    """Each constraint and each NOT NULL of each table, taken out of its definition: what is asked at the start names
    the table, N of N."""
    store = open_store(path, clock)
    assert isinstance(store.database, FileDatabase)
    tried = 0
    with plain_sql(path) as sql:
        rows = sql.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
        ).fetchall()
    for place, (kind, name, sql_) in enumerate(rows):
        if kind != "table" or name not in {table._meta.table_name for table in TABLES}:
            continue
        for start, end in conditions(sql_):
            tried += 1
            lame = [*rows[:place], (kind, name, sql_[:start] + sql_[end:]), *rows[place + 1 :]]
            assert digest_of(lame) != WHOLE
            with pytest.raises(Fault, match=rf"lacks a safeguard \({name}\)"):
                _compare(store.database, lame)
    assert tried > 200


def test_a_table_without_its_constraint_is_noticed(path: Path, clock: FixedClock) -> None:
    """A balance may not become negative, whoever rebuilt the table."""
    with plain_sql(path) as sql:
        definition = held(path)["gift_card"]
        sql.execute("PRAGMA writable_schema = 1")
        sql.execute(
            "UPDATE sqlite_master SET sql = ? WHERE name = 'gift_card'",
            (definition.replace("CHECK (balance_minor >= 0)", "CHECK (balance_minor >= -1)"),),
        )
    assert "(gift_card)" in fault_of(path, clock).sentence


def test_a_trigger_that_nobody_declared_is_noticed(path: Path, clock: FixedClock) -> None:
    """Somebody added a rule of their own to the database."""
    with plain_sql(path) as sql:
        sql.execute(
            "CREATE TRIGGER generous AFTER INSERT ON activity BEGIN UPDATE gift_card SET balance_minor = 9; END"
        )
    assert "generous" in fault_of(path, clock).sentence


# What the path may turn out to be.


def test_a_folder_is_no_database(folder: Path, clock: FixedClock) -> None:
    """The sentence says so."""
    assert fault_of(folder, clock).sentence == f"{folder} is a folder, not a database."


def test_a_path_with_nothing_there_makes_nothing(folder: Path, clock: FixedClock) -> None:
    """A wrong path must not make an empty desk."""
    path = folder / "nowhere.db"
    fault = fault_of(path, clock)
    told = f"There is no database at {path}. Check the path, or make one with: giftdesk init --db {path}"
    assert (fault.status, fault.sentence) == (66, told)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("content", [b"not a database, but quite long enough to be read as one" * 40, b"short"])
def test_another_file_is_no_database(folder: Path, clock: FixedClock, content: bytes) -> None:
    """It is named, and left as it was."""
    file = folder / "letter.db"
    file.write_bytes(content)
    fault = fault_of(file, clock)
    assert fault.status == 65
    assert fault.sentence.startswith(f"{file} is not a giftdesk database.")
    assert file.read_bytes() == content


def test_somebody_elses_database_is_left_alone(folder: Path, clock: FixedClock) -> None:
    """Another program's SQLite file is recognised by whose it is."""
    file = folder / "other.db"
    with sqlite3.connect(file) as sql:
        sql.execute("CREATE TABLE recipe (name TEXT)")
    assert fault_of(file, clock).sentence == f"{file} is not a giftdesk database. Check the path."


def test_an_older_database_asks_to_be_migrated(path: Path, clock: FixedClock) -> None:
    """A migration that this giftdesk knows has not been applied."""
    with plain_sql(path) as sql:
        sql.execute("DELETE FROM schema_migration WHERE name = ?", (known_migrations()[-1],))
    assert fault_of(path, clock).sentence == f"{path} was made by an older giftdesk. Run: giftdesk migrate"


def test_a_newer_database_is_not_touched(path: Path, clock: FixedClock) -> None:
    """A migration that this giftdesk does not know was applied."""
    with plain_sql(path) as sql:
        sql.execute("UPDATE schema_migration SET name = '9999_from_the_future' WHERE name LIKE '0001%'")
    assert fault_of(path, clock).sentence == (
        f"{path} was made by a newer giftdesk. Update this one; nothing was changed."
    )


def test_the_mode_that_keeps_commits_safe_is_checked(path: Path, clock: FixedClock) -> None:
    """Another program switched the journal: the desk does not go on."""
    with plain_sql(path) as sql:
        sql.execute("PRAGMA journal_mode = DELETE")
    assert "not in the mode that keeps commits safe" in fault_of(path, clock).sentence


def test_every_connection_waits_for_the_disk_and_keeps_the_references(counter: Counter) -> None:
    """WAL, synchronous FULL, foreign keys, triggers for REPLACE: on each connection anew."""
    db = counter.database
    with db.connected():
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "trusted_schema")
        assert [db.pragma(name) for name in pragmas] == ["wal", 2, 1, 1, 0]


# The key.


def test_another_databases_key_is_refused(path: Path, clock: FixedClock) -> None:
    """With the wrong key every code would be unknown."""
    path.with_suffix(".key").unlink()
    create_key(path.with_suffix(".key"))
    fault = fault_of(path, clock)
    assert (fault.status, fault.sentence.split(". ")[0]) == (
        78,
        f"The key file {path.with_suffix('.key')} belongs to another database",
    )


@pytest.mark.parametrize("content", [None, "", "rubbish", "abcd", "\xff"])
def test_a_missing_or_broken_key_is_named(path: Path, clock: FixedClock, content: str | None) -> None:
    """The sentence says which file it is about."""
    key = path.with_suffix(".key")
    key.unlink()
    if content is not None:
        key.write_text(content, encoding="latin-1")
    assert str(key) in fault_of(path, clock).sentence


def test_a_desk_is_never_made_over_another(path: Path) -> None:
    """The second init leaves the first desk as it is."""
    before = path.read_bytes()
    with pytest.raises(Fault, match="There is a database at"):
        init_store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
def test_a_desk_is_never_made_beside_the_left_overs_of_another(folder: Path, suffix: str) -> None:
    """The log of a desk that was deleted would be played into the new one."""
    other = folder / "other.db"
    left_over = other.with_name(other.name + suffix)
    left_over.write_bytes(b"frames of a desk that was deleted")
    with pytest.raises(Fault, match="left over"):
        init_store(other)
    assert not other.exists()
    assert left_over.read_bytes() == b"frames of a desk that was deleted"


def test_a_whole_desk_is_known_by_one_digest(path: Path) -> None:
    """It opens at once; a trigger under any name is noticed. Who changes a table writes the digest that fails here."""
    kinds = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
    with plain_sql(path) as sql:
        assert digest_of(sql.execute(kinds).fetchall()) == WHOLE
        sql.execute("CREATE TRIGGER schema_migration_name AFTER INSERT ON product BEGIN SELECT 1; END")
        assert digest_of(sql.execute(kinds).fetchall()) != WHOLE
