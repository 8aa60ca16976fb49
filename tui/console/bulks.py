"""Bulk work at the command line: looked at first, carried out, approved, resumed and undone."""

from argparse import Namespace
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from models import bulks
from models.bulks import Bulk, BulkPreview, BulkReport, BulkState, Money, Skipped
from models.rules import wording
from models.rules.bulk import BulkKind
from models.rules.money import grouped_money
from models.rules.wording import plural
from models.store import Store
from tui.console.misuse import UsageError
from tui.console.outcomes import ASKED, tell
from tui.console.output import complain, iso, local, progress, say, say_behind, say_json, say_sentences, say_table
from tui.console.sitting import open_desk
from tui.console.stopping import STOPPED, stoppable
from tui.console.values import intent_of


def extend(asked: Namespace) -> int:
    """Set later last days."""
    if asked.mapping is not None and asked.file is None:
        raise UsageError("--mapping says how a file is read: name one with --file.")
    return _deed(asked, BulkKind.EXTEND, until=asked.until or "", period=asked.by or "")


def reverse(asked: Namespace) -> int:
    """Give back what broke."""
    days = {"broken_since": asked.broken_since or "", "broken_until": asked.broken_until or ""}
    return _deed(asked, BulkKind.REVERSE_BREAKAGE, until=asked.until or "", **days)


def suspend(asked: Namespace) -> int:
    """Put cards on hold."""
    return _deed(asked, BulkKind.SUSPEND)


def lift(asked: Namespace) -> int:
    """Remove suspensions."""
    return _deed(asked, BulkKind.LIFT)


def product(asked: Namespace) -> int:
    """Give cards another product."""
    return _deed(asked, BulkKind.CHANGE_PRODUCT, product=asked.product)


def register(asked: Namespace) -> int:
    """Make people the holders of cards."""
    person = {name: getattr(asked, name) or "" for name in ("name", "email", "organisation")}
    return _deed(asked, BulkKind.REGISTER, **person)


def _deed(asked: Namespace, kind: BulkKind, **texts: str) -> int:
    session = open_desk(asked)
    wish = bulks.read_wish(kind, reason=asked.reason, ref=asked.ref or "", **texts)
    selection: bulks.Selection = (
        bulks.BySearch(asked.search)
        if asked.search is not None
        else bulks.ByFile(Path(asked.file), getattr(asked, "mapping", None))
    )
    if not asked.commit:
        with stoppable() as is_stopped:
            found = bulks.preview(session, wish, selection, on_progress=progress("Preview"), is_stopped=is_stopped)
        return _tell_preview(asked, found)
    return _run(
        asked,
        lambda told, is_stopped: bulks.begin_bulk(
            session, wish, selection, intent=intent_of(asked), on_progress=told, is_stopped=is_stopped
        ),
    )


def approve(asked: Namespace) -> int:
    """Approve what somebody else asked for, and carry it out."""
    session = open_desk(asked)
    return _run(
        asked,
        lambda told, is_stopped: bulks.approve_bulk(
            session, asked.id, intent=intent_of(asked), on_progress=told, is_stopped=is_stopped
        ),
    )


def resume(asked: Namespace) -> int:
    """Go on with what was stopped."""
    session = open_desk(asked)
    return _run(
        asked,
        lambda told, is_stopped: bulks.resume_bulk(session, asked.id, on_progress=told, is_stopped=is_stopped),
    )


def undo(asked: Namespace) -> int:
    """Put back what is still as a bulk left it."""
    session = open_desk(asked)
    if asked.dry_run:
        with stoppable() as is_stopped:
            found = bulks.preview_undo(session, asked.id, on_progress=progress("Preview"), is_stopped=is_stopped)
        return _tell_preview(asked, found)
    return _run(
        asked,
        lambda told, is_stopped: bulks.undo_bulk(
            session, asked.id, asked.reason, intent=intent_of(asked), on_progress=told, is_stopped=is_stopped
        ),
    )


def _run(asked: Namespace, work: Callable[[Any, Callable[[], bool]], BulkReport]) -> int:
    try:
        with stoppable() as is_stopped:
            report = work(progress("Bulk"), is_stopped)
    except bulks.BrokenOff as stopped:
        complain(str(stopped))
        return STOPPED
    return _tell_report(asked, report)


def refuse(asked: Namespace) -> int:
    """Refuse what somebody else asked for."""
    return tell(asked, bulks.refuse_bulk(open_desk(asked), asked.id, asked.reason, intent=intent_of(asked)))


def withdraw(asked: Namespace) -> int:
    """Take back what one asked for."""
    return tell(asked, bulks.withdraw_bulk(open_desk(asked), asked.id, intent=intent_of(asked)))


def _tell_preview(asked: Namespace, found: BulkPreview) -> int:
    if asked.json:
        say_json({"done": True, "dry_run": True, **_preview_as_json(found)})
    else:
        say(f"{plural(found.cards, 'card')} would be changed. Nothing was changed yet.")
        _say_money(found.money, is_undoing=found.is_undoing)
        _say_skipped(found.skipped)
        for remark in found.missing:
            say_sentences(str(remark))
        if found.missing_lines > len(found.missing):
            say(f"And {plural(found.missing_lines - len(found.missing), 'line')} more that can't be used.")
        if found.needs_approval is not None:
            say_sentences(found.needs_approval)
        elif found.cards and not found.is_undoing:
            say("Add --commit to do it.")
    if found.is_whole:
        return 0
    complain("Stopped: there are more cards than that.")
    return STOPPED


def _preview_as_json(found: BulkPreview) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "cards": found.cards,
        "first_cards": list(found.first_ids),
        "skipped": _skipped_as_json(found.skipped),
        "money": _money_as_json(found.money),
        "money_minor": dict(found.money_minor),
        "needs_approval": found.needs_approval,
        "missing": [{"line": each.line, "sentence": each.sentence} for each in found.missing],
        "missing_lines": found.missing_lines,
        "is_whole": found.is_whole,
    }


def _tell_report(asked: Namespace, report: BulkReport) -> int:
    if asked.json:
        say_json(
            {
                "done": report.state in (BulkState.DONE, BulkState.UNDONE),
                "bulk": report.id,
                "kind": report.kind.value,
                "state": report.state.value,
                "undoes": report.undoes,
                "sentence": report.sentence,
                "cards": report.done,
                "left": report.left,
                "skipped": _skipped_as_json(report.skipped),
                "money": _money_as_json(report.money),
                "money_minor": dict(report.money_minor),
                "why": list(report.why),
            }
        )
    else:
        say_sentences(report.sentence)
        _say_money(report.money, is_undoing=report.undoes is not None)
        _say_skipped(report.skipped)
    if report.state is BulkState.WAITING:
        return ASKED
    if report.state is BulkState.BEGUN:
        complain(f"Stopped. What is done is saved; for the rest run: giftdesk bulk resume {report.id}")
        return STOPPED
    return 0


def _money_as_json(money: tuple[Money, ...]) -> list[dict[str, Any]]:
    return [
        {"currency": each.currency, "product": each.product, "cards": each.cards, "minor": each.minor} for each in money
    ]


def _skipped_as_json(skipped: tuple[Skipped, ...]) -> list[dict[str, Any]]:
    return [{"reason": each.reason, "cards": each.cards, "first_cards": list(each.first_ids)} for each in skipped]


def _say_money(money: tuple[Money, ...], *, is_undoing: bool) -> None:
    if money:
        say("Breaks again:" if is_undoing else "Comes back:")
        say_table(
            [[f"  {each.product}", f"{each.cards:,}", grouped_money(each.minor, each.currency)] for each in money],
            right=(1, 2),
        )


def _say_skipped(skipped: tuple[Skipped, ...]) -> None:
    if skipped:
        say("Stays as it is:")
        say_table([[f"  {each.cards:,}", f"it {each.reason}"] for each in skipped], right=(0,))


def list_bulks(asked: Namespace) -> int:
    """List what was begun, the latest first."""
    if not 1 <= asked.limit <= 1_000:
        raise UsageError("--limit: 1 to 1000.")
    store = open_desk(asked).store
    found, now = bulks.bulks(store, most=asked.limit), store.clock.now()
    if asked.json:
        say_json([_as_json(each, store, now) for each in found])
    elif found:
        say_table([_cells(each, store, now) for each in found], right=(0, 3))
    else:
        say("No bulk work was done yet.")
    return 0


def _cells(one: Bulk, store: Store, now: datetime) -> list[str]:
    what = one.kind.words if one.undoes is None else f"undoes bulk {one.undoes}"
    asked = f"{local(one.at, store.business)} by {wording.shortened(one.by)}"
    return [str(one.id), one.state(now).value, what, f"{one.cards:,}", asked, wording.shortened(one.reason or "", 60)]


def _as_json(one: Bulk, store: Store, now: datetime) -> dict[str, Any]:
    return {
        "bulk": one.id,
        "kind": one.kind.value,
        "state": one.state(now).value,
        "wish": dict(one.wish),
        "reason": one.reason,
        "ref": one.ref,
        "cards": one.cards,
        "left": one.left,
        "undoes": one.undoes,
        "undone_by": one.undone_by,
        "asked_by": one.by,
        "asked_at": iso(one.at),
        "lapses_at": iso(one.lapses_at) if one.why else None,
        "why": list(one.why),
        "decision": one.decision,
        "decided_by": one.decided_by,
        "decided_at": iso(one.decided_at),
        "said": one.said,
        "ended_at": iso(one.ended_at),
        "zone": store.business.zone,
    }


def show(asked: Namespace) -> int:
    """Show one, and its cards when they are asked for."""
    store = open_desk(asked).store
    one, found = bulks.bulk_numbered(store, asked.id), bulks.report(store, asked.id)
    which = None if asked.cards in (None, "all") else asked.cards
    cards = bulks.cards_of(store, asked.id, which, asked.after) if asked.cards else bulks.CardsOf((), None)
    if asked.json:
        say_json(
            {
                **_as_json(one, store, store.clock.now()),
                "changed": found.done,
                "skipped": _skipped_as_json(found.skipped),
                "money": _money_as_json(found.money),
                "listed": [
                    {"card": line.card_id, "code_masked": line.code_masked, "status": line.status.value}
                    for line in cards.lines
                ],
                "next": cards.next,
            }
        )
        return 0
    say_sentences(found.sentence)
    for label, text in bulks.rows_of(one, store.business):
        say_behind(f"{label:<10}", text)
    _say_money(found.money, is_undoing=one.undoes is not None)
    _say_skipped(found.skipped)
    if cards.lines:
        say_table([[str(line.card_id), line.code_masked, line.status.value] for line in cards.lines], right=(0,))
    if cards.next is not None:
        say(f"There are more: --after {cards.next}")
    return 0
