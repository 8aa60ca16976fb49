"""A desk with reminders to come, one for whom nobody can be written to, and two that nobody settled yet."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

from models import desk as actions
from models.clock import FixedClock
from models.jobs.demo import START
from models.people import PersonGiven
from models.rules.reminders import State
from models.schema import GiftCard, Reminder
from models.store import Store
from models.unit import Session

SAID = "451 4.7.1 Try again later"
GRACE = PersonGiven("Grace Hopper", "grace@example.org")


def bought(store: Store, on: date, person: PersonGiven) -> int:
    """Somebody got a card for six months, always with the same code; its reminder goes two weeks before its end."""
    clock = FixedClock(datetime(on.year, on.month, on.day, 11, tzinfo=START.tzinfo))
    past = replace(store.with_clock(clock), pick=random.Random(on.toordinal()).randrange)
    made = actions.issue(Session(past, "mia"), "classic", 25_00, recipient=person)
    assert made.card_id is not None, made.sentence
    return made.card_id


def with_reminders(store: Store) -> None:
    """What the page shows at its best: tomorrow Grace, on Monday somebody without an address, and two in hand."""
    bought(store, date(2026, 6, 7), GRACE)
    bought(store, date(2026, 6, 8), PersonGiven("Hal Noether"))
    for on, state, said in (
        (date(2026, 5, 29), State.CLAIMED, None),
        (date(2026, 5, 30), State.WAITING, SAID),
    ):
        put_in_hand(store, bought(store, on, PersonGiven("Ida Rhodes", "ida@example.org")), state, said)


def put_in_hand(store: Store, card_id: int, state: State, said: str | None) -> None:
    """A run came as far as this with a card's reminder, an hour ago."""
    with store.database.connected(), store.database.writing():
        card = GiftCard.get_by_id(card_id)
        Reminder.insert(
            card=card_id,
            last_day_on=card.last_day_on,
            lead_days=14,
            customer=card.recipient_id,
            state=state,
            is_late=False,
            tries=3,
            claimed_at=START - timedelta(hours=1),
            next_try_at=START + timedelta(hours=1) if state is State.WAITING else None,
            said=said,
        ).execute()
