"""Backups at the command line: taken, carried elsewhere, and made a desk again."""

from pathlib import Path

import pytest
from cli.clerk import Clerk


@pytest.fixture
def backup(clerk: Clerk, tmp_path: Path) -> Path:
    """A backup of the clerk's desk."""
    file = tmp_path / "kept.backup"
    clerk.does("backup", str(file))
    return file


def test_a_backup_says_what_is_in_it_and_what_is_not(clerk: Clerk, tmp_path: Path) -> None:
    """The key is not: where it lies, and by which fingerprint it is known, is said each time."""
    clerk.issues("50.00")
    told = clerk.does("backup", str(tmp_path / "1.backup"))
    assert "is a backup of 1 card (50.00 GBP) and 1 activity" in told
    assert f"The key is NOT in it: {clerk.database.with_suffix('.key')}, fingerprint " in told
    facts = clerk.asks("backup", str(tmp_path / "2.backup"))
    assert facts["fingerprint"] in told
    assert (facts["done"], facts["cards"], facts["balances_minor"]) == (True, 1, {"GBP": 5000})
    assert facts["bytes"] == Path(facts["file"]).stat().st_size


def test_a_desk_is_carried_to_another_place(clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its key it answers there as it did here."""
    code = clerk.issues("50.00")
    clerk.does("backup", str(tmp_path / "kept.backup"))
    key, there = clerk.database.with_suffix(".key"), tmp_path / "there" / "desk.db"
    monkeypatch.setenv("GIFTDESK_DB", str(there))
    told = clerk.does("restore", str(tmp_path / "kept.backup"), "--key", str(key))
    assert f"The desk is restored at {there} with 1 card (50.00 GBP)" in told
    assert "Its last record is of 21 May 2026 13:00; what came after is not in it." in told
    assert clerk.balance(code) == 5000
    assert "There is a database at" in clerk.is_refused("restore", str(tmp_path / "kept.backup"), code=66)


def test_restoring_without_the_key_says_which_one_is_needed(clerk: Clerk, backup: Path, tmp_path: Path) -> None:
    there = tmp_path / "there" / "desk.db"
    fingerprint = clerk.asks("backup", str(tmp_path / "again.backup"))["fingerprint"]
    told = clerk.is_refused("restore", str(backup), "--db", str(there), code=66)
    assert f"needs the key with the fingerprint {fingerprint}, and there is none at {there.with_suffix('.key')}" in told
    assert not there.parent.exists()


def test_who_may_not_take_backups_takes_none(clerk: Clerk, tmp_path: Path) -> None:
    clerk.login = "sam"
    assert "ask a manager or an operator" in clerk.is_refused("backup", str(tmp_path / "kept.backup"))
    assert not (tmp_path / "kept.backup").exists()


def test_a_true_desk_takes_no_clock_and_no_other_login_when_it_is_restored(outsider: Clerk, tmp_path: Path) -> None:
    """As with every other command; and nothing is left of the try."""
    outsider.does("init")
    outsider.does("backup", str(tmp_path / "kept.backup"))
    words = ("restore", str(tmp_path / "kept.backup"), "--db", str(tmp_path / "there" / "desk.db"))
    key = ("--key", str(outsider.database.with_suffix(".key")))
    assert "sandbox only" in outsider.is_refused(*words, *key, "--now", "2026-05-21T12:00:00Z")
    assert "type a password" in outsider.is_refused(*words, *key, "--as", "sam", code=2)
    assert not (tmp_path / "there").exists()
    outsider.does(*words, *key)


def test_a_backup_cannot_be_worked_on(clerk: Clerk, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody names it as the database: it is left as it is, and the sentence says what to do."""
    before = backup.read_bytes()
    monkeypatch.setenv("GIFTDESK_KEY", str(clerk.database.with_suffix(".key")))
    told = clerk.is_refused("find", "x", "--db", str(backup), code=65)
    assert "If it is a backup, restore it with: giftdesk restore" in told
    assert backup.read_bytes() == before
