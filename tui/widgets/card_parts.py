"""What stands above the history of a card: whose it is and how much, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tui import drawing
from tui.keymap import keymap_of
from tui.later import hand_overs

if TYPE_CHECKING:
    from models.sheets import CardSheet


class CardFace(Widget):
    """Who, how much, until when: lines that never move."""

    DEFAULT_CSS = "CardFace { height: auto; padding: 0 1; text-wrap: nowrap; }"
    sheet: reactive[CardSheet | None] = reactive(None)

    def render(self) -> Content:
        """The lines."""
        return Content("") if self.sheet is None else drawing.card_face(self.sheet, *self.size)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as there is room for."""
        return drawing.face_lines(width, viewport.height)


class VerdictBox(Widget):
    """What was found and what to do."""

    DEFAULT_CSS = "VerdictBox { height: auto; min-height: 3; max-height: 6; padding: 0 1; }"
    sheet: reactive[CardSheet | None] = reactive(None, layout=True)

    def render(self) -> Content:
        """The sentence."""
        return self.told

    @property
    def told(self) -> Content:
        """All of it, also what does not fit."""
        if self.sheet is None:
            return Content("")
        keys = keymap_of(self)
        beneath = hand_overs.beneath_the_verdict(self.sheet, keys.key("card.escalate"), keys.key("card.escalation"))
        return drawing.verdict(self.sheet, beneath)
