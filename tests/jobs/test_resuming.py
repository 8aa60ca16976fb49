"""A file too long for one transaction: stopped, killed and cut off anywhere, it is finished by the same command.

The default run kills one import again and again, the long proof kills a fresh one at 100 points:

    pytest tests/jobs/test_resuming.py -m slow
"""

import os
import random
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jobs.arrivals import counts, sheet
from jobs.toggle_export import Export
from jobs.twins import leave

from models import desk
from models.clock import FixedClock
from models.errors import Refused
from models.jobs.imported import imports, unfinished_imports
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.jobs.plans import ImportReport
from models.jobs.steps import Stopped
from models.jobs.toggle import import_toggle
from models.jobs.verify import verify
from models.schema import GiftCard
from models.store import Store, init_store, open_store
from models.unit import Session
from tui.console.stopping import stoppable

NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)
CARDS = 2_010
KILLS = 8
MANY_KILLS = 100
HEADER = "Balance,Code,Recipient Name,Recipient Email,Initial Balance,Item Name,Issued On,Expires On"


def row(number: int) -> str:
    """A card that was used once; every third belongs to somebody who has more than one."""
    person = f"Ada {number % 700}" if number % 3 else ""
    email = f"ada{number % 700}@example.org" if number % 2 else ""
    return f"30.00,GU{number:010},{person},{email},50.00,Card {number % 5},2026-01-05,2027-01-04"


def table(path: Path, numbers: range) -> Path:
    """A table of cards."""
    path.write_text("\n".join([HEADER, *map(row, numbers)]), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Shelf:
    """What the stories begin with."""

    desk: Path
    """An empty one; each story works on a copy."""
    long: Path
    """A table that takes five batches."""
    whole: dict[str, bytes]
    """What a desk holds to which the table came in one go."""


@pytest.fixture(scope="module")
def shelf() -> Iterator[Shelf]:
    """Made once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        long = table(folder / "long.csv", range(CARDS))
        init_store(folder / "empty.db", is_sandbox=True, clock=FixedClock(NOON))
        shutil.copy(folder / "empty.db", folder / "whole.db")
        shutil.copy(folder / "empty.key", folder / "whole.key")
        other = opened(folder / "whole.db")
        assert bring(other, long).is_committed
        yield Shelf(folder / "empty.db", long, leave(other, folder / "whole"))


@pytest.fixture
def folder(shelf: Shelf) -> Iterator[Path]:
    """A folder of the story's own, with an empty desk in it."""
    with tempfile.TemporaryDirectory(dir=shelf.desk.parent) as name:
        for end in (".db", ".key"):
            shutil.copy(shelf.desk.with_suffix(end), Path(name) / f"desk{end}")
        yield Path(name)


@pytest.fixture
def session(folder: Path) -> Session:
    """The manager of that desk."""
    return opened(folder / "desk.db")


def opened(path: Path) -> Session:
    """A desk opened anew, as after a break."""
    return Session(open_store(path, FixedClock(NOON)), "mia")


def bring(session: Session, path: Path, **options: object) -> ImportReport:
    """Import a table for good."""
    return import_mapped(session, path, read_mapping("gift-up"), currency="GBP", is_commit=True, **options)  # type: ignore[arg-type]


def after(batches: int, rows: int = CARDS) -> Callable[[], bool]:
    """A wish to stop that comes when so many batches are written: each row asks before."""
    asked = 0

    def is_stopped() -> bool:
        nonlocal asked
        asked += 1
        return asked >= rows + batches

    return is_stopped


# Stopped.


def test_a_stopped_import_is_told_and_finished_by_the_same_files(session: Session, shelf: Shelf, folder: Path) -> None:
    """Ctrl+C after two batches: a thousand cards are in and right; the rest follows, as if in one go."""
    report = bring(session, shelf.long, is_stopped=after(2))
    assert (report.stopped_after, report.is_committed) == (1000, False)
    (line,) = unfinished_imports(session.store)
    assert (line.cards_in, line.cards, line.is_finished) == (1000, CARDS, False)
    assert not verify(session.store).findings
    assert sheet(session, "GU0000000999").balance_minor == 3000
    report = bring(session, shelf.long)
    assert (report.is_committed, report.in_before, report.new_cards) == (True, 1000, CARDS - 1000)
    assert unfinished_imports(session.store) == ()
    assert leave(session, folder / "out") == shelf.whole
    assert bring(session, shelf.long).is_already_imported


def test_a_forged_watermark_passes_no_card_over(session: Session, shelf: Shelf) -> None:
    """Somebody writes with another tool that more is in than is: verification and the resumed import both say so."""
    bring(session, shelf.long, is_stopped=after(1))
    with session.store.database.writing():
        session.store.database.execute_sql("UPDATE import_batch SET watermark = 1500")
    report = bring(session, shelf.long)
    assert (report.is_committed, report.problem_count) == (False, 1000)
    assert "is not here, though the desk's record" in report.problems[0].sentence
    with session.store.database.writing():
        session.store.database.execute_sql("UPDATE import_batch SET watermark = NULL")
    assert [(found.subject, found.what) for found in verify(session.store).findings] == [
        ("import 1", "how far it is was not set by the desk")
    ]


def test_what_is_in_can_be_used_before_the_rest_comes(session: Session, shelf: Shelf, folder: Path) -> None:
    """A till redeems, a colleague renames the product, another file comes in: the first one goes on where it was."""
    bring(session, shelf.long, is_stopped=after(1))
    assert desk.redeem(session, 1, 500).done
    assert bring(session, table(folder / "other.csv", range(90_000, 90_003))).is_committed
    report = bring(session, shelf.long)
    assert (report.is_committed, report.new_cards) == (True, CARDS - 500)
    assert sheet(session, "GU0000000000").balance_minor == 2500
    assert [line.is_finished for line in imports(session.store)] == [True, True]
    assert not verify(session.store).findings


def test_a_card_that_came_by_another_way_stops_the_rest(session: Session, shelf: Shelf, folder: Path) -> None:
    """Meanwhile somebody imported card 1,500 with another balance: a person decides, nothing more is changed."""
    bring(session, shelf.long, is_stopped=after(1))
    other = folder / "other.csv"
    other.write_text("\n".join([HEADER, row(1500).replace("30.00", "20.00")]), encoding="utf-8")
    assert bring(session, other).is_committed
    before = counts(session.store)
    report = bring(session, shelf.long)
    assert (report.problem_count, report.problems[0].line, report.is_committed) == (1, 1502, False)
    assert counts(session.store) == before
    assert len(unfinished_imports(session.store)) == 1


def test_a_stop_before_anything_is_written_changes_nothing(session: Session, shelf: Shelf) -> None:
    """While the file is still being checked."""
    before = counts(session.store)
    with pytest.raises(Stopped, match=r"Nothing was changed\."):
        bring(session, shelf.long, is_stopped=lambda: True)
    assert counts(session.store) == before


def test_a_problem_in_the_last_line_lets_nothing_in(session: Session, shelf: Shelf, folder: Path) -> None:
    """All of it is checked before any of it is written."""
    path = folder / "long.csv"
    path.write_text(f"{shelf.long.read_text(encoding='utf-8')}\n1.00,GU0000000000,,,,,,", encoding="utf-8")
    before = counts(session.store)
    report = bring(session, path)
    assert (report.problem_count, report.problems[0].line) == (1, CARDS + 2)
    assert counts(session.store) == before


def test_two_who_import_the_same_files_at_once(session: Session, shelf: Shelf) -> None:
    """The one who finds the other further on leaves it to them."""
    has_another = False

    def meanwhile(done: int, total: int) -> None:
        nonlocal has_another
        if done > total // 2 and not has_another:
            has_another = True
            bring(session, shelf.long, is_stopped=after(1))

    with pytest.raises(Refused, match="Somebody else is importing the same files at this moment"):
        bring(session, shelf.long, on_progress=meanwhile)
    assert bring(session, shelf.long).is_committed
    assert not verify(session.store).findings


def test_toggles_files_are_finished_like_others(session: Session, export: Export, folder: Path) -> None:
    """Three files that belong together, stopped somewhere in the middle."""
    for number in range(1, CARDS + 1):
        export.card(number, Current_Balance="12.00")
    files = export.write(folder / "export")
    report = import_toggle(session, *files, currency="GBP", is_commit=True, is_stopped=after(2, 2 * CARDS))
    assert report.stopped_after == 1000
    report = import_toggle(session, *files, currency="GBP", is_commit=True)
    assert (report.is_committed, report.cards) == (True, CARDS)
    assert not verify(session.store).findings


# Killed.


def import_until_killed(desk_path: Path, path: Path, statement: int) -> bool:
    """Let a child process import the table, killed at one of its statements; whether it came to its end before."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            session = opened(desk_path)
            _arm(session.store, statement)
            status = 0 if bring(session, path).refusal is None else 2
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        assert os.WTERMSIG(ended) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(ended) == 0
    return True


def _arm(store: Store, statement: int) -> None:
    seen = 0

    def count(*_event: object) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    database: object = store.database
    database.trace(count, mask=1, expand_sql=False)  # type: ignore[attr-defined]


def test_an_import_killed_again_and_again_is_whole_in_the_end(shelf: Shelf, folder: Path) -> None:
    """Each time something is in it is right, and the next run goes on behind it."""
    dice, path = random.Random(20260521), folder / "desk.db"
    done = [0]
    for _ in range(KILLS):
        if import_until_killed(path, shelf.long, dice.randint(100, 4_000)):
            break
        session = opened(path)
        unfinished = unfinished_imports(session.store)
        done.append(unfinished[0].cards_in if unfinished else 0)
        with session.store.database.connected():
            assert GiftCard.select().count() == done[-1]
    assert done == sorted(done)
    assert done[-1]
    session = opened(path)
    assert not verify(session.store).findings
    bring(session, shelf.long)
    assert leave(session, folder / "out") == shelf.whole


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_an_import_killed_at_a_hundred_points(shelf: Shelf, folder: Path) -> None:
    """A fresh desk for each point; finished, it is the same as in one go."""
    first = random.randrange(10**9)
    for seed in range(first, first + MANY_KILLS):
        path = folder / f"seed{seed}.db"
        for end in (".db", ".key"):
            shutil.copy(shelf.desk.with_suffix(end), path.with_suffix(end))
        import_until_killed(path, shelf.long, random.Random(seed).randint(1, 12_000))
        session = opened(path)
        assert not verify(session.store).findings, seed
        bring(session, shelf.long)
        assert leave(session, folder / f"out{seed}") == shelf.whole, f"killed with seed {seed}"
        shutil.rmtree(folder / f"out{seed}")
        path.unlink()


def test_the_first_ctrl_c_asks_and_the_second_ends() -> None:
    """Whoever is in a hurry presses it twice."""
    with stoppable() as is_stopped:
        assert not is_stopped()
        signal.raise_signal(signal.SIGINT)
        assert is_stopped()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
