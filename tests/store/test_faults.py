"""The table of faults: whatever goes wrong is told in one true sentence, nothing is half done, and work goes on after.

A row is a fault; its columns are what a clerk does meanwhile, at a desk that was open before, and as a command.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from postgres import CLERK
from store import faulty
from store.counter import NOON, Counter, copy_desk
from store.faulty import Misfortune
from store.scene import (
    ALL,
    CANARIES,
    READING,
    WRITING,
    Scene,
    everything,
    set_scene,
    told,
    told_at_the_desk,
    told_by_a_command,
    words,
)

from models import database
from models.clock import FixedClock
from models.locations import log_file
from models.store import open_store
from tui.cli import main

NOTHING = "Nothing was changed."
BUSY = f"75 Another desk is saving and did not finish in time. Try again. {NOTHING}"
FAILS = "74 The disk that holds {path} failed to read or write; it may be full. Check it before going on. " + NOTHING
FULL = f"74 The disk that holds {{path}} is full. Free some space and try again. {NOTHING}"
READ_ONLY = f"77 {{path}}, or the folder that it is in, can only be read. Ask for the right to write there. {NOTHING}"
LIES_READ_ONLY = (
    "77 {path} lies where nothing can be written, which a desk needs even to look. Ask for the right to write there, "
    f"or move it. {NOTHING}"
)
CANNOT_OPEN = (
    "66 {path} cannot be opened. Check that the file and its folder are there and may be read and written. " + NOTHING
)
GONE = "66 There is no database at {path}. Check the path, or make one with: giftdesk init --db {path}"
NO_DATABASE = f"65 {{path}} is not a giftdesk database. Check the path, or restore a backup. {NOTHING}"
DAMAGED = f"65 {{path}} is damaged. Stop working with it and restore a backup. {NOTHING}"
OLDER = "65 {path} was made by an older giftdesk. Run: giftdesk migrate"
NEWER = "65 {path} was made by a newer giftdesk. Update this one; nothing was changed."
LOST = (
    "66 {path} can't be reached, or the connection to it was lost. Check that the server runs, and try again. "
    + NOTHING
)
SLOW = f"75 {{path}} took too long over this and was told to stop. Try again. {NOTHING}"
RACE = f"75 Somebody else changed the same thing at the same moment. Try again. {NOTHING}"
OVERLOADED = f"75 {{path}} has too much to do to take this on. Try again. {NOTHING}"
NOT_LET_IN = f"77 {{path}} does not let you in. Check the user and the password, or ask whoever runs it. {NOTHING}"
CLOSED = f"77 {{path}} answered, and did not let you in. Ask whoever runs it. {NOTHING}"
NO_RIGHT = (
    "77 {path} does not give you the right to do that. The desk's owner has it, and gives what daily work needs by: "
    f"giftdesk grant. {NOTHING}"
)
NO_SUCH = f"66 There is no database at {{path}}. Ask whoever runs the server to create it. {NOTHING}"
SERVER_FULL = f"74 The disk of {{path}} is full. Free some space and try again. {NOTHING}"
SERVER_FAILS = f"74 The disk of {{path}} failed to read or write. Check it before going on. {NOTHING}"
UNKNOWN_TRIGGER = "65 {path} has a trigger or a rule that giftdesk did not make (fail). Do not work with it."


@dataclass(frozen=True)
class Row:
    """A fault, what it stops at a desk that is open, and what is told then."""

    does: Misfortune
    told: str = ""
    stops: Sequence[str] = ALL
    at_start: str = ""
    """What is told to whoever opens the desk meanwhile, as every command does; nothing where that goes well."""
    is_seen_by_commands: bool = True
    """Whether commands meet it at all, and nothing else before it."""

    def at_the_desk(self, deed: str) -> str:
        """What is told at an open desk."""
        if deed == "start":
            return self.at_start
        return self.told if deed in self.stops else ""

    def by_a_command(self, deed: str) -> str:
        """What a command says."""
        return self.at_start or self.at_the_desk(deed)


def failing(code: str, told: str) -> Row:
    """What is to be written down of a card, the server answers with this error; new desks see what makes it do so."""
    return Row(faulty.answers_with(code), told, WRITING, UNKNOWN_TRIGGER, is_seen_by_commands=False)


FILES = {
    "a desk that was stopped while it saves": Row(faulty.a_desk_stopped_while_it_saves, BUSY, WRITING),
    "no file may grow": Row(faulty.no_room_to_grow, FAILS, ALL, FAILS),
    "the file can only be read": Row(faulty.rights(0o444, 0o777), READ_ONLY, WRITING, LIES_READ_ONLY),
    "the folder can only be read": Row(faulty.rights(0o666, 0o555), READ_ONLY, ALL, LIES_READ_ONLY),
    "the file may not be read": Row(
        faulty.rights(0o600, 0o777), CANNOT_OPEN, ALL, "77 {path} may not be read by you. Ask whoever runs the desk."
    ),
    "the folder may not be entered": Row(
        faulty.rights(0o666, 0o600), CANNOT_OPEN, ALL, "77 {path} can't be reached by you. Ask whoever runs the desk."
    ),
    "the file is gone": Row(faulty.no_file, CANNOT_OPEN, ALL, GONE),
    "the folder is gone": Row(faulty.no_folder, CANNOT_OPEN, ALL, GONE),
    "a folder stands there": Row(
        faulty.a_folder_in_its_place, CANNOT_OPEN, ALL, "66 {path} is a folder, not a database."
    ),
    "a letter stands there": Row(faulty.another_file_in_its_place, NO_DATABASE, ALL, NO_DATABASE),
    "its header is garbled": Row(faulty.garbled_header, NO_DATABASE, ALL, NO_DATABASE),
    "a page of the journals is garbled": Row(faulty.garbled_journal, DAMAGED, ("open", *WRITING)),
    "a page of the cards is garbled": Row(faulty.garbled_cards, DAMAGED, ("find", "open", *WRITING)),
    "its schema is older": Row(faulty.an_older_schema, at_start=OLDER, stops=()),
    "its schema is newer": Row(faulty.a_newer_schema, at_start=NEWER, stops=()),
}
SERVERS = {
    "a desk that was stopped while it saves": Row(faulty.a_desk_stopped_while_it_saves, BUSY, WRITING),
    "the tables are held": Row(faulty.tables_held, BUSY, ALL, BUSY),
    "nobody listens": Row(faulty.nobody_listens, LOST, ALL, LOST),
    "connections are dropped": Row(faulty.connections_dropped, stops=()),
    "too many are connected": Row(
        faulty.told_to_the_server("ALTER ROLE {clerk} CONNECTION LIMIT 0", "ALTER ROLE {clerk} CONNECTION LIMIT -1"),
        OVERLOADED,
        ALL,
        OVERLOADED,
    ),
    "no password is given": Row(faulty.entry("local {name} {clerk} scram-sha-256"), NOT_LET_IN, ALL, NOT_LET_IN),
    "no line lets one in": Row(faulty.entry("local {name} {clerk} reject"), NOT_LET_IN, ALL, NOT_LET_IN),
    "the user may not log in": Row(
        faulty.told_to_the_server("ALTER ROLE {clerk} NOLOGIN", "ALTER ROLE {clerk} LOGIN"), NOT_LET_IN, ALL, NOT_LET_IN
    ),
    "there is no such user": Row(
        faulty.told_to_the_server("ALTER ROLE {clerk} RENAME TO gone", "ALTER ROLE gone RENAME TO {clerk}"),
        NOT_LET_IN,
        ALL,
        NOT_LET_IN,
    ),
    "there is no such database": Row(
        faulty.told_to_the_server("ALTER DATABASE {name} RENAME TO gone", "ALTER DATABASE gone RENAME TO {name}"),
        NO_SUCH,
        ALL,
        NO_SUCH,
    ),
    "the database takes nobody": Row(
        faulty.told_to_the_server(
            "ALTER DATABASE {name} ALLOW_CONNECTIONS false", "ALTER DATABASE {name} ALLOW_CONNECTIONS true"
        ),
        CLOSED,
        ALL,
        CLOSED,
    ),
    "nothing may be written down": Row(
        faulty.told_to_the_database(f"REVOKE INSERT ON activity FROM {CLERK}", f"GRANT INSERT ON activity TO {CLERK}"),
        NO_RIGHT,
        WRITING,
    ),
    "nothing may be read": Row(
        faulty.told_to_the_database(
            f"REVOKE SELECT ON gift_card FROM {CLERK}", f"GRANT SELECT ON gift_card TO {CLERK}"
        ),
        NO_RIGHT,
        ("find", "open", "note", "reactivate", "expiry run"),
    ),
    "two are always in each other's way": failing("40P01", RACE),
    "it can't put all changes in one order": failing("40001", RACE),
    "its disk is full": failing("53100", SERVER_FULL),
    "its disk fails": failing("58030", SERVER_FAILS),
    "its memory is full": failing("53200", OVERLOADED),
    "its pages are damaged": failing("XX001", DAMAGED),
    "its schema is older": Row(faulty.an_older_schema, at_start=OLDER, stops=()),
    "its schema is newer": Row(faulty.a_newer_schema, at_start=NEWER, stops=()),
}
OFTEN = {
    "a desk that was stopped while it saves",
    "no file may grow",
    "the folder can only be read",
    "nobody listens",
}
"""What the default run tries; -m slow tries the rest."""


def rows() -> Iterator[Any]:
    for engine, table in (("file", FILES), ("server", SERVERS)):
        for name in table:
            marks = () if name in OFTEN else (pytest.mark.slow,)
            yield pytest.param(engine, name, marks=marks, id=f"{engine}: {name}")


@pytest.fixture(scope="module")
def _all_is_imported(furnished: Path) -> None:
    """Each deed was done once, and failed once: what they import can't be read by somebody without rights."""
    clock = FixedClock(NOON)
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        practice = set_scene(Counter(open_store(copy_desk(furnished, Path(folder)), clock), clock), Path(folder))
        for _ in range(2):
            for deed in ALL:
                told_at_the_desk(practice, deed)
                main(list(words(practice, deed)))
            practice.file.unlink(missing_ok=True)


@contextmanager
def impatient(engine: str) -> Iterator[None]:
    """Waits of seconds for others are over in a moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "BUSY_SECONDS", 0.03)
        if engine == "server":
            from models.server import connection as connecting

            patch.setattr(connecting, "_SETTINGS", connecting._SETTINGS.replace("'3s'", "'30ms'"))
        yield


@pytest.mark.usefixtures("_all_is_imported")
@pytest.mark.parametrize(("engine", "fault"), rows())
def test_a_fault_is_told_truly_and_nothing_is_half_done(
    scene: Scene, engine: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What each deed is told, at the open desk and as a command; then the fault is over, and the same desk does all."""
    is_told({"file": FILES, "server": SERVERS}[engine][fault], scene, engine, capsys)


def is_told(row: Row, scene: Scene, engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A row of the table holds."""
    before = everything(scene)
    expected = expected_of(row)
    scene.counter.store.database.let_go()  # what is kept may still do where no other connection can be made
    with impatient(engine), row.does(scene):
        at_the_desk = told(scene, told_at_the_desk, expected[0])
        by_commands = told(scene, lambda _, deed: told_by_a_command(scene, deed, capsys), expected[1])
    assert (at_the_desk, by_commands) == expected
    scene.counter.store.database.let_go()
    assert everything(scene) == before
    assert told(scene, told_at_the_desk, ALL) == dict.fromkeys(ALL, "")
    assert not scene.counter.findings()
    assert_no_word_of_her(scene)


def expected_of(row: Row) -> tuple[dict[str, str], dict[str, str]]:
    """What is told at the desk, and by commands, but for what writes and is not stopped."""
    at_the_desk = {deed: row.at_the_desk(deed) for deed in ALL}
    by_commands = {deed: row.by_a_command(deed) for deed in ALL if row.is_seen_by_commands}
    columns = (at_the_desk, by_commands)
    return tuple({deed: told for deed, told in each.items() if told or deed in READING} for each in columns)  # type: ignore[return-value]


def assert_no_word_of_her(scene: Scene) -> None:
    """Neither our log names the customer nor the server's."""
    logs = [log_file()] if scene.server is None else [log_file(), scene.server.folder / "log"]
    kept = "".join(log.read_text(errors="replace") for log in logs if log.exists())
    assert not [canary for canary in CANARIES if canary in kept]


# What can't be stored.


@pytest.mark.parametrize("engine", [pytest.param("server", marks=pytest.mark.slow), "file"])
@pytest.mark.parametrize("text", ["an\0nul", "a\ud800surrogate", str(10**30)], ids=["nul", "surrogate", "number"])
def test_what_can_not_be_stored_is_refused(scene: Scene, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Given wherever something is given: one sentence, status 1 or 2, and nothing is changed."""
    table = scene.table.with_name("spoiled.csv")
    table.write_bytes(f"GC-730-911-527,{text},2027-01-31,\n".encode(errors="surrogatepass"))
    before = everything(scene)
    given = {
        "find": ("find", f"{text}@"),
        "open": ("show", text),
        "note": ("note", scene.code, text),
        "reactivate": ("reactivate", scene.expired_code, "--ref", text),
        "import": ("import", "csv", str(table), "--mapping", "pw-gift-cards", "--currency", "GBP", "--commit"),
        "redeem": ("redeem", scene.code, "--amount", text),
    }
    if text.isdigit():
        given = {deed: given[deed] for deed in ("find", "import", "redeem")}
    for deed, command in given.items():
        status = main([*command, *words(scene, "start")[2:]])
        printed = capsys.readouterr()
        assert status in (1, 2), (deed, status, printed)
        assert "Traceback" not in printed.err
        assert (printed.err or printed.out).count("\n") >= 1
    assert everything(scene) == before
