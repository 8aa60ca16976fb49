"""Bringing a desk on a server up to date: migrations are written for a file, and said here as a server says it."""

import re
from collections.abc import Sequence
from typing import Any, Final

from models.errors import Fault
from models.exits import BAD_INPUT
from models.server.database import ServerDatabase
from models.server.definitions import columns, statements
from models.server.parts import make_parts

_MADE: Final = re.compile(r'CREATE (?:UNIQUE )?(?:TABLE|INDEX|TRIGGER) "?(\w+)')
_ADDED: Final = re.compile(r'ALTER TABLE "?(\w+)"? ADD COLUMN "?(\w+)')
_TABLE_OF_TRIGGER: Final = "SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = ?"
_DROPPED: Final = re.compile(r'DROP TRIGGER (?:IF EXISTS )?"?(\w+)"?')
_PARTS: Final = re.compile(r"(CREATE VIRTUAL TABLE|INSERT INTO) \"?search_text_part\b")
_FOR_FILES_ONLY: Final = re.compile(r"PRAGMA\b|\bsqlite_")


class Translated:
    """A database to a migration: what it makes is made as the models declare it for a server."""

    def __init__(self, database: ServerDatabase) -> None:
        """Know how everything is made that the models declare."""
        self._database = database
        self._columns = columns(database)
        self._statements: dict[str, list[str]] = {}
        for statement in statements(database):
            made = _MADE.match(statement)
            if made is not None:
                name = re.sub("_no_truncate$", "_no_delete", made[1])
                self._statements.setdefault(name, []).append(statement)

    def given(self, *columns: Sequence[Any]) -> tuple[str, list[Any]]:
        """A table of values to read from, as the server has it."""
        return self._database.given(*columns)

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement of a migration. What the models no longer know is not made at all."""
        made, added, dropped = (pattern.match(sql.strip()) for pattern in (_MADE, _ADDED, _DROPPED))
        if _FOR_FILES_ONLY.search(sql):
            raise Fault(
                f"{self._database.place} can't be brought up to date: a step is for files only. Nothing was changed.",
                BAD_INPUT,
            )
        parts = _PARTS.match(sql.strip())
        if parts is not None:
            if parts[1] != "INSERT INTO":
                make_parts(self._database)
        elif made is not None:
            for statement in self._statements.get(made[1], []):
                self._database.execute_sql(statement)
        elif added is not None:
            column = self._columns.get((added[1], added[2]))
            if column is not None:
                self._database.execute_sql(f'ALTER TABLE "{added[1]}" ADD COLUMN {column}')
        elif dropped is not None:
            for (table,) in self._database.execute_sql(_TABLE_OF_TRIGGER, (dropped[1],)).fetchall():
                self._database.execute_sql(f'DROP TRIGGER "{dropped[1]}" ON {table}')
        else:
            return self._database.execute_sql(sql, params)
        return None
