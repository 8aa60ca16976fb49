"""Moving house: a desk goes to a server or back into a file, or stays after all."""

from argparse import Namespace
from typing import Any

from models.jobs import move as moving
from models.jobs.giving_up import give_up
from models.jobs.move import Moved, Order
from models.locations import Place, Server, database_path, place_of
from models.rules.wording import plural
from models.store import open_store
from tui.console.jobs import sums
from tui.console.misuse import UsageError
from tui.console.output import complain, progress, say, say_json
from tui.console.sitting import sit_down
from tui.console.stopping import STOPPED, stoppable


def move(asked: Namespace) -> int:
    """Move a desk, go on with it, or take it back; exit code 130 when it was stopped."""
    source = _source(asked)
    if asked.give_up:
        return _give_up(asked, source)
    if asked.to is None:
        raise UsageError("Name where the desk moves to, with --to, or take a move back with --give-up.")
    target = place_of(asked.to)
    order = Order(
        source, target, lambda store: sit_down(store, asked)[0], asked.role, asked.yes, asked.despite_findings
    )
    with stoppable() as is_stopped:
        moved = moving.move(order, lambda what, unit: progress(what, unit=unit), is_stopped)
    if asked.json:
        say_json(_as_json(source, target, moved))
    elif moved.left is None:
        _say(source, target, moved)
        if isinstance(target, Server) and asked.role is None:
            say(f"Let others work there with: giftdesk grant --role NAME --db {target}")
    if moved.left is not None:
        complain(
            f"Stopped with {plural(moved.left, 'row')} left, and nothing checked. The desk stays closed for changes: "
            f"run it again to go on, or giftdesk move --give-up to stay."
        )
        return STOPPED
    return 0


def _source(asked: Namespace) -> Place:
    if asked.from_ is not None and asked.db is not None:
        raise UsageError("Name the desk that moves with --from or with --db, not with both.")
    return database_path(asked.db) if asked.from_ is None else place_of(asked.from_)


def _give_up(asked: Namespace, source: Place) -> int:
    if asked.to is not None:
        raise UsageError("--give-up takes a move back, wherever it went; leave --to away.")
    stayed = give_up(sit_down(open_store(source), asked)[0], is_sure=asked.yes)
    if asked.json:
        key = None if stayed.key is None else str(stayed.key)
        left = {"left_behind": stayed.place, "was_asked": stayed.was_asked, "key_removed": key}
        say_json({"done": True, "desk": str(source), **left})
        return 0
    lies = "What lies at" if stayed.was_asked else "Nobody could be asked there: what lies at"
    say(f"The desk stays at {source}, and work goes on. {lies} {stayed.place} by now is no desk: remove it there.")
    if stayed.key is not None:
        say(f"The key that the move had laid at {stayed.key} was removed.")
    return 0


def _say(source: Place, target: Place, moved: Moved) -> None:
    totals = moved.totals
    for found in moved.report.findings if moved.report is not None else ():
        say(f"{found.subject}: {found.what}")
    told = ", ".join(f"{cards:,} {status}" for status, cards in totals.cards.items())
    cards, rows = sum(totals.cards.values()), sum(totals.rows.values())
    say(f"The desk moved to {target}: {plural(cards, 'card')}{sums(totals.balances_minor)}{told and '; '}{told}.")
    say(f"{plural(rows, 'row')} compared one by one; the ends of all chains are the same, {totals.chains[:16]}.")
    say(f"Its key lies at {moved.key}, fingerprint {moved.fingerprint}: every computer that works there needs it.")
    say(f"At {source} it is closed for good. Name {target} with --db, GIFTDESK_DB or in the settings.")
    say(f"What lies at {source} still holds everything: remove it once there is a backup of the desk at its place.")


def _as_json(source: Place, target: Place, moved: Moved) -> dict[str, Any]:
    totals, findings = moved.totals, moved.report.findings if moved.report is not None else ()
    return {
        "done": moved.left is None,
        "from": str(source),
        "to": str(target),
        "cards": dict(totals.cards),
        "balances_minor": dict(totals.balances_minor),
        "posted_minor": dict(totals.posted_minor),
        "rows": dict(totals.rows),
        "chains": totals.chains,
        "key": str(moved.key),
        "fingerprint": moved.fingerprint,
        "findings": [{"subject": found.subject, "what": found.what} for found in findings],
        "rows_left": moved.left or 0,
    }
