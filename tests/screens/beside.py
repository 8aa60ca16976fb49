"""One app on two terminals: the first gets what the app sends, the second what stock Textual would send instead.

Every update of the screens is drawn twice: by Textual's own `App._display`, whose writes go to the second terminal, and
by the app's, which with what it paints later go to the first. Whatever else the app writes goes to both.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from screens.glass import Glass
from screens.looks import told_apart
from textual import events
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size

from tui.cells.app import CellsApp
from tui.cells.driver import CellsDriver
from tui.cells.painting import Painter
from tui.cells.powers import Powers

# So often it is looked again whether both are at rest, and so many seconds later each time.
_ROUNDS, _A_MOMENT = 100, 0.01
_BOTH = ("ours", "stock")
XTERM = Powers(*(True for _ in Powers._fields))
VT100 = Powers()
_BEGINS = "\x1b[?1000h\x1b[?25l\x1b[?1004h\x1b[>25u\x1b[?2026$p\x1b[?2004h\x1b[?7l"
_ENDS = "\x1b[?2004l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
_NOISE = "\x1b[1;31mwhat somebody else wrote \u2592\x1b[m"


class Wire(LinuxDriver):
    """A line to two terminals in place of the one that LinuxDriver writes to; nothing comes in by it."""

    def __init__(self, app: App[Any], *, powers: Powers, size: tuple[int, int], **_: Any) -> None:
        Driver.__init__(self, app, size=size)
        self.ours, self.stock = Glass(*size, erases_with_colour=powers.erases_in_colour), Glass(*size)
        self._second_screen = "\x1b[?1049h" if powers.scrolls else ""
        self.sent = {"ours": 0, "stock": 0}
        self._to: tuple[str, ...] = _BOTH
        self._in_band_window_resize = self._must_signal_resume = False
        self.input_tty = True

    def write(self, data: str) -> None:
        """Show it."""
        for name in self._to:
            self.sent[name] += len(data.encode())
            (self.ours if name == "ours" else self.stock).feed(data)

    @contextmanager
    def only(self, name: str) -> Iterator[None]:
        """What is written meanwhile is for one of the terminals."""
        self._to = (name,)
        try:
            yield
        finally:
            self._to = _BOTH

    def both(self, sent: str) -> None:
        """Show something on both terminals: what the kernel, a shell or an editor writes."""
        self.ours.feed(sent)
        self.stock.feed(sent)

    def start_application_mode(self) -> None:
        """Take the terminals."""
        self.both(self._second_screen + _BEGINS)
        assert self._size is not None
        size = Size(*self._size)
        asyncio.run_coroutine_threadsafe(self._app._post_message(events.Resize(size, size)), loop=self._loop)

    def stop_application_mode(self) -> None:
        """Leave them."""
        self.both(_ENDS)

    def disable_input(self) -> None:
        """There is none."""

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is to be closed."""


class WiredDriver(CellsDriver, Wire):
    """The driver of cells on such a line."""


@contextmanager
def two_terminals(
    app: CellsApp[Any], powers: Powers = XTERM, driver: type[WiredDriver] = WiredDriver
) -> Iterator["Beside"]:
    """Give an app that has not begun yet both terminals; run it meanwhile with run_test(headless=False)."""
    with pytest.MonkeyPatch.context() as patch:
        sends, paints = CellsApp._display, CellsApp._paint

        def display(self: CellsApp[Any], screen: Any, renderable: Any) -> None:
            assert isinstance(self._driver, WiredDriver)
            with self._driver.only("stock"):
                App._display(self, screen, renderable)
            with self._driver.only("ours"):
                sends(self, screen, renderable)

        def paint(self: CellsApp[Any]) -> None:
            assert isinstance(self._driver, WiredDriver)
            with self._driver.only("ours"):
                paints(self)

        patch.setattr(CellsApp, "_display", display)
        patch.setattr(CellsApp, "_paint", paint)
        app.driver_class = partial(driver, powers=powers)  # type: ignore[assignment]
        app.painter = Painter(powers)
        yield Beside(app)


class Beside:
    """Both terminals of an app that runs."""

    def __init__(self, app: CellsApp[Any]) -> None:
        """The terminals of an app that was given them."""
        self.app = app
        self.compared = 0
        self._fell_back: list[object] = []
        app.fell_back = lambda *why: self._fell_back.extend(why)  # type: ignore[method-assign]

    @property
    def wire(self) -> WiredDriver:
        """The line to both."""
        assert isinstance(self.app._driver, WiredDriver)
        return self.app._driver

    async def differ(self) -> list[str]:
        """Where the terminals differ, cells and cursor, once both are at rest: nowhere, if all is well."""
        self.compared += 1
        return await self._at_rest(self._differ)

    async def stale(self) -> list[str]:
        """What both terminals still show at rest of a picture before: where they differ from all of it, drawn anew."""
        return await self._at_rest(self._stale)

    async def _at_rest(self, find: Callable[[], list[str]]) -> list[str]:
        for _ in range(_ROUNDS):  # not so many seconds: on a busy machine a moment may be long
            if not (found := find()):
                break
            await asyncio.sleep(_A_MOMENT)
        return found

    def _stale(self) -> list[str]:
        if getattr(self.app, "why_blank", None) is not None:
            return []
        screen = self.app.screen
        dirty = screen._compositor._dirty_regions.copy()
        update: Any = screen._compositor.render_update(full=True, screen_stack=self.app._background_screens)
        screen._compositor._dirty_regions |= dirty
        whole = Glass(*screen.size, wraps=False)
        whole.feed(update.render_segments(self.app.console))
        seen, expected = self.wire.ours.seen(), whole.seen()
        return [] if seen == expected else told_apart(seen, expected)

    def _differ(self) -> list[str]:
        ours, stock = self.wire.ours, self.wire.stock
        if self._fell_back or self.app.is_stock:
            return [f"the app sends Textual's own output: {self._fell_back}"]
        found = [] if ours.cursor == stock.cursor else [f"{ours.cursor} for {stock.cursor}"]
        seen, expected = ours.seen(), stock.seen()
        return found if seen == expected else found + told_apart(seen, expected)

    # What happens to a terminal

    async def resizes(self, width: int, height: int) -> None:
        """Change the size of both; nobody knows what they show then.

        Stock output leaves cells out where Textual cuts a character of doubtful width in two: its terminal is blank.
        """
        self.wire.ours.spoil(width, height)
        self.wire.stock.spoil(width, height, noise="")
        self.wire._size = (width, height)
        size = Size(width, height)
        self.app.post_message(events.Resize(size, size))

    def spoils(self) -> None:
        """Noise on the line of both."""
        self.wire.both(f"\x1b[3;5H{_NOISE}\x1b[H")

    async def suspends(self) -> None:
        """Leave the terminal to somebody else, who writes to it, and come back."""
        with self.app.suspend():
            self.wire.both(f"\x1b[2J\x1b[H{_NOISE}\r\n$ fg\r\n" * 30)
