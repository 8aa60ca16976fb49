"""Many rows at once: one statement spelt once for hundreds of rows, where building each by query costs more."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from peewee import chunked

from models.schema import Table

# Well below the number of values that one statement may carry.
_ROWS_AT_ONCE: Final = 500


def insert_rows(table: type[Table], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns; within a transaction."""
    for some in chunked(rows, _ROWS_AT_ONCE):
        names = list(some[0])
        fields = [table._meta.combined[name] for name in names]
        marks = f"({', '.join([table._meta.database.param] * len(names))})"
        columns = ", ".join(f'"{field.column_name}"' for field in fields)
        table._meta.database.execute_sql(
            f'INSERT INTO "{table._meta.table_name}" ({columns}) VALUES {", ".join([marks] * len(some))}',
            [field.db_value(row[name]) for row in some for name, field in zip(names, fields, strict=True)],
        )
