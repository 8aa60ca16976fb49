"""The difference between rows, said in as few bytes as the terminal understands."""

from collections.abc import Iterator, Sequence
from typing import Final

from tui.cells.cell import BLANK, Cell
from tui.cells.changes import Span, changes
from tui.cells.looks import PLAIN, Look, as_blank, change, on_blanks
from tui.cells.moves import Place, move
from tui.cells.powers import Powers
from tui.cells.scrolling import Scroll

Row = Sequence[Cell]
# Bytes: to the end of a line; so many cells at most; the latter, and over them.
_ERASE_LINE: Final = 3
_ERASE_CELLS: Final = 5
_PASS_CELLS: Final = 11
# To look for what may be sent again instead of moved over costs time; few cells are ever shorter than a move.
_SHORT_WAY: Final = 8


class Pen:
    """Where the terminal writes and how, and what it is sent. It begins where nothing is known, in plain letters."""

    def __init__(self, powers: Powers) -> None:
        """Begin to write to a terminal with these powers."""
        self._powers = powers
        self._sent: list[str] = []
        self._look = PLAIN
        self._at: Place | None = None

    def clear(self) -> None:
        """Make every cell blank; not all at once, which some terminals keep for anybody to scroll back to."""
        self._sent.append("\x1b[m\x1b[2H\x1b[J\x1b[H\x1b[K")
        self._at = (0, 0)

    def scroll(self, scroll: Scroll) -> None:
        """Move rows between margins, before anything else: what comes in is blank as the letters are plain."""
        edge, step = (scroll.bottom - 1, "\n") if scroll.up > 0 else (scroll.top, "\x1bM")
        self._sent.append(f"\x1b[{scroll.top + 1};{scroll.bottom}r{move(None, (edge, 0))}{step * abs(scroll.up)}\x1b[r")

    def erase_below(self, y: int) -> None:
        """Make this row and all below it blank."""
        self._go(y, 0)
        self._wear(PLAIN)
        self._sent.append("\x1b[J")

    def draw(self, y: int, before: Row, wanted: Row) -> None:
        """Turn a row into another."""
        spans = changes(before, wanted)
        end = self._end(wanted)
        erased = [max(begin, end) for begin, until in spans if until > end]
        if erased and spans[-1][1] - erased[0] > _ERASE_LINE:
            spans = [(begin, min(until, end)) for begin, until in spans if begin < end]
        else:
            erased = []
        for begin, until in self._joined(spans, wanted):
            self._reach(y, begin, wanted)
            self._write(y, begin, until, before, wanted)
        if erased:
            self._reach(y, erased[0], wanted)
            self._wear_for_blanks(wanted[-1].look)
            self._sent.append("\x1b[K")

    def finish(self, cursor: Place) -> str:
        """All of it, with plain letters again, and the cursor where it is to stand."""
        self._wear(PLAIN)
        self._go(*cursor)
        return "".join(self._sent)

    def _joined(self, spans: Sequence[Span], row: Row) -> Iterator[Span]:
        """The same spans; where nothing but blanks lies between two, one that can be erased at once."""
        joined: Span | None = None
        for span in spans:
            if joined and self._can_erase_cells(row[span[0]]) and len(set(row[joined[1] - 1 : span[0] + 1])) == 1:
                joined = (joined[0], span[1])
                continue
            if joined:
                yield joined
            joined = span
        if joined:
            yield joined

    def _write(self, y: int, x: int, end: int, before: Row, row: Row) -> None:
        while x < end:
            cell = row[x]
            blanks = self._blanks(x, end, before, row)
            if blanks > (_ERASE_CELLS if x + blanks == end else _PASS_CELLS):
                self._go(y, x)
                self._wear_for_blanks(cell.look)
                self._sent.append(f"\x1b[{blanks}X")
                x += blanks
                continue
            self._go(y, x)
            if cell.is_sure:
                self._put(cell)
            else:
                self._put_doubtful(y, x, cell)
            x += max(1, cell.width)
            self._at = (y, x) if x < len(row) and self._is_known_behind(cell, row[x]) else None

    def _is_known_behind(self, cell: Cell, following: Cell) -> bool:
        """Whether all terminals have the cursor in the same place behind a cell, which the last column is not."""
        return cell.is_sure and (not cell.runs_left or following.runs_left)

    def _put(self, cell: Cell) -> None:
        if cell.text == " ":
            self._wear_for_blanks(cell.look)
        else:
            self._wear(cell.look)
        self._sent.append(cell.text)

    def _put_doubtful(self, y: int, x: int, cell: Cell) -> None:
        """Onto blanks: a terminal for which it is narrower than for us shows nothing else beside it."""
        self._wear(cell.look)
        self._sent.append(" " * cell.width)
        self._at = None
        self._go(y, x)
        self._sent.append(cell.text)

    def _blanks(self, x: int, end: int, before: Row, row: Row) -> int:
        """How many cells from here on can be erased alike; none where that ends within a wide character."""
        cell = row[x]
        if not self._can_erase_cells(cell):
            return 0
        last = x
        while last < end and row[last] == cell:
            last += 1
        return last - x if last == len(row) or before[last].width else 0

    def _end(self, row: Row) -> int:
        """Where only blanks follow that an erased line shows as well."""
        end = len(row)
        if row[-1].text == " " and self._can_erase(row[-1].look):
            while end and row[end - 1] == row[-1]:
                end -= 1
        return end

    def _can_erase_cells(self, blank: Cell) -> bool:
        return self._powers.erases_cells and blank.text == " " and self._can_erase(blank.look)

    def _can_erase(self, look: Look) -> bool:
        return look == PLAIN or (self._powers.erases_in_colour and look.is_erasing)

    def _reach(self, y: int, x: int, row: Row) -> None:
        """Come to a cell by a move, or by sending again what stands before it."""
        if self._at is not None and self._at[0] == y and 0 < x - self._at[1] <= _SHORT_WAY:
            between = row[self._at[1] : x]
            text = "".join(cell.text for cell in between)
            if len(text.encode()) <= len(move(self._at, (y, x))) and all(map(self._is_worn, between)):
                self._sent.append(text)
                self._at = (y, x)
                return
        self._go(y, x)

    def _is_worn(self, cell: Cell) -> bool:
        """Whether a cell can be sent as things are."""
        return cell.is_sure and (cell.look == self._look or (cell.text == " " and cell.look == on_blanks(self._look)))

    def _go(self, y: int, x: int) -> None:
        self._sent.append(move(self._at, (y, x)))
        self._at = (y, x)

    def _wear_for_blanks(self, look: Look) -> None:
        self._wear(min(as_blank(self._look, look), key=lambda each: len(self._change(each))))

    def _wear(self, look: Look) -> None:
        self._sent.append(self._change(look))
        self._look = look

    def _change(self, look: Look) -> str:
        return change(self._look, look, can_undo=self._powers.undoes)


def blank_from(rows: Sequence[Row]) -> int:
    """The first of the rows at the end that are blank."""
    y = len(rows)
    while y and all(cell == BLANK for cell in rows[y - 1]):
        y -= 1
    return y
