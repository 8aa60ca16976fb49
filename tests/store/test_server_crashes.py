"""A server crashes again and again under desks that write: what they were told is there, and each goes on by itself.

Half of the times it is told to drop everything, and half of the times all its processes are killed; it waits for the
disk, as it does wherever nobody has told it not to. In about two minutes:

    pytest tests/store/test_server_crashes.py -m slow
"""

import multiprocessing
import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from postgres import PrivateServer, private_server
from store.counter import NOON, Counter, chosen_key, furnish, plain_sql

from models import desk
from models.clock import FixedClock, pause
from models.errors import Fault
from models.locations import Place
from models.store import open_store
from models.unit import Outcome, Session

CRASHES = 30
DESKS = 8
_DEEDS = 5
"""What each desk does at least between two crashes."""
_PATIENCE = 60.0
_COMMON = 1
"""The card on which all desks work."""


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_thirty_crashes(server: PrivateServer, tmp_path: Path) -> None:  # noqa: ARG001 - else this is skipped
    """Nothing that was acknowledged is lost, nothing is half done, and nobody has to start a desk again."""
    dice, told = random.Random(), set[str]()
    with private_server(is_safe=True) as own, chosen_key(tmp_path / "desk.key"):
        place = furnish(own.place(own.new_database()))
        counter = Counter(open_store(place, FixedClock(NOON)), FixedClock(NOON))
        assert counter.issued("forever") == _COMMON
        with desks_at(place) as lines:
            for number in range(CRASHES):
                for _ in range(_DEEDS):
                    told |= told_by_each(lines)
                pause(dice.uniform(0, 0.3))
                own.crash(is_killed=number % 2 == 1)
                told |= told_meanwhile(lines)
                own.start()
                check_units_are_whole(place, told)
            told |= told_by_each(lines)
        check_units_are_whole(place, told)
        assert not counter.findings()
    assert len(told) >= CRASHES * DESKS * _DEEDS


def check_units_are_whole(place: Place, told: set[str]) -> None:
    """Each wish that was acknowledged is there, and each that is there is there whole."""
    activities = {"issue": 1, "redeem": 1, "transfer": 2}
    with plain_sql(place) as sql:
        sql.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        done = {
            str(key): str(action) for key, action in sql.execute("SELECT key, action FROM intent WHERE key LIKE '%-%'")
        }
        written = "SELECT intent, COUNT(*) FROM activity WHERE intent LIKE '%-%' GROUP BY intent"
        assert dict(sql.execute(written).fetchall()) == {key: activities[action] for key, action in done.items()}
    assert told <= done.keys()


@contextmanager
def desks_at(place: Place) -> Iterator[list[Connection]]:
    """Processes that work without end; each tells what it was told is done."""
    context = multiprocessing.get_context("fork")
    lines, processes = [], []
    for number in range(DESKS):
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(place, number, theirs), daemon=True)
        process.start()
        theirs.close()
        lines.append(ours)
        processes.append(process)
    try:
        yield lines
    finally:
        for process in processes:
            process.kill()
            process.join()


def _work(place: Place, number: int, line: Connection) -> None:
    try:
        session, own = Session(open_store(place, FixedClock(NOON)), "mia"), 0
        for each in count():
            key = f"{number}-{each}"
            outcome = insisted(partial(wish, session, own, each, key))
            assert outcome.done, outcome.sentence
            own = outcome.card_id or 0
            line.send(key)
    except Exception:
        line.send(f"crashed: {traceback.format_exc()}")


def wish(session: Session, own: int, number: int, key: str) -> Outcome:
    """Now and then a card of one's own, and then something with it; every other deed waits for other desks."""
    match number % 3:
        case 0:
            return desk.issue(session, "forever", 5000, intent=key)
        case 1:
            return desk.transfer(session, own, _COMMON, 100, reason="wrong card", intent=key)
        case _:
            return desk.redeem(session, own, 100, intent=key)


def insisted(wish: Callable[[], Outcome]) -> Outcome:
    """Wish the same until there is an answer."""
    while True:
        try:
            return wish()
        except Fault:
            pause(0.05)


def told_by_each(lines: list[Connection]) -> set[str]:
    """What desks were told, once every one of them was told something more."""
    for line in lines:
        assert line.poll(_PATIENCE), "a desk did not go on"
    return told_meanwhile(lines)


def told_meanwhile(lines: list[Connection]) -> set[str]:
    """What desks were told until this moment, by the keys of their wishes."""
    told = set()
    for line in lines:
        while line.poll():
            told.add(line.recv())
    crashes = [each for each in told if each.startswith("crashed")]
    assert not crashes, crashes[0]
    return told
