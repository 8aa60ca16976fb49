"""Cases at the command line: opened, listed, shown, filled, left, closed and opened again."""

from argparse import Namespace
from dataclasses import asdict, replace
from typing import Any, Final

from models import desk
from models.case_lines import TimeLine
from models.cases import MOST, CaseLine, CaseSheet, case_sheet, cases_about, cases_listed
from models.rules.cases import CaseOutcome
from models.rules.intakes import INTAKE_FIELDS, Intake, Symptom
from models.rules.validity import BusinessTime
from models.rules.wording import plural
from models.unit import Session
from tui.console.misuse import UsageError
from tui.console.opening import find_card, read_code
from tui.console.outcomes import tell
from tui.console.output import complain, iso, local, say, say_behind, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.values import intent_of

_NOBODY: Final = {
    "mine_open": "You have no open case.",
    "mine_today": "You had no case today.",
    "open": "No case is open.",
    "waiting": "No case waits for an answer.",
    "card": "There was no case about that card.",
}


def open_(asked: Namespace) -> int:
    """Open a case about a card, or go on with the agent's open one."""
    session = open_desk(asked)
    code = " ".join(asked.code)
    code = read_code() if code == "-" else code
    options = {"beside": asked.beside, "typed": code, "ref": asked.ref, "intent": intent_of(asked)}
    return tell(asked, desk.open_case(session, find_card(session, code), **options))


def list_(asked: Namespace) -> int:
    """List cases."""
    if asked.limit < 1:
        raise UsageError("--limit: at least one case.")
    session = open_desk(asked)
    name, nobody = (asked.name, _NOBODY[asked.name]) if asked.card is None else ("card", _NOBODY["card"])
    lines, has_more = _read(session, asked) if asked.card is None else _about(session, asked)
    if asked.json:
        say_json({"name": name, "has_more": has_more, "cases": [_as_json(line) for line in lines]})
        return 0
    if lines:
        say_table([_cells(line, session.store.business) for line in lines], right=(0,))
    else:
        say(nobody)
    if has_more:
        complain("There are more. --limit shows them.")
    return 0


def _read(session: Session, asked: Namespace) -> tuple[list[CaseLine], bool]:
    """So many cases of a list, read page by page, and whether there are more."""
    page = cases_listed(session, asked.name, most=min(asked.limit, MOST))
    lines = list(page.lines)
    while page.next_after is not None and len(lines) < asked.limit:
        page = cases_listed(session, asked.name, page.next_after, min(asked.limit - len(lines), MOST))
        lines += page.lines
    return lines, page.next_after is not None


def _about(session: Session, asked: Namespace) -> tuple[list[CaseLine], bool]:
    """The conversations about a card, and whether there were more."""
    lines = cases_about(session, find_card(session, asked.card), asked.limit + 1)
    return list(lines[: asked.limit]), len(lines) > asked.limit


def _cells(line: CaseLine, business: BusinessTime) -> tuple[str, ...]:
    more = f" and {line.cards - 1} more" if line.cards > 1 else ""
    calls = f", {plural(line.calls, 'call')}" if line.calls > 1 else ""
    return (
        str(line.id),
        local(line.last_at, business),
        f"···· {line.last_four}{more}",
        line.agent,
        f"{line.state}{calls}",
        line.customer or (f"card of {line.holder}" if line.holder else ""),
    )


def _as_json(line: CaseLine) -> dict[str, Any]:
    return {
        "case": line.id,
        "card_id": line.card_id,
        "code_masked": line.code_masked,
        "cards": line.cards,
        "agent": line.agent,
        "is_mine": line.is_mine,
        "customer": line.customer,
        "holder": line.holder,
        "symptom": line.symptom,
        "state": line.state,
        "waits_for": list(line.waits_for),
        "calls": line.calls,
        "opened_at": iso(line.opened_at),
        "last_at": iso(line.last_at),
        "answered_at": iso(line.answered_at),
        "outcome": line.outcome,
        "closed_at": iso(line.closed_at),
    }


def show(asked: Namespace) -> int:
    """Show a case with its intake and its time line."""
    session = open_desk(asked)
    sheet = case_sheet(session, asked.case)
    if asked.json:
        say_json(
            {
                **_as_json(sheet.line),
                "card_ids": list(sheet.card_ids),
                "intake": asdict(sheet.intake),
                "known": sorted(sheet.known),
                "missing": list(sheet.missing),
                "time_line": [_line_as_json(line) for line in sheet.lines],
            }
        )
    else:
        _say_sheet(sheet, session.store.business)
    return 0


def _line_as_json(line: TimeLine) -> dict[str, Any]:
    return {"at": iso(line.at), "who": line.who, "what": line.words, "text": line.text, "card_id": line.card_id}


_FIELDS: Final = {
    "name": "Name",
    "email": "E-mail",
    "typed_last_four": "Code ends in",
    "symptom": "Sees",
    "message": "Message",
    "screenshot": "Screenshot",
    "bought_when": "Bought",
    "bought_where": "Where",
}


def _say_sheet(sheet: CaseSheet, business: BusinessTime) -> None:
    line = sheet.line
    say(f"Case {line.id} of {line.agent}: {line.state}. Opened {local(line.opened_at, business)}, {_calls(line)}.")
    for name, label in _FIELDS.items():
        value = getattr(sheet.intake, name)
        if value is not None:
            shown = value.words if isinstance(value, Symptom) else value
            say_behind(f"{label:<14}", f"{shown}{' (on file)' if name in sheet.known else ''}")
    if sheet.missing:
        say_behind(f"{'To be asked':<14}", "; ".join(sheet.missing))
    for entry in reversed(sheet.lines):
        say_behind(f"{local(entry.at, business):<18}{entry.who:<16}", entry.words)
        for text in (entry.text or "").split("\n") if entry.text else ():
            say_behind(" " * 34, text)


def _calls(line: CaseLine) -> str:
    return f"{plural(line.calls, 'call')}, {plural(line.cards, 'card')}"


def intake(asked: Namespace) -> int:
    """Take down what the customer was asked; what no option names stays as it was said before."""
    given = {name: getattr(asked, name) for name in INTAKE_FIELDS if getattr(asked, name, None) is not None}
    if asked.typed is not None:
        given["typed_last_four"] = asked.typed
    if not given and not asked.holder:
        raise UsageError("Nothing that was said is named. See: giftdesk case intake --help")
    session = open_desk(asked)
    case_id = asked.case
    sheet = case_sheet(session, case_id)
    kept = sheet.known & {"name", "email"} if asked.holder else frozenset()
    said = {name: getattr(sheet.intake, name) for name in INTAKE_FIELDS if name in kept or name not in sheet.known}
    symptom = given.pop("symptom", None)
    whole = replace(Intake(**said), **given)
    whole = whole if symptom is None else replace(whole, symptom=Symptom(symptom))
    return tell(asked, desk.complete_intake(session, case_id, whole, ref=asked.ref, intent=intent_of(asked)))


def add(asked: Namespace) -> int:
    """Add what the customer said."""
    options = {"ref": asked.ref, "intent": intent_of(asked)}
    return tell(asked, desk.add_to_case(open_desk(asked), asked.case, " ".join(asked.text), **options))


def leave(asked: Namespace) -> int:
    """Turn to another customer."""
    options = {"ref": asked.ref, "intent": intent_of(asked)}
    return tell(asked, desk.leave_case(open_desk(asked), asked.case, **options))


def close(asked: Namespace) -> int:
    """Close a case with what it ended with."""
    outcome = CaseOutcome(asked.outcome)
    options = {"ref": asked.ref, "intent": intent_of(asked)}
    return tell(asked, desk.close_case(open_desk(asked), asked.case, outcome, asked.reason, **options))


def reopen(asked: Namespace) -> int:
    """Open a closed case again, or take over a colleague's open one."""
    options = {"ref": asked.ref, "intent": intent_of(asked)}
    return tell(asked, desk.reopen_case(open_desk(asked), asked.case, **options))
