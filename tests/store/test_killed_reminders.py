"""The reminder run is killed with no warning: nobody is written to twice, and nobody is lost from sight.

The default run kills at a dozen points, the long proof at 200, or at as many as are asked for:

    pytest tests/store/test_killed_reminders.py -m slow
    GIFTDESK_KILLS=2000 pytest tests/store/test_killed_reminders.py -m slow

A failure names its seed; GIFTDESK_KILL_SEED=N kills at that point alone.
"""

import os
import random
import tempfile
from collections import Counter as Tally
from functools import partial
from pathlib import Path

import pytest
from mail.postmaster import PostOffice
from store.counter import NOON, PRODUCTS, Counter, copy_desk
from store.deadly import DeadlyMailer, run_until_killed
from store.doomed import fates_at

from models import desk
from models.clock import FixedClock
from models.fates import Fate
from models.jobs.delivery import AT_ONCE
from models.jobs.remind import RemindReport, remind
from models.reminding import unsettled
from models.rules.reminders import Decision
from models.rules.validity import Period
from models.store import open_store

POINTS = 12
MANY_POINTS = int(os.environ.get("GIFTDESK_KILLS", "200"))
PEOPLE = 14
DUE = "2026-05-25T09:00"


@pytest.fixture(scope="module")
def sold(furnished: Path, quick: Path) -> Path:
    """A desk with a card for each of some people, all of whom are reminded on the same day."""
    folder = quick / "sold"
    folder.mkdir()
    clock = FixedClock(NOON)
    counter = Counter(open_store(copy_desk(furnished, folder), clock), clock)
    assert desk.set_product(counter.mia, "week", rules=PRODUCTS["week"], reminders=[Period(2, "days")]).done
    for number in range(PEOPLE):
        counter.issued("week", recipient=desk.PersonGiven(f"P{number}", f"p{number}@example.org"))
    return counter.file


def opened(path: Path) -> Counter:
    clock = FixedClock(NOON)
    counter = Counter(open_store(path, clock), clock)
    counter.at(DUE)
    return counter


def run(counter: Counter, office: PostOffice) -> RemindReport:
    mailer = DeadlyMailer(office)
    try:
        return remind(counter.olaf, mailer)
    finally:
        mailer.close()


def kill_at(original: Path, office: PostOffice, seed: int) -> str:
    """Kill at one point and look at what is left; returns what had become of the letters in hand."""
    everybody = {f"p{number}@example.org" for number in range(PEOPLE)}
    with tempfile.TemporaryDirectory(dir=original.parent) as folder:
        path = copy_desk(original, Path(folder))
        office.letters.clear()
        run_until_killed(lambda: opened(path), remind, office, random.Random(seed), PEOPLE)
        survivor = opened(path)
        survivor.wait(hours=1)
        unknown = {line.addressee.email or "": line for line in unsettled(survivor.store, [Fate.UNKNOWN])}
        assert len(unknown) <= AT_ONCE
        run(survivor, office)
        told = Tally(office.told())
        assert max(told.values()) == 1, "somebody was written to twice"
        assert set(told) | set(unknown) == everybody, "somebody was lost from sight"
        assert {line.addressee.email for line in unsettled(survivor.store)} == set(unknown)
        arrived = {email for email in unknown if email in told}
        for email, line in unknown.items():
            decision = Decision.SENT if email in arrived else Decision.AGAIN
            done = desk.settle_reminder(survivor.sue, line.card_id, line.last_day_on, line.lead_days, decision, "asked")
            assert done.done
        run(survivor, office)
        assert Tally(office.told()) == dict.fromkeys(everybody, 1)
        assert unsettled(survivor.store, list(Fate)) == ()
        assert not survivor.findings()
    return "nothing in hand" if not unknown else "some had arrived" if arrived else "none had arrived"


def kill_at_all(original: Path, office: PostOffice, points: int) -> None:
    print(dict(fates_at(partial(kill_at, original, office), points)))


def test_a_killed_run_writes_to_nobody_twice_and_loses_nobody(sold: Path, office: PostOffice) -> None:
    """Pull the plug in the middle of it: the next run sends the rest, and a person settles the few in between."""
    kill_at_all(sold, office, POINTS)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_a_run_killed_two_hundred_times(sold: Path, office: PostOffice) -> None:
    """The same for as long as it takes."""
    kill_at_all(sold, office, MANY_POINTS)
