"""A strip of Textual's as the cells that a terminal shows."""

from functools import lru_cache
from typing import Final, NamedTuple

from rich.color import ColorSystem
from rich.segment import Segment

from tui.cells.clusters import clusters
from tui.cells.looks import PLAIN, Look, look_of, on_blanks


class Cell(NamedTuple):
    """A place on the screen."""

    text: str
    """What is sent for it; nothing where a wider cluster goes on that began before."""
    look: Look
    """Of a blank only what can be seen of it."""
    width: int = 1
    """In how many cells the cluster stands that begins here; none where one goes on."""
    is_sure: bool = True
    """Whether all terminals show it in as many cells."""
    runs_left: bool = False
    """Whether it is written from right to left: terminals that know how may show it elsewhere in its row."""


BLANK: Final = Cell(" ", PLAIN)


@lru_cache(512)
def cells_of(segments: tuple[Segment, ...], colours: ColorSystem) -> tuple[Cell, ...]:
    """The cells of a strip, in so many colours. Controls are left out."""
    cells: list[Cell] = []
    for text, style, control in segments:
        if control:
            continue
        look = look_of(style, colours)
        for cluster, width, is_sure, runs_left in clusters(text):
            if width:
                cells += _cells(cluster, look, width, is_sure, runs_left)
            else:
                _join(cells, cluster)
    return tuple(blank_of(cell.look) if cell.text == " " else cell for cell in cells)


@lru_cache(1024)
def blank_of(look: Look) -> Cell:
    """A cell with nothing in it that was to have a look."""
    return Cell(" ", on_blanks(look))


@lru_cache(8192)
def _cells(text: str, look: Look, width: int, is_sure: bool, runs_left: bool) -> tuple[Cell, ...]:
    """The cells of a cluster: the same ones whenever it is the same, so that they need not be compared."""
    goes_on = Cell("", look, 0, is_sure, runs_left)
    return (Cell(text, look, width, is_sure, runs_left), *(goes_on,) * (width - 1))


def _join(cells: list[Cell], mark: str) -> None:
    """Add what has no width to the cluster before it; where a strip begins there is none, and nothing to see."""
    begin = len(cells) - 1
    while begin > 0 and not cells[begin].width:
        begin -= 1
    if begin >= 0:
        text, look, width, _, runs_left = cells[begin]
        cells[begin:] = _cells(text + mark, look, width, False, runs_left)
