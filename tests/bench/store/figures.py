"""The figures of a benchmark: what was measured, beside the bare engine and the goal; and the table of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Unit = Literal["ms", "/s", "MB", "%", ""]


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured on one desk."""

    what: str
    unit: Unit
    ours: float
    """In milliseconds the 99th percentile."""
    goal: str
    """In words; empty for what has none."""
    is_met: bool = True
    raw: float | None = None
    """What the engine alone needs or does in the same run; None where there is nothing to compare."""
    median: float | None = None
    raw_median: float | None = None
    wrong: int = 0
    """How many look-ups did not bring their card."""

    @property
    def told(self) -> str:
        """As a table shows it: median and 99th percentile; in brackets the latter of the bare engine, or its rate."""
        ours = self._in_words(self.ours) if self.median is None else _pair(self.median, self.ours)
        if self.wrong:
            ours = f"{self.wrong} WRONG, {ours}"
        if self.raw is None:
            return ours
        raw = self._in_words(self.raw) if self.raw_median is None else _short(self.raw)
        return f"{ours} ({raw})"

    def _in_words(self, value: float) -> str:
        return f"{_short(value)} ms" if self.unit == "ms" else f"{value:,.0f}{self.unit and ' '}{self.unit}".strip()


def latency(what: str, ours: Sequence[float], raw: Sequence[float], goal_ms: float, wrong: int = 0) -> Figure:
    """Milliseconds of many look-ups and of the bare engine's; the goal is for their 99th percentile."""
    longest = p99(ours)
    is_met = longest <= goal_ms and not wrong
    beside = (p99(raw), p50(raw)) if raw else (None, None)
    return Figure(what, "ms", longest, f"{goal_ms:g} ms", is_met, beside[0], p50(ours), beside[1], wrong)


def rate(what: str, ours: float, goal: float) -> Figure:
    """Things done in a second."""
    return Figure(what, "/s", ours, f"at least {goal:,.0f}/s", ours >= goal)


def share(what: str, ours: float, raw: float, goal: float) -> Figure:
    """Things done in a second, to be at least that share of what the bare engine does."""
    return Figure(what, "/s", ours, f"at least {goal:g} of the engine's", ours / raw >= goal, raw)


def at_most(what: str, ours: float, goal: float, unit: Unit = "") -> Figure:
    """Something of which there are to be few."""
    return Figure(what, unit, ours, f"{goal:g} {unit}".strip(), ours <= goal)


def p99(values: Sequence[float]) -> float:
    """The 99th percentile."""
    return sorted(values)[int(len(values) * 0.99)] if values else float("nan")


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[int(len(values) * 0.95)] if values else float("nan")


def p50(values: Sequence[float]) -> float:
    """The median."""
    return sorted(values)[len(values) // 2] if values else float("nan")


@dataclass(frozen=True, slots=True)
class Column:
    """All figures of one desk."""

    title: str
    """The engine and the size: 'file, 1 M'."""
    engine: str
    cards: int
    figures: tuple[Figure, ...]

    def of(self, what: str) -> Figure | None:
        """One of them, if it was measured here."""
        return next((figure for figure in self.figures if figure.what == what), None)


def markdown(columns: Sequence[Column]) -> str:
    """The table of some desks: a row for each thing, how it grows with the size behind each engine's desks."""
    rows = list(dict.fromkeys(figure.what for column in columns for figure in column.figures))
    engines = list(dict.fromkeys(column.engine for column in columns))
    shown: list[Column | tuple[Column, Column]] = []
    for engine in engines:
        alike = sorted((column for column in columns if column.engine == engine), key=lambda column: column.cards)
        shown += [*alike, *([(alike[0], alike[-1])] if len(alike) > 1 else [])]
    titles = ["", "goal", *(each.title if isinstance(each, Column) else "growth" for each in shown)]
    lines = [titles, ["---"] * len(titles)]
    for what in rows:
        goal = next(figure.goal for column in columns if (figure := column.of(what)))
        cells = [_cell(each.of(what)) if isinstance(each, Column) else _growth(what, *each) for each in shown]
        lines.append([what, goal, *cells])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    return figure.told if figure.is_met else f"**{figure.told}**"


def _growth(what: str, small: Column, large: Column) -> str:
    one, other = small.of(what), large.of(what)
    if one is None or other is None or one.unit != "ms":
        return ""
    return f"{other.ours / one.ours:.1f}"


def _pair(median: float, at_most: float) -> str:
    return f"{_short(median)} / {_short(at_most)}"


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.0f}" if milliseconds >= 99.5 else f"{milliseconds:.2g}"
