"""Sending the outbox is killed with no warning: nobody is written to twice, and no letter is lost from sight.

The default run kills at a handful of points, the long proof at 200, or at as many as are asked for:

    pytest tests/store/test_killed_letters.py -m slow
    GIFTDESK_KILLS=2000 pytest tests/store/test_killed_letters.py -m slow

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
from store.counter import NOON, Counter, copy_desk
from store.deadly import DeadlyMailer, run_until_killed
from store.doomed import fates_at
from store.mailroom import holder, written

from models import desk
from models.clock import FixedClock
from models.fates import Fate
from models.jobs.delivery import AT_ONCE
from models.jobs.send import send
from models.outbox import letters_in_hand
from models.rules.reminders import Decision
from models.store import open_store

POINTS = 6
MANY_POINTS = int(os.environ.get("GIFTDESK_KILLS", "200"))
PEOPLE = 14
EVERYBODY = {f"p{number}@example.org" for number in range(PEOPLE)}


def opened(path: Path) -> Counter:
    clock = FixedClock(NOON)
    return Counter(open_store(path, clock), clock)


@pytest.fixture(scope="module")
def answered(furnished: Path, quick: Path) -> Path:
    """A desk with a letter to each of some people, none of which has gone."""
    folder = quick / "answered"
    folder.mkdir()
    counter = opened(copy_desk(furnished, folder))
    for number in range(PEOPLE):
        card = counter.issued(recipient=desk.PersonGiven(f"P{number}", f"p{number}@example.org"))
        written(counter.sam, card, holder(counter, card))
    return folder / "desk.db"


def run(counter: Counter, office: PostOffice) -> None:
    mailer = DeadlyMailer(office)
    try:
        send(counter.olaf, mailer)
    finally:
        mailer.close()


def kill_at(original: Path, office: PostOffice, seed: int) -> str:
    """Kill at one point and look at what is left; returns what had become of the letters in hand."""
    with tempfile.TemporaryDirectory(dir=original.parent) as folder:
        path = copy_desk(original, Path(folder))
        office.letters.clear()
        run_until_killed(lambda: opened(path), send, office, random.Random(seed), PEOPLE)
        survivor = opened(path)
        survivor.wait(hours=1)
        unknown = {line.addressee.email or "": line.id for line in letters_in_hand(survivor.store, [Fate.UNKNOWN])}
        assert len(unknown) <= AT_ONCE
        run(survivor, office)
        told = Tally(office.told())
        assert max(told.values()) == 1, "somebody was written to twice"
        assert set(told) | set(unknown) == EVERYBODY, "somebody was lost from sight"
        assert {line.addressee.email for line in letters_in_hand(survivor.store, list(Fate))} == set(unknown)
        arrived = {email for email in unknown if email in told}
        for email, letter in unknown.items():
            decision = Decision.SENT if email in arrived else Decision.AGAIN
            assert desk.settle_letter(survivor.sue, letter, decision, "asked").done
        run(survivor, office)
        assert Tally(office.told()) == dict.fromkeys(EVERYBODY, 1)
        assert letters_in_hand(survivor.store, list(Fate)) == ()
        assert not survivor.findings()
    return "nothing in hand" if not unknown else "some had arrived" if arrived else "none had arrived"


def kill_at_all(original: Path, office: PostOffice, points: int) -> None:
    print(dict(fates_at(partial(kill_at, original, office), points)))


def test_a_killed_run_writes_to_nobody_twice_and_loses_no_letter(answered: Path, office: PostOffice) -> None:
    """Pull the plug in the middle of it: the next run sends the rest, and a person settles the few in between."""
    kill_at_all(answered, office, POINTS)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_a_run_killed_two_hundred_times(answered: Path, office: PostOffice) -> None:
    """The same for as long as it takes."""
    kill_at_all(answered, office, MANY_POINTS)
