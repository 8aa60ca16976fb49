"""The fields that an e-mail's text may name: what each stands for, and Enter puts it into the text."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from models.rules.templates import Family, where_there_is_none
from tui.commands import over_dialogs
from tui.pieces import joined, piece
from tui.screens.calm import Calm
from tui.widgets.lines import Lines


class LetterFields(Calm, ModalScreen[str | None]):
    """All fields. Ends with the name of the one that was chosen, or None."""

    DEFAULT_CSS = """
    LetterFields { align: center bottom; background: $background 0%; }
    LetterFields > Vertical {
        width: 100%; max-width: 80; height: auto; margin: 1 0 3 0;
        border: solid $primary; background: $surface; padding: 0 1;
    }
    LetterFields Lines { height: auto; max-height: 12; }
    LetterFields #fall-back { height: 2; margin-top: 1; }
    LetterFields #foot { height: 1; }
    """
    BINDINGS: ClassVar = [Binding("escape,f3,ctrl+t", "leave", "Back", show=False), *over_dialogs()]

    def __init__(self, family: Family) -> None:
        """List the fields of a text."""
        super().__init__()
        self._fields = family.fields

    def compose(self) -> ComposeResult:
        """The fields, what stands for the chosen one where there is none, the keys."""
        with Vertical() as box:
            box.border_title = piece("Fields")
            yield Lines[str](self._draw, id="names", is_led=True)
            yield Static(id="fall-back", markup=False)
            yield Static("Enter puts it into the text   Esc back", id="foot", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        names = self.query_one("#names", Lines)
        names.show(tuple(self._fields))
        names.styles.height = len(self._fields)
        self.watch(names, "cursor", self._tell)

    def _tell(self, cursor: int) -> None:
        field = self._fields[tuple(self._fields)[cursor]]
        told = f"For example “{field.example}”; {where_there_is_none(field)}."
        self.query_one("#fall-back", Static).update(piece(told))

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Take the chosen field back to the text."""
        event.stop()
        self.dismiss(str(event.item))

    def action_leave(self) -> None:
        """Back to where you were."""
        self.dismiss(None)

    def _draw(self, name: str, _width: int) -> Content:
        cells = max(map(len, self._fields)) + 4
        return Content.assemble(piece(f"{{{{{name}}}}}".ljust(cells), "bold"), piece(f"  {self._fields[name].meaning}"))


def beside(family: Family) -> Content:
    """The same beside the text, where there is room."""
    heading = piece("Fields", "bold $text-accent")
    parts = [
        Content.assemble(piece(f"{{{{{name}}}}}", "bold"), "\n", piece(f"  {field.meaning}"))
        for name, field in family.fields.items()
    ]
    return joined([heading, *parts])
