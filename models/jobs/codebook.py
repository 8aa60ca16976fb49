"""The codes of one import: no two cards may answer to the same."""

from typing import Final

from models.jobs.stage import close_stage, open_stage
from models.jobs.tables import Remark, Remarks

# A spreadsheet keeps fifteen digits of a number and writes zeros for the rest.
_ROUNDED: Final = "0000"
_FEWEST_ROUNDED: Final = 3
_AT_ONCE: Final = 500
_TWICE: Final = """
    SELECT code.file, code.line, code.place, first.line, first.place
    FROM (SELECT digest, MIN(rowid) AS first_id FROM code GROUP BY digest HAVING COUNT(*) > 1) AS twice
    JOIN code ON code.digest = twice.digest AND code.rowid <> twice.first_id
    JOIN code AS first ON first.rowid = twice.first_id
    ORDER BY code.rowid
"""


class CodeBook:
    """The digest of every code and alias that was read, with the place where it stands, in a file without a name."""

    def __init__(self, problems: Remarks) -> None:
        """Remark into this list."""
        self._problems = problems
        self._rows: list[tuple[bytes, str, int | None, str | None]] = []
        self._count = 0
        self._rounded = 0
        self._stage = open_stage("CREATE TABLE code (digest BLOB, file TEXT, line INTEGER, place TEXT)")

    def add(self, digest: bytes, place: Remark, code: str | None = None) -> None:
        """Note a code by its digest, and by itself where it is known."""
        self._rows.append((digest, place.file, place.line, place.column))
        self._count += 1
        if code is not None:
            self._rounded += code.endswith(_ROUNDED)
        if len(self._rows) == _AT_ONCE:
            self._put_away()

    def _put_away(self) -> None:
        self._stage.executemany("INSERT INTO code VALUES (?, ?, ?, ?)", self._rows)
        self._rows = []

    def check(self, file: str) -> None:
        """Remark every code that is there twice, naming both places, and a file whose codes a spreadsheet rounded."""
        self._put_away()
        for file_, line, column, first_line, first_column in self._stage.execute(_TWICE):
            told = f"The same code stands in line {first_line:,}, column {first_column}."
            self._problems.add(Remark(file_, line, column, told))
        self._check_rounding(file)
        close_stage(self._stage)

    def _check_rounding(self, file: str) -> None:
        """Refuse a file of which most codes end in zeros: nobody draws codes like that."""
        if self._rounded >= _FEWEST_ROUNDED and 2 * self._rounded > self._count:
            self._problems.add(
                Remark(
                    file,
                    None,
                    None,
                    f"{self._rounded:,} codes end in {_ROUNDED}: a spreadsheet has rounded them, and their digits are "
                    f"lost. Export the file again and import it without opening it in a spreadsheet.",
                )
            )
