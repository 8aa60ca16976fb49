"""What a desk knows of the anchors that were taken of it, and by what an anchor knows the desk."""

import hashlib
from datetime import datetime
from typing import Final

from models.clock import to_microseconds
from models.definitions import HISTORY
from models.engine import DeskDatabase
from models.fields import stored_instant
from models.schema import Business

SUBJECT: Final = "desk"
"""Of the audit's rows about anchors."""
TAKEN: Final = "take_anchor"
"""The row with which an anchor begins, which is the last that it covers."""
KEPT: Final = "keep_anchor"
"""The row that says that an anchor left."""
_LAST: Final = "SELECT recorded_at FROM audit WHERE subject = ? AND action = ? ORDER BY number DESC LIMIT 1"


def last_anchor_at(database: DeskDatabase, action: str) -> datetime | None:
    """When an anchor was last taken, or kept, UTC; within a connection."""
    row = database.execute_sql(_LAST, (SUBJECT, action)).fetchone()
    return None if row is None else stored_instant(row[0])


def desk_mark() -> str:
    """By what a desk is known again, wherever it lies; within a connection."""
    row = Business.get()
    return hashlib.sha256(f"{row.key_fingerprint} {to_microseconds(row.created_at)}".encode()).hexdigest()[:16]


def newest_migration(database: DeskDatabase) -> str:
    """The name of the newest migration that a desk has; within a connection."""
    return str(database.execute_sql(f"SELECT MAX(name) FROM {HISTORY}").fetchone()[0])
