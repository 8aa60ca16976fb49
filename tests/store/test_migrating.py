"""A desk that an older giftdesk made is brought up to date: all of a step or nothing, once, with a copy kept."""

import multiprocessing
import os
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest
from store.counter import NOON, Counter
from store.oldest import BALANCES, CODE, VERSION, oldest_desk

from models import database, desk
from models.clock import FixedClock
from models.database import FileDatabase, known_migrations
from models.errors import Fault
from models.escalations import Which, listed
from models.finding import find_exact
from models.jobs.backup import back_up
from models.jobs.migrate import Migrated, bring_up_to_date
from models.jobs.restore import Order, restore
from models.jobs.verify import verify
from models.store import open_store
from models.unit import Session

LATER = "9001_later"
_LATER_STEP = """
def up(migrator, database):
    database.execute_sql("CREATE TABLE later (number INTEGER NOT NULL)")
    for number in range(5):
        database.execute_sql("INSERT INTO later (number) VALUES (?)", (number,))
    database.execute_sql("CREATE INDEX later_number ON later (number)")
"""


@pytest.fixture
def old(folder: Path) -> Path:
    """The oldest desk that is kept."""
    return oldest_desk(folder)


@pytest.fixture
def _a_step_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next giftdesk: it knows one migration more than this one."""
    migrations = tmp_path / "migrations"
    shutil.copytree(database._MIGRATIONS, migrations)
    (migrations / f"{LATER}.py").write_text(f'"""A step that is to come."""\n{_LATER_STEP}')
    monkeypatch.setattr(database, "_MIGRATIONS", migrations)


def applied(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    names = [name for (name,) in connection.execute("SELECT name FROM schema_migration ORDER BY name")]
    connection.close()
    return names


def test_the_oldest_desk_is_brought_up_to_date(old: Path) -> None:
    """Its cards are found by their codes, everything adds up, and work goes on."""
    assert bring_up_to_date(old).applied == tuple(known_migrations()[1:])
    clock = FixedClock(NOON)
    counter = Counter(open_store(old, clock), clock)
    counter.wait(days=9)
    report = verify(counter.store)
    assert (report.findings, report.cards, report.balances_minor) == ([], 4, BALANCES)
    card = find_exact(counter.store, CODE)
    assert card == 1
    assert counter.sheet(card).holder is not None
    assert desk.note(counter.sam, card, "still here").done
    assert not counter.findings()


def test_what_was_handed_over_before_has_its_row(old: Path) -> None:
    """What the desk went on with since counts as answered, the rest waits; both can be gone on with."""
    bring_up_to_date(old)
    clock = FixedClock(NOON)
    counter = Counter(open_store(old, clock), clock)
    counter.wait(days=9)
    (waiting,) = listed(counter.mia, Which.OPEN).lines
    assert (waiting.id, waiting.opened_by_name, waiting.why) == ("E4-2", "Sam", "still_fails")
    assert desk.close_escalation(counter.mia, "e4-2", desk.Answer.DECLINED).done
    assert not counter.findings()


def test_a_desk_that_is_up_to_date_is_left_as_it_is(counter: Counter) -> None:
    assert bring_up_to_date(counter.store.path) == Migrated((), None)
    assert not list(counter.file.parent.glob("*.backup"))


@pytest.mark.usefixtures("_a_step_more")
def test_the_desk_as_it_was_is_kept_beside_it(old: Path) -> None:
    """Named after its version, and good enough to be restored: the way back, and the way forward again."""
    with pytest.raises(Fault, match=r"made by an older giftdesk\. Run: giftdesk migrate"):
        open_store(old)
    kept = bring_up_to_date(old).backup
    assert kept is not None
    assert kept.name.startswith(f"desk-{VERSION}-")
    assert applied(kept) == [VERSION]
    again = old.with_name("again.db")
    order = Order(
        kept, again, old.with_suffix(".key"), lambda store: Session(store.with_clock(FixedClock(NOON)), "mia")
    )
    restored = restore(order)
    assert restored.applied[-1] == LATER
    assert restored.report.balances_minor == BALANCES
    assert applied(kept) == [VERSION]
    assert applied(again) == known_migrations()


@pytest.mark.usefixtures("_a_step_more")
def test_a_desk_of_a_newer_giftdesk_is_left_to_it(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next giftdesk was here: this one neither opens the desk nor migrates it."""
    bring_up_to_date(old)
    monkeypatch.undo()
    for deed in (open_store, bring_up_to_date):
        with pytest.raises(Fault, match=r"made by a newer giftdesk\. Update this one; nothing was changed\.") as caught:
            deed(old)
        assert caught.value.status == 65


@pytest.mark.usefixtures("_a_step_more")
def test_two_machines_that_migrate_at_once(old: Path) -> None:
    """One does it, the other finds nothing left to do; both may go on."""
    context = multiprocessing.get_context("fork")
    barrier, told = context.Barrier(2), context.Queue()

    def migrate() -> None:
        barrier.wait(30)
        told.put(bring_up_to_date(old).applied)

    machines = [context.Process(target=migrate) for _ in range(2)]
    for machine in machines:
        machine.start()
    both = [told.get(timeout=30) for _ in machines]
    for machine in machines:
        machine.join(30)
    assert sorted(name for applied_there in both for name in applied_there) == known_migrations()[1:]
    assert not verify(open_store(old, FixedClock(NOON))).findings


@pytest.mark.usefixtures("_a_step_more")
def test_a_migration_that_is_killed_leaves_one_version_or_the_other(old: Path, tmp_path: Path) -> None:
    """Wherever it dies, the desk is of a version that can be named, and the next try ends it."""
    lasted = []
    for statement in range(1, 60, 4):
        folder = tmp_path / str(statement)
        folder.mkdir()
        for suffix in (".db", ".key"):
            shutil.copy(old.with_suffix(suffix), folder / f"desk{suffix}")
        path = folder / "desk.db"
        lasted.append(not killed_at(statement, path))
        reached = applied(path)
        assert reached == known_migrations()[: len(reached)]
        assert bring_up_to_date(path).applied == tuple(known_migrations()[len(reached) :])
        assert not verify(open_store(path, FixedClock(NOON))).findings
        if lasted[-1]:
            break
    assert not lasted[0]
    assert len(lasted) > 3


def killed_at(statement: int, path: Path) -> bool:
    """Migrate in a process that is killed when its statement of that number begins; False when it came to its end."""
    child = os.fork()
    if child == 0:
        count = 0
        real = FileDatabase.execute_sql

        def execute(self: FileDatabase, sql: str, params: object = None) -> object:
            nonlocal count
            count += 1
            if count == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(self, sql, params)

        FileDatabase.execute_sql = execute  # type: ignore[method-assign]
        try:
            bring_up_to_date(path)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_a_backup_of_today_is_one_of_today(counter: Counter, folder: Path) -> None:
    """Nothing is applied when nothing is missing."""
    backup = back_up(counter.olaf, folder / "kept.backup")
    order = Order(
        backup.file,
        folder / "there" / "desk.db",
        backup.key,
        lambda store: Session(store.with_clock(counter.clock), "olaf"),
    )
    assert restore(order).applied == ()
