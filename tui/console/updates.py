"""Updates of cards by another system's table: what it would change, and the change."""

from argparse import Namespace
from functools import partial
from pathlib import Path
from typing import Any

from models.jobs.mapping import Mapping
from models.rules.journal import Kind
from models.rules.money import check_currency
from models.rules.wording import plural
from models.updates.importing import UpdateReport, update_cards
from tui.console.bringing import brought, came_to
from tui.console.misuse import UsageError
from tui.console.output import say, say_table
from tui.console.remarks import remarks_as_json, say_remarks
from tui.console.sitting import open_desk


def update(asked: Namespace, path: Path, mapping: Mapping) -> int:
    """Update cards, or say what that would do; exit code 1 when the file can't be committed."""
    if asked.control or asked.redemptions:
        raise UsageError(f"{mapping.title}: this updates cards and brings no money; leave --control and such away.")
    currency = None if asked.currency is None else check_currency(asked.currency)
    report = brought(asked, "Update", partial(update_cards, open_desk(asked), path, mapping, currency=currency))
    return came_to(asked, report, _as_json, _say)


def _sentence(report: UpdateReport) -> str:
    if report.refusal is not None:
        return report.refusal
    if report.stopped_after is not None:
        told = f"{report.stopped_after:,} of {len(report.told.updates):,} lines are done"
        return f"Stopped: {told}, and each of them is right. Import the same file again for the rest."
    if not report.kinds:
        return "Nothing is to be changed by this."
    if report.is_committed:
        return "Done. Every change stands in its card's journal."
    return "This was a dry run: nothing was changed. Add --commit to carry it out."


def _as_json(report: UpdateReport) -> dict[str, Any]:
    return {
        "done": report.refusal is None,
        "committed": report.is_committed,
        "sentence": _sentence(report),
        "cards": report.found,
        "unknown": report.unknown,
        "unchanged": report.unchanged,
        "kinds": {kind.value: count for kind, count in report.kinds.items()},
        "expiry_meaning": report.expiry_meaning,
        "stopped_after": report.stopped_after,
        **remarks_as_json("warning", report.told.warnings),
        **remarks_as_json("problem", report.problems),
    }


def _say(report: UpdateReport) -> None:
    say_table(
        [
            ("Cards", f"{report.found:,} found, {report.unchanged:,} of them as the table says"),
            ("  later last day", f"{report.kinds[Kind.EXPIRY_CHANGED]:,}"),
            ("  put on hold", f"{report.kinds[Kind.SUSPENDED]:,}"),
            ("  notes", f"{report.kinds[Kind.NOTE]:,}"),
        ]
    )
    if report.unknown:
        say(f"Left out: {plural(report.unknown, 'line')} whose card is not here.")
    say(report.expiry_meaning)
    say_remarks("Warning", report.told.warnings)
    say_remarks("Problem", report.problems)
    if report.refusal is None:
        say(_sentence(report))
