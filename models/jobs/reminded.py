"""Reminders that were sent, held against the activities that say so: each remembers the other."""

from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from typing import Any, Final

from models.candidates import sent_key
from models.fields import stored_day
from models.rules import wording
from models.rules.journal import Kind
from models.rules.reminders import Key, State
from models.store import Store

_SENT: Final = (
    f"SELECT card_id, last_day_on, lead_days FROM reminder WHERE state = '{State.SENT}' ORDER BY card_id, last_day_on"
)
# What another desk sent says nothing about the reminders of this one.
_TOLD: Final = (
    f"SELECT card_id, details FROM activity WHERE kind = '{Kind.REMINDER_SENT}' AND actor_id > 0 "
    "ORDER BY card_id, number"
)
_ROW, _ACTIVITY = 0, 1


def disputed_reminders(store: Store) -> Iterator[tuple[int, str]]:
    """Cards on which the two disagree, and how; within a connection."""
    for card_id, both in groupby(merge(_rows(store), _activities(store), key=_card), key=_card):
        sent: list[Key | None] = []
        told: list[Key | None] = []
        for _, kind, key in both:
            (sent if kind == _ROW else told).append(key)
        for key in sent:
            if key not in told:
                yield card_id, f"{_words(key)} is marked as sent, and no activity says so"
        for place, key in enumerate(told):
            if key in told[:place]:
                yield card_id, f"{_words(key)} was sent twice"
            elif key not in sent:
                yield card_id, f"{_words(key)} was sent, and is not marked so: it could be sent again"


def _card(row: tuple[int, int, Any]) -> int:
    return row[0]


def _rows(store: Store) -> Iterator[tuple[int, int, Key]]:
    for card_id, last_day, lead_days in store.database.execute_sql(_SENT):
        yield card_id, _ROW, (stored_day(last_day), lead_days)


def _activities(store: Store) -> Iterator[tuple[int, int, Key | None]]:
    for card_id, details in store.database.execute_sql(_TOLD):
        yield card_id, _ACTIVITY, sent_key(details)


def _words(key: Key | None) -> str:
    if key is None:
        return "a reminder of which nobody knows the day"
    return f"the reminder {wording.plural(key[1], 'day')} before {wording.day(key[0])}"
