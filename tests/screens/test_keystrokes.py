"""What an agent types is never lost, never too much, and never does what it was not meant for."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
from driver import Driver, at_desk
from screens.conftest import Demo, SitDown
from textual import events

from models.clock import FixedClock
from models.errors import Fault
from models.exits import BUSY
from models.jobs.demo import START
from models.rules.journal import Kind
from tui import bridge

_PATIENCE = 5.0
VIP = "Expired this morning, VIP"
LATE = "Expired 35 hours ago"
ACTIVE = "Active: confirm"


class HeldClock(FixedClock):
    """A clock that lets the desk's threads wait for the time: a slow database, without one."""

    def __init__(self) -> None:
        super().__init__(START)
        self._may_go_on = threading.Event()
        self._may_go_on.set()
        self.is_reached = threading.Event()

    def hold(self) -> None:
        """From here on every thread waits."""
        self.is_reached.clear()
        self._may_go_on.clear()

    def let_go(self) -> None:
        """Nobody waits any more."""
        self._may_go_on.set()

    def now(self) -> datetime:
        if threading.current_thread() is not threading.main_thread():
            self.is_reached.set()
            assert self._may_go_on.wait(_PATIENCE)
        return super().now()


@pytest.fixture
def held() -> Iterator[HeldClock]:
    """A clock that is let go at the end, whatever happens."""
    clock = HeldClock()
    yield clock
    clock.let_go()


async def reached(desk: Driver, clock: HeldClock) -> None:
    """Wait until keys wait for a thread that asks for the time."""
    async with asyncio.timeout(_PATIENCE):
        while not (desk.app.is_holding and clock.is_reached.is_set()):
            await asyncio.sleep(0.005)


# The budget


async def test_find_is_the_code_and_enter(sit_down: SitDown) -> None:
    """The diagnosis costs no further key."""
    async with sit_down() as desk:
        await desk.types(desk.code_of(VIP))
        desk.does_not_see("Can be reactivated")
        await desk.presses("enter")
        desk.sees("EXPIRED 11 h ago", "Can be reactivated: Northwind is a VIP", "21 Nov 2026 03:00 breakage -50.00")


async def test_reactivate_is_r_and_enter(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("r", "enter")
        desk.sees("ACTIVE 7 days left", "is reactivated: 50.00 GBP given back")


async def test_the_reply_is_y(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(LATE)
        await desk.presses("y")
        assert desk.app.clipboard.startswith("I've checked your gift card, and I'm sorry")


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["narrow", "wide"])
async def test_the_next_card_is_a_slash_and_its_code(sit_down: SitDown, size: tuple[int, int]) -> None:
    """The code before is typed over."""
    async with sit_down(size=size) as desk:
        await desk.opens(LATE)
        await desk.types(f"/{desk.code_of(ACTIVE)}\r")
        desk.sees("The card works: 30.01 GBP")


@pytest.mark.parametrize("before", ["", "y", "a"], ids=["at the history", "at the reply", "at all activities"])
async def test_the_next_card_can_be_pasted(sit_down: SitDown, before: str) -> None:
    """A code pasted at an open card is looked for at once, with the line's end that came along."""
    async with sit_down() as desk:
        await desk.opens(LATE)
        await desk.types(before)
        await desk.pastes(f"  {desk.code_of(ACTIVE)}\r\n")
        desk.sees("The card works: 30.01 GBP")


async def test_a_code_pasted_into_the_field_is_looked_for(sit_down: SitDown) -> None:
    """At once, as everywhere else, and over what stood there."""
    async with sit_down() as desk:
        await desk.types("half a na")
        await desk.pastes(f"{desk.code_of(ACTIVE)}\r\n")
        desk.sees("The card works: 30.01 GBP")


async def test_the_first_line_that_says_something_is_pasted(sit_down: SitDown) -> None:
    """A code copied with the line before it is not an empty paste."""
    async with sit_down() as desk:
        await desk.pastes(f"\n{desk.code_of(ACTIVE)}")
        desk.sees("The card works: 30.01 GBP")


# In one go


async def test_code_enter_r_enter_in_one_go(sit_down: SitDown) -> None:
    """All keys arrive before anything was drawn; each means what the screen before it says."""
    async with sit_down() as desk:
        desk.at_once(f"{desk.code_of(VIP)}\rr\r")
        await desk.settles()
        desk.sees("ACTIVE 7 days left", "is reactivated: 50.00 GBP given back, valid until Sat 28 Nov 2026.")
        assert desk.beeps == 0


async def test_a_whole_conversation_in_one_go(sit_down: SitDown) -> None:
    """Find, reactivate with a note, copy the reply, find the next and flag it: more than 200 keys, none lost."""
    note = "customer called at noon " * 4
    flag = "ask for the receipt of the till in York, and for the envelope; told by phone"
    async with sit_down() as desk:
        keys = f"{desk.code_of(VIP)}\rr\t{note}\ry/{desk.code_of(ACTIVE)}\rf{flag}\ra"
        assert len(keys) > 200
        desk.at_once(keys)
        await desk.settles()
        assert desk.beeps == 0
        desk.sees("All activities", f"1 open: {flag[:20]}")
        assert "it is active again: 50.00 GBP" in desk.app.clipboard
        (raised,) = desk.sheet.flags
        assert raised.reason == flag
        await desk.opens(VIP)
        assert note.strip() in [line.reason for line in desk.sheet.activities]


async def test_after_a_refusal_the_rest_is_dropped(sit_down: SitDown) -> None:
    """The keys were meant for what did not happen: nothing is opened, written or typed; one beep."""
    async with sit_down() as desk:
        await desk.opens(LATE)
        before = desk.sheet.version
        desk.at_once("r\rnwritten all the same\r")
        await desk.settles()
        desk.sees("The card expired 35 h ago")
        assert desk.beeps == 1
        assert desk.sheet.version == before
        desk.does_not_see("written all", "Note on")


async def test_after_a_code_that_is_not_found_the_rest_is_dropped(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        desk.at_once("2222 3333 4444 555N\rr\rnnobody\r")
        await desk.settles()
        desk.sees("No card answers to this code.", "Find 2222 3333 4444 555N")
        assert desk.beeps == 1
        desk.does_not_see("nobody")


async def test_a_missing_reason_drops_the_rest(sit_down: SitDown) -> None:
    """A dialog that asks for more does not take the keys that were meant for after it."""
    async with sit_down() as desk:
        await desk.opens("Suspended, no flag")
        desk.at_once("r\rnnot a reason\r")
        await desk.settles()
        desk.sees("Still to fill in: Reason.", "SUSPENDED")
        assert desk.beeps == 1
        desk.does_not_see("not a reason", "is reactivated")


# While something is under way


async def test_escape_leaves_a_reading(demo: Demo, held: HeldClock) -> None:
    """The keys that waited for it are forgotten, its answer comes too late, and the desk works on."""
    async with at_desk(demo.store.with_clock(held), demo.scenarios) as desk:
        held.hold()
        desk.at_once(f"{desk.code_of(VIP)}\rr\r")
        await reached(desk, held)
        await desk.expects("Looking...")
        desk.app.post_message(escape())
        await desk.expects("Left.")
        held.let_go()
        await desk.settles()
        desk.does_not_see("Reactivate ····", "EXPIRED")
        await desk.presses("enter")
        desk.sees("EXPIRED 11 h ago", "Can be reactivated")


async def test_an_escape_typed_ahead_is_a_key(demo: Demo, held: HeldClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as nobody was told that anything takes long, it is meant for what comes then: it closes the card."""
    monkeypatch.setattr(bridge, "_SHOW_WAITING_SECONDS", 60)
    async with at_desk(demo.store.with_clock(held), demo.scenarios) as desk:
        held.hold()
        desk.at_once(f"{desk.code_of(VIP)}\rn")
        await reached(desk, held)
        desk.app.post_message(escape())
        desk.at_once("\x1b/leeds")
        held.let_go()
        await desk.settles()
        desk.sees("Find leeds")
        desk.does_not_see("Note on", "EXPIRED 11 h ago")
        assert desk.beeps == 0


async def test_a_long_reading_says_how_to_leave_it(demo: Demo, held: HeldClock) -> None:
    async with at_desk(demo.store.with_clock(held), demo.scenarios) as desk:
        held.hold()
        desk.at_once(f"{desk.code_of(VIP)}\r")
        await desk.expects("Looking... Esc leaves it")
        held.let_go()
        await desk.settles()
        desk.sees("Can be reactivated")
        desk.does_not_see("Looking")


async def test_a_write_cannot_be_left(demo: Demo, held: HeldClock) -> None:
    """Esc says that it is being saved; the outcome follows and is shown."""
    async with at_desk(demo.store.with_clock(held), demo.scenarios) as desk:
        await desk.opens(VIP)
        held.hold()
        desk.at_once("r\r")
        await reached(desk, held)
        await desk.expects("Saving...")
        desk.app.post_message(escape())
        await desk.expects("This is being saved and can't be called back; its outcome follows.")
        held.let_go()
        await desk.settles()
        desk.sees("ACTIVE 7 days left", "is reactivated: 50.00 GBP given back")


async def test_nothing_is_awaited_once_a_dialog_says_why_not(
    demo: Demo, held: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialog stands with what was typed; the line below it does not go on to say that it is being saved."""

    def waits_in_vain(*_: object, **__: object) -> None:
        held.now()
        raise Fault("Another desk is saving. Nothing was changed.", BUSY)

    async with at_desk(demo.store.with_clock(held), demo.scenarios) as desk:
        await desk.opens(VIP)
        await desk.types("nBy phone")
        monkeypatch.setattr("models.desk.note", waits_in_vain)
        held.hold()
        desk.at_once("\r")
        await desk.expects("Saving...")
        desk.app.post_message(escape())
        await desk.expects("This is being saved")
        held.let_go()
        await desk.settles()
        await desk.expects("Another desk is saving. Nothing was changed.")
        desk.sees("By phone", "Esc Leave it")
        await desk.misses("This is being saved")
        desk.does_not_see("Saving...")


async def test_keys_wait_for_a_write(demo: Demo, held: HeldClock) -> None:
    """Enter pressed again and again while it is saved reactivates once; the reply pressed meanwhile is the true one."""
    async with at_desk(demo.store.with_clock(held), demo.scenarios) as desk:
        await desk.opens(VIP)
        held.hold()
        desk.at_once("r\r")
        await reached(desk, held)
        desk.at_once("y")
        held.let_go()
        await desk.settles()
        assert "it is active again" in desk.app.clipboard
        assert [line.kind for line in desk.sheet.activities].count(Kind.REACTIVATED) == 1


async def test_many_enters_act_once(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        desk.at_once("r\r\r\r\r")
        await desk.settles()
        assert [line.kind for line in desk.sheet.activities].count(Kind.REACTIVATED) == 1


def escape() -> events.Key:
    """The Esc key as the terminal's driver reports it."""
    return events.Key("escape", "\x1b")
