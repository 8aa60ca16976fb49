"""What an export is: harmless in a spreadsheet, its writer's alone, of one moment, in nothing else's place."""

import csv
import io
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from jobs.toggle_export import Export
from jobs.twins import HOSTILE, leave, lines, read, tables
from postgres import AT_LENGTH

from models import desk
from models.agents import sign_on
from models.engines import file_of
from models.errors import Fault, Refused
from models.jobs.exporting import export_csv, export_json_lines
from models.jobs.plans import ImportReport
from models.jobs.spreadsheets import TableWriter, guarded, unguarded
from models.keys import key_path
from models.rules.roles import Role
from models.schema import Audit
from models.store import Store
from models.unit import Outcome, Session

ENGINES = AT_LENGTH
pytestmark = pytest.mark.usefixtures("no_litter")
Bring = Callable[..., ImportReport]


@pytest.mark.parametrize("text", [*HOSTILE, "", "'", "''", "'x", "\t=x", "\x9b1m", "-5x", "-1.5e3", "=" * 3])
def test_a_guarded_cell_is_no_formula_and_reads_back_as_it_was(text: str) -> None:
    """A spreadsheet computes nothing, and nobody loses an apostrophe."""
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "＝")


@pytest.mark.parametrize("text", ["-5", "-12.50", "12.50", "0"])
def test_a_number_stays_a_number(text: str) -> None:
    """Below zero, too: it says the same whether it is computed or not."""
    assert unguarded(text) == guarded(text) == text


@pytest.mark.parametrize("text", ["Lin;=1+1", "Lin\t=1+1", 'Lin, "=1"', "two\r\n=1+1", " =1+1"])
def test_no_cell_falls_into_two(text: str) -> None:
    """A spreadsheet in another country separates at semicolons, and would compute what comes behind one."""
    file = io.StringIO()
    TableWriter(file, ("name", "due")).write({"name": text, "due": None})
    written = file.getvalue()
    assert list(csv.reader(io.StringIO(written))) == [["name", "due"], [text, ""]]
    cells = [cell for sign in ";\t" for row in csv.reader(io.StringIO(written), delimiter=sign) for cell in row]
    assert not [cell for cell in cells if cell.startswith("=")]


def test_no_cell_of_an_export_begins_like_a_formula(
    manager: Session, export: Export, bring: Bring, tmp_path: Path
) -> None:
    """Whatever the customer is called. A negative number is a number."""
    for number, name in enumerate(HOSTILE, start=1):
        export.line(export.sold(number, Recipient_Name=name), "redemption", "-1.00", "2025-12-01 19:00:00", Notes=name)
    bring(is_commit=True)
    leave(manager, tmp_path / "out")
    for row in (row for path in tables(tmp_path / "out") for row in read(path)):
        for column, text in row.items():
            assert column.startswith("amount") or text[:1] not in ("=", "+", "-", "@", "＝")


def test_an_export_is_readable_for_its_writer_alone(busy: Session, tmp_path: Path) -> None:
    """Names and balances are nobody else's."""
    leave(busy, tmp_path / "out")
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()} == {0o600}
    assert sorted(os.listdir(tmp_path / "out")) == ["activities.csv", "cards.csv", "cards.jsonl"]


def test_an_export_tells_of_one_moment_while_others_write(busy: Session, tmp_path: Path) -> None:
    """A till redeems and a colleague issues while the file is written: neither waits, neither is half in the file."""
    told: list[int] = []

    def meanwhile(done: int, _total: int) -> None:
        told.append(done)
        if done == 1:
            other = Session(busy.store, "mia")
            results: list[Outcome] = []
            in_a_thread(lambda: results.append(desk.redeem(other, 3, 500)))
            in_a_thread(lambda: results.append(desk.issue(other, "half", 700)))
            assert [result.done for result in results] == [True, True]

    export_json_lines(busy, tmp_path / "cards.jsonl", meanwhile)
    assert told == [1, 2, 3]
    assert [card["card"]["balance_minor"] for card in lines(tmp_path / "cards.jsonl")] == [1000, 2000, 3000]


def in_a_thread(work: Callable[[], object]) -> None:
    """Work on a connection of its own, and wait for it."""
    from threading import Thread

    thread = Thread(target=work)
    thread.start()
    thread.join()


def test_an_export_takes_the_place_of_an_export_and_of_nothing_else(busy: Session, tmp_path: Path) -> None:
    """The same command every night goes on; a slip of the pen costs neither desk nor key, letter or link."""
    export_csv(busy, tmp_path)
    export_csv(busy, tmp_path)
    lines, link, letter = tmp_path / "cards.jsonl", tmp_path / "link", tmp_path / "letter"
    export_json_lines(busy, lines)
    export_json_lines(busy, lines)
    link.symlink_to(lines)
    os.mkfifo(tmp_path / "pipe")
    letter.write_text("Dear Ada", encoding="utf-8")
    desk_file = file_of(busy.store.path)
    others = (desk_file, key_path(busy.store.path), link, letter, tmp_path / "cards.csv", tmp_path / "pipe", tmp_path)
    before = [path.lstat() for path in others]
    for path in others:
        with pytest.raises(Fault, match="is no earlier export"):
            export_json_lines(busy, path)
    assert [(path.lstat().st_ino, path.lstat().st_mode) for path in others] == [(s.st_ino, s.st_mode) for s in before]
    (tmp_path / "cards.csv").write_text("Ada's shopping list", encoding="utf-8")
    with pytest.raises(Fault, match="is no earlier export"):
        export_csv(busy, tmp_path)


def test_a_broken_export_leaves_no_file(busy: Session, tmp_path: Path) -> None:
    """It is stopped after the second card: what was there stays, and nothing half lies about."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "cards.csv").write_text("code,digest,folded: yesterday's", encoding="utf-8")

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_csv(busy, folder, stop)
    assert os.listdir(folder) == ["cards.csv"]
    assert (folder / "cards.csv").read_text(encoding="utf-8") == "code,digest,folded: yesterday's"


@pytest.mark.usefixtures("busy")
def test_only_operators_and_managers_export_and_it_is_written_down(store: Store, tmp_path: Path) -> None:
    """Sam may not; of what the operator took away there is a trace."""
    with store.database.writing():
        sign_on(store, store.now(), login="sam", name="Sam", role=Role.AGENT)
        sign_on(store, store.now(), login="olaf", name="Olaf", role=Role.OPERATOR)
    with pytest.raises(Refused, match="may not export cards"):
        export_csv(Session(store, "sam"), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    export_csv(Session(store, "olaf"), tmp_path / "out")
    with store.database.connected():
        row = Audit.select().where(Audit.subject == "export").get()
    assert (row.actor_name, row.after["cards"], row.after["activities"]) == ("Olaf", 3, 3)


def test_a_folder_that_takes_no_files_is_a_sentence(busy: Session, tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(Fault, match=r"cannot be written to: .*\. Nothing was written\."):
        export_csv(busy, tmp_path / "out")
