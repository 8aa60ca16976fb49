"""The outbox at the command line: sending what waits, and deciding about what did not go."""

from argparse import Namespace
from typing import Any, Final

from models import desk
from models.fates import Fate
from models.jobs import send as sending
from models.jobs.send import SendReport
from models.mail import open_mailer
from models.outbox import LetterLine, LetterSheet, count_letters, letter_sheet, letters_in_hand
from models.rules.letters import LetterKind
from models.rules.reminders import Decision
from models.rules.validity import BusinessTime
from models.rules.wording import plural
from models.settings import read_settings
from tui.console.mailings import Mailing, fate, person
from tui.console.outcomes import tell
from tui.console.output import complain, iso, local, progress, say, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.stopping import stoppable
from tui.console.values import intent_of

_LETTERS: Final = Mailing("e-mail", "waiting", "giftdesk outbox list")
_WORDS: Final = {LetterKind.REPLY: "reply", LetterKind.PACKET: "for Payments Support"}


def send(asked: Namespace) -> int:
    """Send what waits in the outbox, or count it."""
    session = open_desk(asked)
    if asked.dry_run:
        return _told(asked, sending.send(session, None, is_dry_run=True))
    mailer = open_mailer(session.store, read_settings())
    try:
        with stoppable() as is_stopped:
            tell_progress = progress("E-mails", unit="e-mails")
            report = sending.send(session, mailer, on_progress=tell_progress, is_stopped=is_stopped)
    finally:
        mailer.close()
    code = _told(asked, report)
    _LETTERS.complain_of_left_behind(count_letters(session.store)[Fate.UNKNOWN] - report.unknown)
    return code


def _told(asked: Namespace, report: SendReport) -> int:
    """Print what was sent, or would be; the exit code."""
    if asked.json:
        held_back = [{"letter": letter, "why": why} for letter, why in report.held_back.items()]
        say_json({"done": True, "dry_run": asked.dry_run, **vars(report), "held_back": held_back})
    elif asked.dry_run:
        say(f"{plural(report.due, 'e-mail')} would go, if it is still true. Nothing was sent.")
    else:
        say(f"{plural(report.sent, 'e-mail')} sent.")
    for letter, why in report.held_back.items():
        complain(f"E-mail {letter} is held back: {why}")
    _LETTERS.complain_of(report)
    return _LETTERS.end(report)


def list_letters(asked: Namespace) -> int:
    """Print the letters that wait for another try or for a person."""
    store = open_desk(asked).store
    return _LETTERS.tell(asked, letters_in_hand(store, list(Fate)), lambda line: _cells(line, store.business), _as_json)


def _cells(line: LetterLine, business: BusinessTime) -> tuple[str, ...]:
    return (
        f"e-mail {line.id}",
        _WORDS[line.kind],
        "" if line.last_four is None else f"···· {line.last_four}",
        line.fate.value,
        fate(line.addressee, line.said, line.next_try_at, f"of {local(line.written_at, business)}", business),
    )


def _as_json(line: LetterLine) -> dict[str, Any]:
    return {
        "letter": line.id,
        "kind": line.kind.value,
        "card_id": line.card_id,
        "last_four": line.last_four,
        "case": line.case_id,
        "escalation": line.escalation_id,
        "fate": line.fate.value,
        "name": line.addressee.name,
        "email": line.addressee.email,
        "subject": line.subject,
        "written_at": iso(line.written_at),
        "written_by": line.written_by,
        "tries": line.tries,
        "claimed_at": iso(line.claimed_at),
        "next_try_at": iso(line.next_try_at),
        "said": line.said,
    }


def show(asked: Namespace) -> int:
    """Print one letter and what became of it."""
    store = open_desk(asked).store
    sheet = letter_sheet(store, asked.letter)
    if asked.json:
        say_json(_sheet_as_json(sheet))
        return 0
    line = sheet.line
    say(f"E-mail {sheet.id}, {_WORDS[sheet.kind]}: {sheet.state.value if line is None else line.fate.value}")
    if line is not None:
        say(f"To: {person(line.addressee) or 'nobody on file'}")
        say(f"Subject: {line.subject or ''}")
        if line.said:
            say(f"Said: {line.said}")
    say_table([(local(at, store.business), who, f"{what}: {state}") for at, who, what, state in sheet.steps])
    say("")
    say(sheet.text if sheet.text is not None else "What it said is kept with its case.")
    return 0


def _sheet_as_json(sheet: LetterSheet) -> dict[str, Any]:
    return {
        "letter": sheet.id,
        "kind": sheet.kind.value,
        "card_id": sheet.card_id,
        "state": sheet.state.value,
        "waiting": None if sheet.line is None else _as_json(sheet.line),
        "text": sheet.text,
        "steps": [{"at": iso(at), "by": who, "action": what, "state": state} for at, who, what, state in sheet.steps],
    }


def settle(asked: Namespace) -> int:
    """Decide about a letter: it was sent, it is to be sent again, or not at all."""
    session = open_desk(asked)
    outcome = desk.settle_letter(
        session, asked.letter, Decision(asked.decision), asked.reason, ref=asked.ref, intent=intent_of(asked)
    )
    return tell(asked, outcome, session)
