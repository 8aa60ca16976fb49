"""The one way to write a table: no spreadsheet computes what is in it, or takes one cell for two."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from models.fields import canonical_json

# What a spreadsheet takes for the beginning of a formula, wide forms and control characters included.
_BEGINNING: Final = r"[=+\-@\uff1d\uff0b\uff0d\uff20\x00-\x1f\x7f-\x9f]"
_FORMULA: Final = re.compile(rf"'*{_BEGINNING}")
_GUARDED: Final = re.compile(rf"'+{_BEGINNING}")
_NUMBER: Final = re.compile(r"-\d+(?:\.\d+)?", re.ASCII)
# Semicolons and tabs separate cells where a spreadsheet is told so by its country or its user.
_SEPARATING: Final = re.compile(r'[,;\t"\r\n]|^\s|\s$')


def guarded(text: str) -> str:
    """A cell's text, with an apostrophe in front where a spreadsheet would compute; unguarded takes it off again.

    A plain number below zero is what it says, computed or not, and stays a number.
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """The text that guarded was given."""
    return text[1:] if _GUARDED.match(text) else text


class Writes(Protocol):
    """Whatever text can be written to."""

    def write(self, text: str, /) -> object:
        """Write some."""


class TableWriter:
    """Writes a table as CSV, row by row, its header first."""

    def __init__(self, file: Writes, columns: Sequence[str], end: str = "\r\n") -> None:
        """Begin with the header; each line has this end."""
        self._file = file
        self._columns = tuple(columns)
        self._end = end
        self._put(self._columns)

    def write(self, values: Mapping[str, Any]) -> None:
        """Write a row of values by column; for what is not among them, and for None, there is an empty cell."""
        self._put([cell(values.get(column)) for column in self._columns])

    def _put(self, cells: Sequence[str]) -> None:
        self._file.write(f"{','.join(map(_quoted, cells))}{self._end}")


def cell(value: Any) -> str:
    """A value as a cell: guarded text, yes or no, JSON in one spelling; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return guarded(canonical_json(value) if isinstance(value, dict) else str(value))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _SEPARATING.search(text) else text
