"""The half of the desk that finds: what was found, and which card is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.reactive import var
from textual.widgets import Input

from tui.later import card_lines, finding, histories, lookups, queries, sheets, telling
from tui.screens.page import Page
from tui.widgets.card import CardPane
from tui.widgets.field import SearchField
from tui.widgets.finder import Finder
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from models.finding import Found
    from models.histories import Line
    from models.sheets import CardSheet


class FindingScreen(Page[None]):
    """A screen with a find pane and a card pane. It owns what was found and the card that is open."""

    _way_back: tuple[int, Callable[[], object]] | None = None
    """The card that was opened from a list on a page, and what brings that list back."""
    sheet: var[CardSheet | None] = var(None)
    found: var[Found | None] = var(None)

    @property
    def pane(self) -> CardPane:
        """The card pane."""
        return self.query_one(CardPane)

    @property
    def finder(self) -> Finder:
        """The find pane."""
        return self.query_one(Finder)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the search field."""
        event.stop()
        self.look_for(event.value)

    def look_for(self, text: str) -> None:
        """Find cards; the one that answers to a code is opened at once."""
        session = self.house.session

        def work() -> tuple[Found, CardSheet | None]:
            found = lookups.look_up(session, text, warn=self.house.explain)
            while found.next is not None and not found.lines:  # a page ends early where few cards fit
                found = finding.with_more(found, finding.find(session.store, text, after=found.next, by_code=False))
            return found, sheets.card_sheet(session, found.lines[0].card_id) if found.is_exact else None

        self.house.ask("Looking", work, self._take_found)

    async def _take_found(self, answer: tuple[Found, CardSheet | None]) -> None:
        found, sheet = answer
        self.take_list(found)
        if sheet is not None:
            await self._open(sheet)
        elif found.lines:
            self.sheet = None
            self.finder.results.focus()
            if found.are_near_misses:
                self.house.refuse(found.sentence or "")
        else:
            self.sheet = None
            self.finder.field.focus()
            self.finder.field.select_all()
            self.house.refuse(found.sentence or "")
        if lookups.is_miss(found):
            self.house.note_miss(found.text, found.sentence or "")

    def take_list(self, found: Found) -> None:
        """List what a search brought, in place of whatever was listed; from there no way leads back to a page."""
        self._way_back = None
        self.found = found

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a line: a card is opened, an activity is shown whole."""
        event.stop()
        if isinstance(event.item, card_lines.CardLine):
            self.open_card(event.item.card_id)
        elif isinstance(event.item, histories.ActivityLine | histories.SpoiledLine) and self.sheet is not None:
            self.read_activity(event.item)

    def read_activity(self, line: Line) -> None:
        """Show an activity of the open card whole."""
        assert self.sheet is not None
        if isinstance(line, histories.SpoiledLine):
            self.pane.read("Activity", telling.spoiled_activity(line))
        else:
            self.pane.read("Activity", telling.whole_activity(line, self.sheet))

    def open_card(self, card_id: int) -> None:
        """Read a card and open it."""
        session = self.house.session
        self.house.ask("Opening", lambda: sheets.card_sheet(session, card_id), self._open)

    def open_card_of(self, card_id: int, come_back: Callable[[], object]) -> None:
        """Read a card and open it; whoever closes it comes back to the page that listed it."""
        self._way_back = card_id, come_back
        self.open_card(card_id)

    def come_back(self, card_id: int) -> bool:
        """Go back to the page that listed a card; whether there was one."""
        if self._way_back is None or self._way_back[0] != card_id:
            return False
        (_, come_back), self._way_back = self._way_back, None
        self.call_later(come_back)
        return True

    async def open_last(self) -> None:
        """Open the card that was open before, as from a list."""
        assert self.house.memory.last_card is not None
        self.open_card(self.house.memory.last_card)

    async def _open(self, sheet: CardSheet, *, is_beside: bool = False) -> None:  # noqa: ARG002
        """Show a card; one beside is reached from the open one, and the same customer's."""
        await self.pane.furnish()
        self.pane.close_text()
        self.sheet = sheet
        self.pane.history.focus()

    def on_paste(self, event: events.Paste) -> None:
        """A code pasted while no field has the focus is looked for at once."""
        event.stop()
        self.look_for_pasted(event.text)

    def on_search_field_pasted(self, event: SearchField.Pasted) -> None:
        """And so is one that is pasted into the search field, in place of what stood there."""
        event.stop()
        self.look_for_pasted(event.text)

    def look_for_pasted(self, text: str) -> None:
        """Look for what a pasted text tells."""
        if told := queries.pasted(text):
            self.finder.field.value = told
            self.look_for(told)
