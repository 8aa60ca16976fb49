"""A clerk at work: the deeds that are tried while something is wrong, at an open desk and as commands."""

import codecs
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postgres import PrivateServer
from store.asking import STOPPED
from store.counter import Counter, plain_sql

from models import desk
from models.agents import admit
from models.desk import PersonGiven
from models.errors import Fault
from models.finding import find
from models.jobs.expire import expire
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.locations import Place, Server
from models.lookups import card_answering
from models.schema import TABLES, HighWater, database_proxy
from models.sheets import card_sheet
from models.store import open_store
from models.unit import Outcome, Session
from tui.cli import main

for _encoding in ("utf-8-sig", "cp1252"):
    codecs.lookup(_encoding)  # imported at first use: who is nobody may not be able to read modules any more

NOTE = "called about her aunt, " + "and went on " * 250
CANARIES = ("Wilhelmina", "wilhelmina@canary.example", "called about her aunt")
"""A customer's name and address, and what she said: they belong in no sentence and in no log."""
FOREIGN = "GC-730-911-526"
READING = ("start", "find", "open")
WRITING = ("note", "reactivate", "expiry run", "import")
ALL = (*READING, *WRITING)


@dataclass(frozen=True)
class Scene:
    """A desk, what is on the clerk's table, and who runs the server, if there is one."""

    counter: Counter
    code: str
    """Of a card that works and belongs to somebody."""
    card: int
    expired_code: str
    """Of a card that expired three hours ago."""
    expired: int
    due: int
    """Another one."""
    table: Path
    """A table with a card of another system."""
    server: PrivateServer | None = None

    @property
    def place(self) -> Place:
        """Where the desk is."""
        return self.counter.store.path

    @property
    def file(self) -> Path:
        """The same, where it is a file."""
        return self.counter.file

    @property
    def name(self) -> str:
        """The name of its database on the server."""
        assert isinstance(self.place, Server)
        return self.place.name

    @property
    def mia(self) -> Session:
        """Who works there."""
        return self.counter.mia


def set_scene(counter: Counter, folder: Path, server: PrivateServer | None = None) -> Scene:
    """Make ready what the deeds need."""
    recipient = PersonGiven(*CANARIES[:2])
    works = desk.issue(counter.mia, "half", 5000, recipient=recipient)
    stopped, due = (desk.issue(counter.mia, "week", 5000) for _ in range(2))
    counter.at(STOPPED)
    counter.wait(hours=3)
    table = folder / "theirs.csv"
    table.write_text(f"{FOREIGN},10.00,2027-01-31,\n", encoding="utf-8")
    found = [(str(each.hand_out), each.card_id or 0) for each in (works, stopped, due)]
    return Scene(counter, *found[0], *found[1], found[2][1], table, server)


# At a desk that was open when it went wrong


def _start(scene: Scene) -> None:
    admit(Session(open_store(scene.place, scene.counter.clock), "mia"))


def _find(scene: Scene) -> None:
    assert find(scene.counter.store, CANARIES[1]).lines


def _open(scene: Scene) -> None:
    assert card_sheet(scene.mia, card_answering(scene.mia, scene.code)).balance_minor


def _note(scene: Scene) -> Outcome:
    return desk.note(scene.mia, scene.card, NOTE)


def _reactivate(scene: Scene) -> Outcome:
    return desk.reactivate(scene.mia, scene.expired)


def _expire(scene: Scene) -> None:
    expire(scene.mia)


def _import(scene: Scene) -> None:
    mapping = read_mapping("pw-gift-cards")
    report = import_mapped(scene.mia, scene.table, mapping, currency="GBP", is_commit=True)
    assert report.is_committed or report.is_already_imported


DEEDS: dict[str, Callable[[Scene], object]] = {
    "start": _start,
    "find": _find,
    "open": _open,
    "note": _note,
    "reactivate": _reactivate,
    "expiry run": _expire,
    "import": _import,
}


def told_at_the_desk(scene: Scene, deed: str) -> str:
    """What a clerk is told whose desk stands open, with the exit status that it would have; nothing when it is done."""
    database_proxy.initialize(scene.counter.store.database)
    try:
        outcome = DEEDS[deed](scene)
    except Fault as fault:
        return f"{fault.status} {fault.sentence}"
    if isinstance(outcome, Outcome) and not outcome.done:
        return f"1 {outcome.sentence}"
    return ""


def told(scene: Scene, how: Callable[[Scene, str], str], deeds: Iterable[str]) -> dict[str, str]:
    """What is told of each deed, the place spelled {path}."""
    return {deed: how(scene, deed).replace(str(scene.place), "{path}") for deed in deeds}


# At the command line


def words(scene: Scene, deed: str) -> Sequence[str]:
    """The command that does a deed."""
    place = scene.place
    url = place.url if isinstance(place, Server) else f"sqlite:///{place}"
    table = ("import", "csv", str(scene.table), "--mapping", "pw-gift-cards", "--currency", "GBP", "--commit")
    command = {
        "start": ("agents", "list"),
        "find": ("find", CANARIES[1]),
        "open": ("show", scene.code),
        "note": ("note", scene.code, NOTE),
        "reactivate": ("reactivate", scene.expired_code),
        "expiry run": ("expire",),
        "import": table,
    }[deed]
    return (*command, "--db", url, "--as", "mia", "--now", scene.counter.clock.at.isoformat())


def told_by_a_command(scene: Scene, deed: str, capsys: Any) -> str:
    """The exit status of a command and its complaint; nothing when it is done."""
    status = main(list(words(scene, deed)))
    printed = capsys.readouterr()
    assert (status == 0) == (printed.err == ""), printed
    assert printed.err.count("\n") <= 1, printed.err
    return f"{status} {printed.err.strip()}" if status else ""


def everything(scene: Scene) -> dict[str, list[str]]:
    """All rows of all tables, but for the mark of how late it is."""
    names = [table._meta.table_name for table in TABLES if table is not HighWater]
    with plain_sql(scene.place) as sql:
        return {name: sorted(map(repr, sql.execute(f'SELECT * FROM "{name}"').fetchall())) for name in names}
