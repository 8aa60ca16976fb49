"""Many rows in one go to a server: each that is sent as a statement of its own costs more than it takes to store it."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

_TYPES: Final = {"BLOB": "bytea", "TEXT": "text"}
"""Of columns that hold no numbers."""


def copy_rows(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values that have the form in which they are stored; within a transaction."""
    names = ", ".join(f'"{column}"' for column in columns)
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


@lru_cache
def change_of_many(table: Any, columns: tuple[str, ...], where: tuple[str, ...]) -> str:
    """A statement that changes columns of rows, each found by the values of some others; each parameter holds the
    values of one column."""
    fields = [table._meta.combined[column] for column in (*columns, *where)]
    given = ", ".join(f"given{place}" for place in range(len(fields)))
    arrays = ", ".join(f"?::{_TYPES.get(field.field_type, 'bigint')}[]" for field in fields)
    equal = [f'"{field.column_name}" = given{place}' for place, field in enumerate(fields)]
    settings, found = ", ".join(equal[: len(columns)]), " AND ".join(equal[len(columns) :])
    name = table._meta.table_name
    return f'UPDATE "{name}" SET {settings} FROM unnest({arrays}) AS given ({given}) WHERE {found}'
