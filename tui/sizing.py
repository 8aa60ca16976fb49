"""An app for terminals of any size: where there is too little room, it says so and waits until there is more."""

from collections.abc import Collection
from typing import Any, Final

from textual import events
from textual.geometry import Size
from textual.screen import Screen

from tui.cells.app import CellsApp
from tui.sizes import NEEDED, folded, too_small
from tui.terminal import WIPE

_TAKES_KEYS: Final = (events.Key, events.Paste, events.MouseEvent)


class SizedApp(CellsApp[None]):
    """An app that draws nothing where it has too little room. It stands first among the bases.

    Its screens are not told of a size that is too small: they stay as they are, with all that is typed in them, and
    are shown again once there is room. Nothing acts meanwhile that nobody sees.
    """

    why_blank: str | None = None
    """Why nothing is drawn, as a sentence; None while there is room."""
    _window = Size(*NEEDED)

    @property
    def keys_unseen(self) -> Collection[str]:
        """The keys that are taken although nobody sees what they do."""
        return ()

    async def on_event(self, event: events.Event) -> None:
        """Keep sizes that are too small from the screens, and what is typed meanwhile as well."""
        if isinstance(event, events.Resize):
            await super().on_event(self._bearable(event))
        elif self.why_blank is None or event.is_forwarded or not self._would_act_unseen(event):
            await super().on_event(event)
        elif not isinstance(event, events.MouseEvent):
            self.bell()

    def _would_act_unseen(self, event: events.Event) -> bool:
        return isinstance(event, _TAKES_KEYS) and getattr(event, "key", None) not in self.keys_unseen

    def _bearable(self, event: events.Resize) -> events.Resize:
        """The same size, or where it is too small the last one that was not."""
        self.why_blank, self._window = too_small(*event.size), event.size
        if self.why_blank is None:
            return event
        self._say_why()
        kept = self._size or Size(*NEEDED)
        return events.Resize(kept, kept)

    def _say_why(self) -> None:
        if self.why_blank is not None and self._is_drawing() and self._driver is not None:
            self._driver.write(WIPE + "\r\n".join(folded(self.why_blank, *self._window)))
            self._driver.flush()

    def redraw(self) -> None:
        """Draw every cell again, or say again why nothing is drawn."""
        super().redraw()
        self._say_why()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Draw, where there is room."""
        if self.why_blank is None:
            super()._display(screen, renderable)

    def _paint(self) -> None:
        """Send what differs, where there is room."""
        if self.why_blank is None:
            super()._paint()
        else:
            self._is_due = False  # what is drawn once there is room asks for a paint of its own
