"""Backups: a desk in one file, taken while others write, and checked before it is called a backup."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from models import audit
from models.database import FileDatabase, check_identity
from models.definitions import check_definitions
from models.engines import file_of
from models.errors import Fault, Refused, faults
from models.exits import BAD_INPUT, CANNOT_OPEN, DISK, MISCONFIGURED
from models.jobs.verify import VerifyReport, verify
from models.keys import Keys, key_path
from models.placing import placed
from models.rules.roles import Action
from models.rules.texts import NAME, made_safe
from models.rules.wording import plural
from models.schema import TABLES
from models.store import Store, desk_on
from models.unit import Session, begin, begin_reading

MODE: Final = 0o600
"""Only who took a backup may read it: it holds everything but the key."""

Progress = Callable[[int, int], None] | None


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was taken."""

    file: Path
    size: int
    """Bytes."""
    taken_at: datetime
    """UTC."""
    key: Path
    """Where the key lies, which is not in the backup."""
    fingerprint: str
    report: VerifyReport
    """What the copy adds up to."""
    unrecorded: str | None
    """Why the desk's audit does not say who took it, as a sentence; None when it does."""


def back_up(session: Session, file: Path, *, accepts_findings: bool = False, on_progress: Progress = None) -> Backup:
    """Take a backup into a file that is not there yet, or into a folder, under a name with the time (UTC).

    Raises Refused for a role that may not, Fault when the copy cannot be made, is damaged, or does not add up
    (unless findings are accepted). Then no backup is there.
    """
    store, file = session.store, file.absolute()
    database = _file_database(store)
    with faults(store.path), store.database.reading():
        taken_at = begin_reading(session, Action.BACK_UP).now
    if not file.parent.is_dir():  # it may be a disk that is not there today
        raise Fault(f"The folder {file.parent} is not there. Make it first; no backup was made.", CANNOT_OPEN)
    if file.is_dir():
        file = file / f"{file_of(store.path).stem}-{taken_at:%Y%m%d-%H%M%S}.backup"
    with placed(file, MODE) as copy:
        copy_database(database, copy, file)
        report = _checked(FileDatabase(copy, mode="ro", told_as=file), store.keys, accepts_findings, on_progress)
    size = file.stat().st_size
    unrecorded = _record(session, file, report)
    return Backup(file, size, taken_at, key_path(store.path), store.keys.fingerprint, report, unrecorded)


def _file_database(store: Store) -> FileDatabase:
    if isinstance(store.database, FileDatabase):
        return store.database
    raise Fault(f"{store.path} lies on a server. Back it up with the server's own pg_dump.", MISCONFIGURED)


def copy_database(database: FileDatabase, copy: Path, file: Path) -> None:
    """Copy a database into an empty file, which will lie at another path. Raises Fault."""
    try:
        with faults(database.place, "No backup was made."):
            database.copy_into(copy)
    except Fault as fault:
        if fault.status != DISK:
            raise
        raise Fault(
            f"The copy could not be written to {file}: that disk is full or fails, or {database.place} cannot be read. "
            f"No backup was made.",
            DISK,
        ) from fault


def _checked(database: FileDatabase, keys: Keys, accepts_findings: bool, on_progress: Progress) -> VerifyReport:
    with faults(database.place, "No backup was made."), database.bind_ctx(TABLES), database.connected():
        check_identity(database)
        check_definitions(database)
        return checked(database, desk_on(database, keys), "No backup was made.", accepts_findings, on_progress)


def checked(
    database: FileDatabase, store: Store, aftermath: str, accepts_findings: bool, on_progress: Progress
) -> VerifyReport:
    """What a copy adds up to: its pages and every seal, within a connection.

    Raises Fault for damage, and for findings unless they are accepted; the aftermath ends its sentence.
    """
    if database.damage() is not None:
        raise Fault(f"{store.path} is damaged. {aftermath}", BAD_INPUT)
    return verified(store, aftermath, accepts_findings, on_progress)


def verified(store: Store, aftermath: str, accepts_findings: bool, on_progress: Progress) -> VerifyReport:
    """What a desk adds up to. Raises Fault for findings unless they are accepted."""
    report = verify(store, on_progress)
    if report.findings and not accepts_findings:
        first = report.findings[0]
        count = len(report.findings)
        raise Fault(
            f"{plural(count, 'thing')} in {store.path} {'does' if count == 1 else 'do'} not add up, the first is "
            f"{first.subject}: {first.what}. To go on all the same add --despite-findings. {aftermath}",
            BAD_INPUT,
        )
    return report


def _record(session: Session, file: Path, report: VerifyReport) -> str | None:
    """Write down who took the backup; it stands all the same when that can't be written."""
    store = session.store
    try:
        with faults(store.path, "The backup stands."), store.database.writing():
            unit = begin(session, Action.BACK_UP)
            facts = {"file": made_safe(file.name, NAME), "cards": report.cards, "activities": report.activities}
            audit.record(unit.hand, "desk", "backup", None, facts)
    except (Fault, Refused) as reason:
        return f"It is not written down who took it: {reason}"
    return None
