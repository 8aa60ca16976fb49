"""Many rows at once: a few statements for all of them; building each by query costs more than storing it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from peewee import (
    BigAutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    Field,
    ForeignKeyField,
    IntegerField,
    TextField,
    chunked,
)

from models.schema import Table

# What one statement carries at a time: enough to make its cost small, few enough to keep memory flat.
_ROWS_AT_ONCE: Final = 2_000

# Columns whose values are stored as they come.
_PLAIN: Final = {BigAutoField, BigIntegerField, BlobField, ForeignKeyField, IntegerField, TextField}


def insert_rows(table: type[Table], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns; within a transaction."""
    for some in chunked(rows, _ROWS_AT_ONCE):
        columns = tuple(some[0])
        insert_values(table, columns, [[row[column] for column in columns] for row in some])


def insert_values(table: type[Table], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values, in the order of the columns given; within a transaction."""
    insert_stored(table, columns, map(_storing(table, columns), rows))


def insert_stored(table: type[Table], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values that have the form in which they are stored; within a transaction."""
    for some in chunked(rows, _ROWS_AT_ONCE):
        table._meta.database.insert_stored(table, columns, some)


def update_values(
    table: type[Table], columns: Sequence[str], where: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Change columns of rows, each found by the values of some others; returns how many rows were changed.

    Each row of values begins with those of the columns and ends with those that find it; within a transaction.
    """
    return update_stored(table, columns, where, map(_storing(table, (*columns, *where)), rows))


def update_stored(
    table: type[Table], columns: Sequence[str], where: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Change columns of rows like update_values, by values that have the form in which they are stored."""
    update = table._meta.database.update_stored
    return sum(update(table, columns, where, some) for some in chunked(rows, _ROWS_AT_ONCE))


def _storing(table: type[Table], columns: Sequence[str]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """A function that gives a row's values the form in which they are stored."""
    fields: list[Field] = [table._meta.combined[column] for column in columns]
    conversions: list[tuple[int, Callable[[Any], Any]]] = [
        (place, _truth if isinstance(field, BooleanField) else field.db_value)
        for place, field in enumerate(fields)
        if type(field) not in _PLAIN
    ]

    def stored(row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for place, convert in conversions:
            values[place] = convert(values[place])
        return values

    return stored


def _truth(value: bool | None) -> int | None:
    return None if value is None else int(value)
