"""Reading one cell of an imported table: amounts, instants, days, codes and free text.

Nothing is guessed: what a spreadsheet has spoilt, or what could be read in two ways, is refused with a
sentence that says so.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from models.jobs.remarks import Remarks
from models.jobs.tables import Row
from models.rules.codes import LONGEST, SHORTEST, normalise
from models.rules.errors import BadAmount, BadCode, BadDate, BadText, RuleError
from models.rules.money import parse_amount
from models.rules.texts import NAME, NOTE, check_email, made_safe
from models.rules.validity import EARLIEST, LATEST

T = TypeVar("T")

_SCIENTIFIC: Final = re.compile(r"#?\d+(?:[.,]\d*)?E\+?\d+", re.ASCII | re.IGNORECASE)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z| UTC)?", re.ASCII)
_OTHER_DATE: Final = re.compile(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}(?:\D.*)?", re.ASCII)
_DECIMAL_COMMA: Final = re.compile(r"-?\d+,\d{1,2}", re.ASCII)
_GROUPED: Final = re.compile(r"-?\d{1,3}(?:[., '\u00a0\u202f]\d{3})+(?:[.,]\d+)?")


def amount(text: str, currency: str) -> int:
    """Minor units of an amount with a decimal point. Raises BadAmount, saying what is unusual about it."""
    try:
        return parse_amount(text, currency)
    except BadAmount:
        shown = repr(text[:30])
        if any(unicodedata.category(character) == "Sc" for character in text) or currency in text.upper():
            raise BadAmount(f"{shown} holds a currency sign; the cell must be the bare number.") from None
        if _DECIMAL_COMMA.fullmatch(text):
            raise BadAmount(f"{shown} has a decimal comma; save the file with decimal points.") from None
        if _GROUPED.fullmatch(text) and not text.replace(".", "", 1).lstrip("-").isdigit():
            raise BadAmount(f"{shown} has thousands separators; save the file without them.") from None
        raise


def instant(text: str) -> datetime:
    """An instant, UTC, from ISO text such as 2026-05-21 12:14:00. Raises BadDate."""
    if _INSTANT.fullmatch(text) is None:
        raise BadDate(_not_iso(text, "2026-05-21 12:14:00"))
    try:
        found = datetime.fromisoformat(text.removesuffix("Z").removesuffix(" UTC")).replace(tzinfo=UTC)
    except ValueError:
        raise BadDate(f"{text!r}: there is no such day or time.") from None
    _check_years(found.date(), text)
    return found


def day(text: str) -> date:
    """A calendar date from ISO text such as 2026-05-21. Raises BadDate."""
    if _DAY.fullmatch(text) is None:
        raise BadDate(_not_iso(text, "2026-05-21"))
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadDate(f"{text!r}: there is no such day.") from None
    _check_years(found, text)
    return found


def _check_years(found: date, text: str) -> None:
    if not EARLIEST <= found <= LATEST:
        raise BadDate(f"{text!r} lies outside the years 2000 to 2200.")


def _not_iso(text: str, example: str) -> str:
    if _OTHER_DATE.fullmatch(text) and _DAY.match(text) is None:
        return f"{text[:30]!r} could be read in more than one way: dates must be written like {example}."
    return f"{text[:30]!r} is not written like {example}."


def code(text: str, *, digits: int | None = None) -> str:
    """A normalised code. Raises BadCode; with a fixed number of digits, for any other length too."""
    found = characters(text)
    if digits is not None:
        _check_digits(found, digits)
    elif not SHORTEST <= len(found) <= LONGEST:
        raise BadCode(f"The code has {len(found)} characters; {SHORTEST} to {LONGEST} are possible.")
    return found


def characters(text: str) -> str:
    """The characters of a code, or of a part of one, normalised. Raises BadCode for what a spreadsheet has spoilt."""
    if _SCIENTIFIC.fullmatch(text):
        raise BadCode(
            f"A spreadsheet turned this code into {text[:20]}, and its digits are lost. Export the file again and "
            f"import it without opening it in a spreadsheet."
        )
    return normalise(text)


def _check_digits(found: str, digits: int) -> None:
    if not found.isdigit():
        letter = next(character for character in found if not character.isdigit())
        raise BadCode(f"The code must have {digits} digits and nothing else; this one has {letter!r}.")
    if len(found) < digits:
        raise BadCode(
            f"The code has {len(found)} digits instead of {digits}: zeros in front of it were lost, most likely in "
            f"a spreadsheet."
        )
    if len(found) > digits:
        raise BadCode(f"The code has {len(found)} digits instead of {digits}.")


def line_of_text(text: str, longest: int) -> tuple[str | None, bool]:
    """One line of safe text, or None when empty; and whether anything of it had to be changed."""
    joined = " ".join(text.splitlines()) if "\n" in text or "\r" in text else text
    safe = made_safe(joined, longest)
    return safe or None, safe != text.strip()


def note(text: str) -> tuple[str | None, bool]:
    """Safe text that may have several lines, or None when empty; and whether anything of it had to be changed."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    safe = made_safe(plain, NOTE)
    return safe or None, safe != plain


class CellReader:
    """Reads the cells of rows and remarks what is wrong or had to be changed."""

    def __init__(self, problems: Remarks, warnings: Remarks) -> None:
        """Remark into these lists."""
        self.problems = problems
        self.warnings = warnings

    def read(self, row: Row, column: str, parse: Callable[[str], T]) -> T | None:
        """What a cell means, or None with a problem. An empty cell is a problem too."""
        text = row[column]
        if not text:
            self.problems.add(row.remark(column, "This cell is empty."))
            return None
        try:
            return parse(text)
        except RuleError as wrong:
            self.problems.add(row.remark(column, str(wrong)))
            return None

    def read_if_any(self, row: Row, column: str, parse: Callable[[str], T]) -> T | None:
        """Like read, but nothing is asked of an empty cell."""
        return self.read(row, column, parse) if row[column] else None

    def text(self, row: Row, column: str, longest: int = NAME) -> str | None:
        """One line of safe text; None for an empty cell."""
        if not row[column]:
            return None
        text, is_changed = line_of_text(row[column], longest)
        return self._told(row, column, text, is_changed=is_changed)

    def note(self, row: Row, column: str) -> str | None:
        """Safe text of several lines; None for an empty cell."""
        if not row[column]:
            return None
        text, is_changed = note(row[column])
        return self._told(row, column, text, is_changed=is_changed)

    def email(self, row: Row, column: str) -> str | None:
        """An e-mail address; what can't be one is left out with a warning."""
        if not row[column]:
            return None
        try:
            return check_email(row[column])
        except BadText as wrong:
            self.warnings.add(row.remark(column, f"Left out: {wrong}"))
            return None

    def _told(self, row: Row, column: str, text: str | None, *, is_changed: bool) -> str | None:
        if is_changed:
            self.warnings.add(row.remark(column, "The text was too long or held what cannot be shown; it was changed."))
        return text
