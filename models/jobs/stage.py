"""A temporary database for what does not fit into memory: on the disk as far as it is long, and seen by nobody else.

The standard library's engine keeps temporary data in files; the desk's own is built to keep them in memory.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from models.errors import Fault
from models.exits import DISK


def open_stage(definition: str) -> sqlite3.Connection:
    """A connection to a new temporary database with one table; it is gone when the connection is, or the process."""
    stage = sqlite3.connect("", isolation_level=None)
    stage.execute(definition)
    stage.execute("BEGIN")
    return stage


def close_stage(stage: sqlite3.Connection) -> None:
    """Let it go."""
    stage.execute("ROLLBACK")
    stage.close()


@contextmanager
def staged() -> Iterator[None]:
    """While something is staged. Raises Fault when there is no room for it."""
    try:
        yield
    except sqlite3.Error:
        told = "There is no room for temporary files: free some, or name another folder in TMPDIR. Nothing was changed."
        raise Fault(told, DISK) from None
