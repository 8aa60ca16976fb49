"""An app whose updates go to the terminal as differences of cells."""

from rich.color import ColorSystem
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.events import Resize
from textual.screen import Screen

from tui.cells.painting import Painter


class CellsApp(App[None]):
    """A Textual app that sends the cells that changed. It stands first among the bases; its driver is a CellsDriver."""

    painter: Painter
    is_stock = False
    """Whether Textual's own output is sent instead."""
    _is_sized = False

    def redraw(self) -> None:
        """Draw every cell again: the terminal may show something else than it was sent."""
        self.painter.forget()
        self.screen.refresh()

    def on_resize(self, _: Resize) -> None:
        """Nobody knows what a terminal shows once its size was changed, and be it back to what it was."""
        if self._is_sized:  # the first time says what the size is
            self.redraw()
        self._is_sized = True

    def _display(self, screen: Screen[object], renderable: object) -> None:
        """Send what an update of the screens changes in the terminal's cells, and nothing else."""
        if self.is_stock:
            super()._display(screen, renderable)  # type: ignore[arg-type]
            return
        if renderable is None or self._batch_count or not self._running or self._closed:
            return
        if not isinstance(renderable, CompositorUpdate):
            self.painter.forget()
            super()._display(screen, renderable)  # type: ignore[arg-type]
        elif self._driver is not None and not self.is_headless:
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            colours = self.console._color_system or ColorSystem.TRUECOLOR
            sent = self.painter.paint(screen._compositor.render_strips(), cursor, colours)
            if sent:
                self._begin_update()
                self._driver.write(sent)
                self._end_update()
                self._driver.flush()
