"""What the terminal already shows, cell by cell, so that only what differs is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Final, NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset
from textual.strip import Strip


class Look(NamedTuple):
    """The attributes of a cell as the terminal is told them."""

    codes: str
    on_blanks: str
    """Those that show where there is no letter."""


Cell = tuple[str, Look]
_PLAIN: Final = Look("", "")
_BLANK: Final[Cell] = (" ", _PLAIN)
_CLEAR: Final = "\x1b[m\x1b[H\x1b[2J"
# To jump over fewer equal cells costs more than to send them again.
_SHORT_GAP: Final = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the screen."""

    cells: tuple[Cell, ...]
    """One for each cell; in a row that is not even, one for each run of the same attributes."""
    is_even: bool
    """Whether each character takes one cell: only then can a part of the row be sent."""


class Painter:
    """Remembers what was sent. Whatever else is written to the terminal must be followed by forget()."""

    def __init__(self) -> None:
        """Begin with a terminal of which nothing is known."""
        self._shown: list[Row] = []
        self._size = (0, 0)
        self._cursor = Offset(0, 0)
        self._told: tuple[list[str], int | None] | None = None

    @property
    def is_informed(self) -> bool:
        """Whether it is known what the terminal shows."""
        return self._told is not None or self._size != (0, 0)

    def shows(self, rows: Sequence[str], cursor: Offset, width: int | None = None) -> None:
        """The terminal shows these rows, one for each it has, which something else painted.

        They are without attributes, in the default colours, and end in blanks where they are shorter than the
        terminal is wide. The next paint() sends only what differs, unless the terminal has another number of rows
        by then, or another width than told (in cells): then it is cleared.
        """
        self._told, self._size, self._cursor = (list(rows), width), (0, 0), cursor

    def forget(self) -> None:
        """What the terminal shows is not known any more: the next rows are sent whole."""
        self._size, self._told = (0, 0), None

    def paint(self, strips: Sequence[Strip], cursor: Offset, colours: ColorSystem) -> str:
        """What the terminal must be sent to show these rows, with its cursor where it is to stand; often nothing."""
        wanted = [_row(strip, colours) for strip in strips]
        size = (max((strip.cell_length for strip in strips), default=0), len(strips))
        pen = _Pen(size[0])
        if self._told is not None:
            self._recall(*self._told, size)
        if size != self._size:
            pen.clear()
            self._shown, self._size = [Row((_BLANK,) * size[0], True)] * size[1], size
        for y, (before, row) in enumerate(zip(self._shown, wanted, strict=True)):
            if before != row:
                pen.draw(y, before, row)
        self._shown = wanted
        sent = pen.finish(cursor) if pen.has_drawn or cursor != self._cursor else ""
        self._cursor = cursor
        return sent

    def _recall(self, rows: Sequence[str], width: int | None, size: tuple[int, int]) -> None:
        """Begin from the rows that were told, if they can be those of a terminal of this size."""
        self._told = None
        if size[1] == len(rows) and size[0] == (width or size[0]) and all(cell_len(row) <= size[0] for row in rows):
            strips = [Strip([Segment(row)]).adjust_cell_length(size[0]) for row in rows]
            self._shown, self._size = [_row(strip, ColorSystem.STANDARD) for strip in strips], size


class _Pen:
    """Collects what is sent, on the shortest way."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._sent: list[str] = []
        self._look = _PLAIN
        self._at: tuple[int, int] | None = None

    @property
    def has_drawn(self) -> bool:
        return bool(self._sent)

    def clear(self) -> None:
        self._sent.append(_CLEAR)

    def draw(self, y: int, before: Row, row: Row) -> None:
        """Turn a row into another."""
        if not row.is_even:
            self._write(y, 0, row.cells)
            self._at = None
            return
        end = _end(row.cells)
        for first, last in _changes(before, row):
            self._write(y, first, row.cells[first : min(last, max(first, end))])
            if last > end:
                self._move(y, max(first, end))
                self._wear(_PLAIN)
                self._sent.append("\x1b[K")
                break

    def finish(self, cursor: Offset) -> str:
        """All of it, the attributes as they were, and the cursor where it is to stand."""
        self._wear(_PLAIN)
        self._move(cursor.y, cursor.x)
        return "".join(self._sent)

    def _write(self, y: int, x: int, cells: Sequence[Cell]) -> None:
        if not cells:
            return
        self._move(y, x)
        for character, look in cells:
            if character != " " or self._look.on_blanks != look.codes:
                self._wear(look)
            self._sent.append(character)
        x += len(cells)
        self._at = (y, x) if x < self._width else None  # terminals differ in where the last column leads

    def _move(self, y: int, x: int) -> None:
        if self._at != (y, x):
            self._sent.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")
            self._at = (y, x)

    def _wear(self, look: Look) -> None:
        if look.codes != self._look.codes:
            self._sent.append(f"\x1b[{'0;' if self._look.codes and look.codes else ''}{look.codes}m")
        self._look = look


def _changes(before: Row, row: Row) -> Iterator[tuple[int, int]]:
    """From where to where the cells differ, near places taken as one."""
    if not before.is_even:
        yield 0, len(row.cells)
        return
    first = last = -1
    for x, (one, other) in enumerate(zip_longest(before.cells, row.cells)):
        if one == other:
            continue
        if first >= 0 and x - last > _SHORT_GAP:
            yield first, last
            first = x
        first, last = (x if first < 0 else first), x + 1
    if first >= 0:
        yield first, last


def _end(cells: Sequence[Cell]) -> int:
    """Where only blanks follow that an erased line shows as well."""
    end = len(cells)
    while end and cells[end - 1] == _BLANK:
        end -= 1
    return end


def _row(strip: Strip, colours: ColorSystem) -> Row:
    if _is_even(strip):
        return Row(tuple(cell for part, style, _ in strip for cell in _cells(part, _look(style, colours))), True)
    return Row(tuple((part, _look(style, colours)) for part, style, _ in strip), False)


def _cells(text: str, look: Look) -> Iterator[Cell]:
    """A cell for each character; a blank has only the attributes that show on it."""
    blank = (" ", Look(look.on_blanks, look.on_blanks))
    return (blank if character == " " else (character, look) for character in text)


def _is_even(strip: Strip) -> bool:
    text = strip.text
    return text.isascii() or (len(text) == strip.cell_length and all(cell_len(each) == 1 for each in text))


@lru_cache(4096)
def _look(style: Style | None, colours: ColorSystem) -> Look:
    """The attributes of a style, without those that say nothing."""
    if style is None:
        return _PLAIN
    fore = None if style.color is None or style.color.is_default else style.color
    back = None if style.bgcolor is None or style.bgcolor.is_default else style.bgcolor
    codes = Strip.render_ansi(style.without_color + Style(color=fore, bgcolor=back), colours)
    if style.reverse or style.underline or style.underline2 or style.overline or style.strike:
        return Look(codes, codes)
    return Look(codes, Strip.render_ansi(Style(bgcolor=back), colours))
