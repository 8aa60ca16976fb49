"""Exports of cards and their journals."""

from argparse import Namespace
from pathlib import Path

from models.exits import BAD_INPUT
from models.jobs.exporting import ExportReport, export_csv, export_json_lines
from models.rules.wording import activities, plural
from tui.console.output import complain, progress, say, say_json
from tui.console.sitting import open_desk


def csv(asked: Namespace) -> int:
    """Write cards.csv and activities.csv; exit code 65 when cards had to be left out."""
    folder = Path(asked.folder)
    return _tell(asked, export_csv(open_desk(asked), folder, progress("Export")), str(folder))


def jsonl(asked: Namespace) -> int:
    """Write one card with its journal a line; exit code 65 when cards had to be left out."""
    path = None if asked.file == "-" else Path(asked.file)
    report = export_json_lines(open_desk(asked), path, progress("Export"))
    return _tell(asked, report, None if path is None else str(path))


def _tell(asked: Namespace, report: ExportReport, target: str | None) -> int:
    """Say what was written; nothing on standard output where the cards themselves went there."""
    if target is not None and asked.json:
        counts = {"cards": report.cards, "activities": report.activities, "left_out": report.left_out}
        say_json({"done": True, **counts, "named": report.named})
    elif target is not None:
        say(f"{plural(report.cards, 'card')} with {activities(report.activities)} written to {target}.")
    for line in report.named:
        complain(line)
    if report.left_out:
        complain(f"{plural(report.left_out, 'card')} left out for not adding up. Run: giftdesk verify")
    return BAD_INPUT if report.left_out else 0
