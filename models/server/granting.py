"""Letting a role work at a desk on a server, and what a role may do there beside what it needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from models.engine import DeskDatabase
from models.errors import Fault
from models.exits import MISCONFIGURED, NO_PERMISSION
from models.server.database import ServerDatabase
from models.server.rights import Right, needed, quoted, shown, statements

_MOST_NAMED: Final = 4
_ME: Final = "SELECT current_user::text"
_IS_SUPERUSER: Final = "SELECT rolsuper FROM pg_roles WHERE rolname = ?"
_OWNS: Final = """
    SELECT bool_or(pg_has_role(?, relowner, 'USAGE')) FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
"""
# A membership without inheritance gives nothing at once, and everything after SET ROLE.
_MAY_BECOME: Final = """
    SELECT bool_or(pg_has_role(?, oid, 'MEMBER')) FROM pg_roles WHERE rolsuper OR oid IN (
        SELECT relowner FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
    )
"""
_HELD: Final = """
    WITH kept AS (
        SELECT oid, relname, relkind FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'S')
    )
    SELECT verb, relname, '' FROM kept, unnest(ARRAY['SELECT', 'INSERT', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS verb
    WHERE relkind = 'r' AND has_table_privilege(?, oid, verb)
    UNION ALL
    SELECT verb, relname, attname FROM kept JOIN pg_attribute ON attrelid = oid,
        unnest(ARRAY['UPDATE', 'REFERENCES']) AS verb
    WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped AND has_column_privilege(?, oid, attnum, verb)
    UNION ALL
    SELECT verb, relname, '' FROM kept, unnest(ARRAY['USAGE', 'UPDATE']) AS verb
    WHERE relkind = 'S' AND has_sequence_privilege(?, oid, verb)
    UNION ALL
    SELECT 'CREATE', 'SCHEMA ' || current_schema(), '' WHERE has_schema_privilege(?, current_schema(), 'CREATE')
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a role may do, held against what it needs."""

    role: str
    above: str | None = None
    """Why nothing is kept from it, as a phrase; None for a role that has what it was given."""
    only_reads: bool = False
    too_few: tuple[Right, ...] = ()
    too_many: tuple[Right, ...] = ()


def let_work(database: ServerDatabase, role: str, *, only_reading: bool = False) -> Standing:
    """Let a role do its work at a desk, and nothing else, within a transaction that writes; how it stands then.

    Raises Fault for a role that is none or stands above all rights, and for whoever does not own the desk.
    """
    said = list(statements(role, only_reading=only_reading))
    if _ask(database, _IS_SUPERUSER, role) is None:
        raise Fault(
            f"{database.place} knows no role {shown(role)}. Whoever runs the server makes one with: "
            f"CREATE ROLE {quoted(role)} LOGIN; nothing was changed.",
            MISCONFIGURED,
        )
    above = _above(database, role)
    if above is not None:
        raise Fault(
            f"{shown(role)} {above}: daily work needs a role that can't rewrite history. Nothing was changed.",
            MISCONFIGURED,
        )
    me = _ask(database, _ME)
    if not _ask(database, _IS_SUPERUSER, me) and not _ask(database, _OWNS, me):
        raise Fault(
            f"{shown(me)} does not own the desk, and only its owner can let others work: name that one in the "
            f"address. Nothing was changed.",
            NO_PERMISSION,
        )
    for statement in said:
        database.execute_sql(statement)
    return standing(database, role)


def standing(database: DeskDatabase, role: str | None = None) -> Standing:
    """What a role may do, or whoever is connected; within a connection."""
    name = _ask(database, _ME) if role is None else role
    above = _above(database, name)
    if above is not None:
        return Standing(name, above)
    held = {Right(*row) for row in database.execute_sql(_HELD, [name] * _HELD.count("?")).fetchall()}
    only_reads = not any(right.verb == "INSERT" for right in held)
    wanted = needed(only_reading=only_reads)
    return Standing(name, None, only_reads, tuple(sorted(wanted - held)), tuple(sorted(held - wanted)))


def listed(rights: Iterable[Right]) -> str:
    """Some rights in a sentence: the first few, and how many more."""
    named = list(map(str, rights))
    more = f" and {len(named) - _MOST_NAMED:,} more" if len(named) > _MOST_NAMED else ""
    return f"{', '.join(named[:_MOST_NAMED])}{more}"


def _above(database: DeskDatabase, role: str) -> str | None:
    """Why nothing is kept from a role, as a phrase."""
    if _ask(database, _IS_SUPERUSER, role):
        return "is a superuser of the server"
    if _ask(database, _OWNS, role):
        return "owns the desk"
    return "may become one that stands above all rights, by SET ROLE" if _ask(database, _MAY_BECOME, role) else None


def _ask(database: DeskDatabase, question: str, *given: Any) -> Any:
    row = database.execute_sql(question, given).fetchone()
    return None if row is None else row[0]
