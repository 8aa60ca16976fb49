"""Where two rows of cells differ."""

from collections.abc import Sequence

from tui.cells.cell import Cell

Span = tuple[int, int]
"""From one cell to another, which is not included."""


def changes(before: Sequence[Cell], wanted: Sequence[Cell]) -> list[Span]:
    """The spans of a row that must be sent again, from the left; each begins and ends where a cluster does.

    Where the width of anything in the row, before or after, is not sure, that is all from the first difference on.
    """
    differing = [
        x for x, (one, other) in enumerate(zip(before, wanted, strict=True)) if one is not other and one != other
    ]
    if not differing:
        return []
    if not all(cell.is_sure for cells in (before, wanted) for cell in cells):
        return [(_begin(wanted, differing[0]), len(wanted))]
    spans: list[Span] = []
    for x in differing:
        begin, end = _begin(wanted, x), _end(wanted, x + 1)
        if spans and begin <= spans[-1][1]:
            begin = spans.pop()[0]
        spans.append((begin, end))
    return spans


def _begin(cells: Sequence[Cell], x: int) -> int:
    while x and not cells[x].width:
        x -= 1
    return x


def _end(cells: Sequence[Cell], x: int) -> int:
    while x < len(cells) and not cells[x].width:
        x += 1
    return x
