"""Finding what is there twice among more than fits into memory."""

from collections.abc import Callable
from typing import Final

from models.jobs.remarks import Remark, Remarks
from models.jobs.stage import close_stage, open_stage

_AT_ONCE: Final = 500
_TWICE: Final = """
    SELECT seen.key, seen.file, seen.line, seen.place, first.line, first.place
    FROM (SELECT key, MIN(rowid) AS first_id FROM seen GROUP BY key HAVING COUNT(*) > 1) AS twice
    JOIN seen ON seen.key = twice.key AND seen.rowid <> twice.first_id
    JOIN seen AS first ON first.rowid = twice.first_id
    ORDER BY seen.rowid
"""


class Doubles:
    """Keys with the places where they stand, in a file without a name."""

    def __init__(self, problems: Remarks, told: Callable[[str | bytes, int, str], str]) -> None:
        """Remark into this list; the sentence is made of the key, and the line and column where it stood first."""
        self._problems = problems
        self._told = told
        self._rows: list[tuple[str | bytes, str, int | None, str | None]] = []
        self._stage = open_stage("CREATE TABLE seen (key BLOB, file TEXT, line INTEGER, place TEXT)")
        self.count = 0

    def add(self, key: str | bytes, place: Remark) -> None:
        """Note a key and where it stands."""
        self._rows.append((key, place.file, place.line, place.column))
        self.count += 1
        if len(self._rows) == _AT_ONCE:
            self._put_away()

    def _put_away(self) -> None:
        self._stage.executemany("INSERT INTO seen VALUES (?, ?, ?, ?)", self._rows)
        self._rows = []

    def check(self) -> None:
        """Remark every key that is there twice; nothing can be added any more."""
        self._put_away()
        for key, file, line, column, first_line, first_column in self._stage.execute(_TWICE):
            self._problems.add(Remark(file, line, column, self._told(key, first_line, first_column)))
        close_stage(self._stage)
