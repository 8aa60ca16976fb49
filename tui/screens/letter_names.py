"""Which texts there are: the reminder and every reply, in each language; Enter goes on with one of them."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from models.rules.families import BUILT_IN, family_of
from tui.commands import over_dialogs
from tui.pieces import piece
from tui.screens.calm import Calm
from tui.widgets.lines import Lines

_CELLS = max(len(name) for name in BUILT_IN) + 2


class LetterNames(Calm, ModalScreen[str | None]):
    """All texts. Ends with the name of those that were chosen, or None."""

    DEFAULT_CSS = """
    LetterNames { align: center bottom; background: $background 0%; }
    LetterNames > Vertical {
        width: 100%; max-width: 80; height: auto; margin: 1 0 3 0;
        border: solid $primary; background: $surface; padding: 0 1;
    }
    LetterNames Lines { height: 14; }
    LetterNames #foot { height: 1; margin-top: 1; }
    """
    BINDINGS: ClassVar = [Binding("escape,f3,ctrl+o", "leave", "Back", show=False), *over_dialogs()]

    def __init__(self, name: str) -> None:
        """Begin at the texts that are edited."""
        super().__init__()
        self._begun_at = name

    def compose(self) -> ComposeResult:
        """The names with what each says, the keys."""
        with Vertical() as box:
            box.border_title = piece("Texts")
            yield Lines[str](_draw, id="names", is_led=True)
            yield Static("Enter goes on with them   Esc back", id="foot", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        names = self.query_one("#names", Lines)
        names.show(tuple(BUILT_IN))
        names.cursor = tuple(BUILT_IN).index(self._begun_at)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Take the chosen name back."""
        event.stop()
        self.dismiss(str(event.item))

    def action_leave(self) -> None:
        """Back to where you were."""
        self.dismiss(None)


def _draw(name: str, _width: int) -> Content:
    return Content.assemble(piece(name.ljust(_CELLS), "bold"), piece(family_of(name).title))
