"""A terminal that only shows: each cell with all its attributes, and the cursor. What it does not know is an error.

Text is measured as Rich does it, cluster by cluster, so that a family of four with its joiners takes two cells; with
`by_cluster=False` each code point counts for itself, as in xterm and in tmux. What terminals do not agree on, such as
erasing while the cursor waits behind the last column, is an error as well: nobody may count on it.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeVar

from screens.looks import Cell, look, told
from screens.surface import Line, NotKnownError, Surface

_Found = TypeVar("_Found")
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


class Cursor(NamedTuple):
    """Where the cursor stands, and whether it is seen."""

    x: int
    y: int
    is_seen: bool


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
