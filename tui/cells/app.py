"""An app whose updates go to the terminal as differences of cells."""

import asyncio
from typing import Any, Final, Generic

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS
from textual.app import App, ReturnType
from textual.events import Resize
from textual.screen import Screen

from tui.cells.guard import why_not
from tui.cells.painting import Painter
from tui.cells.picture import Picture
from tui.cells.powers import powers_of
from tui.cells.quiet import quiet_here

# The updates of one key come while there is something ready to run, and within a millisecond or two.
_TOGETHER_SECONDS: Final = 0.002
# Bytes: less than that is on the screen before anybody could see a part of it.
_TEARING: Final = 500
_ALL_AT_ONCE: Final = ("\x1b[?2026h", "\x1b[?2026l")
_AS_AT_FIRST: Final = "\x1b[m\x1b[r"


class CellsApp(App[ReturnType], Generic[ReturnType]):
    """A Textual app that sends the cells that changed. It stands first among the bases; its driver is a CellsDriver."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Begin with a terminal of which only its name is known."""
        super().__init__(*arguments, **named)
        self.painter = Painter(powers_of())
        self._picture = Picture()
        self._is_stock = False
        self._is_due = False
        self._latest: asyncio.TimerHandle | None = None
        self._is_sized = False
        why = why_not()
        if why is not None:
            self._fall_back(f"Textual is not what is expected: {why}")

    @property
    def is_stock(self) -> bool:
        """Whether Textual's own output is sent instead."""
        return self._is_stock

    @is_stock.setter
    def is_stock(self, is_stock: bool) -> None:
        if is_stock is not self._is_stock:
            self._is_stock = is_stock
            if self._is_drawing():
                self._driver.write(_AS_AT_FIRST)  # type: ignore[union-attr]
                self.redraw()

    @property
    def colours(self) -> ColorSystem:
        """In how many colours is drawn: as many as Textual found the terminal to have."""
        return COLOR_SYSTEMS.get(self.console.color_system or "", ColorSystem.TRUECOLOR)

    def fell_back(self, why: str, error: Exception | None) -> None:
        """Textual's own output is sent from here on: why, or the error of painting. Override to write it down."""

    def redraw(self) -> None:
        """Draw every cell again: the terminal may show something else than it was sent."""
        self.painter.forget()
        self.screen.refresh()

    def paint_soon(self) -> None:
        """Send what differs when nothing else is ready to run, or in a moment, together with what else will by then."""
        if not self._is_due:
            self._is_due = True
            self._latest = asyncio.get_running_loop().call_later(_TOGETHER_SECONDS, self._paint)
            if quiet_here().is_known:
                quiet_here().call(self._paint_if_due)

    def on_resize(self, _: Resize) -> None:
        """Nobody knows what a terminal shows once its size was changed, and be it back to what it was."""
        # The first time says what the size is; what something else painted is compared with it when it is painted over.
        if self._is_sized and not self.painter.is_told:
            self.redraw()
        self._is_sized = True

    def _display(self, screen: Screen[object], renderable: object) -> None:
        """Take an update of the screens; what it changes in the terminal's cells is sent soon, and nothing else."""
        if self._is_stock or not self._is_drawing() or renderable is None or self._batch_count:
            super()._display(screen, renderable)  # type: ignore[arg-type]
            return
        from tui.cells.updates import follow  # which can't be imported with a Textual that is not what is expected

        try:
            self._picture = follow(self._picture, renderable, self.colours)
        except Exception as error:
            self._fall_back("an update could not be drawn", error)
        else:
            self.paint_soon()
        self.post_display_hook()

    def _is_drawing(self) -> bool:
        """Whether there is a terminal of its own that is drawn upon as a whole."""
        driver = self._driver
        if driver is None or driver.is_headless or driver.is_inline or driver.is_web:
            return False
        return self._running and not self._closed

    def _paint_if_due(self) -> None:
        if self._is_due:
            self._paint()

    def _paint(self) -> None:
        """Send what differs; a driver that still has to send what it was given asks for it by paint_soon()."""
        self._is_due = False
        if self._latest is not None:
            self._latest.cancel()
        if self._is_stock or not self._is_drawing() or getattr(self._driver, "is_backed_up", False):
            return
        try:
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            sent = self.painter.show(self._picture, cursor) if self._picture.height else ""
        except Exception as error:
            self._fall_back("a picture could not be painted", error)
            return
        if sent:
            begin, end = _ALL_AT_ONCE if self._sync_available and len(sent) > _TEARING else ("", "")
            self._driver.write(f"{begin}{sent}{end}")  # type: ignore[union-attr]
            self._driver.flush()  # type: ignore[union-attr]

    def _fall_back(self, why: str, error: Exception | None = None) -> None:
        """Leave it to Textual, for good."""
        self.is_stock = True
        self.fell_back(why, error)
