"""The command line at a desk on a server: the same words, the same answers, and what is left to the server's tools."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.clerk import LATER, Clerk
from jobs.toggle_export import Export
from postgres import CLERK, PrivateServer, granted_by_the_readme

from models.locations import Place, Server, database_path

ENGINES = ("server",)


def test_a_day_at_a_desk_on_a_server(clerk: Clerk) -> None:
    """From the first card to the night's run: everything adds up."""
    code = clerk.issues("50.00", "--name", "Lin", "--email", "lin@example.org", "--order", "77")
    assert "37.50 GBP left" in clerk.does("redeem", code, "--amount", "12.50", "--order", "78")
    clerk.does("organisation", "set", "Northwind", "--vip", "--source", "contract")
    clerk.does("note", code, "called about her card")
    for words in (code, code[-4:], "lin@example.org", "lin", "78"):
        assert code[-4:] in clerk.does("find", words)
    assert clerk.asks("show", code)["balance_minor"] == 3750
    assert "mia" in clerk.does("agents", "list")
    clerk.now = LATER
    assert "1 balance (37.50 GBP) would expire" in clerk.does("expire", "--dry-run")
    assert "1 balance (37.50 GBP) expired." in clerk.does("expire")
    assert "37.50 GBP given back" in clerk.does("reactivate", code)
    assert clerk.balance(code) == 3750
    assert "all add up" in clerk.does("verify")


def test_an_import_comes_in_once_and_the_desk_goes_on(clerk: Clerk, tmp_path: Path) -> None:
    """Ids that the import used are not handed out again."""
    export = Export()
    for number in range(1, 8):
        export.sold(number, Recipient_Name="Ada", Recipient_Email=f"ada{number}@example.org")
    files = [str(path) for path in export.write(tmp_path / "export")]
    words = ("import", "toggle", *files, "--currency", "GBP", "--commit")
    assert "7" in clerk.does(*words)
    clerk.does(*words)
    bo = ("--name", "Bo", "--email", "bo@example.org")
    codes = [clerk.issues("5.00", *bo) for _ in range(3)]
    assert [clerk.balance(code) for code in codes] == [500] * 3
    assert "10 cards" in clerk.does("verify")


def test_cards_move_from_a_server_to_a_file(clerk: Clerk, tmp_path: Path) -> None:
    """With the same key, and nothing is lost on the way: out again, the files are the same."""
    code = clerk.issues("50.00", "--name", "Lin", "--email", "lin@example.org")
    clerk.does("redeem", code, "--amount", "12.50", "--order", "78")
    clerk.does("export", "csv", str(tmp_path / "before"))
    file = ("--db", str(tmp_path / "moved.db"))
    clerk.does("init", "--sandbox", *file)
    clerk.does("product", "set", "half", "--name", "Half year", "--expire-after", "6 months", *file)
    tables = [str(tmp_path / "before" / name) for name in ("cards.csv", "activities.csv")]
    clerk.does("import", "giftdesk", *tables, "--commit", *file)
    clerk.does("export", "csv", str(tmp_path / "after"), *file)
    for name in ("cards.csv", "activities.csv"):
        assert (tmp_path / "after" / name).read_text() == (tmp_path / "before" / name).read_text()
    assert clerk.asks("show", code, *file)["balance_minor"] == 3750


def test_the_desk_tells_where_it_is(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its address without a password, and its key, which lies with the user's own data."""
    monkeypatch.delenv("GIFTDESK_KEY")
    told = clerk.asks("locate", "--db", "postgresql://ann:secret@db.example/shop")
    assert told["database"] == "postgresql://ann@db.example/shop"
    assert Path(told["key"]).name == "shop.key"
    assert "secret" not in str(told)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("backup", "desk.backup"), "pg_dump"),
        (("restore", "desk.backup"), "pg_restore"),
    ],
)
def test_what_is_the_servers_own_task_is_told(clerk: Clerk, words: tuple[str, ...], told: str) -> None:
    """In one sentence, and nothing is done."""
    clerk.now = None
    assert told in clerk.is_refused(*words, code=78)


def test_a_desk_that_is_up_to_date_has_nothing_to_migrate(clerk: Clerk) -> None:
    """The command says so."""
    clerk.now = None
    assert "nothing was left to apply" in clerk.does("migrate")


def test_a_role_is_let_work_by_a_command(
    clerk: Clerk, server: PrivateServer, new_place: Callable[[], Place], tmp_path: Path
) -> None:
    """As a desk is made, after it was brought up to date, or as statements for whoever runs the server."""
    clerk.now = None
    place = new_place()
    assert isinstance(place, Server)
    there = ("--db", place.url)
    clerk.does("init", "--sandbox", "--role", CLERK, *there)
    assert clerk.does("grant", "--role", CLERK, *there) == f"{CLERK} can work at {place}, and do nothing else there.\n"
    clerk.does("migrate", "--role", CLERK, *there)
    daily = ("--db", server.url(place.name, CLERK))
    told = {each["subject"]: each for each in json.loads(clerk.types("doctor", "--json", *daily).out)}
    assert told["rights"]["told"] == f"{CLERK} can add to history, and never change it"
    said = clerk.does("grant", "--role", CLERK, "--print", "--db", str(tmp_path / "nowhere.db"))
    assert said.strip() == granted_by_the_readme().strip()
    assert "one of the server's own" in clerk.is_refused("grant", "--role", "pg_monitor", "--print", code=78)
    assert "knows no role nobody" in clerk.is_refused("grant", "--role", "nobody", *there, code=78)
    assert "which knows no roles" in clerk.is_refused("grant", "--role", "x", "--db", str(tmp_path / "x.db"), code=78)


def test_doctor_knows_a_desk_on_a_server(clerk: Clerk) -> None:
    """It names the server's release; the tests' own server would not survive a power cut, which it says."""
    clerk.now = None
    found = json.loads(clerk.types("doctor", "--json").out)
    server = [each for each in found if each["subject"] == "server"]
    assert server[0]["told"].startswith("PostgreSQL 1")
    assert [each["told"].split()[0] for each in server if each["health"] == "bad"] == ["fsync", "full_page_writes"]
    assert [each["subject"] for each in found if each["health"] == "bad"] == ["server", "server"]
    assert "folder" not in {each["subject"] for each in found}


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://ann@host", "must name a database"),
        ("postgresql://[host/desk", "can't be read"),
        ("postgresql://ann@/desk?host=/nowhere", "can't be reached"),
        ("postgresql://ann@/desk?hast=/nowhere", "can't be read"),
        ("postgresql://ann@/desk?host=/nowhere&port=x", "can't be read"),
        ("postgresql://ann@/desk?host=/nowhere&port=99999", "can't be read"),
        ("postgresql://ann@/desk?host=/nowhere&sslmode=tight", "can't be read"),
        ("postgresql://ann@/desk?hostaddr=nowhere", "can't be read"),
        ("postgresql://ann@/desk?host=/nowhere&connect_timeout=soon", "can't be read"),
        ("postgresql://ann@nosuch.invalid/desk", "can't be reached"),
        ("postgresql://invalid@/invalid?host=/invalid", "can't be reached"),
    ],
)
def test_an_address_that_leads_nowhere(outsider: Clerk, url: str, told: str) -> None:
    """The sentence says what is wrong with it."""
    answer = outsider.types("verify", "--db", url)
    assert answer.code in (66, 78), answer
    assert told in answer.err


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:hush/hush@host/desk",
        "postgresql:ann:hush@host/desk",
        "postgresql//ann:hush@host/desk",
        "host=db.example password=hush dbname=desk",
    ],
)
def test_a_slip_in_an_address_tells_no_password(outsider: Clerk, url: str) -> None:
    """What is meant for a server is never named as a file would be."""
    answer = outsider.types("verify", "--db", url)
    assert answer.code == 78
    assert "can't be read" in answer.err
    assert "hush" not in answer.err


def test_a_server_is_named_in_every_spelling() -> None:
    """A host, a port, a socket's folder: shown as given, without the password and without what is no place."""
    place = database_path("postgres://ann:s%40x@db.example:5433/gift%20desk?sslmode=require&application_name=x")
    assert isinstance(place, Server)
    assert (str(place), place.name) == ("postgresql://ann@db.example:5433/gift desk", "gift desk")
    assert "s%40x" not in repr(place)
