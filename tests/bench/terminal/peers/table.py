"""A bare Textual app: a field that filters a table of fifty rows, and a dialog.

python table.py           with the output that Textual has
python table.py --cells   with differences of cells
"""

import sys
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import DataTable, Footer, Input, Label

_ADA, _BEN, _ZOE = "Ada Lovelace", "Ben Okafor", "Zoe Lukacs"
_ROWS = [
    (
        f"*{1000 + number * 37 % 9000}",
        (_ADA, _BEN, _ZOE)[number % 3],
        f"{number * 7 % 90}.00 GBP",
        f"{number % 28 + 1} Nov",
    )
    for number in range(50)
]


class Note(ModalScreen[str]):
    """Asks for a line of text in front of the table."""

    CSS = "Note { align: center middle; } Note Vertical { width: 60; height: 9; border: round; }"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss('')", "Leave")]

    def compose(self) -> ComposeResult:
        """The question and the field."""
        with Vertical():
            yield Label("Note on *4217")
            yield Input(placeholder="what happened", id="note")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Done."""
        self.dismiss(event.value)


class Table(App[None]):
    """Find among fifty rows."""

    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+n", "note", "Note"), ("f2", "find", "Find")]

    def compose(self) -> ComposeResult:
        """The field, the table and the keys."""
        yield Input(placeholder="code, last four, name", id="find")
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        """All rows, and the cursor in the field."""
        self.query_one(DataTable).add_columns("Card", "Holder", "Balance", "Last day")
        self._filter("")
        self.query_one("#find").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Only rows with what was typed."""
        if event.input.id == "find":
            self._filter(event.value)

    def on_input_submitted(self) -> None:
        """Into the table."""
        self.query_one(DataTable).focus()

    def action_note(self) -> None:
        """Ask."""
        self.push_screen(Note())

    def action_find(self) -> None:
        """Back into the field."""
        self.query_one("#find").focus()

    def _filter(self, text: str) -> None:
        table: DataTable[Any] = self.query_one(DataTable)
        table.clear()
        table.add_rows(row for row in _ROWS if text.lower() in " ".join(row).lower())


def _in_cells() -> App[None]:
    sys.path.insert(0, str(Path(__file__).parents[4]))
    from tui.cells.app import CellsApp
    from tui.cells.driver import CellsDriver

    class TableInCells(CellsApp[None], Table):
        def get_driver_class(self) -> type[CellsDriver]:
            return CellsDriver

    return TableInCells()


if __name__ == "__main__":
    app = _in_cells() if "--cells" in sys.argv else Table()
    app.run()
