"""Requests for an approval at the command line: which there are, and what is decided about them."""

from argparse import Namespace
from datetime import datetime, timedelta
from typing import Any

from models import desk
from models.approvals import request_numbered, requests
from models.card_lines import CardLine, cards_by_id
from models.rules import wording
from models.rules.approvals import settled
from models.rules.asked import Asked
from models.sheets import card_sheet
from models.store import Store
from tui.console.misuse import UsageError
from tui.console.opening import reading
from tui.console.outcomes import standing, tell
from tui.console.output import iso, local, say, say_behind, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.values import intent_of
from tui.requests import request_rows


def list_requests(asked: Namespace) -> int:
    """List what waits, and with a number of days what was decided within them."""
    if asked.days is not None and not 1 <= asked.days <= _MOST_DAYS:
        raise UsageError(f"--days: 1 to {_MOST_DAYS}.")
    store = open_desk(asked).store
    since = None if asked.days is None else store.clock.now() - timedelta(days=asked.days)
    found = requests(store, since)
    each = [*found.waiting, *found.decided]
    cards = cards_by_id(store, [one.card_id for one in each])
    if asked.json:
        say_json([_as_json(one, store, found.now) | _card(cards.get(one.card_id)) for one in each])
    elif each:
        say_table([_cells(one, cards.get(one.card_id), store, one.state(found.now)) for one in each], right=(0,))
    else:
        say("Nothing waits for an approval.")
    return 0


_MOST_DAYS = 3_650


def _cells(one: Asked, card: CardLine | None, store: Store, state: str) -> list[str]:
    code = "" if card is None else card.code_masked
    asked = f"{local(one.at, store.business)} by {wording.shortened(one.by)}"
    if state == "waiting":
        return [str(one.id), state, code, asked, f"lapses {local(one.lapses_at, store.business)}: {' '.join(one.why)}"]
    return [str(one.id), state, code, asked, settled(one, one.lapses_at, store.business) or ""]


def _card(card: CardLine | None) -> dict[str, Any]:
    if card is None:
        return {}
    return {"code_masked": card.code_masked, "currency": card.currency, "balance_minor": card.balance_minor}


def _as_json(one: Asked, store: Store, now: datetime) -> dict[str, Any]:
    return {
        "approval": one.id,
        "state": one.state(now),
        "card": one.card_id,
        "asked_by": one.by,
        "asked_at": iso(one.at),
        "lapses_at": iso(one.lapses_at),
        "why": list(one.why),
        "grounds": list(one.grounds),
        "note": one.note,
        "reason": one.reason,
        "ref": one.ref,
        "decided_by": one.decided_by,
        "decided_at": iso(one.decided_at),
        "said": one.said,
        "zone": store.business.zone,
    }


def show(asked: Namespace) -> int:
    """Show one request, and what an approval would do now."""
    session = open_desk(asked)
    with reading(session.store):
        one = request_numbered(session.store, asked.id)
    sheet = card_sheet(session, one.card_id)
    rows = request_rows(one, sheet)
    if asked.json:
        told = _as_json(one, session.store, sheet.judged_at)
        say_json({**told, "then": dict(rows)["Then"], **standing(sheet)})
        return 0
    say(f"Request {one.id}, {sheet.code_masked}: {one.state(sheet.judged_at)}")
    for label, text in rows:
        say_behind(f"{label:<10}", text)
    return 0


def approve(asked: Namespace) -> int:
    """Approve what somebody else asked for, and carry it out."""
    session = open_desk(asked)
    return tell(asked, desk.approve(session, asked.id, ref=asked.ref, intent=intent_of(asked)), session)


def refuse(asked: Namespace) -> int:
    """Refuse what somebody else asked for, with a reason."""
    session = open_desk(asked)
    return tell(asked, desk.refuse_approval(session, asked.id, asked.reason, intent=intent_of(asked)), session)


def withdraw(asked: Namespace) -> int:
    """Take back what one asked for."""
    session = open_desk(asked)
    return tell(asked, desk.withdraw_approval(session, asked.id, intent=intent_of(asked)), session)


def raise_quota(asked: Namespace) -> int:
    """Let a colleague reactivate more cards today."""
    outcome = desk.raise_quota(
        open_desk(asked), asked.login, asked.to, asked.reason, ref=asked.ref, intent=intent_of(asked)
    )
    return tell(asked, outcome)
