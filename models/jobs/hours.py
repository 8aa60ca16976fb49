"""Starts and cut-offs of cards that are still ahead of them, when the rules of the business zone were changed."""

from datetime import datetime, timedelta
from typing import Any, Final

from models import audit
from models.cards import LockedCard, lock_card
from models.inspection import as_json, inspect
from models.journals import ALL, read_journal
from models.ledger import append, mend
from models.rules import wording
from models.rules.journal import LOADS, Entry, Kind
from models.rules.validity import BusinessTime
from models.schema import GiftCard
from models.store import Store
from models.unit import Unit

_HALF_A_DAY: Final = timedelta(hours=12)
_REASON: Final = "the rules of the zone were changed"


def cards_with_moved_hours(store: Store) -> list[int]:
    """The ids of the cards that today's rules of the zone would start or stop at another instant than their rows say.

    Only cards that are still ahead of that instant: what has started or stopped did so for everybody.
    """
    with store.database.reading():
        now = store.now()
        ids = {card_id for pair in _moved_cut_offs(store.business, now) for card_id in _with(*pair)}
        delayed = [card_id for at in _moved_starts(store.business, now) for card_id in _with_start(at)]
    for card_id in delayed:
        with store.database.reading():
            if _is_delayed(store, card_id):
                ids.add(card_id)
    return sorted(ids)


def recompute_hours(unit: Unit, card_id: int) -> bool:
    """Bring a card's start and cut-off in line with today's rules; whether there was anything to do.

    The cut-off follows from the last day. The start is a fact of the journal: a note there sets it anew. A card
    that does not add up is left alone.
    """
    store, card = unit.store, lock_card(card_id)
    if inspect(store, card) is not None:
        return False
    starts, stops = _start(store, card, unit.now), _cut_off(store.business, card, unit.now)
    before, after = _hours(card.active_from_at, card.cut_off_at), _hours(starts, stops)
    if before == after:
        return False
    if stops != card.cut_off_at:
        card = mend(unit.hand, card, card.state, stops, None)
    if starts != card.active_from_at:
        told = f"Valid from {wording.moment(starts, store.business)}: {_REASON}."
        details = {"sets": {"active_from": starts.isoformat()}}
        append(unit.hand, card, Entry(Kind.NOTE, unit.now, text=told, details=details))
    audit.record(unit.hand, f"card:{card_id}", "repair", before, after, _REASON)
    return True


def _hours(starts: datetime, stops: datetime | None) -> dict[str, Any]:
    return {"active_from_at": as_json(starts), "cut_off_at": as_json(stops)}


def _moved_cut_offs(business: BusinessTime, now: datetime) -> list[tuple[Any, datetime]]:
    """The last days, with the cut-offs beside them, that do not belong together any more."""
    ahead = GiftCard.cut_off_at > now
    pairs: Any = GiftCard.select(GiftCard.last_day_on, GiftCard.cut_off_at).where(ahead).distinct().tuples()
    return [(day, at) for day, at in pairs if day is not None and business.cut_off(day) != at]


def _with(last_day_on: Any, cut_off_at: datetime) -> list[int]:
    is_meant = (GiftCard.last_day_on == last_day_on) & (GiftCard.cut_off_at == cut_off_at)
    return [row.id for row in GiftCard.select(GiftCard.id).where(is_meant)]


def _moved_starts(business: BusinessTime, now: datetime) -> list[datetime]:
    """The starts ahead that are not the first instant of a day any more."""
    starts: Any = GiftCard.select(GiftCard.active_from_at).where(GiftCard.active_from_at > now).distinct().tuples()
    return [at for (at,) in starts if _first_instant(business, at) != at]


def _with_start(at: datetime) -> list[int]:
    return [row.id for row in GiftCard.select(GiftCard.id).where(GiftCard.active_from_at == at)]


def _first_instant(business: BusinessTime, at: datetime) -> datetime:
    """The first instant of the day that an instant near midnight belongs to."""
    return business.start_of(business.date_of(at + _HALF_A_DAY))


def _cut_off(business: BusinessTime, card: LockedCard, now: datetime) -> datetime | None:
    if card.state.last_day_on is None or card.cut_off_at is None or card.cut_off_at <= now:
        return card.cut_off_at
    return business.cut_off(card.state.last_day_on)


def _start(store: Store, card: LockedCard, now: datetime) -> datetime:
    is_ahead = card.active_from_at > now and _is_delayed(store, card.id)
    return _first_instant(store.business, card.active_from_at) if is_ahead else card.active_from_at


def _is_delayed(store: Store, card_id: int) -> bool:
    """Whether a card was sold here to be valid from a later day; what came from elsewhere keeps what it came with."""
    first = read_journal(store.database, card_id, ALL)[:1]
    sets = first[0].details.get("sets", {}) if first and first[0].kind in LOADS else {}
    return "active_from" in sets and datetime.fromisoformat(sets["active_from"]) > first[0].effective_at
