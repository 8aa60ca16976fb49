"""Where two rows of cells differ."""

from collections.abc import Sequence

from tui.cells.cell import Cell

Span = tuple[int, int]
"""From one cell to another, which is not included."""


def changes(before: Sequence[Cell], wanted: Sequence[Cell]) -> list[Span]:
    """The spans of a row that must be sent again, from the left.

    Where the width or the order of anything in the row, before or after, is not sure, that is all from the first
    difference on.
    """
    differing = [
        x for x, (one, other) in enumerate(zip(before, wanted, strict=True)) if one is not other and one != other
    ]
    if not differing:
        return []
    if any(not cell.is_sure or cell.runs_left for cells in (before, wanted) for cell in cells):
        return [(differing[0], len(wanted))]
    spans: list[Span] = []
    for x in differing:
        begin = spans.pop()[0] if spans and spans[-1][1] == x else x
        spans.append((begin, x + 1))
    return spans
