"""The find pane: one field, what it brought, and a sentence when that is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from models.rules.ways import LONGEST, WAYS
from tui import drawing
from tui.command_line import Offered, told
from tui.later import wording, worklists
from tui.prompts import ENTER, PLACEHOLDER
from tui.text import clean_lines
from tui.widgets.field import SearchField
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from models.card_lines import CardLine
    from models.finding import Found
    from models.worklists import Counted

_CHOOSE = "Worklists: cards that somebody should look at. Enter lists them."


class Finder(Vertical):
    """Where every conversation begins."""

    DEFAULT_CSS = """
    Finder { height: 1fr; }
    Finder Horizontal { height: 1; }
    Finder #find { width: auto; padding: 0 1; text-style: bold; }
    Finder Input, Finder Input:focus { border: none; height: 1; width: 1fr; padding: 0 1; background: $surface; }
    Finder #said { height: auto; min-height: 2; max-height: 3; padding: 0 1; }
    Finder #worklists, Finder #commands { display: none; }
    Finder.-worklists #worklists { display: block; }
    Finder.-worklists #results { display: none; }
    Finder.-worklists.-live #results { display: block; }
    Finder.-worklists.-live #worklists { display: none; }
    """
    BINDINGS: ClassVar = [Binding("down", "screen.into_list", "Into the list", show=False)]

    found: var[Found | None] = var(None)
    live: var[Found | None] = var(None)
    """What the letters in the field bring, in place of what was found; None while nothing of that is shown."""
    hint: var[str] = var(WAYS)
    """Help for what is typed."""
    worklists: var[tuple[Counted, ...] | None] = var(None)
    """The worklists to choose from, in place of what was found; None when there is no choosing."""
    commands: var[tuple[Offered, ...] | None] = var(None)
    """The commands that fit what is typed; None while searches are typed."""
    _listed: Found | None = None
    _said = ""

    def compose(self) -> ComposeResult:
        """The field, a sentence, the list."""
        with Horizontal():
            yield Static("Find", id="find")
            yield SearchField(placeholder=PLACEHOLDER, max_length=LONGEST, id="search", select_on_focus=True)
        yield Static("", id="said", markup=False)
        yield Lines(self._line, id="results")
        yield Lines(drawing.worklist_line, id="worklists")
        yield Lines(drawing.command_line, id="commands")

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

    @property
    def shown(self) -> Found | None:
        """What the list of cards shows: what the letters bring, or what was found."""
        return self.found if self.live is None else self.live

    def on_mount(self) -> None:
        """Among near misses, say what differs of the one that the cursor is on."""
        self.watch(self.results, "cursor", self._say, init=False)

    def watch_found(self) -> None:
        """Show what a search or a worklist brought."""
        if self.live is None:
            self.list_found()

    def list_found(self) -> None:
        """Show it, whatever stands in the field."""
        self._list(self.found)

    def watch_live(self) -> None:
        """Show what the letters bring; behind it, what was found when they still ask for that."""
        self.set_class(self.live is not None, "-live")
        self._list(self._found_by_field() if self.live is None else self.live)

    def on_input_changed(self) -> None:
        """What was found belongs to what was asked: another text clears it."""
        if self.commands is None and self.live is None:
            self._list(self._found_by_field())
        self._say()

    def _found_by_field(self) -> Found | None:
        return self.found if self.found is not None and self.found.text == self.field.value else None

    def _list(self, found: Found | None) -> None:
        """List cards; the cursor stays when it is the same list."""
        before, self._listed = self._listed, found
        lines = () if found is None else found.lines
        if before is not None and found is not None and worklists.is_same_list(before, found):
            self.results.renew(lines)
        else:
            self.results.show(lines)
        self._say()

    def _line(self, line: CardLine, width: int) -> Content:
        is_near = self._listed is not None and self._listed.are_near_misses
        return (drawing.candidate_line if is_near else drawing.result_line)(line, width)

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

    def enter_list(self) -> None:
        """Go into the list that is shown, where something is listed."""
        for lines in self.query(Lines):
            if lines.display and lines.items:
                lines.focus()

    def mark_open(self, card_id: int | None) -> None:
        """Mark the line of the card that is open beside the list, if any."""
        self.results.mark(lambda line: line.card_id == card_id)

    def watch_hint(self) -> None:
        """Help with what is typed."""
        self._say()

    def _say(self) -> None:
        saying = self._saying()
        if saying != self._said:  # everything would be laid out anew
            self._said = saying
            self.query_one("#said", Static).update(Content(clean_lines(saying)))

    def _saying(self) -> str:
        """What stands below the field: help, or what is listed and how it was asked for."""
        listed, chosen = self._listed, self.results.chosen
        if self.commands is not None:
            return told(self.field.value, self.commands)
        if self.worklists is not None and self.live is None:
            return _CHOOSE
        if listed is not None and listed.are_near_misses and chosen is not None:
            return drawing.candidate(chosen)
        is_live = self.live is not None
        if listed is not None and (counted := _counted(listed, is_live=is_live, is_ending=self.results.is_ending)):
            understood = self.hint if is_live and self.hint != WAYS else listed.understood
            return f"{understood}\n{counted}" if understood else counted
        return self.hint if self.hint != WAYS else f"{WAYS}. {ENTER}"


def _counted(found: Found, *, is_live: bool, is_ending: bool) -> str:
    """How many cards are listed, and whether there are more; nothing where nothing is."""
    count = len(found.lines)
    if found.sentence is not None and (count or isinstance(found, worklists.Listed)):
        return found.sentence
    if found.next is not None and is_ending:
        return f"{wording.plural(count, 'card')} so far; looking further." if count else "Looking further."
    if found.next is not None:
        return f"The newest {count:,} of more; add what else the customer can tell."
    if not count:
        return "No card so far." if is_live else ""
    return "1 card." if count == 1 else f"{count:,} cards, newest activity first."
