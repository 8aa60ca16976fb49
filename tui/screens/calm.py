"""What all screens have in common: a move of the focus paints only what it touches, and who leaves leaves nothing."""

from textual._styles_cache import StylesCache
from textual.geometry import Size
from textual.reactive import var
from textual.widget import Widget


class Calm:
    """A screen that costs no more than what changes on it. No node itself: that would hide a dialog's own style."""

    _size: Size

    focused: var[Widget | None] = var(None)
    """What takes the keys; a screen of Textual's own paints every cell again for it."""

    def _screen_resized(self, size: Size) -> None:
        # A screen that comes in front is laid out already, and tells those behind it a size that they have.
        if size != self._size:
            super()._screen_resized(size)  # type: ignore[misc]

    def on_unmount(self) -> None:
        """Let go of what was drawn: Textual keeps the lines of a thousand widgets, of screens that are gone, too."""
        StylesCache.get_inner_outer.cache_clear()
