"""A week in which Sam reactivates too much, for the tests of the watch."""

from datetime import timedelta

from store.journals import reactivated

from models import desk
from models.jobs.demo import START
from models.people import PersonGiven
from models.store import Store
from models.unit import Session

SAM, PAT = 1, 2
ACTIVE, PATS, SAMS = 5, 17, 7
"""Cards of the demo: two that are active, and one on hold."""


def overdone(store: Store) -> None:
    """Five times a day for a week; Pat does it for somebody with his own address, and Sam tries a card of his own."""
    mia, sam = Session(store, "mia"), Session(store, "sam")
    for card, email in ((PATS, "pat@giftdesk.example"), (SAMS, "sam@giftdesk.example")):
        outcome = desk.register(mia, card, PersonGiven("Kim", email))
        assert outcome.done, outcome.sentence
    days = [START - timedelta(days=back, hours=2) for back in reversed(range(7))]
    reactivated(store, ACTIVE, SAM, [at + timedelta(minutes=nth) for at in days for nth in range(5)])
    reactivated(store, PATS, PAT, [days[5]])
    assert not desk.reactivate(sam, SAMS, reason="found").done
