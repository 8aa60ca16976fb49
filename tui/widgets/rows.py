"""Rows of a form that stands on a page: a label, what takes the keys, and below it why that won't do."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Label, Static

from tui.pieces import piece


class Row(Vertical):
    """A labelled row; each of its fields can be complained about below it."""

    DEFAULT_CSS = """
    Row { height: auto; }
    Row Horizontal { height: 1; }
    Row Label { color: $foreground 70%; }
    Row .label { width: 17; }
    Row .between { margin: 0 1; }
    Row Input, Row Input:focus { border: none; height: 1; width: 1fr; padding: 0; background: $panel; }
    Row Input:focus { background: $primary 30%; }
    Row .short, Row .short:focus { width: 14; }
    Row Choice { width: 1fr; }
    Row .wrong { display: none; height: auto; padding-left: 17; color: $text-warning; text-style: bold; }
    """

    def __init__(self, label: str, *parts: Widget | str, id: str | None = None) -> None:
        """Show a label and then parts side by side; a text between fields is a label, too."""
        super().__init__(id=id)
        self._label = label
        self._parts = parts
        self._wrong = ""

    def compose(self) -> ComposeResult:
        """The row, and the place for what is wrong with it."""
        with Horizontal():
            yield Label(self._label, markup=False, classes="label")
            for part in self._parts:
                yield Label(part, markup=False, classes="between") if isinstance(part, str) else part
        yield Static("", classes="wrong", markup=False)

    def on_descendant_focus(self) -> None:
        """Bring the whole row into sight: what a field means stands around it."""
        self.call_after_refresh(self.scroll_visible, animate=False)

    def complain(self, sentence: str) -> None:
        """Say why what was typed won't do; nothing when it will."""
        if sentence == self._wrong:
            return
        self._wrong = sentence
        wrong = self.query_one(".wrong", Static)
        wrong.update(piece(sentence))
        wrong.display = bool(sentence)
