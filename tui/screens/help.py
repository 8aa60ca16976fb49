"""The help page: all keys and all that finds a card, as they are declared, and in the demo the cards to try."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from models.jobs.demo import Scenario
from models.rules import query_filters
from tui.commands import Group, over_dialogs
from tui.keymap import Keymap, keymap_of
from tui.pieces import piece
from tui.screens.calm import Calm
from tui.widgets.lines import Lines

_GAP: Final = "  "
_MARGINS: Final = 2  # the cursor in front, the scroll bar behind
_NARROWEST: Final = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page; a code can be opened."""

    text: str
    lead: str = ""
    code: str | None = None


class Help(Calm, ModalScreen[str | None]):
    """All keys. Ends with the code of a demo card that was chosen, or None."""

    DEFAULT_CSS = """
    Help { align: center middle; background: $background; }
    Help #title { height: 1; background: $primary-background; padding: 0 1; }
    Help #foot { height: 1; background: $panel; padding: 0 1; }
    """
    BINDINGS: ClassVar = [Binding("escape,f3,f1,q", "leave", "Back", show=False), *over_dialogs()]

    def __init__(
        self, scenarios: Sequence[Scenario] = (), first: Group = Group.CARD, *, is_finding: bool = False
    ) -> None:
        """List these demo cards before the keys, and of the keys those of one group first.

        What finds a card comes last, and before all else for whoever is typing just that.
        """
        super().__init__()
        self._scenarios = scenarios
        self._groups = sorted(Group, key=lambda group: group is not first)
        self._is_finding = is_finding

    def compose(self) -> ComposeResult:
        """A title, the lines, the keys of the page itself."""
        yield Static("giftdesk  help", id="title", markup=False)
        yield Lines[Row](_draw, id="help")
        yield Static("", id="foot", markup=False)

    def on_mount(self) -> None:
        """Fill the page."""
        self._fill(cursor=1)
        self.watch(self.query_one(Lines), "cursor", self._say_keys)

    def on_resize(self) -> None:
        """Wrap the lines at the other width."""
        self._fill(self.query_one(Lines).cursor)

    def _fill(self, cursor: int) -> None:
        page = self.query_one(Lines)
        width = self.size.width - _MARGINS
        parts = [list(_rows(self._scenarios, self._groups, keymap_of(self), width)), list(_finding_rows(width))]
        first, last = reversed(parts) if self._is_finding else parts
        page.show((*first, Row(""), *last))
        page.cursor = min(cursor, len(page.items) - 1)

    def on_lines_opened(self, event: "Lines.Opened") -> None:
        """Take the chosen card back to the desk."""
        if isinstance(event.item, Row) and event.item.code is not None:
            event.stop()
            self.dismiss(event.item.code)

    def _say_keys(self) -> None:
        """What the keys do on the line that is chosen."""
        row: Row | None = self.query_one(Lines).chosen
        foot = "Enter opens the card   Esc back" if row is not None and row.code is not None else "Esc back"
        self.query_one("#foot", Static).update(piece(foot))

    def complain(self, sentence: str) -> None:
        """Say why a key did nothing, until another line is chosen."""
        self.query_one("#foot", Static).update(piece(sentence))

    def action_leave(self) -> None:
        """Back to where you were."""
        self.dismiss(None)


def _rows(scenarios: Sequence[Scenario], groups: Sequence[Group], keymap: Keymap, width: int) -> Iterator[Row]:
    if scenarios:
        yield Row("Cards to try (this is a sandbox; it is thrown away)")
        for scenario in scenarios:
            yield from _wrapped(scenario.code, "", scenario.shows, width, scenario.code)
        yield Row("")
    for place, group in enumerate(groups):
        commands = keymap.in_groups(group)
        keys, titles = (max(map(len, texts)) for texts in zip(*((c.all_keys, c.title) for c in commands), strict=True))
        if place:
            yield Row("")
        yield Row(group.value)
        for command in commands:
            yield from _wrapped(command.all_keys.ljust(keys), f"{command.title.ljust(titles)} ", command.help, width)


def _finding_rows(width: int) -> Iterator[Row]:
    typed = max(len(typed) for typed, _ in query_filters.rows())
    yield Row("What finds a card")
    for each, finds in query_filters.rows():
        yield from _wrapped(each.ljust(typed), "", finds, width)


def _wrapped(lead: str, title: str, text: str, width: int, code: str | None = None) -> Iterator[Row]:
    """A text of as many lines as it needs, the further ones under its first."""
    room = max(_NARROWEST, width - len(lead) - len(_GAP) - len(title))
    first, *further = textwrap.wrap(text, room)
    yield Row(f"{title}{first}", lead, code)
    for line in further:
        yield Row(f"{' ' * len(title)}{line}", " " * len(lead), code)


def _draw(row: Row, _width: int) -> Content:
    if not row.lead:
        return piece(row.text, "bold $text-accent")
    return Content.assemble(piece(row.lead, "bold"), piece(f"{_GAP}{row.text}"))
