"""Keeping a desk: backups, restoring one, and bringing it up to date."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from models.engines import file_of
from models.jobs.backup import back_up
from models.jobs.grant import grant as let_work
from models.jobs.migrate import bring_up_to_date
from models.jobs.rebuilding import rebuild as write_anew
from models.jobs.restore import Order
from models.jobs.restore import restore as put_back
from models.jobs.verify import VerifyReport
from models.locations import database_path
from models.rules.money import format_money
from models.rules.wording import activities, moment, plural
from models.server.rights import script, shown
from models.store import open_store
from tui.console.output import complain, iso, progress, say, say_all, say_json
from tui.console.sitting import open_desk, sit_down


def backup(asked: Namespace) -> int:
    """Take a backup, and say what is in it and what is not."""
    taken = back_up(
        open_desk(asked),
        Path(asked.file),
        accepts_findings=asked.despite_findings,
        on_progress=progress("Backup, checking"),
    )
    if asked.json:
        say_json(
            {
                "done": True,
                "file": str(taken.file),
                "bytes": taken.size,
                "taken_at": iso(taken.taken_at),
                "key": str(taken.key),
                "fingerprint": taken.fingerprint,
                **_report_as_json(taken.report),
            }
        )
    else:
        _say_findings(taken.report)
        say(f"{taken.file} is a backup of {_contents(taken.report)}; {taken.size:,} bytes.")
        say(
            f"The key is NOT in it: {taken.key}, fingerprint {taken.fingerprint}. "
            f"Keep a copy of the key apart from the backups; nothing can be restored without it."
        )
    if taken.unrecorded is not None:
        complain(taken.unrecorded)
    return 0


def restore(asked: Namespace) -> int:
    """Make a desk of a backup, and say what is in it."""
    restored = put_back(
        Order(
            Path(asked.file).absolute(),
            file_of(database_path(asked.db)),
            None if asked.key is None else Path(asked.key).absolute(),
            lambda store: sit_down(store, asked)[0],
            asked.despite_findings,
        ),
        progress("Restore, checking"),
    )
    store = open_store(restored.database)
    if asked.json:
        say_json(
            {
                "done": True,
                "database": str(restored.database),
                "key": str(restored.key),
                "last_record_at": iso(restored.reached_at),
                "applied": list(restored.applied),
                **_report_as_json(restored.report),
            }
        )
        return 0
    _say_findings(restored.report)
    say(f"The desk is restored at {restored.database} with {_contents(restored.report)}.")
    say(f"Its last record is of {moment(restored.reached_at, store.business)}; what came after is not in it.")
    if restored.applied:
        say(f"It was brought up to date; applied: {', '.join(restored.applied)}.")
    return 0


def rebuild(asked: Namespace) -> int:
    """Write the desk's file anew."""
    rebuilt = write_anew(open_desk(asked))
    if asked.json:
        say_json({"done": True, "file": str(rebuilt.file), "before": rebuilt.before, "after": rebuilt.after})
    else:
        say(f"{rebuilt.file} is written anew: {rebuilt.before:,} bytes before, {rebuilt.after:,} now.")
    return 0


def migrate(asked: Namespace) -> int:
    """Apply the migrations that a desk lacks, and check it afterwards."""
    path = database_path(asked.db)
    migrated = bring_up_to_date(path, asked.role)
    open_store(path)
    if asked.json:
        copy = migrated.backup
        say_json({"done": True, "applied": list(migrated.applied), "backup": None if copy is None else str(copy)})
    elif migrated.applied:
        say(f"{path} is up to date; applied: {', '.join(migrated.applied)}.")
        if migrated.backup is not None:
            say(f"As it was before it lies in {migrated.backup}, in case you must go back.")
        elif asked.role is None:
            say("Let others work with what came: giftdesk grant --role NAME")
    else:
        say(f"{path} is up to date; nothing was left to apply.")
    return 0


def grant(asked: Namespace) -> int:
    """Let a role of the server work at a desk, or print what its owner says for that."""
    if asked.print:
        say_all(script(asked.role, only_reading=asked.only_reading))
        return 0
    place = database_path(asked.db)
    granted = let_work(place, asked.role, only_reading=asked.only_reading)
    role = shown(granted.role)
    if asked.json:
        say_json({"done": True, "role": granted.role, "only_reading": asked.only_reading, "left": granted.left})
    else:
        say(f"{role} can {'read' if asked.only_reading else 'work at'} {place}, and do nothing else there.")
    if granted.left:
        complain(f"{role} may still {granted.left}, through other roles or because everybody may.")
    return 0


def _contents(report: VerifyReport) -> str:
    sums = ", ".join(format_money(minor, currency) for currency, minor in sorted(report.balances_minor.items()))
    return f"{plural(report.cards, 'card')}{f' ({sums})' if sums else ''} and {activities(report.activities)}"


def _report_as_json(report: VerifyReport) -> dict[str, Any]:
    return {
        "cards": report.cards,
        "activities": report.activities,
        "balances_minor": dict(report.balances_minor),
        "findings": [{"subject": found.subject, "what": found.what} for found in report.findings],
    }


def _say_findings(report: VerifyReport) -> None:
    for found in report.findings:
        say(f"{found.subject}: {found.what}")
