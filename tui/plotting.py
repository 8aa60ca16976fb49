"""A series of figures as lines of text: bars that lie, each with its figure, or upright columns where there are many.

Nothing is rounded that is written. A bar is as long as its figure in halves of a cell; the least one shows a mark, and
nothing at all has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size

from models.rules.money import grouped_minor
from tui.text import clean

if TYPE_CHECKING:
    from models.reports.tables import Series

_LEAST_BAR: Final = 4
_LEAST_GRID: Final = 3
_BETWEEN: Final = 2
_BENEATH: Final = 2
"""Under the columns: what they are of, and the highest and the lowest of them."""
NOTHING: Final = "Nothing to plot."


@dataclass(frozen=True, slots=True)
class Signs:
    """What bars are drawn with."""

    whole: str
    right: tuple[str, str]
    """The end of a bar that goes to the right: the least mark, and half a cell."""
    left: tuple[str, str]
    up: tuple[str, str]
    down: tuple[str, str]
    upright: str
    across: str
    cut: str


BLOCKS: Final = Signs("█", ("▏", "▌"), ("▕", "▐"), ("▁", "▄"), ("▔", "▀"), "│", "─", "…")
PLAIN: Final = Signs("#", (".", ":"), (".", ":"), (".", ":"), ("'", ":"), "|", "-", "~")
"""Signs of a terminal that has ASCII only."""


def figure(value: int, currency: str | None) -> str:
    """A figure with its thousands apart: minor units of a currency as an amount, without one a count."""
    return f"{value:,}" if currency is None else grouped_minor(value, currency)


def plot(series: Series, width: int, height: int, *, is_ascii: bool = False) -> tuple[str, ...]:
    """A series in so many columns and lines at most, its title first; on a terminal with ASCII only in plain signs."""
    signs = PLAIN if is_ascii else BLOCKS
    unit = "" if series.currency is None else f", {series.currency}"
    title = f"{clean(series.title)}{unit}"
    labels = tuple(map(clean, series.labels))
    lines: tuple[str, ...]
    if not series.values:
        lines = (title, NOTHING)
    elif len(series.values) < height or height <= _LEAST_GRID + _BENEATH:
        lines = (title, *_bars(labels, series, width, signs))
    else:
        lines = _columns(title, labels, series, width, height, signs)
    return tuple(_cut(line, width, signs).rstrip() for line in lines[:height])


def _cut(text: str, cells: int, signs: Signs) -> str:
    return text if cell_len(text) <= cells else set_cell_size(text, max(0, cells - 1)) + signs.cut


def _padded(text: str, cells: int, signs: Signs) -> str:
    return set_cell_size(_cut(text, cells, signs), cells)


def _halves(value: int, highest: int, cells: int) -> int:
    """How many halves of a cell a bar has, of which the highest has all; at least none."""
    return 0 if not highest else (2 * cells * abs(value) + highest // 2) // highest


def _drawn(value: int, highest: int, cells: int, signs: Signs, ends: tuple[str, str]) -> str:
    """A bar from its foot on."""
    if not value:
        return ""
    whole, half = divmod(_halves(value, highest, cells), 2)
    return signs.whole * whole + (ends[1] * half if whole or half else ends[0])


# Bars that lie


def _bars(labels: Sequence[str], series: Series, width: int, signs: Signs) -> list[str]:
    """A line for each figure: what it is of, its bar, and the figure."""
    figures = [figure(value, series.currency) for value in series.values]
    of_figures = max(map(cell_len, figures))
    beside = max(1, width - of_figures - _BETWEEN - 1)
    of_labels = min(max(map(cell_len, labels)), max(1, width // 3), beside)
    room = width - of_labels - of_figures - 2 * _BETWEEN + 1
    highest = max(0, *series.values)
    lowest = max(0, *(-value for value in series.values))
    lines = []
    for label, value, told in zip(labels, series.values, figures, strict=True):
        bar = _lying(value, highest, lowest, room, signs) if room >= _LEAST_BAR else ""
        lines.append(f"{_padded(label, of_labels, signs)} {bar}{' ' * _BETWEEN}{told.rjust(of_figures)}")
    return lines


def _lying(value: int, highest: int, lowest: int, room: int, signs: Signs) -> str:
    """A bar to the right of its foot, or to the left below zero; the foot stands where zero is."""
    room -= 1
    at_left = _share(lowest, highest, room)
    back = _drawn(value, lowest, at_left, signs, signs.left) if value < 0 else ""
    ahead = _drawn(value, highest, room - at_left, signs, signs.right) if value > 0 else ""
    return f"{back[::-1].rjust(at_left)}{signs.upright}{ahead.ljust(room - at_left)}"


def _share(one: int, other: int, room: int) -> int:
    """How much of some room one side gets beside the other, by their heights; who has any height gets some."""
    if not one or not other:
        return room if one else 0
    return min(room - 1, max(1, (one * room + (one + other) // 2) // (one + other)))


# Upright columns


def _columns(
    title: str, labels: Sequence[str], series: Series, width: int, height: int, signs: Signs
) -> tuple[str, ...]:
    """The title, columns over and under a line at zero, what they are of, and the highest and the lowest figure."""
    ends = (max(0, *series.values), 0, min(0, *series.values))
    of_marks = max(cell_len(figure(value, series.currency)) for value in ends)
    room = max(1, width - of_marks - 2)
    values, labels = series.values[-room:], labels[-room:]
    marks = [figure(value, series.currency) for value in (max(0, *values), 0, min(0, *values))]
    if len(values) < len(series.values):
        title = f"{title} (the last {len(values):,} of {len(series.values):,})"
    step = room // len(values)
    grid = _grid(values, step, height - _BENEATH - 2, marks, of_marks, signs)
    said = (
        f"highest {figure(max(values), series.currency)} ({labels[values.index(max(values))]}), "
        f"lowest {figure(min(values), series.currency)} ({labels[values.index(min(values))]})"
    )
    return (title, *grid, f"{' ' * (of_marks + 2)}{_beneath(labels, step, room)}", said)


def _grid(values: Sequence[int], step: int, rows: int, marks: Sequence[str], of_marks: int, signs: Signs) -> list[str]:
    highest, lowest = max(0, *values), max(0, *(-value for value in values))
    below = _share(lowest, highest, rows)
    above = rows - below if highest else 0
    bar = max(1, step - 1)
    ups = [_drawn(value, highest, above, signs, signs.up) if value > 0 else "" for value in values]
    downs = [_drawn(value, lowest, below, signs, signs.down) if value < 0 else "" for value in values]

    def row(cells: Sequence[str], place: int, mark: str) -> str:
        drawn = "".join((cell[place : place + 1] * bar or " " * bar).ljust(step) for cell in cells)
        return f"{mark.rjust(of_marks)} {signs.upright}{drawn}"

    top, zero, bottom = marks
    return [
        *(row(ups, place, top if place == above - 1 else "") for place in reversed(range(above))),
        f"{zero.rjust(of_marks)} {signs.upright}{signs.across * (step * len(values))}",
        *(row(downs, place, bottom if place == below - 1 else "") for place in range(below)),
    ]


def _beneath(labels: Sequence[str], step: int, room: int) -> str:
    """As many labels as have room, each under the beginning of its column."""
    widest = max(map(cell_len, labels)) + _BETWEEN
    every = max(1, -(-widest // step))
    line = ""
    for place in range(0, len(labels), every):
        if place * step + cell_len(labels[place]) <= room:
            line = set_cell_size(line, place * step) + labels[place]
    return line
