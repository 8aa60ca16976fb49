"""The codes of one import: no two cards may answer to the same."""

from typing import Final

from models.jobs.tables import Remark, Remarks

# A spreadsheet keeps fifteen digits of a number and writes zeros for the rest.
_ROUNDED: Final = "0000"
_FEWEST_ROUNDED: Final = 3


class CodeBook:
    """Every code and alias that was read, with the place where it stands."""

    def __init__(self, problems: Remarks) -> None:
        """Remark into this list."""
        self._problems = problems
        self._places: dict[str, tuple[int, str | None]] = {}
        self._rounded = 0

    def add(self, code: str, place: Remark) -> None:
        """Note a normalised code; one that was there before is a problem that names both places."""
        line, column = self._places.setdefault(code, (place.line or 0, place.column))
        if (line, column) != (place.line, place.column):
            self._problems.add(
                Remark(place.file, place.line, place.column, f"The same code stands in line {line:,}, column {column}.")
            )
        self._rounded += code.endswith(_ROUNDED)

    def check_rounding(self, file: str) -> None:
        """Refuse a file of which most codes end in zeros: nobody draws codes like that."""
        if self._rounded >= _FEWEST_ROUNDED and 2 * self._rounded > len(self._places):
            self._problems.add(
                Remark(
                    file,
                    None,
                    None,
                    f"{self._rounded:,} codes end in {_ROUNDED}: a spreadsheet has rounded them, and their digits are "
                    f"lost. Export the file again and import it without opening it in a spreadsheet.",
                )
            )
