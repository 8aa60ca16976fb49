"""What the terminal shows, cell by cell, and what it must be sent to show what is wanted."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from textual.geometry import Offset

from tui.cells.cell import BLANK
from tui.cells.moves import Place
from tui.cells.pen import Pen, Row, blank_from
from tui.cells.picture import Picture
from tui.cells.powers import Powers
from tui.cells.scrolling import find_scroll

Rows = Sequence[Row]
# Rows: with no more that differ, to move some never pays.
_FEW: Final = 3


class Painter:
    """Remembers what was sent. Whatever else is written to the terminal must be followed by forget()."""

    def __init__(self, powers: Powers = Powers()) -> None:  # noqa: B008
        """Begin with a terminal of which nothing is known but its powers."""
        self._powers = powers
        self._shown: list[Row] | None = None
        self._cursor = Offset(0, 0)
        self._told: tuple[list[str], int | None] | None = None

    @property
    def is_informed(self) -> bool:
        """Whether it is known what the terminal shows."""
        return self._told is not None or self._shown is not None

    @property
    def is_told(self) -> bool:
        """Whether the terminal still shows what something else painted."""
        return self._told is not None

    def shows(self, rows: Sequence[str], cursor: Offset, width: int | None = None) -> None:
        """The terminal shows these rows, one for each it has, which something else painted.

        They are without attributes, in the default colours, and end in blanks where they are shorter than the
        terminal is wide. What is painted next is only what differs, unless the terminal has another number of rows
        by then, or another width than told (in cells): then it is cleared.
        """
        self._told, self._shown, self._cursor = (list(rows), width), None, cursor

    def forget(self) -> None:
        """What the terminal shows is not known any more: the next picture is sent whole."""
        self._shown = self._told = None

    def show(self, picture: Picture, cursor: Offset) -> str:
        """What the terminal must be sent to show a picture, with its cursor where it is to stand; often nothing.

        Of the picture the touched rows are looked at.
        """
        before, wanted, place = self._before(picture), picture.rows, (cursor.y, cursor.x)
        if before is None:
            before = [[BLANK] * picture.width for _ in wanted]
            differing = _differing(before, wanted, picture.touched())
            pen = Pen(self._powers)
            pen.clear()
            sent = _drawn(pen, before, wanted, differing, place)
        else:
            differing = _differing(before, wanted, picture.touched())
            if not differing and cursor == self._cursor:
                return ""
            sent = min(self._ways(before, wanted, differing, place), key=lambda way: len(way.encode()))
        for y in differing:
            before[y] = wanted[y].copy()
        self._shown, self._cursor = before, cursor
        return sent

    def _before(self, picture: Picture) -> list[Row] | None:
        """The rows that the terminal shows; None where they are not known, or not those of this size."""
        shown = self._shown if self._told is None else self._recalled(picture.width)
        if shown and (len(shown), len(shown[0])) != (picture.height, picture.width):
            shown = None
        if shown is None or shown is not self._shown:
            picture.touch()
        return shown

    def _recalled(self, columns: int) -> list[Row] | None:
        """The rows that were told, on a terminal of so many columns; None if they can't be its."""
        (rows, width), self._told = self._told or ([], None), None
        if width not in (None, columns) or any(cell_len(row) > columns for row in rows):
            return None
        told = Picture(columns, len(rows))
        for y, row in enumerate(rows):
            told.draw(y, 0, columns, [Segment(row)], ColorSystem.STANDARD)
        return list(told.rows)

    def _ways(self, before: Rows, wanted: Rows, differing: Sequence[int], cursor: Place) -> Iterator[str]:
        """What may be sent: from the top, few rows also from the bottom, many also with some that are moved first."""
        yield _drawn(Pen(self._powers), before, wanted, differing, cursor)
        if 1 < len(differing) <= _FEW:
            yield _drawn(Pen(self._powers), before, wanted, differing[::-1], cursor)
        scroll = find_scroll(before, wanted) if self._powers.scrolls and len(differing) > _FEW else None
        if scroll is not None:
            pen, moved = Pen(self._powers), scroll.moved(before)
            pen.scroll(scroll)
            yield _drawn(pen, moved, wanted, _differing(moved, wanted, range(len(wanted))), cursor)


def _differing(before: Rows, wanted: Rows, among: Iterable[int]) -> list[int]:
    return [y for y in among if before[y] != wanted[y]]


def _drawn(pen: Pen, before: Rows, wanted: Rows, differing: Sequence[int], cursor: Place) -> str:
    """Draw the rows that differ; those at the end that become blank are erased together."""
    blank = blank_from(wanted)
    erased = [y for y in differing if y >= blank]
    for y in differing:
        if y < blank or len(erased) == 1:
            pen.draw(y, before[y], wanted[y])
    if len(erased) > 1:
        pen.erase_below(min(erased))
    return pen.finish(cursor)
