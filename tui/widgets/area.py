"""Fields of many lines: a paste is text in them, whatever is in it, and their cursor never blinks."""

from textual import events
from textual.binding import Binding
from textual.document._document import EditResult, Location
from textual.message import Message
from textual.widgets import TextArea

from models.errors import Refused
from tui.commands import bindings
from tui.text import clean_lines

# The function keys and Ctrl+Z are giftdesk's own on every screen.
_NOT_ITS_OWN = frozenset({"f6", "f7", "ctrl+z,super+z"})
_ONLY_SHOWN = "This text is only shown here: you may not change it."


class Area(TextArea, inherit_bindings=False):
    """A field of many lines that holds so many characters and not one more."""

    DEFAULT_CSS = """
    Area, Area:focus { border: none; padding: 0 1; background: $boost; scrollbar-size-vertical: 1; }
    Area:focus { background: $primary 30%; }
    Area:nocolor > .text-area--cursor, Area:nocolor > .text-area--selection { text-style: reverse; }
    """
    BINDINGS = [
        *(each for each in TextArea.BINDINGS if isinstance(each, Binding) and each.key not in _NOT_ITS_OWN),
        Binding("ctrl+underscore", "undo", "Undo", show=False),
        *bindings("field", editor="app.edit"),
    ]

    class Overfull(Message):
        """What was typed or pasted has no room left; nothing of it was taken."""

        def __init__(self, longest: int) -> None:
            super().__init__()
            self.longest = longest

    def __init__(self, text: str, longest: int, *, id: str, is_read_only: bool = False) -> None:
        """Begin with a text as it is stored; longest counts characters."""
        super().__init__(
            clean_lines(text)[:longest], id=id, compact=True, highlight_cursor_line=False, read_only=is_read_only
        )
        self.longest = longest
        self.cursor_blink = False
        self.match_cursor_bracket = False  # looks through the whole text at each key

    def _on_focus(self, event: events.Focus) -> None:
        """Draw the cursor, which what was drawn without it knows nothing of."""
        self._line_cache.clear()
        super()._on_focus(event)

    def _on_blur(self, event: events.Blur) -> None:
        self._line_cache.clear()
        super()._on_blur(event)

    def _replace_via_keyboard(self, insert: str, start: Location, end: Location) -> EditResult | None:
        """Put typed or pasted text in the place of a range, if there is room for it."""
        if len(self.text) - len(self.get_text_range(*sorted((start, end)))) + len(insert) > self.longest:
            self.post_message(self.Overfull(self.longest))
            return None
        return super()._replace_via_keyboard(insert, start, end)

    def put_in(self, text: str) -> None:
        """Put text where the cursor is, in the place of what is selected."""
        if result := self._replace_via_keyboard(text, *self.selection):
            self.move_cursor(result.end_location)

    def text_to_edit(self) -> str:
        """What stands in it. Raises Refused when it is only shown."""
        if self.read_only:
            raise Refused(_ONLY_SHOWN)
        return self.text

    def take_edited(self, text: str) -> str | None:
        """Take a text in place of all that stands there; why not, as a sentence, when it is too long."""
        if len(text) > self.longest:
            return f"That is {len(text) - self.longest} characters too long for the field, and was not taken."
        at = self.cursor_location
        self._replace_via_keyboard(text, (0, 0), self.document.end)
        self.move_cursor(at)  # what was in sight stays so
        return None
