"""The part of the desk that reads on in a card's history: aside as it is scrolled, first where a key leads there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from tui.later import histories
from tui.screens.looking import LookingScreen
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from models.histories import Extent, Line
    from tui.widgets.history import History

_LANE: Final = "history"


class RememberingScreen(LookingScreen, is_part=True):
    """A screen on which a history is as long as the journal, whatever of it was read."""

    def on_history_block_wanted(self, event: History.BlockWanted) -> None:
        """Lines come in sight: they are read aside."""
        store, extent, block = self.house.session.store, event.extent, event.block

        def give_up(sentence: str) -> None:
            self.pane.history.give_up(extent, block)
            self.house.tell(sentence)

        take = partial(self._take_block, extent, block)
        self.house.aside(_LANE, lambda: histories.read_block(store, extent, block), take, give_up)

    def on_history_extent_wanted(self, event: History.ExtentWanted) -> None:
        """How far a history goes is found out aside, unless a key waits to go there."""
        store, card_id, until, to = self.house.session.store, event.card_id, event.until, event.to

        def measure() -> Extent:
            return histories.money_activities(store, card_id, until)

        def take(extent: Extent) -> None:
            self.pane.history.take_extent(extent)
            if to is not None:
                self.pane.history.go_to(to)

        if to is None:
            self.house.aside(_LANE, measure, take, self.house.tell)
        else:
            self.house.ask("Counting", measure, take)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a line that is not at hand: it is read first."""
        from tui.widgets.history import Awaited

        if not isinstance(event.item, Awaited):
            return
        store, awaited = self.house.session.store, event.item

        def take(lines: tuple[Line, ...]) -> None:
            self._take_block(awaited.extent, awaited.block, lines)
            self.read_activity(lines[awaited.line])

        self.house.ask("Reading", lambda: histories.read_block(store, awaited.extent, awaited.block), take)

    def _take_block(self, extent: Extent, block: int, lines: tuple[Line, ...]) -> None:
        self.pane.history.take_block(extent, block, lines)
        spoiled = next((line for line in lines if isinstance(line, histories.SpoiledLine)), None)
        if spoiled is not None and self.sheet is not None and self.sheet.wrong is None:
            self.house.tell(f"{spoiled.wrong[0].upper()}{spoiled.wrong[1:]}. Escalate the card.")
