"""Which column of a table is which: by its header, or by its position where the header is foreign or missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from models.jobs.remarks import Remark, Remarks


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a reader asks for, by the names that its header may have."""

    names: tuple[str, ...]
    is_prefix: bool = False
    """The header only begins with the name: it carries a date, say."""
    is_optional: bool = False
    """A file without it is read as if all its cells were empty."""
    position: int | None = None
    """Where it stands, counted from 1, for files whose header is in another language or missing."""

    def fits(self, header: str) -> bool:
        """Whether a file's header is this column's, case left aside."""
        text = header.casefold()
        return any(text.startswith(name) if self.is_prefix else text == name for name in map(str.casefold, self.names))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table's header is to be taken."""

    width: int | None = None
    """How many columns a table must have for its columns to be read by position."""
    has_header: bool | None = True
    """None: there may be one."""


WITH_HEADER: Final = Layout()


def header_of(header: Sequence[str], place: int | None, column: Column) -> str:
    """How a file calls a column; its own first name where the file lacks it."""
    return next(iter(column.names), "") if place is None else header[place]


def is_data(first: Sequence[str], columns: Mapping[str, Column], layout: Layout) -> bool:
    """Whether the first line of a table is a card already."""
    if layout.has_header is not None:
        return not layout.has_header and len(first) == layout.width
    return len(first) == layout.width and not any(column.fits(text) for column in columns.values() for text in first)


def is_foreign(header: Sequence[str], columns: Mapping[str, Column], layout: Layout) -> bool:
    """Whether a header is in words that are not known, over as many columns as there should be."""
    if len(header) != layout.width or layout.has_header is False:
        return False
    needed = [column for column in columns.values() if not column.is_optional]
    is_known = all(any(column.fits(text) for text in header) for column in needed)
    return not is_known and all(column.position is not None for column in needed)


def positions(columns: Mapping[str, Column]) -> dict[str, int | None]:
    """Where each column is, counted from 0, by the position that it was given."""
    return {name: None if column.position is None else column.position - 1 for name, column in columns.items()}


def places_in(
    file: str, header: Sequence[str], columns: Mapping[str, Column], problems: Remarks
) -> dict[str, int | None] | None:
    """Where each column is, counted from 0, by its header; None, with a problem, when one is missing or there twice."""
    before = problems.count
    if not header:
        problems.add(Remark(file, None, None, "The file is empty."))
        return None
    places: dict[str, int | None] = {}
    for name, column in columns.items():
        fitting = [place for place, text in enumerate(header) if column.fits(text)]
        if len(fitting) > 1:
            problems.add(Remark(file, 1, header[fitting[1]], "This column is there twice."))
        elif not fitting and not column.is_optional:
            called = " or ".join(repr(name) for name in column.names)
            problems.add(Remark(file, 1, None, f"The column {called} is missing."))
        places[name] = fitting[0] if fitting else None
    return places if problems.count == before else None
