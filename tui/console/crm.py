"""People from a CRM: what a table would change, and the change."""

from argparse import Namespace
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from models.crm.importing import import_people
from models.crm.mapping import read_people_mapping
from models.crm.report import PeopleReport
from models.rules.wording import plural
from tui.console.bringing import brought, came_to
from tui.console.output import say, say_table
from tui.console.remarks import remarks_as_json, say_remarks
from tui.console.sitting import open_desk


def people(asked: Namespace) -> int:
    """Import people, or say what that would do; exit code 1 when the file can't be committed."""
    mapping = read_people_mapping(asked.mapping)
    session = open_desk(asked)
    bring = partial(import_people, session, Path(asked.table), mapping, is_complete=asked.complete)
    report = brought(asked, "Import", bring)
    return came_to(asked, report, _as_json, _say)


def _sentence(report: PeopleReport) -> str:
    if report.refusal is not None:
        return report.refusal
    if report.stopped_after is not None:
        told = f"{report.stopped_after:,} of {len(report.told.people):,} people are done"
        return f"Stopped: {told}, and each of them is right. Import the same file again for the rest."
    if not report.counts.is_any_change:
        return "The desk knows all of this already. Nothing was changed."
    if report.is_committed:
        return "Done. Every change is in the audit."
    return "This was a dry run: nothing was changed. Add --commit to carry it out."


def _as_json(report: PeopleReport) -> dict[str, Any]:
    told = report.told
    return {
        "done": report.refusal is None,
        "committed": report.is_committed,
        "sentence": _sentence(report),
        "lines": told.lines,
        "people": len(told.people),
        "organisations": len(told.organisations),
        **asdict(report.counts),
        "without_address": told.nameless,
        "repeated": told.repeated,
        "stopped_after": report.stopped_after,
        **remarks_as_json("change", report.changes),
        **remarks_as_json("conflict", report.conflicts),
        **remarks_as_json("warning", told.warnings.joined(report.warnings)),
        **remarks_as_json("problem", told.problems),
    }


def _say(report: PeopleReport) -> None:
    told, counts = report.told, report.counts
    rows = [
        ("People", f"{len(told.people):,} in {plural(told.lines, 'line')}"),
        ("  new", f"{counts.new:,}"),
        ("  renamed", f"{counts.renamed:,}"),
        ("  linked", f"{counts.linked:,}"),
        ("  unlinked", f"{counts.unlinked:,}"),
        ("  unchanged", f"{counts.unchanged:,}"),
        ("Organisations", f"{len(told.organisations):,}, of these {counts.new_organisations:,} new"),
        ("  VIP mark set", f"{counts.vip_on:,}"),
        ("  VIP mark taken", f"{counts.vip_off:,}"),
    ]
    say_table(rows)
    for count, what in ((told.nameless, "without an address"), (told.repeated, "said before in the file")):
        if count:
            say(f"Left out: {plural(count, 'line')} {what}.")
    for title, remarks in (
        ("Change", report.changes),
        ("Conflict, left out", report.conflicts),
        ("Warning", told.warnings.joined(report.warnings)),
        ("Problem", told.problems),
    ):
        say_remarks(title, remarks)
    if report.refusal is None:
        say(_sentence(report))
