"""A card as it stood at an instant: its journal played again up to there."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from itertools import takewhile

from models.clock import to_microseconds
from models.errors import Refused
from models.journals import NEWEST, REACH, STILL_MATTER, StoredActivity
from models.records import Record
from models.rules import wording
from models.rules.journal import BrokenJournal, Entry, Kind, Tally, apply
from models.rules.status import is_breakage_due
from models.rules.validity import BusinessTime

_SPOILED = (BrokenJournal, ValueError, KeyError, TypeError, AttributeError, OverflowError)


def as_of(record: Record, at: datetime, business: BusinessTime, newest: int = NEWEST) -> Record:
    """The record of a card, read with its whole journal, as it was at an instant (UTC), or as it will be, with so many
    of its newest activities then.

    A balance past its cut-off counts as broken, booked by then or not. Product, people's names, organisations
    and VIP marks are today's. Raises Refused when the card did not exist yet, or its journal can't be told.
    """
    try:
        return _as_of(record, at, business, newest)
    except _SPOILED:
        raise Refused("The journal does not add up, so its past can't be told. Escalate the card.") from None


def _as_of(record: Record, at: datetime, business: BusinessTime, newest: int) -> Record:
    # In the journal's own order, so that it folds: a breakage booked late stands after what came meanwhile.
    until = to_microseconds(at)
    past = tuple(takewhile(lambda activity: activity.values["effective_at"] <= until, record.journal))
    if not past:
        raise Refused(_not_yet(record, at, business))
    tally = Tally()
    for activity in past:
        activity.add_to(tally)
    state = tally.state
    cut_off_at = None if state.last_day_on is None else business.cut_off(state.last_day_on)
    card = replace(record.card, state=state, cut_off_at=cut_off_at, number=past[-1].number, mac=past[-1].mac)
    if cut_off_at is not None and is_breakage_due(card, at):
        unbooked = Entry(Kind.BREAKAGE, cut_off_at, -state.balance_minor)
        card = replace(card, state=apply(state, unbooked, card.number + 1))
    cleared = {activity.values["reverses"] for activity in past if activity.values["kind"] == Kind.FLAG_CLEARED}
    raised = {activity.number for activity in past if activity.values["kind"] == Kind.FLAG_RAISED}
    open_flags = frozenset(raised - cleared)
    journal = _that_matter(past, {1, *open_flags, card.state.last_money_number}, newest)
    return replace(record, card=card, journal=journal, open_flags=open_flags, asked=None)


def _not_yet(record: Record, at: datetime, business: BusinessTime) -> str:
    then = wording.moment(at, business)
    if not record.journal:
        return "The card has no activity at all, so its past can't be told. Escalate the card."
    first = wording.moment(record.journal[0].effective_at, business)
    return f"The card did not exist yet on {then}: its first activity is of {first}."


def _that_matter(
    journal: tuple[StoredActivity, ...], numbers: Collection[int | None], newest: int
) -> tuple[StoredActivity, ...]:
    """Of a very long journal the part that a sheet of the present would show, too."""
    older = journal[:-newest]
    telling = [each.number for each in older[-REACH:] if each.values["kind"] in STILL_MATTER]
    kept = {*numbers, *telling[-NEWEST:]}
    return (*(each for each in older if each.number in kept), *journal[-newest:])
