"""When a customer is reminded that a balance is about to stop: pure functions of facts.

A reminder's day is its lead before the last day. It is owed once for each card, last day and lead, and
never for a day on which nobody at this desk could have sent it: not after the last load, not since the
card came here, not since the lead is on the schedule.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from models.rules.errors import BadText
from models.rules.journal import Entry, Kind
from models.rules.texts import check_email
from models.rules.validity import BusinessTime, Period


class Decision(StrEnum):
    """What a person knows or wants about a reminder that nobody settled."""

    SENT = "sent"
    """It went out: so it is recorded."""
    AGAIN = "again"
    """It did not go out: it is sent by the next run, if it is still owed then."""
    DROP = "drop"
    """It is not to be sent any more."""


class State(StrEnum):
    """How far a reminder is that was taken in hand."""

    CLAIMED = "claimed"
    """About to be sent; one that stays so may have gone out or not: somebody must look."""
    WAITING = "waiting"
    """Certainly not sent; it is tried again."""
    SENT = "sent"
    REFUSED = "refused"
    """The mail server will not have it: the address is no good."""
    DROPPED = "dropped"
    """Somebody decided that it is not to be sent any more, or its day is over."""


Key = tuple[date, int]
"""What makes a reminder one of its card: the last day, and how many days before it."""


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before the last day a product's reminder goes."""

    period: Period
    """Days or weeks."""
    since_at: datetime
    """When it was put on the schedule, UTC: days before that are not owed."""

    @property
    def days(self) -> int:
        """Whole days before the last day."""
        return self.period.shortest_days


@dataclass(frozen=True, slots=True)
class Remindable:
    """What of a card decides about its reminders. Instants are UTC, the balance minor units."""

    balance_minor: int
    active_from_at: datetime
    last_day_on: date | None = None
    """None: the balance never expires."""
    cut_off_at: datetime | None = None
    loaded_at: datetime | None = None
    reactivated_at: datetime | None = None
    suspended_at: datetime | None = None
    cancelled_at: datetime | None = None
    imported_at: datetime | None = None
    """When it was written down here that it came from elsewhere; None for a card that did not."""


@dataclass(frozen=True, slots=True)
class Call:
    """One reminder: for which last day, how long before it, and when it goes."""

    last_day_on: date
    lead_days: int
    on: date
    """The day on which it is to go, in the business zone."""
    at: datetime
    """The instant from which it goes, UTC."""
    is_late: bool = False
    """That day is over."""

    @property
    def key(self) -> Key:
        """What makes it one reminder of its card."""
        return self.last_day_on, self.lead_days


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a card's holder is told and when, as it looks at one instant."""

    due: Call | None = None
    """The one to send now."""
    planned: tuple[Call, ...] = ()
    """Those that follow, the next one first."""
    why_none: str | None = None
    """When there is none at all: the reason, a sentence."""


def outlook(
    card: Remindable,
    leads: Sequence[Lead],
    taken: Collection[Key],
    hour: int,
    now: datetime,
    business: BusinessTime,
) -> Outlook:
    """What is owed to a card's holder at an instant (UTC), and what will be if nothing happens to the card.

    Taken are the reminders, by last day and lead, that went out or were decided about. Of several that were
    missed only the one nearest to the last day is due. The hour is the wall's in the business zone.
    """
    refusal = _refusal(card, leads, now)
    if refusal is not None:
        return Outlook(why_none=refusal)
    calls = {call.lead_days: call for lead in leads if (call := _call(card, lead, hour, business)) is not None}
    nearest_taken = min((days for day, days in taken if day == card.last_day_on), default=None)
    passed = [call for call in calls.values() if call.at <= now]
    ahead = [call for call in calls.values() if call.at > now]
    due = _open([_nearest(passed)] if passed else [], nearest_taken)
    at_once = {at: _nearest([call for call in ahead if call.at == at]) for at in sorted({call.at for call in ahead})}
    planned = tuple(_open(list(at_once.values()), nearest_taken))
    if due or planned:
        return Outlook(_marked(due[0], now, business) if due else None, planned)
    return Outlook(why_none=_ALL_SENT if calls else _NONE_OWED)


def _refusal(card: Remindable, leads: Sequence[Lead], now: datetime) -> str | None:
    """Why a card's holder is reminded of nothing, whatever the days; None when it is a matter of days."""
    if card.cancelled_at is not None:
        return "The card was cancelled."
    if card.suspended_at is not None:
        return SUSPENDED
    if card.last_day_on is None or card.cut_off_at is None:
        return "The balance never expires."
    if now >= card.cut_off_at:
        return "The last day is over."
    if card.balance_minor <= 0:
        return "There is nothing left on the card."
    return None if leads else "Its product sends no reminders."


SUSPENDED = "The card is suspended."
_NONE_OWED = (
    "Every day for a reminder lies before the last load or reactivation, before the import, or before it was put on "
    "the schedule."
)
_ALL_SENT = "What was to be sent for this last day was sent or decided about."


def _call(card: Remindable, lead: Lead, hour: int, business: BusinessTime) -> Call | None:
    """The reminder of one lead, if it is owed at all: whether it was sent is left aside."""
    assert card.last_day_on is not None
    assert card.cut_off_at is not None
    if lead.days >= card.last_day_on.toordinal():
        return None
    due_on = date.fromordinal(card.last_day_on.toordinal() - lead.days)
    if any(due_on <= business.date_of(at) for at in (card.loaded_at, card.reactivated_at) if at is not None):
        return None
    if any(due_on < business.date_of(at) for at in (card.imported_at, lead.since_at) if at is not None):
        return None
    on = max(due_on, business.date_of(card.active_from_at))
    at = max(business.at_hour(on, hour), card.active_from_at)
    return Call(card.last_day_on, lead.days, on, at) if at < card.cut_off_at else None


def _nearest(calls: Sequence[Call]) -> Call:
    """The one nearest to the last day: it tells all that those before it would have told."""
    return min(calls, key=lambda call: call.lead_days)


def _open(calls: Sequence[Call], nearest_taken: int | None) -> list[Call]:
    """Those for which neither they nor one nearer to the last day was taken."""
    return [call for call in calls if nearest_taken is None or call.lead_days < nearest_taken]


def _marked(call: Call, now: datetime, business: BusinessTime) -> Call:
    is_late = business.date_of(now) > call.on
    return Call(call.last_day_on, call.lead_days, call.on, call.at, is_late)


@dataclass(frozen=True, slots=True)
class Addressee:
    """The person who is reminded: who registered the card, else its recipient; never who only paid for it."""

    id: int
    """The number of the person's record."""
    name: str | None
    email: str | None
    is_removed: bool = False
    """The person's data were removed."""


def address_refusal(addressee: Addressee | None) -> str | None:
    """Why nobody can be written to about a card, as a sentence; None when somebody can."""
    if addressee is None:
        return "Nobody is on file who holds the card."
    if addressee.is_removed:
        return "The holder's data were removed."
    if addressee.email is None:
        return "The holder has no e-mail address on file."
    try:
        check_email(addressee.email)
    except BadText:
        return "The holder's e-mail address can't be one."
    return None


def sent_entry(call: Call, at: datetime, text: str | None = None, **more: Any) -> Entry:
    """The activity that says that a reminder was sent, at an instant (UTC), with what a person said of it."""
    details = {"last_day": call.last_day_on.isoformat(), "lead_days": call.lead_days, **more}
    return Entry(Kind.REMINDER_SENT, at, text=text, details={**details, "is_late": True} if call.is_late else details)
