"""The forecast: which reminders go on which of the next days and to whom, and who can't be reminded and why."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from models.candidates import Candidate, candidates
from models.cards import LockedCard
from models.errors import Refused, faults
from models.rules.reminders import SUSPENDED, Addressee, Call, address_refusal
from models.rules.validity import BusinessTime
from models.store import policy_in_force
from models.unit import Session

DAYS: Final = 7
MOST_DAYS: Final = 92
MOST_LINES: Final = 1_000
"""How many cards are listed by name, each day and of those that can't be reminded; all are counted."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder that is to go, or that can't."""

    card_id: int
    last_four: str
    currency: str
    balance_minor: int
    product_name: str
    call: Call
    """When, how long before which last day, and whether it is late."""
    addressee: Addressee | None
    why_not: str | None = None
    """Why it can't go, a sentence."""


@dataclass
class ForecastDay:
    """What goes on one day."""

    on: date
    """In the business zone."""
    cards: int = 0
    late: int = 0
    """Of these, how many should have gone before."""
    by_lead: dict[int, int] = field(default_factory=dict)
    """Days before the last day -> cards."""
    lines: list[Planned] = field(default_factory=list)
    """The first of them."""


@dataclass
class Forecast:
    """What goes in the next days if nothing happens to the cards meanwhile."""

    at: datetime
    """As it looks at this instant, UTC."""
    days: tuple[ForecastDay, ...]
    """Today first; today has what is late, too."""
    unreachable: int = 0
    """Cards that would be reminded in these days and can't be."""
    unreachable_lines: list[Planned] = field(default_factory=list)
    """The first of them."""
    by_reason: dict[str, int] = field(default_factory=dict)
    """Why not -> cards."""


def forecast(session: Session, days: int = DAYS) -> Forecast:
    """What reminders go today and on the days that follow, so many in all. Whoever may work may ask.

    Raises Refused for a number of days that makes no sense, Fault for a broken store.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"A forecast is for 1 to {MOST_DAYS} days.")
    store = session.store
    with faults(store.path), store.database.surveying():
        with store.database.reading():
            now, business = store.now(), store.business
            hour = policy_in_force(store).reminder_hour
        today = business.date_of(now)
        made = Forecast(now, tuple(ForecastDay(today + timedelta(days=each)) for each in range(days)))
        for candidate in candidates(store.database, business, now, made.days[-1].on):
            _foresee(made, candidate, hour, business)
    return made


def _foresee(made: Forecast, candidate: Candidate, hour: int, business: BusinessTime) -> None:
    """Add what one card's holder is told."""
    card = candidate.card
    is_held = card.suspended_at is not None and card.cancelled_at is None
    seen = candidate if not is_held else replace(candidate, card=_not_held(card))
    found = seen.outlook(hour, made.at, business)
    last = made.days[-1].on
    calls = [*([found.due] if found.due else []), *(call for call in found.planned if call.on <= last)]
    why_not = SUSPENDED if is_held else address_refusal(candidate.addressee)
    for call in calls:
        line = Planned(
            card.id,
            card.last_four,
            card.currency,
            card.balance_minor,
            candidate.product.name,
            call,
            candidate.addressee,
            why_not,
        )
        if why_not is not None:
            made.unreachable += 1
            made.by_reason[why_not] = made.by_reason.get(why_not, 0) + 1
            if len(made.unreachable_lines) < MOST_LINES:
                made.unreachable_lines.append(line)
            return
        _count(made.days[max(0, (call.on - made.days[0].on).days)], line)


def _count(day: ForecastDay, line: Planned) -> None:
    day.cards += 1
    day.late += line.call.is_late
    day.by_lead[line.call.lead_days] = day.by_lead.get(line.call.lead_days, 0) + 1
    if len(day.lines) < MOST_LINES:
        day.lines.append(line)


def _not_held(card: LockedCard) -> LockedCard:
    return replace(card, state=replace(card.state, suspended_at=None))
