"""Tables from other systems, read as they come: whatever their encoding, separator and quotes.

A table is read row by row and never held whole. What is wrong with it is remarked with file, line and
column, and reading goes on, so that a person learns everything at once.
"""

import codecs
import csv
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final, TextIO

from models.errors import Fault
from models.exits import BAD_INPUT, CANNOT_OPEN
from models.jobs.headers import WITH_HEADER, Column, Layout, header_of, is_data, is_foreign, places_in, positions
from models.jobs.remarks import Remark, Remarks

_CHUNK: Final = 1 << 20
_LONGEST_LINE: Final = 4_000_000
_SEPARATORS: Final = (",", ";", "\t")
_SPREADSHEET: Final = b"PK\x03\x04"
# The first that fits; the last one fits everything.
_ENCODINGS: Final = ("utf-8-sig", "cp1252", "latin-1")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was looked through once."""

    path: Path
    digest: bytes
    """SHA-256 of its bytes."""
    encoding: str
    lines: int
    """About how many lines it has: for the progress."""

    @property
    def name(self) -> str:
        """How remarks call it."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: the cells asked for, trimmed."""

    file: str
    line: int
    cells: Mapping[str, str]
    """By the reader's own name for a column."""
    headers: Mapping[str, str]
    """How the file calls the columns."""

    def __getitem__(self, column: str) -> str:
        """The text of a cell; empty when there is nothing in it."""
        return self.cells[column]

    def remark(self, column: str | None, sentence: str) -> Remark:
        """A remark on one cell of this line, or on the whole of it."""
        return Remark(self.file, self.line, None if column is None else self.headers[column], sentence)


def survey(path: Path) -> Source:
    """Look through a file once: its digest, its encoding, its length. Raises Fault when it can't be read as text."""
    digest, lines, head = hashlib.sha256(), 0, b""
    decoders = {name: codecs.getincrementaldecoder(name)() for name in _ENCODINGS}
    if path.exists() and not path.is_file():
        raise Fault(f"{path} is not a file. Nothing was changed.", CANNOT_OPEN)
    with _readable(path), path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            head = head or chunk[:64]
            digest.update(chunk)
            lines += chunk.count(b"\n")
            decoders = {name: each for name, each in decoders.items() if _decodes(each, chunk, is_end=False)}
    fitting = [name for name, each in decoders.items() if _decodes(each, b"", is_end=True)]
    if head.startswith(_SPREADSHEET):
        raise Fault(
            f"{path.name} is a spreadsheet or an archive: save it as CSV first. Nothing was changed.", BAD_INPUT
        )
    return Source(path, digest.digest(), _wide_encoding(head) or fitting[0], lines)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise Fault(f"{path} cannot be read: {reason}. Nothing was changed.", CANNOT_OPEN) from None
    except UnicodeError:
        raise Fault(
            f"{path.name} cannot be read as text: save it again as CSV in UTF-8. Nothing was changed.", BAD_INPUT
        ) from None


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, is_end: bool) -> bool:
    try:
        decoder.decode(chunk, final=is_end)
    except UnicodeDecodeError:
        return False
    return True


def _wide_encoding(head: bytes) -> str | None:
    """UTF-16, if a file is written in it: by its mark, or because every other byte is zero."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(head) >= 2 and not any(head[1:8:2]):
        return "utf-16-le"
    if len(head) >= 2 and not any(head[0:8:2]):
        return "utf-16-be"
    return None


def read_lines(source: Source, longest: int) -> Iterator[tuple[int, str]]:
    """The lines of a text, each with its number. Raises Fault for one that is longer than any can be."""
    with _readable(source.path), source.path.open(encoding=source.encoding) as file:
        yield from _numbered(file, source.name, longest)


def _numbered(file: TextIO, name: str, longest: int) -> Iterator[tuple[int, str]]:
    for number in itertools.count(1):
        line = file.readline(longest)
        if len(line) == longest:
            raise Fault(f"{name}, line {number:,} is too long. Nothing was changed.", BAD_INPUT)
        if not line:
            return
        yield number, line


def _lines(file: TextIO, name: str) -> Iterator[str]:
    """The lines of a table as they come, none of them longer than a table's can be."""
    return (line for _, line in _numbered(file, name, _LONGEST_LINE))


def read_table(
    source: Source,
    columns: Mapping[str, Column],
    problems: Remarks,
    layout: Layout = WITH_HEADER,
    warnings: Remarks | None = None,
) -> Iterator[Row]:
    """The rows of a file that have anything in them, without its header.

    What is wrong with the table as such (a column that is missing, a row that is too short or too long,
    quotes that do not match) goes to the problems; such rows are left out. That columns were read by
    their position goes to the warnings.
    """
    with _readable(source.path), source.path.open(encoding=source.encoding, newline="") as file:
        header_text = next((line for line in _lines(file, source.name) if line.strip()), "")
        file.seek(0)
        lines = _Lines(
            csv.reader(_lines(file, source.name), delimiter=_separator(header_text), strict=True), source.name, problems
        )
        first = lines.first()
        header = [cell.strip() for _, cells in first for cell in cells]
        rows: Iterable[tuple[int, list[str]]] = lines
        places: dict[str, int | None] | None
        if is_data(header, columns, layout):
            header, rows = [str(place) for place in range(1, len(header) + 1)], chain(first, lines)
            places = positions(columns)
        elif is_foreign(header, columns, layout):
            places = positions(columns)
            if warnings is not None:
                told = "These are not the headers that are known: the columns were read by their position."
                warnings.add(Remark(source.name, 1, None, told))
        else:
            places = places_in(source.name, header, columns, problems)
        if places is None:
            return
        headers = {name: header_of(header, place, columns[name]) for name, place in places.items()}
        for line, cells in rows:
            if _has_length(cells, header, source.name, line, problems):
                found = {name: cells[place].strip() if place is not None else "" for name, place in places.items()}
                yield Row(source.name, line, found, headers)


def columns_there(source: Source, columns: Mapping[str, Column]) -> frozenset[str]:
    """Which of some columns a file's header has."""
    with _readable(source.path), source.path.open(encoding=source.encoding, newline="") as file:
        text = next((line for line in _lines(file, source.name) if line.strip()), "")
    header = [cell.strip() for cell in next(csv.reader([text], delimiter=_separator(text)), [])]
    return frozenset(name for name, column in columns.items() if any(column.fits(cell) for cell in header))


class _Lines:
    """The lines of a table that have anything in them, each with the number of its first physical line."""

    def __init__(self, reader: Any, file: str, problems: Remarks) -> None:
        self._reader = reader
        self._file = file
        self._problems = problems

    def first(self) -> list[tuple[int, list[str]]]:
        """The header, if there is any."""
        return [found] if (found := next(iter(self), None)) is not None else []

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                what = "A cell is too long" if "limit" in str(error) else "The quotes do not match"
                told = f"{what} here; the rest of the file was not read."
                self._problems.add(Remark(self._file, line, None, told))
                return
            if any(cell.strip() for cell in cells):
                yield line, cells


_LONGEST_HEADER: Final = 10_000


def _separator(header: str) -> str:
    return max(_SEPARATORS, key=header[:_LONGEST_HEADER].count)


def _has_length(cells: Sequence[str], header: Sequence[str], file: str, line: int, problems: Remarks) -> bool:
    wanted = len(header)
    if len(cells) < wanted:
        problems.add(
            Remark(file, line, header[len(cells)], f"The line ends too early: {len(cells)} cells of {wanted}.")
        )
        return False
    extra = next((cell for cell in cells[wanted:] if cell.strip()), None)
    if extra is not None:
        problems.add(
            Remark(
                file,
                line,
                header[-1],
                f"The line goes on after the last column: {len(cells)} cells instead of {wanted}. "
                f"A separator inside a text needs quotes around it.",
            )
        )
        return False
    return True
