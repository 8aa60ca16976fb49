"""The figures of a benchmark: what was measured of each program, beside the goal; and the tables of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured at one program."""

    told: str
    """With its unit."""
    is_met: bool = True
    """Whether it is what the goal asks, or has none."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing, at all programs at which it was measured."""

    what: str
    goal: str = ""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """By the names of the columns."""


def markdown(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """The table; what misses its goal is bold."""
    lines = [["", "goal", *columns], ["---"] * (len(columns) + 2)]
    lines += [[row.what, row.goal, *(_cell(row.figures.get(column)) for column in columns)] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    return figure.told if figure.is_met else f"**{figure.told}**"


def p50(values: Sequence[float]) -> float:
    """The median."""
    return sorted(values)[len(values) // 2] if values else float("nan")


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[int(len(values) * 0.95)] if values else float("nan")


def pair(values: Sequence[float], unit: str = "") -> str:
    """Median and 95th percentile."""
    return f"{short(p50(values))} / {short(p95(values))}{unit and ' '}{unit}"


def short(value: float) -> str:
    """In as few digits as say something; 'never' for what did not come."""
    if value != value:
        return "never"
    return f"{value:.0f}" if value >= 99.5 else f"{value:.2g}"


def size(count: float) -> str:
    """Bytes, with their unit."""
    return f"{count:.0f} B" if count < 1000 else f"{count / 1000:.1f} KB"
