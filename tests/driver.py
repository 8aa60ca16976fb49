"""A person in front of the screens: types and pastes as a terminal hands it on, and reads the drawn cells."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from textual import events
from textual._context import visible_screen_stack
from textual.message import Message
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.strip import Strip

from models.agents import look_up
from models.clock import FixedClock
from models.jobs.demo import Scenario
from models.rules.texts import UNSAFE
from models.sheets import CardSheet
from models.store import Store
from models.unit import Session
from tui.app import DeskApp
from tui.reading import KeyReader
from tui.screens.desk import Desk
from tui.screens.page import Page
from tui.terminal import Profile

NARROW = (80, 24)
WIDE = (120, 30)
_PATIENCE = 20.0
_LOOK_AGAIN_SECONDS = 0.0005
_FRAME = re.compile("[│┃┌┐└┘▸]")
# What a terminal sends for the keys that are no characters.
_SENT = {"enter": "\r", "tab": "\t", "backspace": "\x7f", "space": " "}


class Driver:
    """Types, pastes and reads at one desk."""

    def __init__(self, app: DeskApp, clock: FixedClock, pilot: Pilot[None]) -> None:
        self.app = app
        self.clock = clock
        self.pilot = pilot
        self.beeps = 0
        self._reader = KeyReader()
        app.bell = self._beep  # type: ignore[method-assign]

    def _beep(self) -> None:
        self.beeps += 1

    # What a person does

    async def types(self, text: str) -> None:
        """Type text, and wait until it has had its effect."""
        self.at_once(text)
        await self.settles()

    async def presses(self, *keys: str) -> None:
        """Press keys by their names, and wait until they have had their effect."""
        for key in keys:
            self._post(_pressed(key, self._reader))
        await self.settles()

    def at_once(self, text: str) -> None:
        """Type text (a return is Enter) as fast as a line delivers it: nothing is waited for."""
        self._post(
            [*self._reader.feed(text.encode(errors="surrogatepass")), *self._reader.rest(), *self._reader.rest()]
        )

    async def pastes(self, text: str) -> None:
        """Paste text as a terminal does it, in brackets."""
        self.at_once(f"\x1b[200~{text}\x1b[201~")
        await self.settles()

    async def opens(self, scenario: str) -> None:
        """Paste the code of a card of the demo: the scenario is the beginning of what it shows."""
        if not self.desk.finder.field.has_focus:
            await self.types("/")
        await self.pastes(self.code_of(scenario))

    async def waits(self, length: timedelta) -> None:
        """Let the clock go on while somebody sits there; every page looks at it."""
        self.app.touched_at += length
        await self.goes_away(length)

    async def goes_away(self, length: timedelta) -> None:
        """Let the clock go on while nobody touches a key; every page looks at it."""
        self.clock.tick(length)
        for page in self.app.screen_stack:
            if isinstance(page, Page):
                page.tick()
        await self.settles()

    async def resizes(self, width: int, height: int) -> None:
        """Change the size of the terminal."""
        await self.pilot.resize_terminal(width, height)
        async with asyncio.timeout(_PATIENCE):
            while self.app.screen._compositor.size != (width, height):
                await self.pilot.pause(0.01)
        await self.settles()

    async def settles(self) -> None:
        """Wait until everything that was typed is done and drawn, however busy the machine is."""
        async with asyncio.timeout(_PATIENCE):
            while not (self._is_at_rest() and self._is_drawn()):
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    def _is_at_rest(self) -> bool:
        """Whether no key waits, no work is under way, and no message is to be handled by anything on any screen."""
        app = self.app
        if not app.is_running or app._exception is not None:
            return True
        nodes = (node for screen in app.screen_stack for node in screen.walk_children(with_self=True))
        return app.is_at_rest and not any(map(_is_busy, (app, *nodes)))

    def _is_drawn(self) -> bool:
        """Draw what is still to be drawn; whether nothing was."""
        if not self.app.is_running:
            return True
        screens = [self.app.screen, *self.app._background_screens]
        waiting = [screen for screen in screens if screen._update_timer._active.is_set() or screen._callbacks]
        for screen in waiting:
            screen._on_timer_update()
        return not waiting

    async def expects(self, text: str) -> None:
        """Wait until a text is seen: for what comes by itself."""
        async with asyncio.timeout(_PATIENCE):
            while text not in self.words():
                await asyncio.sleep(0.01)

    async def misses(self, text: str) -> None:
        """Wait until a text is gone: for what goes by itself."""
        async with asyncio.timeout(_PATIENCE):
            while text in self.words():
                await asyncio.sleep(0.01)

    # What a person sees

    def sees(self, *texts: str) -> None:
        """Each text is on the screen; a sentence may go on in the next line."""
        words = self.words()
        for text in texts:
            assert text in words, f"not seen: {text!r}\n{self.screen_text()}"

    def does_not_see(self, *texts: str) -> None:
        """None of the texts is on the screen."""
        words = self.words()
        for text in texts:
            assert text not in words, f"seen: {text!r}\n{self.screen_text()}"

    def screen_text(self) -> str:
        """The cells as they are drawn."""
        return "\n".join(line.rstrip() for line in self.cells())

    def cells(self) -> list[str]:
        """The rows as they go to the terminal, whatever is in them."""
        return [strip.text for strip in self.strips()]

    def strips(self) -> list[Strip]:
        """The rows with their styles; what stands in front lets what lies behind shine through."""
        visible_screen_stack.set(self.app._background_screens)
        return self.app.screen._compositor.render_strips()

    def words(self) -> str:
        """The screen as one line of words, without frames."""
        return " ".join(_FRAME.sub(" ", "\n".join(self.cells())).split())

    def is_harmless(self) -> None:
        """Nothing on the screen is a character that a terminal would obey, or text that acts when it is clicked."""
        for strip in self.strips():
            found = UNSAFE.search(strip.text)
            assert found is None, f"U+{ord(found[0]):04X} reached the screen in {strip.text!r}"
            for segment in strip:
                is_live = segment.style is not None and "@click" in segment.style.meta
                assert not is_live, f"{segment.text!r} acts when it is clicked"

    # What lies behind it

    @property
    def desk(self) -> Desk:
        """The desk, whatever stands in front of it."""
        desk = self.app.screen_stack[0]
        assert isinstance(desk, Desk)
        return desk

    @property
    def store(self) -> Store:
        """The desk's store."""
        return self.app.session.store

    @property
    def card_id(self) -> int:
        """The card that is open."""
        return self.sheet.card_id

    @property
    def sheet(self) -> CardSheet:
        """What the screen has of the open card."""
        assert self.desk.sheet is not None
        return self.desk.sheet

    def code_of(self, scenario: str) -> str:
        """The code of a card of the demo, by the beginning of what it shows."""
        (code,) = (each.code for each in self.app.scenarios if each.shows.startswith(scenario))
        return code

    def colleague(self, login: str) -> Session:
        """Somebody else at another desk of the same database."""
        return Session(self.store, login)

    def _post(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self.app.post_message(message)


def _is_busy(node: MessagePump) -> bool:
    """Whether a node is not there yet, or does anything but wait for its next message."""
    if not node.is_running:
        return node._task is not None
    queue: Any = node._message_queue
    is_waiting = queue.empty() and bool(queue.ready_event._waiters)
    return not (node._is_mounted and is_waiting) or bool(node._next_callbacks)


def _pressed(key: str, reader: KeyReader) -> list[Message]:
    sent = _SENT.get(key, key)
    return reader.feed(sent.encode()) if len(sent) == 1 else [events.Key(key, None)]


@asynccontextmanager
async def at_desk(
    store: Store,
    scenarios: Sequence[Scenario] = (),
    *,
    login: str = "sam",
    size: tuple[int, int] = NARROW,
    profile: Profile = Profile.FULL,
) -> AsyncIterator[Driver]:
    """Sit down at a desk; the store's clock stands until the driver moves it."""
    app = make_app(store, scenarios, login=login, profile=profile)
    assert isinstance(store.clock, FixedClock)
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, store.clock, pilot)
        await driver.settles()
        yield driver


def make_app(store: Store, scenarios: Sequence[Scenario] = (), **options: Any) -> DeskApp:
    """The app of an agent, not yet running: login=, profile=."""
    session = Session(store, options.get("login", "sam"))
    with store.database.connected():
        agent = look_up(session)
    return DeskApp(session, agent, options.get("profile", Profile.FULL), scenarios)
