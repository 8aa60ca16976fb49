"""The reminder run: sends what is owed, each reminder once, and remembers what came of it.

A reminder is claimed before it is sent and recorded after. One transaction records what came of the last
few and claims the next few, so a run that is killed leaves those few behind, of unknown outcome; they are
listed for a person and never sent again by themselves. Two runs at once share the work: who claims first sends.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

from models.candidates import candidates
from models.clock import pause
from models.errors import Refused, faults
from models.jobs.claims import AFTERMATH, Claim, Claims, close_what_is_over
from models.jobs.delivery import Answered, Delivery, DeliveryReport, deliver
from models.jobs.doubts import clock_doubt
from models.mail import Letter, Mailer, reminder_letter
from models.rules.families import REMINDER, template_name
from models.rules.reminders import address_refusal
from models.rules.roles import Action
from models.templates import texts_in_force
from models.unit import Session, Unit, begin, begin_reading, written

NAME: Final = "reminder run"
_MOST_SKIPPED: Final = 1_000


@dataclass
class RemindReport(DeliveryReport):
    """What a reminder run did, or would do."""

    late: int = 0
    """Of these, how many should have gone on an earlier day."""
    unreachable: int = 0
    """Cards with a reminder due and nobody to write to."""
    skipped: int = 0
    """Cards that do not add up: they wait for Payments Support."""
    skipped_cards: list[int] = field(default_factory=list)
    """The ids of the first of them."""
    doubt: str | None = None
    """Why somebody should look at the clock before anything goes: only who is sure may have it sent."""

    def skip(self, cards: Sequence[int]) -> None:
        """Add cards that do not add up."""
        self.skipped += len(cards)
        self.skipped_cards += cards[: _MOST_SKIPPED - len(self.skipped_cards)]


def remind(
    session: Session,
    mailer: Mailer | None,
    *,
    is_dry_run: bool = False,
    is_sure: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
    is_stopped: Callable[[], bool] | None = None,
    wait: Callable[[float], None] = pause,
) -> RemindReport:
    """Send every reminder that is due, until somebody asks for a stop or the mail server fails.

    A dry run counts and needs no mailer. Raises Refused for a role that may not, and for a clock far ahead of
    the last record unless somebody is sure; Fault for a broken store.
    Progress is told as reminders dealt with and reminders due when the run began.
    """
    store, report = session.store, RemindReport()
    with faults(store.path, AFTERMATH), store.database.connected():
        with store.database.reading():
            unit = begin_reading(session, Action.REMIND)
            doubt = clock_doubt(store)
        ahead = _due(unit, report)
        report.doubt = doubt if ahead and not is_sure else None
        if is_dry_run or mailer is None:
            return report
        if report.doubt is not None:
            raise Refused(f"{report.doubt} Nothing was sent; if it is, add --yes.")
        unit = written(store, lambda: _begun(session), AFTERMATH)
        with store.database.reading():
            claims, language = Claims.of(unit, NAME), unit.policy.languages[0]
            texts = texts_in_force(store, template_name(REMINDER, language)).texts

        def letter_of(claim: Claim) -> Letter:
            return reminder_letter(store, texts, claim.told, language)

        def exchange(answered: Sequence[Answered[Claim]], card_ids: Sequence[int]) -> list[Claim]:
            in_hand, unsound = claims.exchange(answered, card_ids)
            report.skip(unsound)
            return in_hand

        delivery = Delivery(mailer, letter_of, wait)
        deliver(delivery, exchange, attrgetter("card_id"), ahead, report, on_progress, is_stopped or _never)
    return report


def _begun(session: Session) -> Unit:
    unit = begin(session, Action.REMIND)
    close_what_is_over(unit.now)
    return unit


def _never() -> bool:
    return False


def _due(unit: Unit, report: RemindReport) -> deque[int]:
    """The ids of the cards of which a reminder is to be sent now; counts those whose holders can't be reached."""
    hour, business = unit.policy.reminder_hour, unit.store.business
    due: deque[int] = deque()
    for candidate in candidates(unit.store.database, business, unit.now, business.date_of(unit.now)):
        call = candidate.outlook(hour, unit.now, business).due
        if call is None or candidate.is_put_off(call.key, unit.now):
            continue
        if address_refusal(candidate.addressee) is not None:
            report.unreachable += 1
            continue
        report.late += call.is_late
        due.append(candidate.card.id)
    report.due = len(due)
    return due
