"""Sending what waits in the outbox: claimed before it is sent and recorded after, like the reminders.

A run that is killed leaves the few letters behind that it had in hand, of unknown outcome; they are listed for a
person and never sent again by themselves. Two that send at once share the work: who claims first sends.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Final

from models.clock import pause
from models.errors import Fault, Refused, faults
from models.jobs.delivery import Delivery, DeliveryReport, deliver
from models.jobs.letters import AFTERMATH, LetterClaim, LetterClaims
from models.mail import Mailer, open_mailer
from models.outbox import due_letters
from models.rules.roles import Action
from models.settings import read_settings
from models.unit import Session, begin_reading

_PATIENCE: Final = 10
"""Seconds after which a server that says nothing is not waited for while somebody looks on."""


@dataclass
class SendReport(DeliveryReport):
    """What sending brought, or would bring."""

    held_back: dict[int, str] = field(default_factory=dict)
    """Letters that must not go, and why, each a sentence: a person decides about them."""


def send(
    session: Session,
    mailer: Mailer | None,
    *,
    ids: Sequence[int] | None = None,
    is_dry_run: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
    is_stopped: Callable[[], bool] | None = None,
    wait: Callable[[float], None] | None = pause,
) -> SendReport:
    """Send the letters that wait, until somebody asks for a stop or the mail server fails.

    Given by their numbers they need no right but to have written them; all that wait, the right to send. A dry run
    counts and needs no mailer. Raises Refused for who may not, Fault for a broken store.
    """
    store, report = session.store, SendReport()
    with faults(store.path, AFTERMATH), store.database.connected():
        with store.database.reading():
            unit = begin_reading(session, Action.SEND if ids is None else None)
            ahead = deque(due_letters(unit, ids))
        report.due = len(ahead)
        if is_dry_run or mailer is None:
            return report
        claims = LetterClaims(session, unit, report.held_back)
        delivery: Delivery[LetterClaim] = Delivery(mailer, attrgetter("letter"), wait)
        deliver(delivery, claims.exchange, attrgetter("id"), ahead, report, on_progress, is_stopped or _never)
    return report


def _never() -> bool:
    return False


def send_right_away(session: Session, letter_id: int) -> tuple[bool, str]:
    """Send a letter that was just written; whether it went, and one sentence. Raises nothing that mail can cause.

    It is written whatever comes of this: one that does not go waits for: giftdesk outbox send.
    """
    try:
        settings = read_settings()
        account = settings.mail
        if account is not None:
            settings = replace(settings, mail=replace(account, timeout=min(account.timeout, _PATIENCE)))
        mailer = open_mailer(session.store, settings)
        try:
            report = send(session, mailer, ids=[letter_id], wait=None)
        finally:
            mailer.close()
    except (Fault, Refused) as wrong:
        return False, f"The e-mail waits in the outbox. {wrong}"
    return report.sent == 1, _told(report, letter_id)


def _told(report: SendReport, letter_id: int) -> str:
    """What came of one letter, in a sentence."""
    if report.sent:
        return "The e-mail was sent."
    if letter_id in report.held_back:
        return f"The e-mail was not sent: {report.held_back[letter_id]} A supervisor decides about it."
    if report.refused:
        return "The mail server refuses the address: the e-mail was not sent. Correct it, and let a supervisor decide."
    if report.unknown:
        return "Whether the e-mail went out is not known: look whether it arrived before anybody writes again."
    if report.why_stopped or report.waiting:
        why = report.why_stopped or "The mail server does not take it for now."
        return f"The e-mail waits in the outbox. {why}"
    return "Somebody else has the e-mail in hand."
