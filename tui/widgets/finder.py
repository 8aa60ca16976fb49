"""The find pane: one field, what it brought, and a sentence when that is nothing."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widgets import Input, Label, Static

from models.finding import CardLine, Found
from tui import drawing
from tui.drawing import piece
from tui.widgets.field import SearchField
from tui.widgets.lines import Lines

_HINT = "A code in any spelling, its last four, an e-mail address, a name or an order. Enter finds."
_PLACEHOLDER = "code, last four, e-mail, name, order"
_LONGEST = 254


class Finder(Vertical):
    """Where every conversation begins."""

    DEFAULT_CSS = """
    Finder { height: 1fr; }
    Finder Horizontal { height: 1; }
    Finder Label { padding: 0 1; text-style: bold; }
    Finder Input, Finder Input:focus { border: none; height: 1; width: 1fr; padding: 0 1; background: $surface; }
    Finder #said { height: auto; max-height: 3; padding: 0 1; }
    """
    found: reactive[Found | None] = reactive(None)

    def compose(self) -> ComposeResult:
        """The field, a sentence, the list."""
        with Horizontal():
            yield Label("Find")
            yield SearchField(placeholder=_PLACEHOLDER, max_length=_LONGEST, id="search", select_on_focus=True)
        yield Static(_HINT, id="said", markup=False)
        yield Lines[CardLine](drawing.result_line, id="results")

    @property
    def field(self) -> Input:
        """The search field."""
        return self.query_one("#search", Input)

    @property
    def results(self) -> Lines[CardLine]:
        """The list of cards."""
        return self.query_one("#results", Lines)

    def watch_found(self, found: Found | None) -> None:
        """Show what a search brought."""
        if found is None:
            return
        self.results.show(found.lines)
        count = len(found.lines)
        counted = "1 card." if count == 1 else f"{count} cards, newest activity first."
        self.query_one("#said", Static).update(piece(found.sentence or counted if count else _HINT))

    def mark_open(self, card_id: int | None) -> None:
        """Mark the line of the card that is open beside the list, if any."""
        self.results.mark(lambda line: line.card_id == card_id)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was found belongs to what was asked: another text clears it."""
        if self.found is not None and event.value != self.found.text and self.results.items:
            self.results.show(())
            self.query_one("#said", Static).update(_HINT)
