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


BLANK: Final = Cell(" ", PLAIN)


@lru_cache(512)
def cells_of(segments: tuple[Segment, ...], colours: ColorSystem) -> tuple[Cell, ...]:
    """The cells of a strip, in so many colours. Controls are left out."""
    cells: list[Cell] = []
    for text, style, control in segments:
        if control:
            continue
        look = look_of(style, colours)
        for cluster, width, is_sure in clusters(text):
            if width:
                cells.append(_cell(cluster, look, width, is_sure=is_sure))
                cells.extend([_cell("", look, 0, is_sure=is_sure)] * (width - 1))
            else:
                _join(cells, cluster)
    return tuple(_seen(cell) if cell.text == " " else cell for cell in cells)


@lru_cache(1024)
def _seen(blank: Cell) -> Cell:
    return _cell(" ", on_blanks(blank.look), 1, is_sure=True)


@lru_cache(8192)
def _cell(text: str, look: Look, width: int, *, is_sure: bool) -> Cell:
    """One and the same cell whenever it is the same: what is the same need not be compared."""
    return Cell(text, look, width, is_sure)


def _join(cells: list[Cell], mark: str) -> None:
    """Add what has no width to the cluster before it; at the beginning of a strip there is none, and nothing to see."""
    begin = len(cells) - 1
    while begin > 0 and not cells[begin].width:
        begin -= 1
    if begin >= 0:
        text, look, width, _ = cells[begin]
        cells[begin:] = [
            _cell(text + mark, look, width, is_sure=False),
            *(_cell("", look, 0, is_sure=False),) * (width - 1),
        ]
