"""The cells that are wanted on the screen."""

from collections.abc import Iterable

from rich.color import ColorSystem
from rich.segment import Segment

from tui.cells.cell import BLANK, Cell, blank_of, cells_of


class Picture:
    """Rows of cells, and which of them were drawn upon since somebody asked."""

    def __init__(self, width: int = 0, height: int = 0) -> None:
        """Begin with blanks."""
        self.width, self.height = width, height
        self.rows: list[list[Cell]] = [[BLANK] * width for _ in range(height)]
        self._touched = set(range(height))

    def draw(self, y: int, x: int, end: int, segments: Iterable[Segment], colours: ColorSystem) -> None:
        """Put a strip into a row (y) from a cell (x), up to another (end, not included) at most."""
        end = min(end, self.width)
        cells = cells_of(tuple(segments), colours)[: max(0, end - x)]
        if cells and 0 <= y < self.height:
            row, end = self.rows[y], x + len(cells)
            _cut(row, x)
            _cut(row, end)
            row[x:end] = cells
            self._touched.add(y)

    def touched(self) -> list[int]:
        """The rows that were drawn upon since this was asked last, from the top."""
        touched = sorted(self._touched)
        self._touched.clear()
        return touched

    def touch(self) -> None:
        """Take every row for one that was drawn upon."""
        self._touched.update(range(self.height))


def _cut(row: list[Cell], x: int) -> None:
    """Make a cluster blank that would be cut in two before a cell: half of it can't be shown."""
    begin = end = x
    while begin and begin < len(row) and not row[begin].width:
        begin -= 1
    while begin < x and end < len(row) and not row[end].width:
        end += 1
    row[begin:end] = [blank_of(row[begin].look)] * (end - begin) if begin < end else []
