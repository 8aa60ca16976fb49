"""The server's own index of parts of texts, by which people are found: made where the server lets us."""

from contextlib import suppress
from typing import Final

import peewee

from models.engine import DeskDatabase

_NAME: Final = "search_text_part"
_THERE: Final = "SELECT 1 FROM pg_indexes WHERE schemaname = current_schema() AND indexname = ?"
_MAKE: Final = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX {_NAME} ON search_text USING gin (text gin_trgm_ops)",
)


def has_parts(database: DeskDatabase) -> bool:
    """Whether parts of texts are found by an index; within a connection."""
    return database.execute_sql(_THERE, (_NAME,)).fetchone() is not None


def make_parts(database: DeskDatabase) -> None:
    """Make the index unless it is there; within a transaction, of which nothing is lost where the server refuses."""
    if has_parts(database):
        return
    # Whoever runs the server may not have the extension, or not give it to whom the desk belongs to.
    with suppress(peewee.ProgrammingError, peewee.NotSupportedError), database.atomic():
        for statement in _MAKE:
            database.execute_sql(statement)
