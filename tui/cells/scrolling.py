"""Rows that only moved: a terminal can move them itself."""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from tui.cells.cell import BLANK, Cell

Row = Sequence[Cell]
# A single row that stands elsewhere may do so by chance.
_FEWEST: Final = 2
# What leaves the screen at its top is kept by some terminals, for anybody to scroll back to.
_KEPT_IN_PLACE: Final = 1


class Scroll(NamedTuple):
    """Rows between two margins that move together."""

    top: int
    bottom: int
    """The first row below them."""
    up: int
    """By how many rows; down if negative. Blank rows follow them."""

    def moved(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of a screen after it."""
        blank = [[BLANK] * len(rows[0])] * abs(self.up)
        within = rows[self.top : self.bottom]
        within = [*within[self.up :], *blank] if self.up > 0 else [*blank, *within[: self.up]]
        return [*rows[: self.top], *within, *rows[self.bottom :]]


def find_scroll(shown: Sequence[Row], wanted: Sequence[Row]) -> Scroll | None:
    """The scroll after which the fewest cells differ; None where no rows moved."""
    up = _most_common_move(shown, wanted)
    if not up:
        return None
    blank = [BLANK] * len(wanted[0])
    height = len(wanted)
    gains, losses = [], []
    for y, row in enumerate(wanted):
        now = _differing(shown[y], row)
        gains.append(now - _differing(shown[y + up], row) if 0 <= y + up < height else 0)
        losses.append(now - _differing(blank, row))
    return _best(list(accumulate(gains, initial=0)), list(accumulate(losses, initial=0)), up)


def _best(gains: Sequence[int], losses: Sequence[int], up: int) -> Scroll | None:
    """The margins that save most, from the sums of what is saved above each row: by moving, and by becoming blank."""
    best, most = None, 0
    by, height = abs(up), len(gains) - 1
    for top in range(_KEPT_IN_PLACE, height - by):
        for bottom in range(top + by + 1, height + 1):
            if up > 0:
                saved = gains[bottom - by] - gains[top] + losses[bottom] - losses[bottom - by]
            else:
                saved = gains[bottom] - gains[top + by] + losses[top + by] - losses[top]
            if saved > most:
                best, most = Scroll(top, bottom, up), saved
    return best


def _most_common_move(shown: Sequence[Row], wanted: Sequence[Row]) -> int:
    """By how many rows most of those moved up that were nowhere else; 0 if hardly any did."""
    places: dict[str, list[int]] = {}
    for y, row in enumerate(shown):
        places.setdefault(_text(row), []).append(y)
    moves: Counter[int] = Counter()
    for y, row in enumerate(wanted):
        text = _text(row)
        stood = places.get(text, [])
        if len(stood) == 1 and stood[0] != y and not text.isspace():
            moves[stood[0] - y] += 1
    up, rows = moves.most_common(1)[0] if moves else (0, 0)
    return up if rows >= _FEWEST else 0


def _text(row: Row) -> str:
    return "".join(cell.text for cell in row)


def _differing(one: Row, other: Row) -> int:
    return sum(here is not there and here != there for here, there in zip(one, other, strict=True))
