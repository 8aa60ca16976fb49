"""A temporary database for what does not fit into memory: on the disk as far as it is long, and seen by nobody else."""

from typing import Any

import cysqlite


def open_stage(definition: str) -> Any:
    """A connection to a new temporary database with one table; it is gone when the connection is, or the process."""
    stage = cysqlite.connect("")  # type: ignore[attr-defined]
    stage.execute(definition)
    stage.execute("BEGIN")
    return stage


def close_stage(stage: Any) -> None:
    """Let it go."""
    stage.execute("ROLLBACK")
    stage.close()
