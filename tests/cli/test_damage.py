"""Every damage that a desk's files can have: each command says it in one true sentence, and makes nothing worse."""

import os
import re
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli.clerk import NOON, Clerk
from store.counter import copy_desk, furnish, plain_sql, spoil_a_page

from models import desk
from models.clock import FixedClock
from models.jobs.verify import verify
from models.store import open_store
from models.unit import Session
from tui.cli import main

_NOBODY = 65534


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A desk with forty cards, so that its file has pages to lose, and the code of one; nobody has it open."""
    path = furnish(tmp_path_factory.mktemp("original") / "desk.db")
    mia = Session(open_store(path, FixedClock(NOON)), "mia")
    issued = [desk.issue(mia, "half", 5000).hand_out for _ in range(40)]
    return path, str(issued[-1])


@pytest.fixture
def code(outsider: Clerk, original: tuple[Path, str]) -> str:
    """The code of a card at the clerk's desk, which is a copy of its own."""
    outsider.database.parent.mkdir()
    outsider.now = NOON
    copy_desk(original[0], outsider.database.parent)
    return original[1]


@pytest.fixture(autouse=True)
def _a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The full screen could be drawn: it must not come that far."""
    monkeypatch.setattr("tui.console.screens.no_terminal", lambda: None)


def cut(length: Callable[[int], int]) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, length(path.stat().st_size))


def write(where: int, what: bytes) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(where)
            file.write(what)

    return spoil


def run_sql(statement: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with plain_sql(path) as sql:
            sql.execute(statement)

    return spoil


def put_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def put_a_recipe(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as sql:
        sql.execute("CREATE TABLE recipe (name TEXT)")


def key(change: Callable[[Path], object]) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        change(path.with_suffix(".key"))

    return spoil


def make_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def leave_the_log_only(path: Path) -> None:
    path.rename(path.with_name("moved"))
    path.with_name(f"{path.name}-wal").write_bytes(b"frames")


DAMAGES: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "gone": (Path.unlink, 66, "There is no database at"),
    "gone with its folder": (lambda path: shutil.rmtree(path.parent), 66, "There is no database at"),
    "its log alone": (leave_the_log_only, 66, "There is no database at"),
    "a folder": (put_a_folder, 66, "is a folder"),
    "empty": (cut(lambda _size: 0), 65, "is not a giftdesk database"),
    "a letter": (lambda path: path.write_bytes(b"Dear Ada, " * 900), 65, "is not a giftdesk database"),
    "a recipe book": (put_a_recipe, 65, "is not a giftdesk database"),
    "no magic": (write(0, b"SQLite format 4"), 65, "is not a giftdesk database"),
    "a page size that is none": (write(16, b"\x07\x07"), 65, "is not a giftdesk database"),
    "an unknown file format": (write(18, b"\x63\x63"), 65, "is not a giftdesk database"),
    "another application": (write(68, bytes(4)), 65, "is not a giftdesk database"),
    "no list of tables": (write(100, bytes(3900)), 65, "is damaged"),
    "the header only": (cut(lambda _size: 100), 65, ""),
    "the first page only": (cut(lambda _size: 4096), 65, "is damaged"),
    "half": (cut(lambda size: size // 2), 65, "is damaged"),
    "a page short": (cut(lambda size: size - 4096), 65, "is damaged"),
    "a dropped trigger": (run_sql("DROP TRIGGER activity_no_delete"), 65, "lacks a safeguard (activity_no_delete)"),
    "a dropped index": (run_sql("DROP INDEX agent_login"), 65, "lacks a safeguard (agent_login)"),
    "a trigger more": (
        run_sql("CREATE TRIGGER x AFTER INSERT ON flag BEGIN SELECT 1; END"),
        65,
        "a trigger that giftdesk did not make (x)",
    ),
    "a newer one": (
        run_sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', 'x')"),
        65,
        "made by a newer giftdesk",
    ),
    "an older one": (run_sql("DELETE FROM schema_migration WHERE id > 1"), 65, "Run: giftdesk migrate"),
    "no history": (run_sql("DROP TABLE schema_migration"), 65, "is not the database of this giftdesk"),
    "no business": (run_sql("DELETE FROM business"), 65, "lacks what every desk has"),
    "another zone": (run_sql("UPDATE business SET zone = 'Asia/Tokyo'"), 65, "changed with another tool"),
    "another mode": (run_sql("PRAGMA journal_mode = DELETE"), 65, "not in the mode that keeps commits safe"),
    "no key": (key(Path.unlink), 66, "is missing"),
    "an empty key": (key(lambda file: os.truncate(file, 0)), 78, "holds no giftdesk key"),
    "half a key": (key(lambda file: os.truncate(file, 32)), 78, "holds no giftdesk key"),
    "rubbish for a key": (key(lambda file: file.write_bytes(b"\xff\xfe" * 32)), 78, "holds no giftdesk key"),
    "a folder for a key": (key(make_a_folder), 66, "cannot be read"),
    "another key": (key(lambda file: file.write_text("ab" * 32)), 78, "belongs to another database"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damage_is_told_in_one_sentence(outsider: Clerk, code: str, tmp_path: Path, damage: str) -> None:
    """By whatever looks at the desk, the full screen before it draws; the file is left as it was found."""
    spoil, status, told = DAMAGES[damage]
    spoil(outsider.database)
    before = outsider.database.read_bytes() if outsider.database.is_file() else None
    for words in (("show", code), ("verify",), (), ("backup", str(tmp_path / "b"))):
        sentence = outsider.is_refused(*words, code=status)
        assert told in sentence
        assert sentence.endswith((".", f"giftdesk init --db {outsider.database}", "giftdesk migrate"))
    answer = outsider.types("doctor")
    assert answer.code == 1
    assert "\nbad " in answer.out
    assert (outsider.database.read_bytes() if outsider.database.is_file() else None) == before
    assert not (tmp_path / "b").exists()


def test_no_page_is_lost_unnoticed(outsider: Clerk, code: str) -> None:
    """Every third page, zeroed or garbled: what can't be read is told, and doctor finds all of them."""
    whole = outsider.database.read_bytes()
    for page in range(1, len(whole) // 4096, 3):
        rubbish = bytes(4096) if page % 2 else b"\xaa" * 4096
        outsider.database.write_bytes(whole[: page * 4096] + rubbish + whole[(page + 1) * 4096 :])
        shown = outsider.types("show", code)
        assert shown.code in (0, 65), (page, shown)
        assert shown.err.count("\n") <= 1
        assert outsider.types("doctor").code == 1, page


@pytest.mark.usefixtures("code")
def test_a_changed_letter_is_found_by_its_seal(outsider: Clerk) -> None:
    """Where every page is in order and only what it says is not: integrity checks see nothing, seals do."""
    whole = outsider.database.read_bytes()
    activity = re.search(rb"issue.{1,40}?Mia", whole, re.DOTALL)
    assert activity is not None
    outsider.database.write_bytes(whole[: activity.end() - 1] + b"e" + whole[activity.end() :])
    assert outsider.types("doctor").code == 0
    assert outsider.types("doctor", "--deep").code == 1
    assert outsider.types("verify").code == 65


def test_a_log_full_of_rubbish_harms_nothing(outsider: Clerk, code: str) -> None:
    """Its frames have checksums: none of them is believed."""
    outsider.database.with_name(f"{outsider.database.name}-wal").write_bytes(b"\xaa" * 9000)
    assert outsider.balance(code) == 5000
    outsider.does("verify")


def test_a_damaged_desk_is_not_brought_up_to_date(outsider: Clerk, code: str) -> None:
    """Neither is it copied, nor touched."""
    spoil_a_page(outsider.database, "activity")
    run_sql("DELETE FROM schema_migration WHERE id > 1")(outsider.database)
    before = outsider.database.read_bytes()
    assert "is damaged" in outsider.is_refused("migrate", code=65)
    assert outsider.database.read_bytes() == before
    assert not list(outsider.database.parent.glob("*.backup"))
    assert "5000" not in outsider.is_refused("show", code, code=65)


# Rights, which root is not bound by: a child that is nobody tries.


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter and write to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


def as_nobody(*words: str, limit: int | None = None, is_warm: bool = True) -> tuple[int, str]:
    """Run a command as a user without any right, or with a limit on the size of files; status and complaint."""
    if is_warm:
        main(list(words))  # everything that it imports is read while it can be
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 99
        try:
            os.dup2(writing, 1)
            os.dup2(writing, 2)
            with open(1, "w", closefd=False) as out, open(2, "w", closefd=False) as err:
                import sys

                sys.stdout, sys.stderr = out, err
                if limit is not None:
                    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
                elif os.getuid() == 0:
                    os.setgroups([])
                    os.setgid(_NOBODY)
                    os.setuid(_NOBODY)
                status = main(list(words))
                out.flush()
                err.flush()
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as lines:
        told = lines.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told


RIGHTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a database that may not be read": (lambda path: path.chmod(0o600), "may not be read by you"),
    "a database that may only be read": (lambda path: path.chmod(0o444), "nothing can be written"),
    "a folder that may only be read": (lambda path: path.parent.chmod(0o555), "nothing can be written"),
    "a folder that may not be entered": (lambda path: path.parent.chmod(0o600), "can't be reached by you"),
}


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become nobody")
@pytest.mark.parametrize("lacking", RIGHTS)
def test_a_right_that_is_missing_is_named(
    outsider: Clerk, code: str, open_folder: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    """One sentence, exit status 77, and whom to ask."""
    take_away, told = RIGHTS[lacking]
    path = open_folder / "desk" / "desk.db"
    path.parent.mkdir()
    path.parent.chmod(0o777)
    for suffix in (".db", ".key"):
        shutil.copy(outsider.database.with_suffix(suffix), path.with_suffix(suffix))
        path.with_suffix(suffix).chmod(0o666)
    monkeypatch.setenv("GIFTDESK_DB", str(path))
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(open_folder))
    assert as_nobody("show", code)[0] == 0
    take_away(path)
    status, sentence = as_nobody("show", code)
    assert (status, sentence.count("\n")) == (77, 1)
    assert told in sentence
    monkeypatch.setattr("zoneinfo.available_timezones", lambda: {"UTC"})  # root's own folders may hold some
    status, findings = as_nobody("doctor")
    assert status == 1, findings
    assert "\nbad " in findings


def test_a_file_that_may_not_grow_is_told_of(outsider: Clerk, code: str) -> None:
    """A limit on the size of files is a full disk: nothing of the note is saved, and the desk is whole."""
    words = ("note", code, "x" * 3000, "--now", NOON.isoformat(), "--intent", "once")
    size = outsider.database.stat().st_size
    with sqlite3.connect(outsider.database) as sql:
        before = sql.execute("SELECT count(*) FROM activity").fetchone()
    sql.close()
    status, sentence = as_nobody(*words[:-1], "again", limit=4096)
    assert status == 74
    assert sentence.count("\n") == 1
    assert "Nothing was changed." in sentence
    assert outsider.database.stat().st_size >= size
    report = verify(open_store(outsider.database))
    assert not report.findings
    assert report.activities == before[0] + 1  # the note that was written to warm up, and no other


@pytest.mark.parametrize("command", ["backup", "restore", "migrate"])
def test_a_copy_that_finds_no_room_leaves_nothing(outsider: Clerk, code: str, tmp_path: Path, command: str) -> None:
    """Neither half a file nor a locked desk; and the sentence is about the disk."""
    kept, there = tmp_path / "kept.backup", tmp_path / "there"
    there.mkdir()
    outsider.does("backup", str(kept))
    if command == "migrate":
        run_sql("DELETE FROM schema_migration WHERE name > '0002'")(outsider.database)
    key_file = str(outsider.database.with_suffix(".key"))
    words = {
        "backup": ("backup", str(there / "kept.backup"), "--as", "mia"),
        "restore": ("restore", str(kept), "--db", str(there / "desk.db"), "--key", key_file, "--as", "mia"),
        "migrate": ("migrate",),
    }
    before = sorted(path.name for path in outsider.database.parent.iterdir())
    status, told = as_nobody(*words[command], limit=60_000, is_warm=False)
    assert (status, told.count("\n")) == (74, 1), told
    assert "No backup was made." in told or "Nothing was restored." in told
    assert not list(there.iterdir())
    assert sorted(path.name for path in outsider.database.parent.iterdir()) == before
    if command != "migrate":
        assert outsider.balance(code) == 5000


@pytest.mark.parametrize(
    "details",
    ["{}", '{"grounds":[[1]]}', '{"grounds":5}', '{"sets":{"last_day":"x"}}', '{"sets":{"last_day":5}}', "[]"],
)
def test_a_card_with_spoiled_details_is_shown(clerk: Clerk, details: str) -> None:
    """Somebody wrote over what an activity says: show and why answer in words, and a note still goes on the card."""
    code = clerk.issues()
    clerk.does("note", code, "Called on Monday.")
    with plain_sql(clerk.database, guarded=False) as sql:
        sql.execute("UPDATE activity SET details = ?", (details,))
    assert "inconsistent" in clerk.does("show", code)
    assert clerk.types("why", code).code in (0, 1)
    clerk.does("note", code, "Looks forged.")


@pytest.mark.parametrize("rules", ["[]", '{"period":[1]}', '"x"'])
def test_a_product_whose_rules_are_spoiled_is_told(clerk: Clerk, rules: str) -> None:
    """Its cards are not shown by rules that nobody set; a manager sets them anew, and all is well."""
    code = clerk.issues()
    with plain_sql(clerk.database) as sql:
        sql.execute("UPDATE product SET rules = ? WHERE code = 'half'", (rules,))
    assert clerk.is_refused("show", code).startswith("The rules of a product were changed with another tool")
    clerk.does("product", "set", "half", "--name", "Half", "--expire-after", "6 months")
    assert clerk.balance(code) == 5000
