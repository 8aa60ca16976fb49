"""The help page: all keys, from the commands themselves, and in the demo the cards to try."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from models.jobs.demo import Scenario
from tui.commands import Group
from tui.drawing import piece
from tui.keymap import Keymap, keymap_of
from tui.widgets.lines import Lines


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page; a code can be opened."""

    text: str
    lead: str = ""
    code: str | None = None


class Help(ModalScreen[str | None]):
    """All keys. Ends with the code of a demo card that was chosen, or None."""

    DEFAULT_CSS = """
    Help { align: center middle; background: $background; }
    Help #title { height: 1; background: $primary-background; padding: 0 1; }
    Help #foot { height: 1; background: $panel; padding: 0 1; }
    """
    BINDINGS: ClassVar = [Binding("escape,f3,f1,q", "leave", "Back", show=False)]

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        """List these demo cards before the keys."""
        super().__init__()
        self._scenarios = scenarios

    def compose(self) -> ComposeResult:
        """A title, the lines, the keys of the page itself."""
        yield Static("giftdesk  help", id="title", markup=False)
        yield Lines[Row](_draw, id="help")
        foot = "Enter opens the card   Esc back" if self._scenarios else "Esc back"
        yield Static(foot, id="foot", markup=False)

    def on_mount(self) -> None:
        """Fill the page."""
        page = self.query_one(Lines)
        page.show(tuple(_rows(self._scenarios, keymap_of(self))))
        page.cursor = 1

    def on_lines_opened(self, event: "Lines.Opened") -> None:
        """Take the chosen card back to the desk."""
        event.stop()
        if isinstance(event.item, Row) and event.item.code is not None:
            self.dismiss(event.item.code)

    def action_leave(self) -> None:
        """Back to where you were."""
        self.dismiss(None)


def _rows(scenarios: Sequence[Scenario], keymap: Keymap) -> Iterator[Row]:
    if scenarios:
        yield Row("Cards to try (this is a sandbox; it is thrown away)")
        for scenario in scenarios:
            yield Row(scenario.shows, scenario.code, scenario.code)
        yield Row("")
    for group in Group:
        yield Row(group.value)
        for command in keymap.in_groups(group):
            yield Row(f"{command.title.ljust(11)} {command.help}", command.all_keys.ljust(14))
        yield Row("")


def _draw(row: Row, _width: int) -> Content:
    if not row.lead:
        return piece(row.text, "bold $text-accent")
    return Content.assemble(piece(row.lead, "bold"), piece(f"  {row.text}"))
