"""What goes along when a desk moves: every table but the one that says where the desk is, by columns and keys."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from models.schema import TABLES, Relocation
from models.schema.search import SearchWord

Row = tuple[Any, ...]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Crate:
    """One table."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    """The columns of its primary key, in their order."""
    is_counted: bool
    """Whether the ids of further rows are counted on from the highest."""
    is_of_people: bool
    """Whether the key itself says something about people."""

    def key_of(self, row: Row, columns: tuple[str, ...] | None = None) -> Key:
        """The primary key of a row of all columns, or of those given."""
        order = columns or self.columns
        return tuple(row[order.index(column)] for column in self.key)


@cache
def freight() -> tuple[Crate, ...]:
    """All tables that go along; those that others name stand before them."""
    return tuple(_crate(table) for table in TABLES if table is not Relocation)


def _crate(table: Any) -> Crate:
    meta = table._meta
    named = meta.primary_key.field_names if meta.composite_key else (meta.primary_key.name,)
    return Crate(
        meta.table_name,
        tuple(field.column_name for field in meta.sorted_fields),
        tuple(meta.fields[name].column_name for name in named),
        meta.primary_key.field_type == "BIGAUTO" if not meta.composite_key else False,
        table is SearchWord,
    )
