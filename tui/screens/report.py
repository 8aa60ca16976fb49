"""One report: its table, its plots, the cards behind each figure, and the file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from models.jobs.written_files import written_files
from models.reports.catalogue import cards_behind
from models.reports.files import write_csv
from models.reports.tables import Column, Line, Report
from models.reports.wishes import ReportWish
from tui import report_drawing as drawing
from tui.commands import Group
from tui.screens.behind import CardsOf, FigureCards
from tui.screens.form import Field, Form
from tui.screens.page import Doer, Page, runs
from tui.screens.report_wishes import begun_at, making, pinned, read_typed, wish_form
from tui.sizes import HIGH, WIDE
from tui.widgets.asking import Option, Typed
from tui.widgets.lines import Lines
from tui.widgets.plot import Plot

_NO_CARDS: Final = "This line has no cards of its own: move to one that does."
_NO_PLOT: Final = "There is nothing to plot in this report."
_ONE_PLOT: Final = "There is no other plot in this report."
_BESIDE: Final = "The plot stands beside the table already."
_LEAST_PLOT: Final = 44
"""So many columns of a wide screen a plot gets at least."""
_LONGEST_PATH: Final = 400
_OF_HEADER: Final = 3
"""By so many columns an earlier file of the same report is known."""
_MOST_ABOUT: Final = 3
"""So many lines tell of what a report is about; on a low screen one less."""
_MARGINS: Final = 4
"""The mark of the cursor, the scroll bar, and what lies between a table and its plot."""


class ReportSheet(Page[None]):
    """A report as a table and as plots: one at a time, or beside each other where there is room."""

    DEFAULT_CSS = """
    ReportSheet #about { height: auto; padding: 0 1; }
    ReportSheet #table { width: 1fr; }
    ReportSheet #columns { height: 1; text-wrap: nowrap; }
    ReportSheet #whole { height: 2; padding: 0 1; border-top: none; }
    ReportSheet Plot { display: none; }
    ReportSheet.-narrow.-plot Plot { display: block; width: 1fr; }
    ReportSheet.-narrow.-plot #table { display: none; }
    ReportSheet.-wide.-has-plot Plot { display: block; width: 1fr; }
    ReportSheet.-wide.-beneath #both { layout: vertical; }
    ReportSheet.-wide.-beneath Plot { height: 2fr; }
    ReportSheet.-wide.-beneath #table { height: 3fr; }
    """
    GROUP = Group.REPORT
    BINDINGS: ClassVar = runs(GROUP)
    ALSO_ON_BAR = ("list.open", "desk.back", "desk.help")
    AUTO_FOCUS = "#lines"

    def __init__(self, report: Report, wish: ReportWish, typed: Typed | None = None, cursor: int = 0) -> None:
        """Show a report that was made as somebody wished, and typed."""
        super().__init__()
        self._wish = wish
        self._table = drawing.table(report)
        self._typed: Typed = typed or {}
        self._cursor = cursor
        self._is_shown = False
        self._nth_plot = 0

    def body(self) -> ComposeResult:
        """What it is, the table with all of the cursor's line, and a plot."""
        yield Static(id="about", markup=False)
        with Horizontal(id="both"):
            with Vertical(id="table"):
                yield Static(id="columns", markup=False)
                yield Lines[Line](self._line, id="lines")
                yield Static(id="whole", markup=False)
            yield Plot()

    def _line(self, line: Line, width: int) -> Content:
        return drawing.line(self._table, line, width)

    @property
    def report(self) -> Report:
        """What is shown."""
        return self._table.report

    @property
    def lines(self) -> Lines[Line]:
        """The lines of the table."""
        return self.query_one("#lines", Lines)

    def on_mount(self) -> None:
        """Follow the cursor."""
        self.watch(self.lines, "cursor", self._tell, init=False)

    def on_resize(self) -> None:
        """The columns stand where the lines have theirs."""
        self._lay_out()

    def read(self) -> None:
        """Show what was made; once that is shown, make it again."""
        if self._is_shown:
            self._make(self._wish, lambda: None)
        else:
            self._is_shown = True
            self._show()

    def read_by_itself(self) -> None:
        """Nothing: a report is of an instant."""

    def _make(self, wish: ReportWish, then: Callable[[], object]) -> None:
        def take(report: Report) -> None:
            then()
            self._wish, self._table, self._cursor = wish, drawing.table(report), self.lines.cursor
            self._show()

        self.house.ask("Counting", making(self.house, self.report.name, wish), take)

    def _show(self) -> None:
        self.trail = f"reports > {self.report.title}"
        lines = self._table.lines
        self.lines.show(lines)
        self.lines.cursor = max(0, min(self._cursor, len(lines) - 1))
        self._nth_plot = min(self._nth_plot, max(0, len(self.report.series) - 1))
        self.query_one(Plot).series = self.report.series[self._nth_plot] if self.report.series else None
        self.set_class(bool(self.report.series), "-has-plot")
        self._lay_out()
        self._tell()

    def _lay_out(self) -> None:
        """On a wide screen a table has what it needs, its plot the rest; where that is too little, it lies beneath."""
        needed, has_both = self._table.width + _MARGINS, self.size.width >= WIDE and bool(self.report.series)
        is_beside = has_both and needed + _LEAST_PLOT <= self.size.width
        self.set_class(has_both and not is_beside, "-beneath")
        self.query_one("#table").styles.width = needed if is_beside else "1fr"
        since = begun_at(self.house, self.report, self._wish)
        about = drawing.about(self.report, since, self.house.session.store.business)
        most = _MOST_ABOUT if self.size.height >= HIGH else _MOST_ABOUT - 1
        self.query_one("#about", Static).update(drawing.within(about, self.size.width - 2, most))
        self.call_after_refresh(self._head)

    def _head(self) -> None:
        columns = self.query_one("#columns", Static)
        columns.update(drawing.head(self._table, self.lines.scrollable_content_region.width))

    def _tell(self) -> None:
        chosen = self.lines.chosen
        told = Content("Nothing was counted.") if chosen is None else drawing.whole(self._table, chosen)
        self.query_one("#whole", Static).update(told)
        self.dim_keys()

    # Commands

    def refusal(self, command_id: str) -> str | None:
        """Why a command can't be used now, or None."""
        count = len(self.report.series)
        if command_id in ("report.plot", "report.next") and not count:
            return _NO_PLOT
        if command_id == "report.plot" and self.has_class("-wide"):
            return _BESIDE
        if command_id == "report.next" and count == 1:
            return _ONE_PLOT
        if command_id == "report.figure":
            line = self.lines.chosen
            return None if line is not None and line.opens and drawing.figures(self._table, line) else _NO_CARDS
        return super().refusal(command_id)

    def doers(self) -> Mapping[str, Doer]:
        """The commands of this page."""
        return {
            "report.plot": self._turn,
            "report.next": self._next_plot,
            "report.at": self._ask_when,
            "report.how": self._tell_how,
            "report.csv": self._ask_where,
            "report.figure": self._ask_figure,
        }

    async def _turn(self) -> None:
        self.toggle_class("-plot")
        (self.query_one(Plot) if self.has_class("-plot") else self.lines).focus()

    async def _next_plot(self) -> None:
        self._nth_plot = (self._nth_plot + 1) % len(self.report.series)
        self.query_one(Plot).series = self.report.series[self._nth_plot]
        if not self.has_class("-wide") and not self.has_class("-plot"):
            await self._turn()

    async def _tell_how(self) -> None:
        told = f"{drawing.left_out(self.report)}{self.report.sentence}"
        await self.put(Form(self.report.title, told, confirm="Close", stay="Close"), lambda _typed: None)

    async def _ask_when(self) -> None:
        name, house = self.report.name, self.house
        form = wish_form(house, name, self._typed)

        def attempt(typed: Typed) -> None:
            def taken() -> None:
                self._typed = typed
                form.close()

            self._make(read_typed(house, name, typed), taken)

        await self.stand(form, attempt)

    async def _ask_where(self) -> None:
        report, house = self.report, self.house
        on = house.session.store.business.date_of(report.at)
        form = Form(
            "Write the report as CSV",
            f"Only you may read the file. Without a folder it lies in {Path.cwd()}.",
            (Field("file", "File", is_required=True, value=f"giftdesk-{report.name}-{on}.csv", longest=_LONGEST_PATH),),
            confirm="Write",
        )

        def attempt(typed: Typed) -> None:
            path = Path(typed["file"].strip()).expanduser().absolute()

            def take(_: object) -> None:
                form.close()
                house.tell(f"Written, for you alone to read: {path}", "done")

            house.ask("Writing", partial(_write, report, path), take, can_be_left=False)

        await self.stand(form, attempt)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a line lists its cards."""
        event.stop()
        line = self.lines.chosen
        assert line is not None
        if line.opens:
            self._list(line)
        else:
            self.house.refuse(_NO_CARDS)

    async def _ask_figure(self) -> None:
        """Ask for one figure of the line that the cursor is on, and list its cards."""
        line = self.lines.chosen
        assert line is not None
        figures = drawing.figures(self._table, line)
        form = Form(
            drawing.called(self._table, line),
            confirm="List",
            options=[Option(column.name, f"{column.title}: {told}") for column, told in figures],
        )

        def listed(typed: Typed) -> None:
            column = next(each for each, _ in figures if each.name == typed["choice"])
            self.call_later(self._list, line, column)

        await self.put(form, listed)

    def _list(self, line: Line, column: Column | None = None) -> None:
        """List the cards behind a line, or behind one figure of it."""
        store, report, house = self.house.session.store, self.report, self.house
        cursor, wish = self.lines.cursor, pinned(report, self._wish)
        key = line.key if column is None else f"{line.key}/{column.name}"
        called = drawing.called(self._table, line)
        of = CardsOf(
            f"reports > {report.title} > cards",
            called if column is None else f"{called}, {column.title}",
            lambda after: cards_behind(store, report.name, wish, key, after),
        )

        async def come_back(cards: FigureCards) -> None:
            from tui.screens.reports import Reports

            await house.push_screen(Reports())
            await house.push_screen(ReportSheet(report, self._wish, self._typed, cursor))
            await house.push_screen(cards)

        house.ask("Looking", lambda: of.read(None), lambda first: house.push_screen(FigureCards(of, first, come_back)))


def _write(report: Report, path: Path) -> None:
    """Write it into a file of one's own, or in the place of an earlier one."""
    header = ",".join(column.name for column in report.columns[:_OF_HEADER])
    with written_files({path: header}) as (file,):
        write_csv(report, file)
