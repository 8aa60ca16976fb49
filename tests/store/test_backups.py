"""A desk is copied, and what was copied becomes a desk again: all of it, or nothing."""

import stat
from pathlib import Path

import pytest
from store.counter import NOON, Counter, plain_sql, spoil_a_page
from store.restoring import files, order, taken

from models import desk
from models.clock import FixedClock
from models.errors import Fault, Refused
from models.finding import find_exact
from models.jobs.backup import back_up
from models.jobs.restore import restore
from models.schema import Audit
from models.store import Store, open_store
from models.unit import Session


def test_a_backup_becomes_the_same_desk_elsewhere(counter: Counter, elsewhere: Path, clock: FixedClock) -> None:
    """A card that was issued before is found there, with its money and its history."""
    issued = desk.issue(counter.mia, "half", 5000, recipient=desk.PersonGiven("Ada", "ada@example.org"))
    assert desk.redeem(counter.sam, issued.card_id or 0, 1250).done
    before = counter.sheet(issued.card_id or 0)
    backup = taken(counter)
    assert (backup.report.cards, backup.report.activities, backup.report.balances_minor) == (1, 2, {"GBP": 3750})
    assert (backup.key, backup.fingerprint) == (counter.file.with_suffix(".key"), counter.store.keys.fingerprint)
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
        restore(order(backup, counter.file))
    assert backup.read_bytes() == before
    elsewhere.with_suffix(".key").write_text("ab" * 32)
    with pytest.raises(Fault, match="The key of another desk lies at"):
        restore(order(backup, elsewhere))
    assert files(elsewhere) == ["desk.key"]


@pytest.mark.parametrize("login", ["sam", "sue", "ada", "pat", "stranger"])
def test_not_everybody_may_take_everything_home(counter: Counter, login: str) -> None:
    with pytest.raises(Refused, match=r"may not back the desk up; ask a manager or an operator\."):
        taken(counter, login)
    assert not counter.file.with_name("kept.backup").exists()


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
    file = spoiled.file.with_name("kept.backup")
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
    path = counter.file
    spoil_a_page(path, "activity")
    with pytest.raises(Fault) as caught:
        back_up(Session(open_store(path, clock), "olaf"), elsewhere)
    assert caught.value.sentence.endswith("No backup was made.")
    assert files(elsewhere) == []
