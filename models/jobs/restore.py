"""Restoring: a backup becomes a desk where none is. The backup itself stays as it is."""

import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from models import audit
from models.agents import colleague
from models.database import (
    DATABASE_MODE,
    FileDatabase,
    check_identity,
    migrate,
    missing_migrations,
    refuse_left_overs,
)
from models.definitions import check_definitions
from models.errors import Fault, faults
from models.exits import BAD_INPUT, CANNOT_OPEN, DISK, MISCONFIGURED, NO_PERMISSION
from models.hand import Hand
from models.jobs.backup import Progress, checked
from models.jobs.verify import VerifyReport
from models.keys import Keys, keep_key, key_path, read_key
from models.pending import forget_all
from models.placing import placed
from models.rules.texts import NAME, made_safe
from models.schema import APPLICATION_ID, TABLES, HighWater
from models.store import Store, desk_on
from models.unit import Session

_NOTHING: Final = "Nothing was restored."
_MAGIC: Final = b"SQLite format 3\0"
_HEADER: Final = 100


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be restored where."""

    file: Path
    database: Path
    key: Path | None
    """Where the key is read from; None for where the desk will look for it."""
    sit_down: Callable[[Store], Session]
    """Who restores; raises Refused for somebody who may not work at that desk."""
    accepts_findings: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """A desk that was restored."""

    database: Path
    key: Path
    reached_at: datetime
    """When the last thing in it was written down, UTC."""
    applied: tuple[str, ...]
    """The migrations that it lacked."""
    report: VerifyReport
    """What it adds up to."""


def restore(order: Order, on_progress: Progress = None) -> Restored:
    """Put a backup in place as a desk, with its key, checked before it appears.

    Raises Fault when something is there already, and for a backup that is damaged, incomplete, no backup,
    from a newer giftdesk, of another key, or that does not add up. Then nothing is there.
    """
    path, key = order.database, key_path(order.database)
    if os.path.lexists(path):
        raise Fault(
            f"There is a database at {path} already. Move it away, or restore to another place with --db. {_NOTHING}",
            CANNOT_OPEN,
        )
    refuse_left_overs(path)
    _check_file(order.file)
    has_brought_key = False
    try:
        with placed(path, DATABASE_MODE) as copy:
            _copy(order.file, copy)
            with faults(order.file, _NOTHING):
                restored, keys = _made_ready(order, FileDatabase(copy, told_as=order.file), on_progress)
            has_brought_key = keep_key(key, keys)
    except BaseException:
        if has_brought_key:
            key.unlink()
        raise
    forget_all(path)
    return restored


def _made_ready(order: Order, database: FileDatabase, on_progress: Progress) -> tuple[Restored, Keys]:
    """Check the copy of a backup, bring it up to date, and set it to the mode in which desks work."""
    with database.bind_ctx(TABLES), database.connected():
        check_identity(database)
        if database.damage() is not None:
            raise Fault(f"{order.file} is damaged. Take another backup. {_NOTHING}", BAD_INPUT)
        keys = _right_key(order, _fingerprint(database))
        missing = missing_migrations(database)
        migrate(database)
        check_definitions(database)
        database.execute_sql("DELETE FROM relocation")  # wherever it was moving to, this one stays
        store = desk_on(database, keys)
        report = checked(database, store, _NOTHING, order.accepts_findings, on_progress)
        reached_at = HighWater.get().reached_at
        _record(order, order.sit_down(store), reached_at)
        database.pragma("journal_mode", "wal")
    return Restored(order.database, key_path(order.database), reached_at, tuple(missing), report), keys


def _check_file(file: Path) -> None:
    """Raise Fault for what can be seen to be no whole backup before it is opened."""
    try:
        found = file.stat()
        if stat.S_ISDIR(found.st_mode):
            raise Fault(f"{file} is a folder, not a backup.", CANNOT_OPEN)
        if not stat.S_ISREG(found.st_mode):
            raise Fault(f"{file} is no file that could be a backup.", CANNOT_OPEN)
        with file.open("rb") as opened:
            header = opened.read(_HEADER)
    except FileNotFoundError:
        raise Fault(f"There is no backup at {file}. Check the path.", CANNOT_OPEN) from None
    except PermissionError:
        raise Fault(f"{file} may not be read by you. Ask whoever took it.", NO_PERMISSION) from None
    except OSError as error:
        raise Fault(f"{file} can't be read: {error.strerror}.", CANNOT_OPEN) from None
    if not header.startswith(_MAGIC) or int.from_bytes(header[68:72]) != APPLICATION_ID:
        what = "is empty" if not header else "is no backup of a giftdesk"
        raise Fault(f"{file} {what}. Check the path. {_NOTHING}", BAD_INPUT)
    if header[18] != 1:
        raise Fault(
            f"{file} is a working database that was copied with another tool, which may lack the latest changes. "
            f"Restore what was taken with: giftdesk backup. {_NOTHING}",
            BAD_INPUT,
        )
    page, pages = int.from_bytes(header[16:18]), int.from_bytes(header[28:32])
    expected = (65536 if page == 1 else page) * pages
    if found.st_size != expected:
        raise Fault(
            f"{file} has {found.st_size:,} bytes where {expected:,} belong: it is incomplete or damaged. "
            f"Copy it again from where it is kept. {_NOTHING}",
            BAD_INPUT,
        )


def _copy(file: Path, copy: Path) -> None:
    try:
        shutil.copyfile(file, copy)
    except OSError as error:
        raise Fault(f"{file} could not be copied to {copy.parent}: {error.strerror}. {_NOTHING}", DISK) from None


def _fingerprint(database: FileDatabase) -> str:
    """The fingerprint of a desk's key; read without the models, for an older desk may lack columns."""
    row = database.execute_sql("SELECT key_fingerprint FROM business").fetchone()
    if row is None:
        raise Fault(f"{database.place} does not say whose desk it is. Take another backup. {_NOTHING}", BAD_INPUT)
    return str(row[0])


def _right_key(order: Order, fingerprint: str) -> Keys:
    """The key that a backup was taken with. Raises Fault, naming its fingerprint, when it is not there."""
    kept = key_path(order.database)
    source = order.key or kept
    wanted = f"This backup needs the key with the fingerprint {fingerprint}"
    if not source.exists():
        raise Fault(f"{wanted}, and there is none at {source}. Name its file with --key. {_NOTHING}", CANNOT_OPEN)
    keys = read_key(source)
    if keys.fingerprint != fingerprint:
        raise Fault(
            f"{wanted}; {source} has {keys.fingerprint}. Name the right one with --key. {_NOTHING}", MISCONFIGURED
        )
    if kept.exists() and read_key(kept).fingerprint != fingerprint:
        raise Fault(
            f"The key of another desk lies at {kept}, where this one's belongs. Move it away, or restore to another "
            f"place with --db. {_NOTHING}",
            MISCONFIGURED,
        )
    return keys


def _record(order: Order, session: Session, reached_at: datetime) -> None:
    """Write down in the desk itself that it went back to what it was, and who took it there."""
    store = session.store
    with store.database.writing():
        now = store.now()
        agent = colleague(session, now)
        store.database.reach(now)
        hand = Hand(store.keys, store.business, now, agent.id, agent.name)
        after = {"file": made_safe(order.file.name, NAME), "last_record_at": reached_at.isoformat()}
        audit.record(hand, "desk", "restore", None, after)
