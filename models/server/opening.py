"""Making, opening and bringing up to date a desk on a server."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from models.engine import DeskDatabase
from models.errors import Fault, faults
from models.exits import BAD_INPUT, CANNOT_OPEN, MISCONFIGURED
from models.locations import Server
from models.relocation import check_here, check_settled
from models.schema import TABLES, database_proxy
from models.server.database import ServerDatabase
from models.server.definitions import check_definitions, statements
from models.server.granting import let_work
from models.server.migrating import Translated
from models.server.parts import make_parts
from models.server.rights import MIGRATIONS

_MIGRATIONS: Final = Path(__file__).parents[1] / "migrations"
_MAKING: Final = "giftdesk schema"


def open_server(server: Server) -> ServerDatabase:
    """The database on a server, checked and ready. Raises Fault with a sentence for everything that forbids it."""
    database = ServerDatabase(server)
    with faults(server), database.connected():
        _check_encoding(database)
        _check_version(database)
        check_here(database, lambda: check_definitions(database))
    database_proxy.initialize(database)
    return database


def create_server(server: Server, fill: Callable[[DeskDatabase], None], role: str | None = None) -> None:
    """A new desk in a database that is there already and holds none; it is made whole or not at all.

    The tables come from the models, which the migrations add up to; so all of these count as applied. A role that is
    named may work there.
    """
    database = ServerDatabase(server)
    with faults(server), database.connected(), database.making():
        database.hold(_MAKING)
        _check_encoding(database)
        names = {table._meta.table_name for table in TABLES}
        taken = names & set(database.get_tables())
        if taken:
            raise Fault(f"There is a desk at {server} already. Nothing was changed.", MISCONFIGURED)
        for statement in statements(database):
            database.execute_sql(statement)
        make_parts(database)
        _runner(database).fake()
        with database.bind_ctx(TABLES):
            fill(database)
        if role is not None:
            let_work(database, role)


def migrate_server(server: Server, role: str | None = None) -> list[str]:
    """Apply the migrations that a desk lacks, all in one transaction; returns their names.

    A role that is named may work there from the same instant on.

    Raises Fault for what is no desk, one from a newer giftdesk, or one that would not be as it must be.
    """
    database = ServerDatabase(server)
    with faults(server), database.connected(), database.making():
        database.hold(_MAKING)
        database.take_all_the_time()
        applied = _applied(database)
        runner, translated = _runner(database), Translated(database)
        missing = [migration for migration in runner.migrations() if migration.name not in applied]
        if missing:
            check_settled(database, applied)
        for migration in missing:
            migration.load().up(None, translated)
            runner.History.insert(name=migration.name).execute()
        make_parts(database)
        check_here(database, lambda: check_definitions(database))
        if role is not None:
            let_work(database, role)
    return [migration.name for migration in missing]


def _runner(database: ServerDatabase) -> Any:
    from playhouse.migrations import Runner

    return Runner(database, str(_MIGRATIONS), table_name=MIGRATIONS)


def _known() -> set[str]:
    return {file.stem for file in _MIGRATIONS.glob("[0-9]*.py")}


def _applied(database: ServerDatabase) -> set[str]:
    """The names of the migrations that a desk has. Raises Fault where there is no desk, or a newer one."""
    if MIGRATIONS not in database.get_tables():
        raise Fault(f"There is no desk at {database.place}. Make one with: giftdesk init", CANNOT_OPEN)
    applied = {name for (name,) in database.execute_sql(f"SELECT name FROM {MIGRATIONS}")}
    if applied - _known():
        raise Fault(f"{database.place} was made by a newer giftdesk. Update this one; nothing was changed.", BAD_INPUT)
    return applied


def _check_version(database: ServerDatabase) -> None:
    if _known() - _applied(database):
        raise Fault(f"{database.place} was made by an older giftdesk. Run: giftdesk migrate", BAD_INPUT)


def _check_encoding(database: ServerDatabase) -> None:
    (encoding,) = database.execute_sql("SHOW server_encoding").fetchone()
    if encoding != "UTF8":
        raise Fault(
            f"{database.place} stores texts as {encoding}, which has no room for every name. Make the database with "
            "the encoding UTF8.",
            MISCONFIGURED,
        )
