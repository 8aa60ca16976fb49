"""All commands by name: what can't be done now stands behind the others, and says why."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.commands import Command, Group, over_dialogs
from tui.keymap import keymap_of
from tui.pieces import piece
from tui.screens.calm import Calm
from tui.widgets.field import OneLine
from tui.widgets.lines import Lines

_TITLE_CELLS = 15
_KEYS_CELLS = 11


class Palette(Calm, ModalScreen[str | None]):
    """A field that narrows a list of commands. Ends with the name of the one that was chosen, or None."""

    DEFAULT_CSS = """
    Palette { align: center bottom; background: $background 0%; }
    Palette > Vertical {
        width: 100%; max-width: 100; height: 1fr; margin: 1 0 3 0;
        border: solid $primary; background: $surface; padding: 0 1;
    }
    Palette Input, Palette Input:focus { border: none; height: 1; padding: 0; background: $primary 30%; }
    Palette Lines { height: 1fr; }
    Palette #sentence { height: 2; }
    """
    BINDINGS: ClassVar = [
        Binding("escape,f3,f10,ctrl+p", "leave", "Back", show=False),
        Binding("down", "move('down')", "Down", show=False),
        Binding("up", "move('up')", "Up", show=False),
        Binding("pagedown", "move('page_down')", "Page down", show=False),
        Binding("pageup", "move('page_up')", "Page up", show=False),
        *over_dialogs(),
    ]

    def __init__(self, refusal: Callable[[str], str | None], groups: Sequence[Group]) -> None:
        """List the commands of some groups; refusal tells why one can't be used now."""
        super().__init__()
        self._groups = groups
        self._refusal = refusal

    def compose(self) -> ComposeResult:
        """The field, the commands, the whole sentence of the chosen one."""
        with Vertical() as box:
            box.border_title = piece("Actions")
            yield OneLine(placeholder="name of a command")
            yield Lines[Command](self._draw, id="commands", is_led=True)
            yield Static("", id="sentence", markup=False)

    @property
    def commands(self) -> Lines[Command]:
        """The list of commands."""
        return self.query_one("#commands", Lines)

    def on_mount(self) -> None:
        """Begin with all commands."""
        self.watch(self.commands, "cursor", self._tell)
        self._narrow("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep the commands that answer to what was typed."""
        self._narrow(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the chosen command back to the page."""
        event.stop()
        if self.commands.items:
            self.dismiss(self.commands.items[self.commands.cursor].id)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """The same by Enter in the list itself."""
        event.stop()
        if isinstance(event.item, Command):
            self.dismiss(event.item.id)

    def action_move(self, how: str) -> None:
        """Move the cursor of the list; the field keeps the keys."""
        getattr(self.commands, f"action_{how}")()

    def action_leave(self) -> None:
        """Back to where you were."""
        self.dismiss(None)

    def _narrow(self, text: str) -> None:
        fitting = matching(text, keymap_of(self).in_groups(*self._groups))
        self.commands.show(sorted(fitting, key=lambda each: self._refusal(each.id) is not None))
        self._tell()

    def _tell(self) -> None:
        items = self.commands.items
        told = self._sentence(items[self.commands.cursor]) if items else "No command has such a name."
        self.query_one("#sentence", Static).update(piece(told))

    def _draw(self, each: Command, _width: int) -> Content:
        style = "dim" if self._refusal(each.id) is not None else ""
        lead = f"{each.title.ljust(_TITLE_CELLS)} {each.all_keys.ljust(_KEYS_CELLS)} "
        return Content.assemble(piece(lead, style or "bold"), piece(self._sentence(each), style))

    def _sentence(self, each: Command) -> str:
        refusal = self._refusal(each.id)
        return each.help if refusal is None else f"Not now: {refusal}"


def matching(text: str, offered: Sequence[Command]) -> list[Command]:
    """The commands of these whose title or sentence has the text at the beginning of a word; titles first."""
    wanted = " ".join(text.casefold().split())
    by_title = [each for each in offered if f" {wanted}" in f" {each.title.casefold()}"]
    by_sentence = [each for each in offered if f" {wanted}" in f" {each.help.casefold()}" and each not in by_title]
    return by_title + by_sentence
