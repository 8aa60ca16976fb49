"""The cells of the tests' terminal, and all that can be done to them.

They stand on pyte for the moves, the margins and what is kept; characters, attributes and erasing are their own.
"""

from typing import Any

import pyte
import pyte.modes
from pyte.screens import Margins, StaticDefaultDict
from rich.cells import get_character_cell_size, split_graphemes
from screens.looks import Cell, dressed

Line = StaticDefaultDict[int, Cell]


class NotKnownError(Exception):
    """Something was sent that a terminal may not know, or that terminals answer each in its own way."""


class Surface(pyte.Screen):
    """The cells. They have more attributes than pyte's own."""

    buffer: Any
    cursor: Any

    def __init__(self, width: int, height: int, erases_with_colour: bool, by_cluster: bool) -> None:
        self.erases_with_colour, self._by_cluster = erases_with_colour, by_cluster
        self._at_rest: tuple[dict[int, Line], Any] | None = None
        self._last: tuple[int, int, int] | None = None
        super().__init__(width, height)

    @property
    def default_char(self) -> Any:
        return Cell(" ")

    @property
    def is_waiting(self) -> bool:
        """Whether the cursor waits behind the last column."""
        return bool(self.cursor.x == self.columns)

    def draw(self, data: str) -> None:
        """Show text where the cursor stands."""
        if data.isascii():
            for character in data:
                self._put(character, 1)
        elif self._by_cluster:
            spans, _ = split_graphemes(data)
            for start, end, width in spans:
                self._put(data[start:end], width)
        else:
            for character in data:
                self._put(character, get_character_cell_size(character))

    def _put(self, text: str, width: int) -> None:
        if width == 0:
            self._combine(text)
            return
        cursor, wraps = self.cursor, pyte.modes.DECAWM in self.mode
        if cursor.x + width > self.columns:
            if not wraps:
                return  # half a character is not shown
            cursor.x = 0
            self.index()
        line, x = self.buffer[cursor.y], cursor.x
        self._cut(line, x)
        self._cut(line, x + width)
        line[x] = dressed(cursor.attrs, text)
        if width == 2:
            line[x + 1] = dressed(cursor.attrs, "")
        cursor.x = x + width if wraps else min(x + width, self.columns - 1)
        self._last = (cursor.y, x, cursor.x)

    def _combine(self, text: str) -> None:
        """What takes no cell belongs to the character before it; without one it is not shown."""
        y, x = self.cursor.y, self.cursor.x
        if self._last is not None and self._last[::2] == (y, x):
            x = self._last[1]
        elif x == 0:
            return
        else:
            x -= 1 if self.buffer[y][x - 1].data else 2
        line = self.buffer[y]
        line[x] = line[x]._replace(data=line[x].data + text)

    def _cut(self, line: Line, x: int) -> None:
        """Of a wide character only one half would be left at a boundary: the other becomes a blank."""
        if 0 < x < self.columns and line[x].data == "":
            line[x - 1] = line[x] = Cell(" ")

    # Moves, where pyte's differ from those of a terminal

    def reset(self) -> None:
        super().reset()
        self.cursor.attrs, self._at_rest, self._last = Cell(" "), None, None

    def cursor_up(self, count: int | None = None) -> None:
        y, top = self.cursor.y, (self.margins or Margins(0, self.lines - 1)).top
        self.cursor.y = max(y - (count or 1), top if y >= top else 0)

    def cursor_down(self, count: int | None = None) -> None:
        y, bottom = self.cursor.y, (self.margins or Margins(0, self.lines - 1)).bottom
        self.cursor.y = min(y + (count or 1), bottom if y <= bottom else self.lines - 1)

    def wrap(self, is_on: bool) -> None:
        """Whether text goes on in the next line behind the last column."""
        (self.mode.add if is_on else self.mode.discard)(pyte.modes.DECAWM)

    # What is erased, and what comes in when rows move

    @property
    def _nothing(self) -> Cell:
        return Cell(" ", bg=self.cursor.attrs.bg) if self.erases_with_colour else Cell(" ")

    def _erase(self, y: int, first: int, end: int) -> None:
        line, nothing = self.buffer[y], self._nothing
        if "" in (line[first].data, line[end].data):
            raise NotKnownError("half of a wide character is erased")
        for x in range(first, end):
            line[x] = nothing

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:  # noqa: ARG002
        x = self.cursor.x
        first, end = {0: (x, self.columns), 1: (0, x + 1), 2: (0, self.columns)}[how]
        self._erase(self.cursor.y, first, end)

    def erase_characters(self, count: int | None = None) -> None:
        x = self.cursor.x
        self._erase(self.cursor.y, x, min(x + (count or 1), self.columns))

    def erase_in_display(self, how: int = 0, *_: int) -> None:
        y = self.cursor.y
        for each in {0: range(y + 1, self.lines), 1: range(y), 2: range(self.lines)}[how]:
            self._erase(each, 0, self.columns)
        if how != 2:
            self.erase_in_line(how)

    def scroll(self, count: int, top: int | None = None) -> None:
        """Move the rows between the margins, or from a row within them on, up or (below zero) down."""
        first, last = self.margins or Margins(0, self.lines - 1)
        if top is not None:
            if not first <= top <= last:
                return
            first = top
        rows = [self.buffer[y] for y in range(first, last + 1)]
        come = [Line(self._nothing) for _ in range(min(abs(count), len(rows)))]
        moved = rows[len(come) :] + come if count > 0 else come + rows[: len(rows) - len(come)]
        for y, row in enumerate(moved, first):
            self.buffer[y] = row

    def index(self) -> None:
        if self.cursor.y == (self.margins or Margins(0, self.lines - 1)).bottom:
            self.scroll(1)
        else:
            self.cursor_down()

    def reverse_index(self) -> None:
        if self.cursor.y == (self.margins or Margins(0, self.lines - 1)).top:
            self.scroll(-1)
        else:
            self.cursor_up()

    def move_rows(self, count: int) -> None:
        """Take rows out where the cursor stands, or (below zero) put blank ones in."""
        if self.cursor.x:
            raise NotKnownError("rows are put in or taken out while the cursor is not in the first column")
        self.scroll(count, self.cursor.y)

    def move_cells(self, count: int) -> None:
        """Take cells out where the cursor stands, or (below zero) put blank ones in."""
        line, x = self.buffer[self.cursor.y], self.cursor.x
        cells = [line[each] for each in range(x, self.columns)]
        come = [self._nothing] * min(abs(count), len(cells))
        moved = cells[len(come) :] + come if count > 0 else come + cells[: len(cells) - len(come)]
        if "" in (line[x].data, moved[0].data, cells[-len(come)].data):
            raise NotKnownError("a wide character is torn apart")
        line.update(enumerate(moved, x))

    def repeat(self, count: int) -> None:
        """Show the last character again."""
        if self._last is None:
            raise NotKnownError("nothing to repeat")
        y, x, _ = self._last
        self.draw(self.buffer[y][x].data * count)

    # The second screen

    def leave_to(self, is_second: bool) -> None:
        """Change between the screen of the shell and the one of the programs, which is blank at first."""
        if is_second and self._at_rest is None:
            self._at_rest = (dict(self.buffer), pyte.screens.Cursor(self.cursor.x, self.cursor.y, self.cursor.attrs))
            self.buffer.clear()
        elif not is_second and self._at_rest is not None:
            kept, cursor = self._at_rest
            self.buffer.clear()
            self.buffer.update(kept)
            self.cursor.x, self.cursor.y = min(cursor.x, self.columns - 1), min(cursor.y, self.lines - 1)
            self.cursor.attrs, self._at_rest = cursor.attrs, None
