"""What a database in a file must hold: every table, index and trigger that money depends on."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from models.errors import Fault
from models.exits import BAD_INPUT

if TYPE_CHECKING:
    from models.engine import DeskDatabase
    from models.safeguards import Refusal

HISTORY: Final = "schema_migration"
"""The table of what was applied."""
WHOLE: Final = "c29a0cb97e0573e0409676561de1493ad2cd58e4ec32743c7c8c460adc32edd3"
"""The digest of all definitions as this release makes them; a database that has it lacks nothing and has no other."""
_PARTS: Final = (
    "CREATE VIRTUAL TABLE \"search_text_part\" USING fts5(text, content='search_text', content_rowid='id', "
    "tokenize='trigram', detail=none, columnsize=0)"
)
_IN_OTHER_WORDS: Final = frozenset(
    {
        *(("table", HISTORY), ("index", f"{HISTORY}_name")),
        *(("table", f"search_text_part_{part}") for part in ("config", "data", "idx")),
        *(("table", f"sqlite_{name}") for name in ("sequence", "stat1", "stat4")),
    }
)
"""What the engine and a library define for themselves, each release in its own words."""
_HELD: Final = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
Definition = tuple[str, str, str]
"""Kind, name and statement."""


def check_definitions(database: DeskDatabase) -> None:
    """Raise Fault when a table, index or trigger is not what money depends on; within a connection."""
    held = database.execute_sql(_HELD).fetchall()
    if digest_of(held) != WHOLE:
        _compare(database, held)


def digest_of(held: Sequence[Definition]) -> str:
    """What stands for all definitions of a database, given in order."""
    return sha256(repr([each for each in held if each[:2] not in _IN_OTHER_WORDS]).encode()).hexdigest()


def _compare(database: DeskDatabase, rows: Sequence[Definition]) -> None:
    """Say what is lacking, or strange; a definition of another table or index than ours does no harm."""
    from models.safeguards import REFUSALS
    from models.schema import TABLES

    held = {name: _one_spelling(sql) for _, name, sql in rows}
    known = {refusal.name for refusal in REFUSALS}
    strange = [name for type_, name, _ in rows if type_ == "trigger" and name not in known]
    if strange:
        raise Fault(
            f"{database.place} has a trigger that giftdesk did not make ({strange[0]}). Do not work with it.", BAD_INPUT
        )
    with database.bind_ctx(TABLES):
        expected = definitions()
    for name, sql in expected.items():
        if held.get(name) != _one_spelling(sql):
            raise Fault(
                f"The database {database.place} lacks a safeguard ({name}). Do not work with it; restore a backup.",
                BAD_INPUT,
            )


def definitions() -> dict[str, str]:
    """Every table, index and trigger that money depends on, by name, as the engine must hold it."""
    from models.safeguards import REFUSALS
    from models.schema import TABLES

    expected = {refusal.name: _trigger(refusal) for refusal in REFUSALS} | {_name_of(_PARTS): _PARTS}
    for table in TABLES:
        table._meta.strict_tables = True
        schema = table._schema
        statements = [schema._create_table(safe=False), *schema._create_indexes(safe=False)]
        expected |= {_name_of(sql): sql for sql, _ in (statement.query() for statement in statements)}
    return expected


def _trigger(refusal: Refusal) -> str:
    when = f" WHEN {refusal.when}" if refusal.when else ""
    return (
        f'CREATE TRIGGER "{refusal.name}" BEFORE {refusal.event} ON "{refusal.table}"{when} '
        f"BEGIN SELECT RAISE(ABORT, '{refusal.sentence}'); END"
    )


def _name_of(definition: str) -> str:
    return definition.split('"')[1]


def _one_spelling(sql: str) -> str:
    return " ".join(sql.split()).replace("( ", "(")
