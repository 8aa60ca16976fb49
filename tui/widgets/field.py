"""Fields of one line, which lose nothing of a paste that has more."""

from typing import ClassVar, Final

from textual import events
from textual.geometry import Offset, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import Input

from models.rules.texts import EMAIL
from tui.commands import bindings
from tui.keymap import keymap_of

_BEGIN_NO_SEARCH: Final = ("desk.command", "desk.last")
"""Commands whose keys are no letters where a search begins."""


class OneLine(Input):
    """A field that takes all lines of a paste, one after the other. Its cursor never blinks."""

    BINDINGS: ClassVar = bindings("field", editor="app.edit")
    virtual_size: reactive[Size] = reactive(Size(0, 0))
    """How far the text reaches: it scrolls within the field, and a letter more moves nothing around it."""

    def on_mount(self) -> None:
        """A cursor at rest costs no traffic; where no colour tells a hint from a text, brackets do."""
        self.cursor_blink = False
        if self.app.no_color and self.placeholder:
            self.placeholder = f"({self.placeholder})"

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the next letter goes; Textual's own is one further at the end."""
        return super().cursor_screen_offset - Offset(int(self.cursor_at_end), 0)

    def render_line(self, y: int) -> Strip:
        """The field; a terminal that shows its own cursor shows it there."""
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset
        return super().render_line(y)

    def taken(self, pasted: str) -> str:
        """What the field takes of a paste."""
        return " ".join(line.strip() for line in pasted.splitlines() if line.strip())

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.replace(self.taken(event.text), *self.selection)

    def text_to_edit(self) -> str | None:
        """What stands in it, when it may be long and can be shown."""
        return self.value if not self.password and (self.max_length or 0) > EMAIL else None

    def take_edited(self, text: str) -> str | None:
        """Take a text as a paste is taken; why not, as a sentence, when it is too long."""
        line = self.taken(text)
        if self.max_length is not None and len(line) > self.max_length:
            return f"That is {len(line) - self.max_length} characters too long for the field, and was not taken."
        self.replace(line, 0, len(self.value))
        return None


class SearchField(OneLine):
    """Where every search begins: a paste is looked for at once, and a slash in front only clears the field."""

    class Pasted(Message):
        """Something was pasted, to be looked for."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def begin(self, text: str) -> None:
        """Take the keys, behind a text that stands there already."""
        self.select_on_focus = False
        self.value = text
        self.cursor_position = len(text)
        self.focus()

    def bring_back(self, text: str) -> None:
        """Show what stood there before, to be typed over; it was asked for already."""
        self.select_on_focus = True
        with self.prevent(Input.Changed):
            self.value = text
        self.select_all()

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.post_message(self.Pasted(event.text))

    async def _on_key(self, event: events.Key) -> None:
        if self.selected_text != self.value:
            return
        if event.key == "slash":
            event.prevent_default()
            event.stop()
            self.value = ""
            return
        for command_id in _BEGIN_NO_SEARCH:
            if event.key in keymap_of(self).keys(command_id):
                event.prevent_default()
                event.stop()
                await self.run_action(f"screen.run('{command_id}')")
                return
