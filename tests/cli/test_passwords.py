"""Signing in at the command line: typed unseen, or read from a file that nobody else may read."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli.clerk import Clerk
from screens.test_terminal import _DEMO, Terminal
from store.wishes import LIGHT

from models import credentials
from models.credentials import NO_WAY_IN
from models.store import open_store

HORSE = "correct horse battery"
STAPLE = "staple and paper clip"
Write = Callable[..., str]


@pytest.fixture(autouse=True)
def _light(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash costs next to nothing here."""
    monkeypatch.setattr(credentials, "COST", LIGHT)


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Write a password into a file that only its owner may read: written("sam", "correct horse")."""

    def write(name: str, password: str, mode: int = 0o600) -> str:
        file = tmp_path / f"{name}.password"
        file.write_text(f"{password}\n")
        file.chmod(mode)
        return str(file)

    return write


@pytest.fixture
def mia(outsider: Clerk, written: Write) -> Clerk:
    """The manager of a desk that is no sandbox, with a password; Sam is an agent there."""
    outsider.does("init")
    outsider.does("agents", "add", "sam", "--name", "Sam")
    outsider.does("agents", "password", "--password-file", written("mia", HORSE))
    return outsider


@pytest.fixture
def guarded(mia: Clerk, written: Write, monkeypatch: pytest.MonkeyPatch) -> Clerk:
    """The same desk, which asks for passwords; Mia's lies in a file."""
    mia.does("policy", "set", "--sign-in", "password")
    monkeypatch.setenv("GIFTDESK_PASSWORD_FILE", written("mia", HORSE))
    return mia


def test_somebody_is_added_once(clerk: Clerk) -> None:
    added = clerk.asks("agents", "add", "zoe", "--role", "supervisor", "--name", "Zoe", "--email", "zoe@example.org")
    assert (added["login"], added["role"], added["name"]) == ("zoe", "supervisor", "Zoe")
    assert clerk.is_refused("agents", "add", "zoe") == (
        "zoe is at this desk already: change them with giftdesk agents set zoe."
    )
    listed = {line["login"]: line for line in clerk.asks("agents", "list")}
    assert (listed["zoe"]["email"], listed["zoe"]["has_password"]) == ("zoe@example.org", False)
    assert clerk.asks("verify")["findings"] == []


def test_a_manager_sets_a_first_password_and_everybody_sees_that_there_is_one(mia: Clerk, written: Write) -> None:
    told = mia.does("agents", "password", "sam", "--password-file", written("sam", STAPLE))
    assert told == "The password of sam is set.\n"
    assert {line["login"]: line["has_password"] for line in mia.asks("agents", "list")} == {"mia": True, "sam": True}
    assert STAPLE not in "".join(map(str, mia.database.parent.iterdir()))


def test_somebody_signs_in_as_another_by_the_others_password(
    mia: Clerk, written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a computer where somebody else is logged in."""
    mia.does("agents", "password", "sam", "--password-file", written("sam", STAPLE))
    monkeypatch.setenv("GIFTDESK_PASSWORD_FILE", written("sam", STAPLE))
    assert "ask a manager" in mia.is_refused("agents", "set", "sam", "--role", "manager", "--as", "sam")
    monkeypatch.setenv("GIFTDESK_PASSWORD_FILE", written("wrong", HORSE))
    for login in ("sam", "nobody"):
        assert mia.is_refused("find", "x", "--as", login) == NO_WAY_IN


def test_ones_own_password_is_changed_with_the_old_one(
    mia: Clerk, written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = ("agents", "password", "--password-file", written("new", STAPLE))
    assert "no terminal to type a password on" in mia.is_refused(*change, code=2)
    monkeypatch.setenv("GIFTDESK_PASSWORD_FILE", written("wrong", STAPLE))
    assert mia.is_refused(*change).startswith("That is not your old password.")
    monkeypatch.setenv("GIFTDESK_PASSWORD_FILE", written("old", HORSE))
    assert mia.does(*change).startswith("Your password is set.")


def test_a_desk_without_a_managers_password_asks_for_none(outsider: Clerk) -> None:
    outsider.does("init")
    refused = outsider.is_refused("policy", "set", "--sign-in", "password")
    assert refused.endswith("Set one first: giftdesk agents password")


def test_a_desk_that_asks_is_opened_by_nobodys_login(guarded: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the password in the file, and not without it."""
    assert guarded.asks("agents", "list")
    monkeypatch.delenv("GIFTDESK_PASSWORD_FILE")
    assert "no terminal to type a password on" in guarded.is_refused("agents", "list", code=2)


def test_an_operators_job_runs_by_itself(guarded: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cron types nothing; with --as it is signed in like everybody."""
    guarded.does("agents", "add", "max", "--role", "manager")
    store = open_store(guarded.database)
    guarded.does("agents", "password", "max", "--password-file", str(guarded.database.parent.parent / "mia.password"))
    guarded.does("agents", "set", "mia", "--role", "operator")
    monkeypatch.delenv("GIFTDESK_PASSWORD_FILE")
    guarded.does("expire", "--dry-run")
    assert store.path == guarded.database


@pytest.mark.parametrize(
    ("password", "mode", "told"),
    [
        (HORSE, 0o640, "Others may read the password file"),
        (HORSE, 0o604, "chmod 600"),
        ("", 0o600, "is empty"),
    ],
)
def test_a_password_file_is_its_owners_alone(
    guarded: Clerk, written: Write, monkeypatch: pytest.MonkeyPatch, password: str, mode: int, told: str
) -> None:
    monkeypatch.setenv("GIFTDESK_PASSWORD_FILE", written("mia", password, mode))
    assert told in guarded.is_refused("agents", "list", code=78)


def test_a_password_file_that_is_not_there(guarded: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIFTDESK_PASSWORD_FILE", "/nowhere/at all")
    assert "can't be read" in guarded.is_refused("agents", "list", code=66)


# On a terminal.


@pytest.fixture
def at_terminal(guarded: Clerk, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Type a command on a real terminal, without any file."""
    opened: list[Terminal] = []

    def type_(*words: str) -> Terminal:
        environment = {"GIFTDESK_DB": str(guarded.database)}
        opened.append(Terminal(_DEMO, *words, home=tmp_path, environment=environment))
        return opened[-1]

    yield type_
    for terminal in opened:
        terminal.close()


def test_a_typed_password_is_not_seen(at_terminal: Callable[..., Terminal]) -> None:
    terminal = at_terminal("agents", "list", "--as", "mia")
    terminal.sees("Password of mia:")
    terminal.types(f"{HORSE}\n")
    assert terminal.ends() == 0
    terminal.sees("mia manager")
    assert HORSE.encode() not in terminal.received


def test_a_wrong_one_is_told_in_a_sentence(at_terminal: Callable[..., Terminal]) -> None:
    terminal = at_terminal("agents", "list", "--as", "mia")
    terminal.sees("Password of mia:")
    terminal.types(f"{STAPLE}\n")
    assert terminal.ends() == 1
    terminal.sees("do not open the desk")


def test_a_new_one_is_typed_twice(at_terminal: Callable[..., Terminal]) -> None:
    """A slip would lock its owner out."""
    terminal = at_terminal("agents", "password", "sam", "--as", "mia")
    for question, typed in (("Password of mia:", HORSE), ("New password of sam:", STAPLE), ("once more:", HORSE)):
        terminal.sees(question)
        terminal.types(f"{typed}\n")
    assert terminal.ends() == 2
    terminal.sees("These are two passwords. Nothing was changed.")


def test_the_screens_ask_before_they_open(at_terminal: Callable[..., Terminal]) -> None:
    terminal = at_terminal("--as", "mia")
    terminal.sees("Password of mia:")
    terminal.types(f"{HORSE}\n")
    terminal.sees("mia · manager")
    terminal.types("\x11")
    assert terminal.ends() == 0


def test_hashing_is_brought_in_by_the_first_password_only(mia: Clerk) -> None:
    """A desk without passwords never pays for it."""
    script = (
        "import sys\nfrom tui.cli import main\nfrom models.agents import system_login\n"
        "main(['agents', 'list', '--db', sys.argv[1]])\n"
        "assert not any(name.startswith('argon2') for name in sys.modules), 'brought in'"
    )
    subprocess.run([sys.executable, "-c", script, str(mia.database)], check=True, capture_output=True, timeout=60)
