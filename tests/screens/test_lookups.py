"""Codes that no card answers to, on the screens: told after the answer, slowed, stopped, let on."""

import threading
from pathlib import Path

import pytest
from driver import at_desk
from screens.conftest import Demo, SitDown

from models import database
from models.clock import FixedClock
from models.database import FileDatabase
from models.jobs.demo import START
from models.lookups import NOT_COUNTED, record_miss
from models.rules.lookups import SLOW_FROM, STOP_AT, WAIT_SECONDS, slowed, stopped
from models.store import Store, open_store
from models.unit import Session
from tui.terminal import Profile

CARD = "Expired 35 hours ago"
ANSWERS = "EXPIRED 35 h ago"
NO_SUCH = "No card answers to this code."


def missed(store: Store, times: int) -> None:
    """Sam looked for so many codes that no card answers to."""
    for number in range(times):
        record_miss(Session(store, "sam"), f"7777 {number:04}")


async def test_the_fifth_look_that_finds_nothing_says_that_the_next_will_wait(sit_down: SitDown, demo: Demo) -> None:
    """Behind the answer, which comes first; the reply about the code is there as ever."""
    missed(demo.store, SLOW_FROM - 1)
    async with sit_down() as desk:
        await desk.types("GIFT 1234 5678\r")
        desk.sees(NO_SUCH, slowed())
        await desk.presses("escape")
        await desk.opens(CARD)
        desk.sees(ANSWERS)
        assert desk.clock.waited_seconds == pytest.approx(WAIT_SECONDS)


class SlowClock(FixedClock):
    """A clock by which somebody who waits is seen waiting."""

    def __init__(self) -> None:
        super().__init__(START)
        self.may_go_on = threading.Event()

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        self.may_go_on.wait(0.02)


async def test_a_slowed_look_says_why_and_can_be_left(demo: Demo) -> None:
    """Esc: nothing is looked for any more, and a name is found at once."""
    clock = SlowClock()
    store = demo.store.with_clock(clock)
    missed(store, SLOW_FROM)
    async with at_desk(store, demo.scenarios) as desk:
        desk.at_once(f"{desk.code_of(CARD)}\r")
        await desk.expects("this one takes 5 seconds...")
        await desk.presses("escape")
        desk.sees("Left.")
        desk.does_not_see(ANSWERS)
        waited = clock.waited_seconds
        await desk.presses("ctrl+u")
        await desk.types("ada\r")
        assert clock.waited_seconds <= waited + 0.1
        desk.sees("Ada Lovelace")
        clock.may_go_on.set()
        await desk.opens(CARD)
        desk.sees(ANSWERS)


async def test_a_stopped_agent_is_let_on_by_a_supervisor(sit_down: SitDown, demo: Demo) -> None:
    """Sam is told whom to ask and finds by name meanwhile; Pat sees it at the start, lifts it on the watch."""
    missed(demo.store, STOP_AT - 1)
    async with sit_down() as desk:
        await desk.types("GIFT 1234 5678\r")
        desk.sees(stopped())
        await desk.presses("ctrl+u")
        await desk.types(f"{desk.code_of(CARD)}\r")
        desk.sees(stopped())
        desk.does_not_see(NO_SUCH, ANSWERS)
        await desk.presses("ctrl+u")
        await desk.types("ada\r")
        desk.sees("Ada Lovelace")
    async with sit_down(login="pat") as desk:
        desk.sees("Sam is stopped from looking for codes: F11 shows and lifts it.")
        await desk.presses("f11")
        desk.sees("Looks for codes that no card answers to", "● stopped", "20 codes in 7 days, since")
        await desk.types("uwas training\r")
        desk.sees("sam may look for codes again.")
        desk.does_not_see("● stopped")
        await desk.types("u")
        desk.sees("This line is about nobody's looks for codes.")
    async with sit_down() as desk:
        await desk.opens(CARD)
        desk.sees(ANSWERS)


async def test_who_may_only_look_lifts_nothing(sit_down: SitDown, demo: Demo) -> None:
    """Ivy is an auditor: the key is dimmed and says who may."""
    missed(demo.store, STOP_AT)
    async with sit_down(login="ivy") as desk:
        await desk.presses("f11")
        await desk.types("u")
        desk.sees("An auditor may not let a colleague look for codes again; ask a supervisor or a manager.")


async def test_a_code_that_is_typed_into_a_dialog_counts(sit_down: SitDown, demo: Demo) -> None:
    """Mia moves a balance: the other card's code is looked for as everywhere."""
    for number in range(SLOW_FROM - 1):
        record_miss(Session(demo.store, "mia"), f"7777 {number:04}")
    async with sit_down(login="mia") as desk:
        await desk.opens("Active: confirm")
        await desk.types("m")
        await desk.types("GIFT 1234 5678\r\r\r")
        desk.sees(NO_SUCH, slowed())


async def test_a_miss_that_cannot_be_recorded_hides_no_answer(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another desk does not finish: the answer stays, with why it was not counted behind it."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.02)
    async with at_desk(open_store(demo.store.path, FixedClock(START)), demo.scenarios) as desk:
        other = FileDatabase(Path(str(demo.store.path)))
        with other.writing():
            other.execute_sql("UPDATE agent SET name = 'half done'")
            await desk.types("GIFT 1234 5678\r")
            desk.sees(NO_SUCH, f"{NOT_COUNTED} Another desk is saving and did not finish in time.")
        await desk.types("\r")
        desk.sees(NO_SUCH)
        desk.does_not_see(NOT_COUNTED)


async def test_that_the_next_look_waits_is_told_whole_without_colours(sit_down: SitDown, demo: Demo) -> None:
    """Behind the longest answer, with the words in front that say in other terminals' place that it is a refusal."""
    missed(demo.store, SLOW_FROM - 1)
    async with sit_down(profile=Profile.ASCII) as desk:
        await desk.types("9VY9 NYQP KPN5 XPT9 9\r")
        desk.sees("Not done: No card answers to this code, but one is a slip away", "5 seconds for a while.")
