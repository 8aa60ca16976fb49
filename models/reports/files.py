"""A report as files have it: a table that any spreadsheet takes, and JSON."""

from datetime import datetime
from typing import Any

from models.jobs.spreadsheets import TableWriter, Writes
from models.reports.tables import Column, Line, Report, Unit
from models.rules.money import format_minor

_CURRENCY = "currency"


def header(report: Report) -> tuple[str, ...]:
    """The columns of a report's table."""
    return (*(column.name for column in report.columns), _CURRENCY)


def write_csv(report: Report, file: Writes) -> None:
    """Write the lines of a report: money with a decimal point, its currency in a column of its own. Totals are left to
    who adds up."""
    writer = TableWriter(file, header(report))
    for line in report.lines:
        cells = {column.name: _cell(column, line, place) for place, column in enumerate(report.columns)}
        writer.write({**cells, _CURRENCY: line.currency})


def _cell(column: Column, line: Line, place: int) -> Any:
    value = line.cells[place]
    if isinstance(value, int) and column.unit is Unit.MONEY:
        return format_minor(value, line.currency or "")
    if isinstance(value, int) and column.unit is Unit.PERCENT:
        return format_minor(value * 10, "")
    return value


def as_json(report: Report) -> dict[str, Any]:
    """A report as JSON has it: minor units, tenths of a percent, instants in UTC."""
    return {
        "report": report.name,
        "title": report.title,
        "sentence": report.sentence,
        "since": _iso(report.since),
        "at": _iso(report.at),
        "lines": [{"key": line.key, **_facts(report, line)} for line in report.lines],
        "totals": [_facts(report, line) for line in report.totals],
        "series": [
            {
                "title": series.title,
                "currency": series.currency,
                "labels": list(series.labels),
                "values" if series.currency is None else "values_minor": list(series.values),
            }
            for series in report.series
        ],
        "left_out": report.left_out,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def _facts(report: Report, line: Line) -> dict[str, Any]:
    named = zip(report.columns, line.cells, strict=True)
    cells = {f"{column.name}_minor" if column.unit is Unit.MONEY else column.name: value for column, value in named}
    return {"currency": line.currency, **cells}
