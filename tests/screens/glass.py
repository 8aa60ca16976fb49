"""A terminal that only shows: each cell with all its attributes, and the cursor. What it does not know is an error.

It stands on pyte for the moves, the margins and what is kept; characters, attributes and erasing are its own. Text is
measured as Rich does it, cluster by cluster, so that a family of four with its joiners takes two cells; with
`by_cluster=False` each code point counts for itself, as in xterm and in tmux. What terminals do not agree on, such as
erasing while the cursor waits behind the last column, is an error as well: nobody may count on it.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, TypeVar

import pyte
import pyte.modes
from pyte.screens import Margins, StaticDefaultDict
from rich.cells import get_character_cell_size, split_graphemes
from screens.looks import Cell, dressed, look, told

_Found = TypeVar("_Found")
Line = StaticDefaultDict[int, Cell]
_TOKEN: Final = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[(?P<private>[<=>?]?)(?P<parameters>[\d;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<system>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b(?P<escape>[ -/]*[0-Z\\^-~])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f-\x9f])"
)
_UNFINISHED: Final = re.compile(r"\x1b(?:\[[<=>?]?[\d;:]*[ -/]*|\][^\x07\x1b]*\x1b?|[ -/]*)?")
# What is asked, or told the keyboard and the mouse, and shows nowhere.
_UNSEEN: Final = re.compile(
    r"\?(?:1000|1003|1004|1006|1015|1016|2004|2026|2048)[hl]|\?(?:1|12)[hl]|\?\d+\$p|>\d+u|<u|6n|5n|c|>c|>q|4l|2[23];0;0t"
)
_SYSTEM_UNSEEN: Final = re.compile(r"(?:0|1|2|22|52);")
_LINK: Final = re.compile(r"8;[^;]*;(.*)", re.DOTALL)
# What may follow a character in the last column, wherever a terminal has its cursor then.
_PLACES: Final = "HfSTmr"


class NotKnownError(Exception):
    """Something was sent that a terminal may not know, or that terminals answer each in its own way."""


class Cursor(NamedTuple):
    """Where the cursor stands, and whether it is seen."""

    x: int
    y: int
    is_seen: bool


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


class Glass:
    """A terminal of so many cells: feed() it what a program sends, and look at what is seen()."""

    def __init__(
        self, width: int, height: int, *, erases_with_colour: bool = True, by_cluster: bool = True, wraps: bool = True
    ) -> None:
        """An empty terminal; erased cells take the background's colour (bce) unless told otherwise."""
        self.screen = Surface(width, height, erases_with_colour, by_cluster)
        self._held = ""
        if not wraps:
            self.feed("\x1b[?7l")

    @property
    def cursor(self) -> Cursor:
        """The cursor; behind the last column it is drawn in it."""
        cursor = self.screen.cursor
        return Cursor(min(cursor.x, self.screen.columns - 1), cursor.y, not cursor.hidden)

    def seen(self) -> list[list[Cell]]:
        """Each cell as it looks: of a blank only what can be seen of it."""
        return [[look(line[x]) for x in range(self.screen.columns)] for line in self._lines()]

    def rows(self) -> list[str]:
        """The characters alone."""
        return ["".join(line[x].data for x in range(self.screen.columns)) for line in self._lines()]

    def _lines(self) -> Iterator[Line]:
        return (self.screen.buffer[y] for y in range(self.screen.lines))

    def spoil(self, width: int | None = None, height: int | None = None, noise: str = "▒noise") -> None:
        """Show what nobody sent, or nothing, as a terminal may whose size was changed."""
        screen = self.screen
        screen.resize(height, width)
        screen.margins = None
        screen.cursor.x, screen.cursor.y = (
            min(screen.cursor.x, screen.columns - 1),
            min(screen.cursor.y, screen.lines - 1),
        )
        for y in range(screen.lines):
            screen.buffer[y].clear()
            for x in range(screen.columns if noise else 0):
                screen.buffer[y][x] = Cell(noise[(x + y) % len(noise)], fg="13", underscore=1)

    def feed(self, sent: str) -> None:
        """Show what was sent; a sequence that is not whole waits for its rest."""
        sent, self._held = self._held + sent, ""
        at = 0
        while at < len(sent):
            found = _TOKEN.match(sent, at)
            if found is None:
                if not _UNFINISHED.fullmatch(sent, at):
                    raise NotKnownError(repr(sent[at : at + 20]))
                self._held = sent[at:]
                return
            self._obey(found)
            at = found.end()

    def _obey(self, found: re.Match[str]) -> None:
        screen, part = self.screen, found.lastgroup
        if part == "text":
            screen.draw(found["text"])
        elif part == "system":
            self._tell_system(found["system"])
        elif part == "escape":
            _known(_ESCAPES, found["escape"])(screen)
        elif part == "control":
            if screen.is_waiting and found["control"] == "\b":
                raise NotKnownError("a step back from behind the last column")
            _known(_CONTROLS, found["control"])(screen)
        elif not _UNSEEN.fullmatch(found[0][2:]):
            self._control(found["private"], found["parameters"], found["between"] + found["final"])

    def _tell_system(self, said: str) -> None:
        link = _LINK.fullmatch(said)
        if link:
            self.screen.cursor.attrs = self.screen.cursor.attrs._replace(link=link[1])
        elif not _SYSTEM_UNSEEN.match(said):
            raise NotKnownError(repr(said))

    def _control(self, private: str, parameters: str, final: str) -> None:
        screen = self.screen
        if private == "?" and final in ("h", "l"):
            for mode in parameters.split(";"):
                _known(_MODES, mode)(screen, final == "h")
        elif private:
            raise NotKnownError(f"CSI {private}{parameters}{final}")
        elif final == "m":
            screen.cursor.attrs = told(screen.cursor.attrs, parameters)
        elif screen.is_waiting and final not in _PLACES:
            raise NotKnownError(f"CSI {parameters}{final} behind the last column, where terminals do not agree")
        else:
            _known(_SEQUENCES, final)(screen, *(int(each or 0) for each in parameters.split(";")))


def _known(table: dict[str, _Found], name: str) -> _Found:
    if name not in table:
        raise NotKnownError(repr(name))
    return table[name]


def _nothing_seen(*_: object) -> None:
    """Of no effect on what is shown."""


_CONTROLS: Final[dict[str, Callable[[Surface], None]]] = {
    "\a": _nothing_seen,
    "\b": Surface.cursor_back,
    "\n": Surface.index,
    "\r": Surface.carriage_return,
    "\x0f": _nothing_seen,
}
_ESCAPES: Final[dict[str, Callable[[Surface], None]]] = {
    "7": Surface.save_cursor,
    "8": Surface.restore_cursor,
    "=": _nothing_seen,
    ">": _nothing_seen,
    "(B": _nothing_seen,
    ")0": _nothing_seen,
    "D": Surface.index,
    "M": Surface.reverse_index,
    "c": Surface.reset,
}
_SEQUENCES: Final[dict[str, Callable[..., None]]] = {
    "@": lambda screen, count=0: screen.move_cells(-(count or 1)),
    "A": Surface.cursor_up,
    "B": Surface.cursor_down,
    "C": Surface.cursor_forward,
    "D": Surface.cursor_back,
    "G": Surface.cursor_to_column,
    "H": Surface.cursor_position,
    "J": Surface.erase_in_display,
    "K": Surface.erase_in_line,
    "L": lambda screen, count=0: screen.move_rows(-(count or 1)),
    "M": lambda screen, count=0: screen.move_rows(count or 1),
    "P": lambda screen, count=0: screen.move_cells(count or 1),
    "S": lambda screen, count=0: screen.scroll(count or 1),
    "T": lambda screen, count=0: screen.scroll(-(count or 1)),
    "X": Surface.erase_characters,
    "b": lambda screen, count=0: screen.repeat(count or 1),
    "d": Surface.cursor_to_line,
    "f": Surface.cursor_position,
    "r": lambda screen, top=0, bottom=0: screen.set_margins(top or 1, bottom or screen.lines),
}
_MODES: Final[dict[str, Callable[[Surface, bool], None]]] = {
    "7": Surface.wrap,
    "25": lambda screen, on: setattr(screen.cursor, "hidden", not on),
    "1049": Surface.leave_to,
}
