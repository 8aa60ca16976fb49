"""The codes of one import: no two cards may answer to the same."""

from typing import Final

from models.jobs.doubles import Doubles
from models.jobs.remarks import Remark, Remarks
from models.rules.codes import cannot_be_ours

# A spreadsheet keeps fifteen digits of a number and writes zeros for the rest.
_ROUNDED: Final = "0000"
_FEWEST_ROUNDED: Final = 3


class CodeBook:
    """The digest of every code and alias that was read, with the place where it stands."""

    def __init__(self, problems: Remarks) -> None:
        """Remark into this list."""
        self._problems = problems
        self._doubles = Doubles(
            problems, lambda _, line, column: f"The same code stands in line {line:,}, column {column}."
        )
        self._rounded = 0
        self.has_codes_like_ours: bool | None = False
        """Whether any of them has the form of ours but fails our check; None: some came as digests alone."""
        self.has_codes_of_letters: bool | None = False
        """Whether any of them could be a name; None: some came as digests alone."""

    def add(self, digest: bytes, place: Remark, code: str | None = None) -> None:
        """Note a code by its digest, and by itself where it is known."""
        self._doubles.add(digest, place)
        if code is None:
            self.has_codes_like_ours = self.has_codes_like_ours or None
            self.has_codes_of_letters = self.has_codes_of_letters or None
        else:
            self._rounded += code.endswith(_ROUNDED)
            self.has_codes_like_ours = cannot_be_ours(code) or self.has_codes_like_ours
            self.has_codes_of_letters = code.isalpha() or self.has_codes_of_letters

    def check(self, file: str) -> None:
        """Remark every code that is there twice, naming both places, and a file whose codes a spreadsheet rounded."""
        self._doubles.check()
        if self._rounded >= _FEWEST_ROUNDED and 2 * self._rounded > self._doubles.count:
            self._problems.add(
                Remark(
                    file,
                    None,
                    None,
                    f"{self._rounded:,} codes end in {_ROUNDED}: a spreadsheet has rounded them, and their digits are "
                    f"lost. Export the file again and import it without opening it in a spreadsheet.",
                )
            )
