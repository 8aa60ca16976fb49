"""Bad input of every kind: one sentence, the right exit code, and nothing is changed."""

import sqlite3
from pathlib import Path

import pytest
from cli.clerk import Clerk

from models.locations import log_file


@pytest.mark.parametrize("command", ["suspend", "lift", "flag", "reactivate", "redeem", "top-up", "refund", "escalate"])
def test_a_code_that_no_card_answers_to(clerk: Clerk, command: str) -> None:
    """Every command on a card says so, and asks for the code again."""
    more = {
        "reactivate": [],
        "redeem": ["--amount", "1"],
        "top-up": ["--amount", "1"],
        "refund": ["--amount", "1", "--of", "x"],
    }.get(command, ["--reason", "x"])
    assert clerk.is_refused(command, "234567892345678T", *more).startswith("No card answers to this code.")
    answer = clerk.types(command, "234567892345678T", *more, "--json")
    assert '"verdict": "unknown"' in answer.out


@pytest.mark.parametrize("code", ["", "#", "23456789!", "2345\x1b[2J", "ÄÖÜ234"])
def test_a_text_that_can_be_no_code(clerk: Clerk, code: str) -> None:
    """The character is named, and nothing reaches the terminal that it would obey."""
    assert "\x1b" not in clerk.is_refused("show", code, code=2)


@pytest.mark.parametrize("instant", ["2026-05-21T12:00:00", "2026-05-21", "yesterday"])
def test_a_clock_is_set_with_its_zone(clerk: Clerk, instant: str) -> None:
    """What a person may type to look back is too little to set a clock by."""
    clerk.now = None
    assert clerk.is_refused("verify", f"--now={instant}", code=2).startswith("--now: ")


@pytest.mark.parametrize(
    "instant",
    [
        "2026-02-30T12:00:00Z",
        "2026-05-21T25:00:00Z",
        "",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_an_instant_that_is_none(clerk: Clerk, instant: str) -> None:
    """Never, nowhere: both options for instants refuse it."""
    clerk.now = None
    assert clerk.is_refused("show", "x", f"--at={instant}", code=2).startswith("--at: ")
    assert clerk.is_refused("verify", f"--now={instant}", code=2).startswith("--now: ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["shw"], "but there is 'show'"),
        (["bogus"], "There is no command 'bogus'"),
        (["show"], "required: CODE"),
        (["show", "x", "--colour"], "--colour"),
        (["product"], "required"),
        (["product", "sett"], "but there is 'set'"),
        (["escalate", "x", "--text", "t", "--why", "because"], "none of still_fails"),
        (["flag", "x", "--reason", "r", "--number", "two"], "two"),
        (["issue", "--prod", "half", "--amount", "5"], "--product"),
        (["find", "a\udcffb"], "no UTF-8"),
        (["redeem", "x", "--amount"], "--amount"),
    ],
)
def test_a_command_that_was_not_understood(clerk: Clerk, words: list[str], told: str) -> None:
    """One sentence that says what was wrong; no page of usage."""
    assert told in clerk.is_refused(*words, code=2)


def test_no_desk_yet(outsider: Clerk) -> None:
    """The sentence says how to make one."""
    assert "giftdesk init" in outsider.is_refused("find", "x", code=66)
    assert "giftdesk init" in outsider.is_refused("migrate", code=66)


def test_a_folder_is_no_desk(outsider: Clerk) -> None:
    """A path that names a folder is told so."""
    assert "is a folder" in outsider.is_refused("find", "x", "--db", str(outsider.database.parent.parent), code=66)


@pytest.mark.parametrize("url", ["mysql://user@host/desk", "sqlite://host/desk.db", "sqlite:///"])
def test_an_address_that_is_none(outsider: Clerk, url: str) -> None:
    """The sentence shows how one is written."""
    assert "sqlite:////absolute/path.db" in outsider.is_refused("verify", "--db", url, code=78)


def test_a_path_that_is_too_long(outsider: Clerk) -> None:
    """What the computer refuses is told in a sentence as well."""
    assert "too long" in outsider.is_refused("verify", "--db", f"/{'x' * 300}.db", code=66)


@pytest.mark.parametrize("content", [b"", b"this is no database at all\n" * 100])
def test_a_file_that_is_no_desk(outsider: Clerk, tmp_path: Path, content: bytes) -> None:
    """Neither reading nor migrating touches it."""
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    assert "not a giftdesk database" in outsider.is_refused("find", "x", "--db", str(path), code=65)
    assert "not a giftdesk database" in outsider.is_refused("migrate", "--db", str(path), code=65)
    assert path.read_bytes() == content


def test_a_desk_of_a_newer_giftdesk(clerk: Clerk) -> None:
    """It is left alone, by every command."""
    with sqlite3.connect(clerk.database) as newer:
        newer.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')")
    newer.close()
    assert "newer giftdesk" in clerk.is_refused("verify", code=65)
    assert "newer giftdesk" in clerk.is_refused("migrate", code=65)


def test_a_desk_without_its_key(clerk: Clerk) -> None:
    """The sentence says what is lost with it."""
    key = clerk.database.with_suffix(".key")
    key.rename(key.with_suffix(".old"))
    assert "is missing" in clerk.is_refused("verify", code=66)
    key.write_text("no key")
    assert "holds no giftdesk key. Bring the right one back" in clerk.is_refused("verify", code=78)
    key.write_text("ab" * 16)
    assert "holds no giftdesk key" in clerk.is_refused("verify", code=78)
    key.write_text("ab" * 32)
    assert "belongs to another database" in clerk.is_refused("verify", code=78)


def test_a_fault_of_our_own_tells_no_customers_data(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence with exit code 70; the log says where it happened and names nobody."""

    def broken(*_arguments: object, **_options: object) -> None:
        secret = "ada@example.org"
        raise KeyError(secret)

    monkeypatch.setattr("tui.console.finding.look_up", broken)
    told = clerk.is_refused("find", "ada@example.org", code=70)
    assert "fault of its own" in told
    assert str(log_file()) in told
    log = log_file().read_text()
    assert "KeyError" in log
    assert "test_bad_input.py" in log
    assert "ada" not in log
