"""What all screens have in common: a move of the focus paints only what it touches, and who leaves leaves nothing."""

from textual._styles_cache import StylesCache
from textual.reactive import var
from textual.widget import Widget


class Calm:
    """A screen that costs no more than what changes on it."""

    focused: var[Widget | None] = var(None)
    """What takes the keys; a screen of Textual's own paints every cell again for it."""

    def on_unmount(self) -> None:
        """Let go of what was drawn: Textual keeps the lines of a thousand widgets, of screens that are gone, too."""
        StylesCache.get_inner_outer.cache_clear()
