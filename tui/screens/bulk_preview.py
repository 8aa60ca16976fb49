"""Figures of bulk work, each opening its cards: of what it would do, and the one key that begins it; of what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.widgets import Static

from models import bulks as work
from models.bulks import Bulk, BulkPreview, BulkReport
from models.card_lines import CardLine, cards_by_id
from models.stopping import Stop
from tui import bulk_drawing as drawing
from tui.bulk_drawing import Figure, Row
from tui.commands import Group
from tui.pieces import joined, piece
from tui.screens.behind import Cards, CardsOf, FigureCards, Some
from tui.screens.bulk_forms import begin_form
from tui.screens.page import Doer, Page, runs
from tui.widgets.asking import Typed
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from textual.content import Content

    from tui.bridge import BridgeApp

LOOKING: Final = "Looking through the cards"
_NO_CARDS: Final = "No card would be changed."
_OPENS_NOTHING: Final = "This line has no cards of its own: move to one that does."

Looks = Callable[..., BulkPreview]
"""Looks, of a session, what would be done; told how far it is, and asked whether it is to stop."""
Does = Callable[..., BulkReport]
"""Does, of a session, what was seen in a preview; likewise."""


def stoppable(house: BridgeApp, what: str) -> tuple[Stop, dict[str, Any]]:
    """What Esc asks work to stop at, and how work is told of it and tells how far it is."""
    halt = Stop()
    return halt, {"on_progress": house.progress(what), "is_stopped": lambda: halt.is_called}


class FiguresPage(Page[BulkReport], is_part=True):
    """Figures of bulk work under what it is about."""

    ALSO_ON_BAR = ("list.open", "desk.back", "desk.help")
    AUTO_FOCUS = "#figures"

    _cursor = 0
    _is_shown = False

    def body(self) -> ComposeResult:
        """What it is about, and its figures."""
        yield Static(id="about", markup=False)
        yield Lines[Row](drawing.row, id="figures")

    @property
    def lines(self) -> Lines[Row]:
        """The figures."""
        return self.query_one("#figures", Lines)

    def again(self) -> FiguresPage:
        """The same page, to be shown once more."""
        raise NotImplementedError

    def read_cards(self, row: Figure, after: object) -> Cards:
        """The cards behind a figure, from within the work that keys wait for."""
        raise NotImplementedError

    def show(self, about: Content, rows: tuple[Row, ...]) -> None:
        """Show figures, the cursor where it was."""
        self.query_one("#about", Static).update(about)
        self.lines.show(rows)
        self.lines.cursor = max(0, min(self._cursor, len(rows) - 1))
        self.dim_keys()

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a figure lists its cards; from a card one comes back to them, and here."""
        event.stop()
        row, house = self.lines.chosen, self.house
        if not isinstance(row, Figure) or not row.opens:
            house.refuse(_OPENS_NOTHING)
            return
        some = "" if row.outcome or len(row.ids) == row.cards else f" (of {row.cards:,} in all)"
        told, cursor = f"{row.text}{some}", self.lines.cursor
        of = CardsOf(f"{self.trail} > cards", told, lambda after: self.read_cards(row, after))

        async def come_back(cards: FigureCards) -> None:
            from tui.screens.bulks import Bulks

            bulks, again = Bulks(), self.again()
            again._cursor = cursor
            await house.push_screen(bulks)
            await house.push_screen(again, bulks.take_report)
            await house.push_screen(cards)

        house.ask("Looking", lambda: of.read(None), lambda some: house.push_screen(FigureCards(of, some, come_back)))


class BulkPage(FiguresPage):
    """A preview. Ends with what came of the work, or with nothing."""

    DEFAULT_CSS = """
    BulkPage #about { height: auto; max-height: 5; padding: 0 1; }
    BulkPage.-low #about { max-height: 3; }
    """
    GROUP = Group.BULK
    BINDINGS: ClassVar = runs(GROUP)

    def __init__(self, about: str, preview: BulkPreview, look: Looks, do: Does) -> None:
        """Show what would be done; look previews it again, do does it."""
        super().__init__()
        self._about, self._preview, self._look, self._do = about, preview, look, do

    def again(self) -> FiguresPage:
        """The same preview."""
        return BulkPage(self._about, self._preview, self._look, self._do)

    def read_cards(self, row: Figure, after: object) -> Cards:  # noqa: ARG002
        """The first cards of a figure."""
        return Some(_cards(self.house, row.ids))

    def on_mount(self) -> None:
        """Say where one is."""
        self.trail = "bulk > preview"

    def read(self) -> None:
        """Show what was previewed; once that is shown, look again."""
        if not self._is_shown:
            self._is_shown = True
            self._show()
            return
        halt, steps = stoppable(self.house, LOOKING)
        look = partial(self._look, self.house.session, **steps)
        self.house.ask(LOOKING, look, self._take, can_be_left=False, halt=halt)

    def read_by_itself(self) -> None:
        """Nothing: what is confirmed is what was seen."""

    def _take(self, preview: BulkPreview) -> None:
        if preview.is_whole:
            self._preview, self._cursor = preview, self.lines.cursor
            self._show()

    def _show(self) -> None:
        needed = self._preview.needs_approval
        told = [piece(self._about, "bold"), *((piece(needed, "bold $text-warning"),) if needed else ())]
        self.show(joined(told), drawing.preview_rows(self._preview))

    def refusal(self, command_id: str) -> str | None:
        """Why a command can't be used now, or None."""
        if command_id == "bulk.begin" and not self._preview.cards:
            return _NO_CARDS
        return super().refusal(command_id)

    def doers(self) -> Mapping[str, Doer]:
        """The command of this page."""
        return {"bulk.begin": self._begin}

    async def _begin(self) -> None:
        """Ask once more, and do it; Esc stops it between two cards."""
        form, house, preview = begin_form(self._preview), self.house, self._preview

        def write(_typed: Typed) -> None:
            halt, steps = stoppable(house, "Working")
            do = partial(self._do, house.session, preview, **steps)
            house.ask("Working", do, take, can_be_left=False, halt=halt)

        def take(report: BulkReport) -> None:
            form.close()
            self.house.call_later(self._end, report)

        await self.stand(form, write)

    def _end(self, report: BulkReport) -> None:
        self.dismiss(report)


class BulkSheet(FiguresPage):
    """What came of one bulk."""

    DEFAULT_CSS = """
    BulkSheet #about { height: auto; max-height: 10; padding: 0 1; }
    BulkSheet.-low #about { max-height: 3; }
    """
    GROUP = Group.LISTS

    def __init__(self, bulk: Bulk, report: BulkReport) -> None:
        """Show where it stands, and its figures."""
        super().__init__()
        self._bulk, self._report = bulk, report

    @property
    def groups(self) -> tuple[Group, ...]:
        """It is a list and nothing else: what moves about in it is not done by name."""
        return super().groups[1:]

    def again(self) -> FiguresPage:
        """The same bulk."""
        return BulkSheet(self._bulk, self._report)

    def read_cards(self, row: Figure, after: object) -> Cards:
        """The cards of which that came; of a figure with no name the first ones."""
        if row.outcome is None:
            return Some(_cards(self.house, row.ids))
        return work.cards_of(
            self.house.session.store, self._bulk.id, row.outcome, after if isinstance(after, int) else None
        )

    def on_mount(self) -> None:
        """Say where one is."""
        self.trail = f"bulk > {self._bulk.id}"

    def read(self) -> None:
        """Show what was read; once that is shown, read it again."""
        if not self._is_shown:
            self._is_shown = True
            self._show()
            return
        store, number = self.house.session.store, self._bulk.id

        def take(answer: tuple[Bulk, BulkReport]) -> None:
            (self._bulk, self._report), self._cursor = answer, self.lines.cursor
            self._show()

        self.house.ask("Reading", lambda: (work.bulk_numbered(store, number), work.report(store, number)), take)

    def _show(self) -> None:
        self.show(drawing.facts(self._bulk, self.house.session.store.business), drawing.report_rows(self._report))


def _cards(house: BridgeApp, ids: tuple[int, ...]) -> tuple[CardLine, ...]:
    found = cards_by_id(house.session.store, ids)
    return tuple(found[each] for each in ids if each in found)
