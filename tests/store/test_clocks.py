"""Computers whose clock or time zone is wrong: what the desk decides stays right, or it says why it decides nothing."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from store.counter import BOTH, Counter, ServedDesks

from models import desk
from models.clock import FixedClock, SystemClock
from models.jobs.expire import expire
from models.store import open_store

ENGINES = BOTH


@pytest.fixture(params=["Pacific/Kiritimati", "America/Los_Angeles", "Mars/Olympus"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where this computer believes to be."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_the_time_zone_of_a_computer_decides_nothing(counter: Counter, zone: str) -> None:
    """When a card stopped, and until when it can be reactivated, is a question of the business zone."""
    card = counter.issued("week")
    counter.at("2026-05-28T01:59:59")
    assert counter.sheet(card).status == "active", zone
    counter.at("2026-05-28T02:00")
    assert counter.sheet(card).status == "expired"
    counter.at("2026-05-29T02:00")
    assert desk.reactivate(counter.sam, card).done
    assert str(counter.sheet(card).last_day_on) == "2026-06-05"


@pytest.mark.parametrize("wrong", [timedelta(days=-1), timedelta(days=1), timedelta(hours=-3), timedelta(days=3652)])
def test_where_a_server_tells_the_time_no_computer_does(
    served: ServedDesks, wrong: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day behind, a day ahead, or ten years: people work on, nothing expires, and nothing is dated by it."""
    with served.copy(is_sandbox=False) as place:
        store = open_store(place)
        counter = Counter(store, FixedClock(SystemClock().now()))
        card = counter.issued("week")
        right = SystemClock.now
        monkeypatch.setattr(SystemClock, "now", lambda self: right(self) + wrong)
        assert desk.note(counter.sam, card, "Called.").done
        assert expire(counter.olaf).cards == 0
        sheet = counter.sheet(card)
        assert sheet.status == "active"
        assert abs(sheet.activities[0].recorded_at - right(SystemClock())) < timedelta(minutes=5)
        monkeypatch.undo()
