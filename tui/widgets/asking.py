"""What is asked of a person, in a dialog or on a page: one of a few options, and the part that scrolls to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.commands import bindings
from tui.pieces import piece
from tui.widgets.fitting import Fitting

Typed = Mapping[str, str]
"""Field -> what was typed into it; "choice" -> the value of the option that was chosen."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: its value, and how it reads."""

    value: str
    label: str


class Choice(Widget, can_focus=True):
    """One of a few options; left and right, or space, change it."""

    DEFAULT_CSS = """
    Choice { height: 1; text-wrap: nowrap; }
    Choice:focus { text-style: reverse; }
    """
    BINDINGS: ClassVar = bindings("choice", next="turn(1)", previous="turn(-1)")
    index: reactive[int] = reactive(0, layout=True)

    def __init__(self, options: Sequence[Option], *, id: str) -> None:
        """Begin with the first option."""
        super().__init__(id=id)
        self.options = options

    @property
    def value(self) -> str:
        """What is chosen."""
        return self.options[self.index].value

    def place(self, value: str) -> int:
        """Where among the options a value stands; the first when it is none of them."""
        return next((place for place, each in enumerate(self.options) if each.value == value), 0)

    def render(self) -> Content:
        """The chosen option, and that there are others."""
        count = len(self.options)
        turns = f"◂ {self.index + 1} of {count} ▸ " if count > 1 else ""
        return piece(f"{turns}{self.options[self.index].label}")

    def on_focus(self) -> None:
        """A terminal that shows its own cursor shows it here."""
        self.app.cursor_position = self.region.offset

    def action_turn(self, by: int) -> None:
        """Choose a neighbour."""
        self.index = (self.index + by) % len(self.options)


class Asked(Fitting, VerticalScroll, can_focus=False, inherit_bindings=False):
    """The part of a dialog that scrolls where there is little room; it takes no keys away from the dialog."""

    def on_resize(self) -> None:
        """Keep what takes the keys in sight."""
        if self.screen.focused is not None:
            self.call_after_refresh(self.screen.focused.scroll_visible, animate=False)
