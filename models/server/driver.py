"""The driver for PostgreSQL, let in only for a desk that is on a server, and how it is spoken to."""

import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from models.errors import Fault
from models.exits import MISCONFIGURED


def let_in() -> None:
    """Allow the driver to be imported. Raises Fault where it is not installed."""
    if sys.modules.get("psycopg", sys) is None:
        del sys.modules["psycopg"]
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise Fault(
            "A desk on a server needs the driver for PostgreSQL, which is not installed. Install it with: "
            "pip install 'giftdesk[postgres]'",
            MISCONFIGURED,
        ) from None


@lru_cache
def marked(sql: str) -> str:
    """A statement with our marks for parameters, `?` outside of quotes, as the driver's."""
    parts = sql.replace("%", "%%").split("'")
    return "'".join(part if number % 2 else part.replace("?", "%s") for number, part in enumerate(parts))


def stored(values: Iterable[Any]) -> Sequence[Any]:
    """Parameters as they are stored: a flag of truth is 0 or 1, as in a file."""
    return [int(value) if isinstance(value, bool) else value for value in values]
