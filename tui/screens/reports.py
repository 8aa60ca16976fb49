"""The reports: which there are, and one of them made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import AwaitMount
from textual.widgets import Static

from models.reports.catalogue import REPORTS, Kind
from models.reports.tables import Report
from tui.commands import Group
from tui.pieces import padded, piece
from tui.screens.form import Form
from tui.screens.page import Doer, Page, runs
from tui.screens.report import ReportSheet
from tui.screens.report_wishes import making, read_typed, wish_form
from tui.widgets.asking import Typed
from tui.widgets.heading import Heading
from tui.widgets.lines import Lines

_TITLE_CELLS: Final = 18
Named = tuple[str, Kind]
"""A report by its name, and what it is."""


class Reports(Page[None]):
    """The list of reports; Enter makes one."""

    DEFAULT_CSS = "Reports #whole { height: 3; padding: 0 1; }"
    GROUP = Group.REPORTS
    OPENED_BY = "desk.reports"
    BINDINGS: ClassVar = runs(GROUP)
    ALSO_ON_BAR = ("list.open", "desk.back", "desk.help")
    AUTO_FOCUS = "#reports"

    def __init__(self, called: str = "") -> None:
        """List them; the one that is called so is made at once."""
        super().__init__()
        self._called = called.removeprefix("report ")

    def body(self) -> ComposeResult:
        """The list under its heading, and what the chosen one tells."""
        yield Heading("Reports", id="reports-heading")
        yield Lines[Named](_line, id="reports")
        yield Static(id="whole", markup=False)

    @property
    def lines(self) -> Lines[Named]:
        """The list of reports."""
        return self.query_one("#reports", Lines)

    def on_mount(self) -> None:
        """Say where one is, and follow the cursor."""
        self.trail = "reports"
        self.lines.show(tuple(REPORTS.items()))
        self.lines.seek(lambda each: each[0] == self._called)
        self.watch(self.lines, "cursor", self._tell)

    def read(self) -> None:
        """Make the report that was asked for by its name."""
        called, self._called = self._called, ""
        if called in REPORTS:
            self._make(called)

    def _tell(self) -> None:
        chosen = self.lines.chosen
        self.query_one("#whole", Static).update(Content("") if chosen is None else piece(chosen[1].sentence))

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a report makes it, as of now."""
        event.stop()
        assert self.lines.chosen is not None
        self._make(self.lines.chosen[0])

    def _make(self, name: str, typed: Typed | None = None, form: Form | None = None) -> None:
        house = self.house
        wish = read_typed(house, name, typed or {})

        def take(made: Report) -> AwaitMount:
            if form is not None:
                form.close()
            return house.push_screen(ReportSheet(made, wish, typed))

        house.ask("Counting", making(house, name, wish), take)

    def doers(self) -> Mapping[str, Doer]:
        """The command of this page."""
        return {"reports.at": self._ask_when}

    async def _ask_when(self) -> None:
        assert self.lines.chosen is not None
        name, _ = self.lines.chosen
        form = wish_form(self.house, name, {})
        await self.stand(form, lambda typed: self._make(name, typed, form))


def _line(each: Named, width: int) -> Content:
    _, kind = each
    return Content.assemble(piece(padded(kind.title, _TITLE_CELLS), "bold"), piece(kind.sentence)).truncate(
        width, ellipsis=True
    )
