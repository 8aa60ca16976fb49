"""How a report reads on a screen: its columns under their titles, a line whole, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content

from models.reports.tables import Cell, Column, Line, Report, Unit
from models.rules import wording
from tui.pieces import joined, padded, piece
from tui.plotting import figure
from tui.titles import FAINT, HEADING

if TYPE_CHECKING:
    from datetime import datetime

    from models.rules.validity import BusinessTime

_BETWEEN: Final = 2
_LEAST_TEXT: Final = 10
_MORE: Final = "   …"
"""Behind the last title that has room, where there are other columns."""
_CURRENCY: Final = "currency"


@dataclass(frozen=True, slots=True)
class Table:
    """A report with the width that each of its columns needs."""

    report: Report
    columns: tuple[Column, ...]
    widths: tuple[int, ...]

    @property
    def width(self) -> int:
        """How many columns of a screen it needs so that nothing is cut."""
        return sum(self.widths) + _BETWEEN * (len(self.widths) - 1)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is listed: the lines, and behind them the totals."""
        return (*self.report.lines, *self.report.totals)


def table(report: Report) -> Table:
    """A report, laid out; where its columns do not tell the currency of a line, the first one does."""
    has_money = any(line.currency for line in (*report.lines, *report.totals))
    tells = any(column.name == _CURRENCY for column in report.columns)
    first = (Column(_CURRENCY, "", Unit.TEXT),) if has_money and not tells else ()
    columns = (*first, *report.columns)
    rows = [_cells(line, columns, report) for line in (*report.lines, *report.totals)]
    told = zip(*(map(cell_len, row) for row in rows), strict=True) if rows else [()] * len(columns)
    widths = tuple(max((cell_len(column.title), *of)) for column, of in zip(columns, told, strict=True))
    return Table(report, columns, widths)


def _cells(line: Line, columns: Sequence[Column], report: Report) -> list[str]:
    cells = list(zip(report.columns, line.cells, strict=True))
    first = [] if len(columns) == len(report.columns) else [line.currency or ""]
    return [*first, *(told(column, cell, line.currency) for column, cell in cells)]


def told(column: Column, cell: Cell, currency: str | None) -> str:
    """A cell as a person reads it: money as an amount, a share in percent; nothing where there is nothing to tell."""
    if cell is None:
        return ""
    if isinstance(cell, str) or column.unit is Unit.TEXT:
        return str(cell)
    if column.unit is Unit.PERCENT:
        return f"{'-' if cell < 0 else ''}{abs(cell) // 10}.{abs(cell) % 10} %"
    return figure(cell, currency if column.unit is Unit.MONEY else None)


def _fitted(table: Table, width: int) -> tuple[int, ...]:
    """The width of each column where there is less room than is needed: texts give way first."""
    missing = table.width - width
    fitted = []
    for column, needed in zip(table.columns, table.widths, strict=True):
        gives = min(missing, max(0, needed - _LEAST_TEXT)) if column.unit is Unit.TEXT else 0
        missing -= max(0, gives)
        fitted.append(needed - max(0, gives))
    return tuple(fitted)


def _row(table: Table, cells: Sequence[str], width: int) -> str:
    """The cells beside each other, as many as have room: a figure is told whole or not at all."""
    row, between = "", ""
    for column, cell, room in zip(table.columns, cells, _fitted(table, width), strict=True):
        told = padded(cell, room) if column.unit is Unit.TEXT else cell.rjust(room)
        if cell_len(row) + len(between) + room > width:
            break
        row, between = f"{row}{between}{told}", " " * _BETWEEN
    return row


def head(table: Table, width: int) -> Content:
    """The titles of the columns, above lines that begin with the mark of the cursor."""
    titles = [column.title for column in table.columns]
    row = _row(table, titles, width - 2)
    is_all = cell_len(row) >= min(table.width, sum(_fitted(table, width - 2)) + _BETWEEN * (len(titles) - 1))
    return piece(f" {row}{'' if is_all else _MORE}", HEADING).truncate(width - 1)


def line(table: Table, line: Line, width: int) -> Content:
    """One line, or a total."""
    is_total = any(line is each for each in table.report.totals)
    cells = _row(table, _cells(line, table.columns, table.report), width - 1)
    return piece(cells, "bold" if is_total else "").truncate(width, ellipsis=True)


def whole(table: Table, line: Line) -> Content:
    """A line with all its cells, each behind its title."""
    parts = []
    for column, cell in zip(table.report.columns, line.cells, strict=True):
        if cell is not None:
            unit = f" {line.currency}" if column.unit is Unit.MONEY and line.currency else ""
            parts.append(f"{column.title} {told(column, cell, line.currency)}{unit}")
    return piece("; ".join(parts))


def figures(table: Table, line: Line) -> tuple[tuple[Column, str], ...]:
    """The figures of a line that are not nothing, each with its column, as a person reads it."""
    return tuple(
        (column, told(column, cell, line.currency))
        for column, cell in zip(table.report.columns, line.cells, strict=True)
        if column.unit is not Unit.TEXT and cell
    )


def called(table: Table, line: Line) -> str:
    """What a line is about: its texts and its currency."""
    texts = [
        told(column, cell, None)
        for column, cell in zip(table.report.columns, line.cells, strict=True)
        if column.unit is Unit.TEXT and cell is not None
    ]
    if line.currency and line.currency not in texts:
        texts.append(line.currency)
    return ", ".join(texts)


def about(report: Report, since: datetime | None, business: BusinessTime) -> Content:
    """Of when a report tells, what could not be counted, and how the rest was, as far as there is room."""
    at = wording.moment(report.at, business)
    when = f"as of {at}" if since is None else f"from {wording.moment(since, business)} to {at}"
    title = f"{report.title} {when}. "
    return Content.assemble(piece(f"{title}{left_out(report)}", "bold"), piece(report.sentence, FAINT))


def within(said: Content, width: int, lines: int) -> Content:
    """As much as has room in so many lines; where there is more, it ends so that this is seen."""
    wrapped = said.wrap(max(1, width))
    if len(wrapped) <= lines:
        return said
    cut = wrapped[lines - 1].truncate(max(1, width - 2)).rstrip()
    if len(cut) < len(wrapped[lines - 1].rstrip()) and " " in cut.plain:
        cut = cut[: cut.plain.rindex(" ")].rstrip()
    return joined([*(line.rstrip() for line in wrapped[: lines - 1]), Content.assemble(cut, " …")])


def left_out(report: Report) -> str:
    """How many cards no figure has, as a sentence; nothing when there are none."""
    if report.left_out == 1:
        return "1 card does not add up and is left out. "
    return f"{report.left_out:,} cards do not add up and are left out. " if report.left_out else ""
