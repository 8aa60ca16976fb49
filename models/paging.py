"""Lists that are read a page at a time, each behind the key of a line: none costs more than the first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from models.clock import to_microseconds

Key: TypeAlias = Sequence[Any]
"""What a list is sorted by, of one line; instants are UTC. No two lines have the same."""


def page(
    where: str, values: Sequence[Any], by: Sequence[str], after: Key | None, most: int, *, is_latest_first: bool = False
) -> tuple[str, list[Any]]:
    """The end of a statement that reads so many rows behind a key, from its condition on, and the values of its marks.

    The values given are those of the condition; the columns are those of the key, in its order.
    """
    than, way = ("<", " DESC") if is_latest_first else (">", "")
    given = list(values)
    if after is not None:
        where = f"({where}) AND ({', '.join(by)}) {than} ({', '.join('?' * len(by))})"
        given += map(_stored, after)
    order = ", ".join(f"{column}{way}" for column in by)
    return f"{where} ORDER BY {order} LIMIT ?", [*given, most]


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_microseconds(value)
    return value.isoformat() if isinstance(value, date) else value
