"""The find pane: one field, what it brought, and a sentence when that is nothing."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widgets import Input, Label, Static

from models.card_lines import CardLine
from models.finding import Found
from models.worklists import Counted, Listed, is_same_list
from tui import drawing
from tui.command_line import Offered, told
from tui.drawing import piece
from tui.widgets.field import SearchField
from tui.widgets.lines import Lines

_HINT = "A code in any spelling, its last four, an e-mail address, a name or an order. Enter finds."
_CHOOSE = "Worklists: cards that somebody should look at. Enter lists them."
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
    Finder #worklists { display: none; }
    Finder.-worklists #worklists { display: block; }
    Finder.-worklists #results { display: none; }
    Finder #commands { display: none; }
    """
    BINDINGS: ClassVar = [Binding("down", "into_list", "Into the list", show=False)]

    found: reactive[Found | None] = reactive(None)
    worklists: reactive[tuple[Counted, ...] | None] = reactive(None)
    """The worklists to choose from, in place of what was found; None when there is no choosing."""
    commands: reactive[tuple[Offered, ...] | None] = reactive(None)
    """The commands that fit what is typed; None while searches are typed."""

    def compose(self) -> ComposeResult:
        """The field, a sentence, the list."""
        with Horizontal():
            yield Label("Find")
            yield SearchField(placeholder=_PLACEHOLDER, max_length=_LONGEST, id="search", select_on_focus=True)
        yield Static(_HINT, id="said", markup=False)
        yield Lines[CardLine](drawing.result_line, id="results")
        yield Lines[Counted](drawing.worklist_line, id="worklists")
        yield Lines[Offered](drawing.command_line, id="commands")

    @property
    def field(self) -> SearchField:
        """The search field."""
        return self.query_one(SearchField)

    @property
    def results(self) -> Lines[CardLine]:
        """The list of cards."""
        return self.query_one("#results", Lines)

    @property
    def choice(self) -> Lines[Counted]:
        """The list of worklists."""
        return self.query_one("#worklists", Lines)

    def watch_found(self, before: Found | None, found: Found | None) -> None:
        """Show what a search or a worklist brought; the cursor stays when it is the same list."""
        lines = () if found is None else found.lines
        if before is not None and found is not None and is_same_list(before, found):
            self.results.renew(lines)
        else:
            self.results.show(lines)
        self._say()

    def watch_worklists(self, worklists: tuple[Counted, ...] | None) -> None:
        """Show the worklists, or what was found."""
        self.set_class(worklists is not None, "-worklists")
        if worklists is not None:
            self.choice.renew(worklists)
        self._say()

    def watch_commands(self, commands: tuple[Offered, ...] | None) -> None:
        """Show the commands that fit, or what was there before."""
        self.set_class(commands is not None, "-commands")
        self.query_one("#commands", Lines).show(commands or ())
        self._say()

    def action_into_list(self) -> None:
        """Down from the field: into the list that is shown, where something is listed."""
        for lines in self.query(Lines):
            if lines.display and lines.items:
                lines.focus()

    def _say(self) -> None:
        if self.commands is not None:
            said = told(self.field.value, self.commands)
        else:
            said = _CHOOSE if self.worklists is not None else _said(self.found)
        self.query_one("#said", Static).update(piece(said))

    def mark_open(self, card_id: int | None) -> None:
        """Mark the line of the card that is open beside the list, if any."""
        self.results.mark(lambda line: line.card_id == card_id)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was found belongs to what was asked: another text clears it."""
        if self.commands is not None:
            return
        if self.found is not None and event.value != self.found.text and self.results.items:
            self.results.show(())
            self.query_one("#said", Static).update(_HINT)


def _said(found: Found | None) -> str:
    """What stands over the results."""
    if found is None or not (found.lines or isinstance(found, Listed)):
        return _HINT
    count = len(found.lines)
    return found.sentence or ("1 card." if count == 1 else f"{count} cards, newest activity first.")
