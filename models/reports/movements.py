"""The one place that says what happened to what the desk owes, and when it counts: reports and books derive from it."""

from collections.abc import Iterator
from datetime import datetime

from models.clock import FIRST, to_microseconds
from models.errors import faults
from models.reports.pages import Reading, pasts
from models.reports.past import Movement as Movement
from models.store import Store


def movements(
    store: Store, until: datetime, since: datetime | None = None, *, reading: Reading | None = None
) -> Iterator[Movement]:
    """What happened before an instant (UTC), and from another one on, if that is given: card by card in the order of
    their record numbers, each one's by time.

    What was written down before `until` decides alone: told again later, it is the same. The reading counts the cards
    that were left out because they do not add up, tells its progress, and may be stopped. Raises Fault for a broken
    store, and Stopped.
    """
    told = reading or Reading()
    first = FIRST if since is None else to_microseconds(since)
    with faults(store.path), store.database.surveying():
        store.database.read_at_length()
        for past in pasts(store, first, to_microseconds(until), told):
            yield from past.movements
