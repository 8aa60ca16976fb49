"""What a report is made of: columns, lines and series, each line in one currency; pure, and nothing is drawn here."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Cell = str | int | None
"""Minor units of the line's currency, a count, tenths of a percent, or text; None where there is nothing to tell."""


class Unit(StrEnum):
    """What the cells of a column are."""

    MONEY = "money"
    """Minor units of the line's currency."""
    COUNT = "count"
    TEXT = "text"
    PERCENT = "percent"
    """Tenths of a percent, as a whole number."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a report."""

    name: str
    """What CSV and JSON call it, in snake_case; JSON adds _minor to money."""
    title: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report. Currencies are never added together: each has lines and totals of its own."""

    key: str
    """Names the line, so that the cards behind it can be asked for; empty for a total."""
    currency: str | None
    """None where the line tells of no money."""
    cells: tuple[Cell, ...]
    """As many as there are columns, in their order."""
    opens: bool
    """Whether it opens down to its cards."""


@dataclass(frozen=True, slots=True)
class Series:
    """What a plot draws, oldest first."""

    title: str
    currency: str | None
    """The values are minor units of it; None: they are counts."""
    labels: tuple[str, ...]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One report, made at an instant."""

    name: str
    title: str
    sentence: str
    """How it was counted, in plain words."""
    at: datetime
    """UTC: as of when it tells; what was written down later does not change it."""
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    totals: tuple[Line, ...]
    """One for each currency, in alphabetical order."""
    series: tuple[Series, ...]
    left_out: int = 0
    """Cards that do not add up: none of the figures has them."""
    since: datetime | None = None
    """UTC: from when on it tells; None: it tells of one instant."""
