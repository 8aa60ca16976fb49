"""The place that a desk moves to: nothing is there, or what an earlier run of the same move has brought."""

import os
from contextlib import suppress
from pathlib import Path

from peewee import DoesNotExist, PeeweeException

from models.anchors import desk_mark
from models.database import FileDatabase, check_identity
from models.engine import DeskDatabase
from models.engines import create_database, server_of
from models.errors import Fault, faults
from models.exits import MISCONFIGURED
from models.locations import Place, Server
from models.moving.ends import End, end_of
from models.relocation import Stage
from models.schema import TABLES
from models.server.driver import let_in


class Taken(Fault):
    """A desk is at work there."""

    def __init__(self, sentence: str, desk: str | None) -> None:
        """Keep by what that desk is known again, wherever it lies; None for what is no whole desk."""
        super().__init__(sentence, MISCONFIGURED)
        self.desk = desk


def begun_at(place: Place) -> End | None:
    """What a move has begun at a place, at whatever stage; None where nothing is.

    Raises Fault where something else is, or what can't be reached.
    """
    database = unchecked(place)
    if database is None:
        return None
    with faults(place), database.connected():
        names = set(database.get_tables())
        if not names & {table._meta.table_name for table in TABLES}:
            return None
        if isinstance(database, FileDatabase):
            check_identity(database)
        end = end_of(database)
        stand = end.stand() if "relocation" in names else None
        if stand is None or stand.stage in (Stage.LEAVING, Stage.LEFT):
            raise Taken(
                f"There is a desk at {place} already. Name a place where none is; nothing was changed.",
                _desk_at(database),
            )
    end.begun = stand
    return end


def _desk_at(database: DeskDatabase) -> str | None:
    with suppress(PeeweeException, DoesNotExist), database.bind_ctx(TABLES):
        return desk_mark()
    return None


def begin_at(place: Place, source: Place, mark: str, role: str | None = None) -> End:
    """A place made ready for a desk that comes from another: its tables, and nothing that would slow the rows down.

    On a server a role may be named that is to work there.
    """

    def fill(database: DeskDatabase) -> None:
        end_of(database).lay_bare(str(source), mark)

    create_database(place, fill, role)
    end = begun_at(place)
    assert end is not None
    return end


def let_in_late(place: Place, end: End, role: str) -> None:
    """Let a role work at a place where a move was begun without it. Raises Fault as begin_at."""
    server_of(place)
    from models.server.database import ServerDatabase
    from models.server.granting import let_work

    assert isinstance(end.database, ServerDatabase)
    with faults(place), end.database.making():
        let_work(end.database, role)


def unchecked(place: Place) -> DeskDatabase | None:
    """A database as it is, whatever is in it; None where there is no file."""
    if isinstance(place, Path):
        return FileDatabase(place) if os.path.lexists(place) else None
    assert isinstance(place, Server)
    let_in()
    from models.server.database import ServerDatabase

    return ServerDatabase(place)
