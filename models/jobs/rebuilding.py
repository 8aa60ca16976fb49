"""Writing a desk's file anew, so that nothing that was removed is left in its unused space."""

from dataclasses import dataclass
from pathlib import Path

from models.database import FileDatabase
from models.engines import file_of
from models.errors import Fault, faults
from models.exits import MISCONFIGURED
from models.rules.roles import Action
from models.unit import Session, begin_reading


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A file that was written anew."""

    file: Path
    before: int
    """Its size, in bytes."""
    after: int


def rebuild(session: Session) -> Rebuilt:
    """Write the desk's file anew; others wait meanwhile, and what is stored stays as it is.

    It needs as much free space as the desk takes. Raises Refused for a role that may not take backups either,
    Fault when the desk lies on a server, is busy or the disk is full; then the file is as it was.
    """
    store = session.store
    if not isinstance(store.database, FileDatabase):
        raise Fault(f"{store.path} lies on a server, whose own VACUUM does this. Nothing was changed.", MISCONFIGURED)
    with faults(store.path), store.database.reading():
        begin_reading(session, Action.BACK_UP)
    file = file_of(store.path)
    before = file.stat().st_size
    with faults(store.path):
        store.database.rebuild()
    return Rebuilt(file, before, file.stat().st_size)
