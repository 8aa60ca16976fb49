"""Making a desk, checking it, and where things are."""

import json
import os
import stat
from pathlib import Path

import pytest
from cli.clerk import Clerk

from models.doctor import Finding, Health, TerminalFacts, examine
from models.pending import noted

GOOD = TerminalFacts(True, "xterm-256color", 80, 24, "utf-8", "full")


def test_who_makes_a_desk_is_its_manager(outsider: Clerk) -> None:
    """The desk and its key appear, and nobody else may read the key."""
    told = outsider.asks("init", "--zone", "Europe/Athens", "--currency", "eur")
    assert (told["manager"], told["zone"], told["currency"], told["sandbox"]) == ("mia", "Europe/Athens", "EUR", False)
    assert stat.S_IMODE(Path(told["key"]).stat().st_mode) == 0o640
    assert outsider.asks("agents", "list")[0]["role"] == "manager"
    assert "already" in outsider.is_refused("init", code=78)


@pytest.mark.parametrize("option", [("--zone", "Mars/Olympus"), ("--zone", ""), ("--currency", "XXX")])
def test_a_desk_needs_a_zone_and_a_currency_that_exist(outsider: Clerk, option: tuple[str, str]) -> None:
    """Neither a database nor a key is left behind."""
    outsider.is_refused("init", *option, code=2)
    assert not outsider.database.exists()
    assert not outsider.database.with_suffix(".key").exists()


def test_a_true_desk_takes_no_clock_and_no_other_login_without_a_password(outsider: Clerk) -> None:
    """Outside a sandbox --now is refused by every command, and --as where nobody can type."""
    for words in (("--now", "2026-05-21T12:00:00Z"), ("--as", "sam")):
        assert "--sandbox" in outsider.is_refused("init", *words)
    outsider.does("init")
    assert "sandbox only" in outsider.is_refused("verify", "--now", "2026-05-21T12:00:00Z")
    assert "no terminal to type a password on" in outsider.is_refused("--as", "sam", "find", "x", code=2)


def test_a_sandbox_may_be_made_by_anybody_at_any_time(outsider: Clerk) -> None:
    """For training: the clock and the login are what they are said to be."""
    outsider.does("init", "--sandbox", "--as", "pat", "--now", "2026-05-21T12:00:00Z")
    assert outsider.asks("agents", "list")[0]["created_at"] == "2026-05-21T12:00:00Z"
    assert outsider.asks("agents", "list")[0]["login"] == "pat"


def test_paths_are_told_before_there_is_a_desk(outsider: Clerk) -> None:
    """So that an operator sees where it would be."""
    told = outsider.asks("locate")
    assert told["database"] == str(outsider.database)
    assert told["key"] == str(outsider.database.with_suffix(".key"))
    assert set(told) == {"database", "settings", "key", "log", "state"}
    assert str(outsider.database) in outsider.does("locate", "--db", str(outsider.database))


def test_keys_are_listed(outsider: Clerk) -> None:
    """The same table as on the help page."""
    told = outsider.asks("keys")
    assert {"id", "keys", "title", "help", "group", "changed"} == set(told[0])
    assert "Reactivate" in outsider.does("keys")


def _findings(path: Path, terminal: TerminalFacts = GOOD) -> dict[str, Finding]:
    return {found.subject: found for found in examine(path, terminal)}


def test_doctor_finds_a_sound_desk_sound(clerk: Clerk) -> None:
    """Nothing bad is exit code 0, in words and as JSON."""
    assert "fingerprint" in clerk.does("doctor")
    assert all(found["health"] in ("ok", "warn") for found in clerk.asks("doctor"))
    assert {found.health for found in _findings(clerk.database).values()} == {Health.OK}


def test_doctor_without_a_desk_tells_the_cure(outsider: Clerk) -> None:
    """What is bad is exit code 1, and each bad line has its cure."""
    answer = outsider.types("doctor", "--json")
    assert answer.code == 1
    bad = [found for found in json.loads(answer.out) if found["health"] == "bad"]
    assert {found["subject"] for found in bad} == {"folder", "database"}
    assert all(found["cure"] for found in bad)


def test_doctor_sees_a_key_that_others_can_read(clerk: Clerk) -> None:
    """A key that is open to others is as good as lost."""
    clerk.database.with_suffix(".key").chmod(0o644)
    found = _findings(clerk.database)["key"]
    assert found.health is Health.BAD
    assert "chmod 640" in (found.cure or "")


def test_doctor_sees_a_key_of_another_desk(clerk: Clerk) -> None:
    """Opening the database fails, and the sentence says why."""
    clerk.database.with_suffix(".key").write_text("ab" * 32)
    found = _findings(clerk.database)["database"]
    assert found.health is Health.BAD
    assert "belongs to another database" in (found.cure or "")


@pytest.mark.parametrize(
    ("terminal", "subject"),
    [
        (TerminalFacts(False, "xterm", 80, 24, "utf-8", "full"), "terminal"),
        (TerminalFacts(True, "dumb", 80, 24, "utf-8", "full", is_foreign=True), "terminal"),
        (TerminalFacts(True, "xterm", 79, 50, "utf-8", "full"), "size"),
        (TerminalFacts(True, "xterm", 132, 20, "utf-8", "full"), "size"),
        (TerminalFacts(True, "xterm", 80, 24, "ascii", "full"), "characters"),
    ],
)
def test_doctor_sees_what_a_terminal_lacks(clerk: Clerk, terminal: TerminalFacts, subject: str) -> None:
    """A warning with its cure, and nothing bad: the commands work everywhere."""
    found = _findings(clerk.database, terminal)
    assert [each.subject for each in found.values() if each.health is not Health.OK] == [subject]
    assert found[subject].health is Health.WARN
    assert found[subject].cure


def test_doctor_tells_what_became_of_a_change_that_was_cut_off(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that died while it waited for an answer left a note."""
    with monkeypatch.context() as patch, noted(clerk.database, "key-1", "redeem"):
        patch.setattr("models.pending._is_running", lambda _process: False)
        found = _findings(clerk.database)["pending"]
    assert found.health is Health.WARN
    assert "redeem was not carried out" in found.told


def test_doctor_sees_a_clock_that_runs_behind(outsider: Clerk) -> None:
    """A computer whose clock was set back can change nothing until it is right."""
    from datetime import UTC, datetime

    from models.clock import FixedClock

    outsider.does("init")
    past = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
    found = {each.subject: each for each in examine(outsider.database, GOOD, past)}
    assert found["clock"].health is Health.BAD


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_only_be_read(outsider: Clerk) -> None:
    """Neither init nor doctor is silent about it."""
    folder = outsider.database.parent
    folder.mkdir()
    folder.chmod(0o500)
    try:
        assert "Nothing was changed." in outsider.types("init").err
        assert _findings(outsider.database)["folder"].health is Health.BAD
    finally:
        folder.chmod(0o700)
