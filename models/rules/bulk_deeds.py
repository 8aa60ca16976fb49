"""What a bulk does to one card, or why that card stays as it is: a pure judgement of the card as it is.

It is asked for the preview, and again of the card that is written to: it is the same answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from models.rules.bulk import BulkKind, Skip
from models.rules.journal import CardState, Entry, Kind, OfState
from models.rules.status import is_breakage_due
from models.rules.validity import LATEST, BusinessTime, Period, end_of_period


@dataclass(frozen=True, slots=True)
class BulkCard(OfState):
    """One card of a bulk as the rules see it. Instants are UTC, amounts minor units."""

    state: CardState
    cut_off_at: datetime | None
    number: int = 0
    """How many activities it has."""
    is_sound: bool = True
    """False when it does not add up."""
    open_flags: int = 0
    is_own: bool = False
    """Whether one of its people began the bulk, or approved it."""
    until: date | None = None
    """The day that a file gives to this card."""
    person_id: int | None = None
    """Whom this card is registered to."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done to every card of a bulk, all names resolved."""

    kind: BulkKind
    reason: str | None = None
    """The free text that the last entry bears; None where it was removed."""
    until: date | None = None
    period: Period | None = None
    broken_since: date | None = None
    broken_until: date | None = None
    extension_days: int = 7
    """How long after today cards are valid again, where no day is given."""
    product_id: int | None = None
    may_give_back: bool = True
    """Whether who carries it out may give back what broke."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What every entry says of the bulk."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one card."""

    entries: tuple[Entry, ...]
    """In the order in which they are appended."""
    moves_minor: int = 0
    """What comes back to the card, minor units; what breaks again of an undone one, as a positive number."""


def change_of(deed: Deed, card: BulkCard, now: datetime, business: BusinessTime) -> Change | Skip:
    """What a deed does to a card at an instant (UTC), or why the card stays as it is."""
    if not card.is_sound:
        return Skip.UNSOUND
    if card.cancelled_at is not None:
        return Skip.CANCELLED
    if card.is_own and deed.kind in _FAVOURS:
        return Skip.OWN
    return _CHANGES[deed.kind](deed, card, now, business)


# Whoever does these to a card of their own does themselves a favour.
_FAVOURS: Final = frozenset({BulkKind.EXTEND, BulkKind.REVERSE_BREAKAGE, BulkKind.LIFT, BulkKind.CHANGE_PRODUCT})


def _extend(deed: Deed, card: BulkCard, now: datetime, business: BusinessTime) -> Change | Skip:
    last = card.state.last_day_on
    if last is None or card.cut_off_at is None:
        return Skip.NO_LAST_DAY
    new = card.until or deed.until or _later_by(deed.period, last)
    if new is None or new > LATEST:
        return Skip.TOO_FAR
    if new <= last:
        return Skip.LATER_ALREADY
    if card.cut_off_at > now:
        return Change((_new_day(deed, card, new, now),))
    if not (card.broken_minor or card.balance_minor):
        return Skip.NOTHING_LEFT
    return _given_back(deed, card, new, now, business) if deed.may_give_back else Skip.NOT_ALLOWED


def _later_by(period: Period | None, last: date) -> date | None:
    """The last day that a period after a last day has; None beyond the calendar's end."""
    if period is None:
        return None
    try:
        return end_of_period(last + timedelta(days=1), period)
    except (OverflowError, ValueError):
        return None


def _reverse(deed: Deed, card: BulkCard, now: datetime, business: BusinessTime) -> Change | Skip:
    last = card.state.last_day_on
    is_broken = card.broken_minor > 0 or is_breakage_due(card, now)
    if not is_broken or last is None or card.cut_off_at is None or card.cut_off_at > now:
        return Skip.NOT_BROKEN
    stopped_on = business.date_of(card.cut_off_at)
    if not (deed.broken_since or stopped_on) <= stopped_on <= (deed.broken_until or stopped_on):
        return Skip.OTHER_DAYS
    new = deed.until or business.date_of(now) + timedelta(days=deed.extension_days)
    if new <= last:
        return Skip.STILL_OVER
    return _given_back(deed, card, new, now, business)


def _given_back(deed: Deed, card: BulkCard, new: date, now: datetime, business: BusinessTime) -> Change | Skip:
    """What gives back to an expired card what broke last, booked first where nobody has, and sets its last day."""
    assert card.cut_off_at is not None
    if card.open_flags:
        return Skip.FLAGGED
    if business.cut_off(new) <= max(now, card.active_from_at):
        return Skip.STILL_OVER
    back = _money_back(deed, card, now)
    return Change((*back, _new_day(deed, card, new, now)), back[-1].amount_minor)


def _money_back(deed: Deed, card: BulkCard, now: datetime) -> tuple[Entry, ...]:
    assert card.cut_off_at is not None
    details = {**deed.about}
    if not card.balance_minor:
        return (
            Entry(Kind.REINSTATEMENT, now, card.broken_minor, details=details, reverses=card.state.last_money_number),
        )
    due = Entry(Kind.BREAKAGE, card.cut_off_at, -card.balance_minor)
    return due, Entry(Kind.REINSTATEMENT, now, card.balance_minor, details=details, reverses=card.number + 1)


def _new_day(deed: Deed, card: BulkCard, new: date, now: datetime) -> Entry:
    last = card.state.last_day_on
    was = None if last is None else last.isoformat()
    return _changed(deed, Kind.EXPIRY_CHANGED, now, {"last_day": new.isoformat()}, {"last_day": was})


def _changed(deed: Deed, kind: Kind, now: datetime, sets: Mapping[str, Any], was: Mapping[str, Any]) -> Entry:
    """An entry that changes facts, and tells what they were: from that it can be undone."""
    return Entry(kind, now, text=deed.reason, details={**deed.about, "sets": {**sets}, "was": {**was}})


def _suspend(deed: Deed, card: BulkCard, now: datetime, _business: BusinessTime) -> Change | Skip:
    if card.suspended_at is not None:
        return Skip.SUSPENDED_ALREADY
    return Change((Entry(Kind.SUSPENDED, now, text=deed.reason, details={**deed.about}),))


def _lift(deed: Deed, card: BulkCard, now: datetime, _business: BusinessTime) -> Change | Skip:
    if card.suspended_at is None:
        return Skip.NOT_SUSPENDED
    if card.open_flags:
        return Skip.FLAGGED
    return Change((Entry(Kind.UNSUSPENDED, now, text=deed.reason, details={**deed.about}),))


def _change_product(deed: Deed, card: BulkCard, now: datetime, _business: BusinessTime) -> Change | Skip:
    if card.state.product_id == deed.product_id:
        return Skip.SAME_PRODUCT
    was = {"product": card.state.product_id}
    return Change((_changed(deed, Kind.PRODUCT_CHANGED, now, {"product": deed.product_id}, was),))


def _register(deed: Deed, card: BulkCard, now: datetime, _business: BusinessTime) -> Change | Skip:
    if card.person_id is not None and card.state.registered_id == card.person_id:
        return Skip.SAME_HOLDER
    was = {"registered": card.state.registered_id}
    return Change((_changed(deed, Kind.REGISTERED, now, {"registered": card.person_id}, was),))


_Judge = Callable[[Deed, BulkCard, datetime, BusinessTime], Change | Skip]
_CHANGES: Final[Mapping[BulkKind, _Judge]] = {
    BulkKind.EXTEND: _extend,
    BulkKind.REVERSE_BREAKAGE: _reverse,
    BulkKind.SUSPEND: _suspend,
    BulkKind.LIFT: _lift,
    BulkKind.CHANGE_PRODUCT: _change_product,
    BulkKind.REGISTER: _register,
}
