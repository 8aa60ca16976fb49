"""Where the keys can go: a letter on each place of a screen, and the one whose letter is typed takes them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.errors import NoWidget
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.commands import Group, over_dialogs
from tui.keymap import keymap_of
from tui.screens.calm import Calm
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from tui.bridge import BridgeApp

_OWN: Final = {"search": "f", "history": "h", "text": "h", "said": "t"}
"""Place -> its letter, on every screen the same; a list is l, and the others are lettered as they stand."""
_LIST: Final = "l"
_LEAVES: Final = "escape,f3"
_ORDER: Final = "asdgjkqwertzuiopyxcvbnm"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one can go."""

    letter: str
    widget: Widget
    go: Callable[[], object]
    """What is done when its letter is typed."""


def places_on(screen: Screen[Any], further: Sequence[Place] = ()) -> tuple[Place, ...]:
    """What can take the keys on a screen and is in sight, as it stands there, and some further places."""
    taken = {each.letter for each in further} | {*_OWN.values(), _LIST}
    free = iter([*(each for each in _ORDER if each not in taken), *"0123456789"])
    places = list(further)
    for widget in screen.focus_chain:
        own = _OWN.get(widget.id or "", _LIST if isinstance(widget, Lines) else "")
        if _is_in_sight(screen, widget) and (letter := own or next(free, "")):
            places.append(Place(letter, widget, widget.focus))
    return tuple(places)


def _is_in_sight(screen: Screen[Any], widget: Widget) -> bool:
    try:
        return bool(screen.find_widget(widget).visible_region.area)
    except NoWidget:  # what a key before brought, and is not laid out yet
        return True


class Jump(Calm, ModalScreen[Place | None]):
    """The letters. Ends with the place that was chosen, or None."""

    DEFAULT_CSS = """
    Jump { background: $background 0%; }
    Jump Static { position: absolute; width: 3; height: 1; text-style: bold reverse; }
    """
    BINDINGS: ClassVar = [Binding(_LEAVES, "leave", "Back", show=False), *over_dialogs()]

    def __init__(self, places: Sequence[Place]) -> None:
        """Show the letters of these places."""
        super().__init__()
        self._places: Mapping[str, Place] = {each.letter: each for each in places}

    def compose(self) -> ComposeResult:
        """A letter where each place begins."""
        for place in self._places.values():
            tag = Static(f" {place.letter} ", markup=False)
            tag.styles.offset = place.widget.region.offset
            yield tag

    def on_resize(self) -> None:
        """Put the letters where their places are, once all is laid out."""
        self.call_after_refresh(self._put)

    def _put(self) -> None:
        for tag, place in zip(self.query(Static), self._places.values(), strict=True):
            tag.styles.offset = place.widget.region.offset

    def on_key(self, event: events.Key) -> None:
        """Go to the place of a letter."""
        if event.key in (*_LEAVES.split(","), *self._anywhere):
            return
        event.stop()
        place = self._places.get((event.character or "").lower())
        self.dismiss(place)
        if place is None:
            self.app.call_later(cast("BridgeApp", self.app).refuse, "No place here has that letter.")

    @property
    def _anywhere(self) -> list[str]:
        return [key for each in keymap_of(self).in_groups(Group.ANYWHERE) for key in each.keys.split(",")]

    def action_leave(self) -> None:
        """Stay where one was."""
        self.dismiss(None)
