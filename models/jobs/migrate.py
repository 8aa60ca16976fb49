"""Bringing a desk that an older giftdesk made up to date, with a copy of what it was beside it."""

import os
from dataclasses import dataclass
from pathlib import Path

from models.clock import SystemClock
from models.database import FileDatabase, applied_migrations, check_identity, migrate, missing_migrations
from models.engines import server_of
from models.errors import Fault, faults
from models.exits import CANNOT_OPEN
from models.jobs.backup import MODE, copy_database
from models.locations import Place, Server
from models.placing import placed
from models.relocation import check_settled
from models.server.driver import let_in


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was done to a desk."""

    applied: tuple[str, ...]
    """The names of the migrations that were applied here."""
    backup: Path | None
    """A copy of the desk as it was; None when there was nothing to do."""


def bring_up_to_date(place: Place, role: str | None = None) -> Migrated:
    """Apply the migrations that a database lacks, and set it back to the mode that keeps commits safe.

    On a server a role may be named that is to work there from then on.

    Raises Fault for what is no desk, or one from a newer giftdesk.
    """
    if isinstance(place, Server):
        let_in()
        from models.server.opening import migrate_server

        return Migrated(tuple(migrate_server(place, role)), None)
    if role is not None:
        server_of(place)
    path = place
    if not path.is_file():
        raise Fault(
            f"There is no database at {path}. Check the path, or make one with: giftdesk init --db {path}", CANNOT_OPEN
        )
    database = FileDatabase(path)
    with faults(path, "What was applied before is saved; run it again."), database.connected():
        check_identity(database)
        missing = missing_migrations(database)
        if missing:
            check_settled(database, applied_migrations(database))
        backup = _copied(database, path) if missing else None
        database.pragma("journal_mode", "wal")
        return Migrated(tuple(migrate(database)), backup)


def _copied(database: FileDatabase, path: Path) -> Path:
    """A copy of a database as it is, beside it, with the version, the time (UTC) and the process in its name."""
    version = max(applied_migrations(database), default="unversioned")
    # Two that migrate at once may read the same microsecond.
    file = path.with_name(f"{path.stem}-{version}-{SystemClock().now():%Y%m%d-%H%M%S-%f}-{os.getpid()}.backup")
    with placed(file, MODE) as copy:
        copy_database(database, copy, file)
    return file
