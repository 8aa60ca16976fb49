"""What becomes of a row of somebody else's table: the journal of a card, as far as the source tells it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from models.jobs.plans import PlannedPerson, PlannedProduct
from models.rules.journal import Entry, Kind
from models.rules.validity import BusinessTime

_MOMENT: Final = timedelta(microseconds=1)


@dataclass(slots=True)
class Told:
    """What one row tells of a card."""

    currency: str
    balance_minor: int
    initial_minor: int | None
    issued_at: datetime | None
    changed_at: datetime | None
    valid_from: datetime | None
    last_day_on: date | None
    product: PlannedProduct
    people: dict[str, PlannedPerson] = field(default_factory=dict)
    place: str | None = None
    order_ref: str | None = None
    note: str | None = None
    suspended_for: str = ""


def entries_of(told: Told, redeemed: Sequence[Entry], now: datetime, business: BusinessTime) -> list[Entry]:
    """An issue and what was spent where the source tells both, else what is left; and the hold, if there is one.

    What was redeemed, if that is told by itself, has amounts and no place in the journal yet.
    """
    begun, left = told.issued_at or now, told.balance_minor
    sold = left - sum(entry.amount_minor for entry in redeemed) if redeemed else told.initial_minor
    is_whole_story = sold is not None and told.issued_at is not None and sold >= left and sold > 0
    is_whole_story = is_whole_story or bool(redeemed)
    first = Entry(
        Kind.ISSUE if is_whole_story else Kind.IMPORTED,
        begun,
        sold or 0 if is_whole_story else left,
        told.place,
        told.order_ref,
        told.note,
        _facts(told, begun),
    )
    entries = [first, *redeemed]
    if is_whole_story and not redeemed and sold is not None and sold > left:
        entries.append(_spent(told, begun, sold - left, now, business))
    if told.suspended_for:
        entries.append(Entry(Kind.SUSPENDED, now, text=told.suspended_for, details={"undated": True}))
    return entries


def _facts(told: Told, begun: datetime) -> dict[str, Any]:
    sets: dict[str, Any] = {
        "active_from": (told.valid_from or begun).isoformat(),
        "last_day": None if told.last_day_on is None else told.last_day_on.isoformat(),
        "product": 0,
        **{role: place for place, role in enumerate(told.people)},
    }
    return {"sets": sets} if told.issued_at is not None else {"sets": sets, "undated": True}


def _spent(told: Told, begun: datetime, minor: int, now: datetime, business: BusinessTime) -> Entry:
    """What was spent in all, dated when the source last changed the card, else when it is imported."""
    at = told.changed_at if told.changed_at is not None and told.changed_at >= begun else None
    if at is not None:
        return Entry(Kind.REDEMPTION, at, -minor)
    at = now
    if told.last_day_on is not None:
        at = max(begun, min(at, business.cut_off(told.last_day_on) - _MOMENT))
    return Entry(Kind.REDEMPTION, at, -minor, details={"undated": True})
