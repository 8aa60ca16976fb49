"""A desk whose app writes to a wire: what a terminal would be sent, to the byte, and no terminal needed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from driver import NARROW, Driver, make_app
from rich.color import ColorSystem
from textual.drivers.headless_driver import HeadlessDriver
from textual.messages import TerminalSupportsSynchronizedOutput

from models.clock import FixedClock
from models.jobs.demo import Scenario
from models.store import Store
from tui.terminal import Profile


class Wire:
    """What was sent since it was last cut."""

    def __init__(self) -> None:
        """Nothing, yet."""
        self._sent: list[str] = []

    def write(self, text: str) -> None:
        """Send."""
        self._sent.append(text)

    def cut(self) -> bytes:
        """All that was sent, and begin again with nothing."""
        sent = "".join(self._sent).encode()
        self._sent.clear()
        return sent


async def sent(desk: Driver) -> None:
    """Wait until what was drawn is on the wire."""
    while desk.app._is_due:
        await asyncio.sleep(0.001)


@asynccontextmanager
async def on_the_wire(
    store: Store, scenarios: Sequence[Scenario], *, login: str = "sam", profile: Profile = Profile.LEAN
) -> AsyncIterator[tuple[Driver, Wire]]:
    """Sit down at a desk on a terminal of 80 by 24 that has all colours and takes a frame as a whole."""
    wire = Wire()

    class WiredDriver(HeadlessDriver):
        is_headless = False

        def write(self, data: str) -> None:
            wire.write(data)

    app = make_app(store, scenarios, login=login, profile=profile)
    app.driver_class = WiredDriver
    app.console._color_system = ColorSystem.TRUECOLOR
    assert isinstance(store.clock, FixedClock)
    async with app.run_test(headless=False, size=NARROW) as pilot:
        app.post_message(TerminalSupportsSynchronizedOutput())
        desk = Driver(app, store.clock, pilot)
        await desk.settles()
        await sent(desk)
        yield desk, wire
