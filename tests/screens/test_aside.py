"""Work aside: no key waits for it, it is done in order, and whoever leaves is not kept."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest
from screens.conftest import SitDown

from models.errors import Fault, faults
from models.stopping import Stop
from tui.aside import Lane

_PATIENCE = 5.0
_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
VIP = "Expired this morning, VIP"


class Door:
    """Work that goes no further until somebody opens."""

    def __init__(self) -> None:
        self.is_reached = threading.Event()
        self._is_open = threading.Event()

    def __call__(self) -> str:
        self.is_reached.set()
        assert self._is_open.wait(_PATIENCE)
        return "through"

    def open(self) -> None:
        """Nobody waits any more."""
        self._is_open.set()


@pytest.fixture
def door() -> Iterator[Door]:
    """A door that is opened at the end, whatever happens."""
    door = Door()
    yield door
    door.open()


async def test_no_key_waits_for_it(sit_down: SitDown, door: Door) -> None:
    """A whole reactivation is done while work aside stands; what comes of that is taken afterwards."""
    taken: list[str] = []
    async with sit_down() as desk:
        desk.app.aside("post", door, taken.append)
        desk.at_once(f"{desk.code_of(VIP)}\rr\r")
        await desk.expects("ACTIVE 7 days left")
        assert not taken
        door.open()
        await desk.settles()
        assert taken == ["through"]


async def test_it_is_done_in_order_and_lanes_do_not_wait_for_each_other(sit_down: SitDown, door: Door) -> None:
    taken: list[str] = []

    def says(word: str) -> Callable[[], str]:
        return lambda: word

    def opens() -> str:
        door.open()
        return "opened"

    async with sit_down() as desk:
        desk.app.aside("one", door, taken.append)
        desk.app.aside("one", says("second"), taken.append)
        desk.app.aside("other", opens, taken.append)
        await desk.settles()
        assert set(taken) == {"opened", "through", "second"}
        assert taken.index("through") < taken.index("second")


async def test_a_question_can_wait_for_what_was_begun_aside(sit_down: SitDown, door: Door) -> None:
    """Keys wait for the question, and Esc leaves it."""
    taken: list[str] = []
    async with sit_down() as desk:
        desk.app.aside("post", door, taken.append)
        desk.app.ask("Reading", lambda: "asked", taken.append, lane="post")
        await desk.expects("Reading... Esc leaves it")
        door.open()
        await desk.settles()
        assert taken == ["through", "asked"]


async def test_a_reading_that_is_left_ends(sit_down: SitDown) -> None:
    """It would go on for hours; a lane takes the next at once, and nothing is told of what was left."""
    begun = threading.Event()
    taken: list[object] = []
    async with sit_down() as desk:
        database = desk.store.database

        def endless() -> object:
            with faults("the desk"), database.reading():
                begun.set()
                return database.execute_sql(_ENDLESS).fetchone()

        desk.app.ask("Reading", endless, taken.append, lane="post")
        desk.app.aside("post", lambda: "next", taken.append)
        assert await asyncio.to_thread(begun.wait, _PATIENCE)
        await desk.expects("Reading...")
        await desk.presses("escape")
        await desk.settles()
        desk.sees("Left.")
        assert taken == ["next"]


async def test_who_stops_their_own_work_aside_is_told_nothing(sit_down: SitDown) -> None:
    """A later letter took the place of an earlier one."""
    taken: list[str] = []
    async with sit_down() as desk:
        database, stop = desk.store.database, Stop()

        def read() -> str:
            with database.stoppable(stop):
                return "read"

        stop.now()
        desk.app.aside("post", read, taken.append, taken.append)
        desk.app.aside("post", lambda: "next", taken.append)
        await desk.settles()
        assert taken == ["next"]


async def test_what_goes_wrong_is_told_and_the_next_is_done(sit_down: SitDown) -> None:
    told: list[str] = []

    def fails() -> str:
        raise Fault("The disk is full.")

    async with sit_down() as desk:
        desk.app.aside("post", fails, told.append, lambda sentence: told.append(f"wrong: {sentence}"))
        desk.app.aside("post", lambda: "done", told.append)
        await desk.settles()
        assert told == ["wrong: The disk is full.", "done"]
        assert desk.beeps == 0


async def test_who_leaves_is_not_kept(sit_down: SitDown, door: Door) -> None:
    """The app ends although the work stands, and what was behind it is not begun any more."""
    begun: list[str] = []
    async with sit_down() as desk:
        desk.app.aside("post", door)
        desk.app.aside("post", lambda: begun.append("second"))
        desk.app.exit()
    lane = desk.app._lanes["post"]
    assert not lane.close(0.0)
    door.open()
    assert lane.close(_PATIENCE)
    assert begun == []


async def test_who_leaves_takes_nothing(sit_down: SitDown) -> None:
    """What comes while the screens go has none to be shown on."""
    taken: list[str] = []
    async with sit_down() as desk:
        desk.app.exit()
        desk.app.aside("post", lambda: "came", taken.append)
    assert not taken


def test_what_was_put_is_done_at_the_end() -> None:
    """A lane that is closed in peace leaves nothing undone."""
    done: list[int] = []
    lane = Lane("post")
    for number in range(100):
        lane.put(lambda number=number: done.append(number))  # type: ignore[misc]
    assert lane.close(_PATIENCE)
    assert done == list(range(100))


async def test_a_fault_of_our_own_ends_the_app(sit_down: SitDown) -> None:
    """As in front of the keys: the log tells where it was."""

    def bursts() -> str:
        raise RuntimeError("ada@example.org")

    async def works() -> None:
        async with sit_down() as desk:
            desk.app.aside("post", bursts)
            while desk.app.return_code is None:
                await asyncio.sleep(0)

    with pytest.raises(RuntimeError):
        await works()
