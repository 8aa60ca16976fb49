"""Verification at the command line, and the repair of what it finds."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models.acceptances import told
from models.exits import BAD_INPUT
from models.jobs.repair import UNPROVEN, Repairs, may_repair, repair, tell_apart
from models.jobs.verify import Finding, VerifyReport
from models.jobs.verify import verify as verify_all
from models.rules.damage import MEND
from models.rules.wording import activities, plural
from tui.console.anchors import Held
from tui.console.jobs import sums
from tui.console.misuse import UsageError
from tui.console.output import complain, progress, say, say_json
from tui.console.sitting import open_desk


def verify(asked: Namespace) -> int:
    """Check every card and chain, and mend what can be mended when asked to; exit code 65 when something is left."""
    if asked.key and not asked.anchor:
        raise UsageError("--key: it belongs to anchors; name them with --anchor.")
    session, is_done = open_desk(asked), asked.repair
    held = Held(session.store, asked.anchor or [], asked.key or [])
    if is_done:
        may_repair(session)
    report = verify_all(session.store, progress("Verification"))
    adds_up = not report.findings
    report.findings = [*_unless_disputed(report.findings, disputed := held.compare()), *disputed]
    if is_done:
        repairs = repair(session, report.findings, progress("Recomputed hours"))
    else:
        repairs = tell_apart(session.store, report.findings)
    if asked.json:
        say_json(
            {
                **_checked_as_json(report),
                **_repairs_as_json(repairs, is_done=is_done),
                "anchors": held.as_json(),
                "clocks": told(session.store),
            }
        )
    else:
        _say_checked(report)
        held.say(adds_up=adds_up)
        for sentence in told(session.store):
            say(sentence)
        _say_repairs(repairs, session.store.business.zone, is_done=is_done)
    is_left = bool(repairs.to_escalate) or (not is_done and bool(repairs.mends or repairs.hours or repairs.people))
    if is_left:
        complain(_what_is_left(repairs, is_done=is_done))
    return BAD_INPUT if is_left else 0


def _unless_disputed(findings: Sequence[Finding], disputed: Sequence[Finding]) -> list[Finding]:
    """What verification found; no row is mended from a journal that is not the one that an anchor knew."""
    cards = {finding.subject for finding in disputed}
    return [replace(finding, card_id=None) if finding.subject in cards else finding for finding in findings]


def _checked_as_json(report: VerifyReport) -> dict[str, Any]:
    return {
        "cards": report.cards,
        "activities": report.activities,
        "audit_rows": report.audit_rows,
        "balances_minor": dict(report.balances_minor),
        "findings": [{"subject": found.subject, "what": found.what} for found in report.findings],
    }


def _repairs_as_json(repairs: Repairs, *, is_done: bool) -> dict[str, Any]:
    mends = [{"subject": each.subject, "what": each.what, "proven": each.is_proven} for each in repairs.mends]
    return {
        "mended" if is_done else "mendable": mends,
        "hours_recomputed" if is_done else "hours_moved": repairs.hours,
        "people_indexed" if is_done else "people_to_index": repairs.people,
        "to_escalate": [{"subject": each.subject, "what": each.what} for each in repairs.to_escalate],
    }


def _say_repairs(repairs: Repairs, zone: str, *, is_done: bool) -> None:
    for mended in repairs.mends:
        say(f"{mended.subject}: {mended.what}. {'Mended.' if is_done else 'Can be mended.'}")
        if not mended.is_proven:
            say(f"{mended.subject}: {UNPROVEN}.")
    for found in repairs.to_escalate:
        say(f"{found.subject}: {found.what}. To be escalated.")
    if repairs.hours:
        done = "recomputed" if is_done else "to be recomputed"
        say(f"Starts and cut-offs of {plural(repairs.hours, 'card')} {done}: the rules for {zone} were changed.")
    if repairs.people:
        done = "made anew" if is_done else "to be made anew"
        say(f"The index of names and addresses differs from the records in {repairs.people:,} of its parts: {done}.")


def _say_checked(report: VerifyReport) -> None:
    found = "all add up" if not report.findings else plural(len(report.findings), "finding")
    say(
        f"{plural(report.cards, 'card')}{sums(report.balances_minor)}, {activities(report.activities)} and "
        f"{plural(report.audit_rows, 'audit row')} checked: {found}."
    )


def _what_is_left(repairs: Repairs, *, is_done: bool) -> str:
    said = ["Something does not add up."]
    if not is_done and (repairs.mends or repairs.hours or repairs.people):
        said.append(f"Mend what can be mended with: {MEND}.")
    if repairs.to_escalate:
        said.append("Escalate what can't be mended to Payments Support.")
    return " ".join([*said, *([] if is_done else ["Nothing was changed."])])
