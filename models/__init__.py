"""What giftdesk knows and decides. Nothing here draws or prints."""

import sys
from types import ModuleType

# Peewee imports every driver that it finds, which a desk in a file would pay for at every start. The one for a server
# is let in by its engine.
for _driver in ("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb"):
    sys.modules.setdefault(_driver, None)  # type: ignore[arg-type]

# Its engine for files brings functions for SQL along, of which no desk calls any.
_functions = ModuleType("playhouse.sqlite_udf")
_functions.rank = None  # type: ignore[attr-defined]
sys.modules.setdefault(_functions.__name__, _functions)


def import_peewee() -> None:
    """Without Python's own SQLite, which keeps no desk: whoever works with that beside it imports it as ever."""
    if "peewee" in sys.modules or "sqlite3" in sys.modules:
        return
    sys.modules["sqlite3"] = None  # type: ignore[assignment]
    import peewee  # noqa: F401

    del sys.modules["sqlite3"]
