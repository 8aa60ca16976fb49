"""The counter at which the stories of these tests are told: one desk, its colleagues, and the journal to look at."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from postgres import CLERK, PrivateServer, as_owner

from models import desk
from models.agents import sign_on
from models.clock import FixedClock
from models.database import FileDatabase
from models.errors import Fault
from models.histories import ActivityLine
from models.jobs.verify import verify
from models.locations import Place, Server
from models.rules.policy import Policy
from models.rules.roles import Role
from models.rules.validity import Period, ValidityRules
from models.schema import TABLES
from models.server.driver import marked
from models.sheets import CardSheet, card_sheet
from models.store import Store, init_store, open_store
from models.unit import Outcome, Session

NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)

PRODUCTS = {
    "half": ValidityRules(period=Period(6, "months")),
    "forever": ValidityRules(),
    "careful": ValidityRules(activation_delay_days=3, period=Period(6, "months")),
    "summer": ValidityRules(expires_on=date(2026, 8, 31)),
    "week": ValidityRules(period=Period(1, "weeks")),
}
STAFF = {
    "mia": Role.MANAGER,
    "sue": Role.SUPERVISOR,
    "sam": Role.AGENT,
    "ada": Role.AUDITOR,
    "pat": Role.PAYMENTS,
    "olaf": Role.OPERATOR,
}


BOTH = ("file", "server")
"""For modules whose stories are told on either engine: ENGINES = BOTH."""
P = TypeVar("P", Path, Place)


def furnish(path: P, zone: str = "Europe/London", *, is_sandbox: bool = True) -> P:
    """Make a desk at a place, with all products and staff, and a policy that asks for no approval."""
    store = init_store(path, zone=zone, is_sandbox=is_sandbox, clock=FixedClock(NOON), policy=Policy())
    with store.database.writing():
        for login, role in STAFF.items():
            email = "sam@desk.example" if login == "sam" else None
            sign_on(store, store.now(), login=login, name=login.title(), role=role, email=email)
    for code, rules in PRODUCTS.items():
        assert desk.set_product(Session(store, "mia"), code, name=code.title(), rules=rules).done
    return path


def copy_desk(original: Path, folder: Path) -> Path:
    """A copy of a desk that nobody has open, with its key."""
    for suffix in (".db", ".key"):
        shutil.copy(original.with_suffix(suffix), folder / f"desk{suffix}")
    return folder / "desk.db"


def served_key(folder: Path) -> Path:
    """The key of all desks on a server, in a folder of the tests."""
    return folder / "served.key"


class ServedDesks:
    """Desks on a server, copied from furnished ones; one key opens them all."""

    def __init__(self, server: PrivateServer, key: Path) -> None:
        self.server = server
        self.key = key
        self._furnished: dict[tuple[str, bool], str] = {}

    @contextmanager
    def copy(self, zone: str = "Europe/London", *, is_sandbox: bool = True) -> Iterator[Place]:
        """A furnished desk that is dropped afterwards; its key is the chosen one meanwhile."""
        name = self.new_copy(zone, is_sandbox=is_sandbox)
        try:
            with chosen_key(self.key):
                yield self.place(name)
        finally:
            self.server.drop(name)

    @contextmanager
    def copy_of(self, name: str) -> Iterator[Place]:
        """A copy of a desk that nobody has open, dropped afterwards; its key is the chosen one meanwhile."""
        copied = self.server.new_database(name)
        try:
            with chosen_key(self.key):
                yield self.place(copied)
        finally:
            self.server.drop(copied)

    def place(self, name: str) -> Place:
        """A desk as clerks reach it."""
        return self.server.place(name, CLERK)

    def new_copy(self, zone: str = "Europe/London", *, is_sandbox: bool = True) -> str:
        """The database of a furnished desk that nobody else works on."""
        kind = (zone, is_sandbox)
        if kind not in self._furnished:
            name = self.server.new_database()
            with chosen_key(self.key):
                furnish(self.server.place(name), zone, is_sandbox=is_sandbox)
            self.server.let_clerks_work(name)
            self._furnished[kind] = name
        return self.server.new_database(self._furnished[kind])


@contextmanager
def chosen_key(key: Path) -> Iterator[None]:
    """While this lasts, every desk has this key."""
    before = os.environ.get("GIFTDESK_KEY")
    os.environ["GIFTDESK_KEY"] = str(key)
    try:
        yield
    finally:
        os.environ.pop("GIFTDESK_KEY")
        if before is not None:
            os.environ["GIFTDESK_KEY"] = before


def fault_of(place: Place) -> Fault:
    """Why a desk does not open."""
    with pytest.raises(Fault) as caught:
        open_store(place)
    return caught.value


@contextmanager
def plain_sql(place: Place, *, guarded: bool = True) -> Iterator[Any]:
    """Another program's connection to the database. Unguarded: the triggers are away while it works."""
    with _file_sql(place, guarded) if isinstance(place, Path) else _server_sql(place, guarded) as connection:
        yield connection


@contextmanager
def _file_sql(path: Path, guarded: bool) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    try:
        if not guarded:
            for name, _ in triggers:
                connection.execute(f'DROP TRIGGER "{name}"')
        yield connection
        if not guarded:
            for _, definition in triggers:
                connection.execute(definition)
        connection.commit()
    finally:
        connection.close()


@contextmanager
def _server_sql(server: Server, guarded: bool) -> Iterator[Any]:
    import psycopg

    class Cursor(psycopg.Cursor[Any]):
        """Takes `?` as the mark of a parameter, as the tests write it."""

        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            return super().execute(marked(query) if params else query, params, **options)

    with psycopg.connect(as_owner(server.url), cursor_factory=Cursor) as connection:
        if not guarded:
            _switch_triggers(connection, "DISABLE")
        yield connection
        if not guarded:
            _switch_triggers(connection, "ENABLE")


def _switch_triggers(connection: Any, how: str) -> None:
    for table in TABLES:
        connection.execute(f'ALTER TABLE "{table._meta.table_name}" {how} TRIGGER USER')


def everything_stored(place: Place) -> bytes:
    """All that lies in a database, as somebody finds it who steals it."""
    if isinstance(place, Path):
        return b"".join(file.read_bytes() for file in place.parent.iterdir())
    with plain_sql(place) as sql:
        tables = [table._meta.table_name for table in TABLES]
        rows = [row for table in tables for row in sql.execute(f'SELECT held::text FROM "{table}" AS held')]
    return "\n".join(row for (row,) in rows).encode()


@dataclass(frozen=True)
class Counter:
    """One desk and its clock."""

    store: Store
    clock: FixedClock

    @property
    def database(self) -> FileDatabase:
        """The desk's database, when it is a file."""
        assert isinstance(self.store.database, FileDatabase)
        return self.store.database

    @property
    def file(self) -> Path:
        """Where the desk lies, when it is not on a server."""
        assert isinstance(self.store.path, Path)
        return self.store.path

    def __getattr__(self, login: str) -> Session:
        """Whoever is named: counter.sam is Sam at this desk."""
        if login not in STAFF:
            raise AttributeError(login)
        return Session(self.store, login)

    def wait(self, **length: float) -> None:
        """Let time pass: wait(days=3)."""
        self.clock.tick(timedelta(**length))

    def at(self, text: str) -> None:
        """Set the clock to an instant, UTC."""
        self.clock.at = datetime.fromisoformat(text).replace(tzinfo=UTC)

    def issued(self, product: str = "half", amount_minor: int = 5000, **options: object) -> int:
        """The id of a card that Mia just issued."""
        outcome = desk.issue(Session(self.store, "mia"), product, amount_minor, **options)  # type: ignore[arg-type]
        assert outcome.done, outcome.sentence
        assert outcome.card_id is not None
        return outcome.card_id

    def sheet(self, card: int) -> CardSheet:
        """What an agent sees of a card now."""
        return card_sheet(Session(self.store, "sam"), card)

    def journal(self, card: int) -> list[ActivityLine]:
        """All activities of a card, oldest first."""
        return list(reversed(self.sheet(card).activities))

    def kinds(self, card: int) -> list[str]:
        """The kinds of all activities, oldest first."""
        return [line.kind.value for line in self.journal(card)]

    def last(self, card: int) -> ActivityLine:
        """The newest activity."""
        return self.sheet(card).activities[0]

    def findings(self) -> list[str]:
        """What verification has to say."""
        return [f"{finding.subject}: {finding.what}" for finding in verify(self.store).findings]

    def assert_refused(self, outcome: Outcome, sentence: str, card: int, before: list[str]) -> None:
        """Nothing was done, the sentence says why, and the journal is what it was."""
        assert (outcome.done, outcome.sentence) == (False, sentence)
        assert self.kinds(card) == before
        assert not self.findings()


def card_row(
    balance: int,
    broken: int,
    active_from: datetime,
    cut_off: datetime | None,
    suspended: datetime | None = None,
    cancelled: datetime | None = None,
) -> dict[str, object]:
    """A card's row as it may stand beside a journal; nothing seals it."""
    return {
        "product": 1,
        "currency": "GBP",
        "last_four": "0000",
        "balance_minor": balance,
        "broken_minor": broken,
        "active_from_at": active_from,
        "cut_off_at": cut_off,
        "last_day_on": None if cut_off is None else cut_off.date(),
        "suspended_at": suspended,
        "cancelled_at": cancelled,
        "head_number": 1,
        "head_mac": b"",
        "seal": b"",
        "changed_at": NOON,
    }


def spoil_a_page(path: Path, table: str) -> None:
    """Write rubbish over the root of a table, in a database that nobody has open."""
    with plain_sql(path) as sql:
        (page,) = sql.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = sql.execute("PRAGMA page_size").fetchone()
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xaa" * size)
