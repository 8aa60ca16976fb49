"""What all screens have in common: a key is drawn once, the focus costs what it touches, who leaves leaves nothing."""

from textual._styles_cache import StylesCache
from textual.app import App
from textual.geometry import Size
from textual.reactive import var
from textual.widget import Widget

from tui.cells.quiet import quiet_here


class Calm:
    """A screen that costs no more than what changes on it. No node itself: that would hide a dialog's own style."""

    app: App[object]
    is_running: bool
    _size: Size

    focused: var[Widget | None] = var(None)
    """What takes the keys; a screen of Textual's own paints every cell again for it."""

    def _screen_resized(self, size: Size) -> None:
        # A screen that comes in front is laid out already, and tells those behind it a size that they have.
        if size != self._size:
            super()._screen_resized(size)  # type: ignore[misc]

    def _on_timer_update(self) -> None:
        # Textual draws what it knows of, and what else the same key brings about a sixtieth of a second later.
        if quiet_here().is_known:
            quiet_here().call(self._draw_screen)
        else:
            self._draw_screen()

    def _draw_screen(self) -> None:
        if self.is_running:
            try:
                super()._on_timer_update()  # type: ignore[misc]
            except Exception as error:
                self.app._handle_exception(error)

    def on_unmount(self) -> None:
        """Let go of what was drawn: Textual keeps the lines of a thousand widgets, of screens that are gone, too."""
        StylesCache.get_inner_outer.cache_clear()
