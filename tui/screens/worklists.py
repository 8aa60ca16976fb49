"""The part of the desk that goes through worklists: which there are, the cards on one, and the way back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.reactive import var

from models.agents import admit
from models.rules.roles import Role
from tui.keymap import keymap_of
from tui.later import finding, sheets, worklists
from tui.screens.approving import ApprovingScreen
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from models.card_lines import CardLine
    from models.finding import Found
    from models.worklists import Counted, Listed, Worklist

_MOST_AGAIN = 1_000
"""So many cards of a list are read again at once, at most."""


class WorklistScreen(ApprovingScreen, is_part=True):
    """A screen on which worklists are gone through card by card."""

    worklists: var[tuple[Counted, ...] | None] = var(None)
    """The worklists to choose from, in place of what was found; None when there is no choosing."""
    _before: tuple[Found | None, int | None] = (None, None)
    """What was listed, and the card that was open, before worklists were gone through."""

    async def show_worklists(self) -> None:
        """List the worklists, each with how much is on it."""
        if self.worklists is not None and self.finder.choice.has_focus:
            self.house.tell(f"You are here already: {keymap_of(self).key('desk.refresh')} counts again.")
            return
        if self.worklists is None and not isinstance(self.found, worklists.Listed):
            asked = self.found if self.found is not None and self.found.text == self.finder.field.value else None
            self._before = asked, self.sheet.card_id if self.sheet is not None else None
        self._count()

    def _count(self) -> None:
        session = self.house.session

        def work() -> tuple[Counted, ...]:
            return worklists.counts(session.store, admit(session).id)

        def take(counted: tuple[Counted, ...]) -> None:
            is_first = self.worklists is None
            self.let_be()
            self.pane.close_text()
            self.sheet = None
            self.worklists = counted
            if is_first and self.house.agent.role is Role.PAYMENTS:
                self.finder.choice.seek(lambda each: each.worklist is worklists.ESCALATED)
            self.finder.choice.focus()

        self.house.ask("Counting", work, take)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a worklist: its cards are listed."""
        if isinstance(event.item, worklists.Counted):
            self._list_worklist(event.item.worklist)

    def _list_worklist(self, worklist: Worklist, most: int | None = None, at: CardLine | None = None) -> None:
        """List the cards of a worklist, the cursor on a card if it is still there."""
        session = self.house.session

        def work() -> Listed:
            return worklists.cards_on(session.store, worklist, most=most or finding.MOST, agent_id=admit(session).id)

        def take(listed: Listed) -> None:
            if not listed.lines and self.worklists is not None:
                self.house.tell(listed.sentence or "")
                return
            self.worklists = None
            self.found = replace(listed, text=self.finder.field.value)
            self.finder.results.seek(lambda line: at is not None and line.card_id == at.card_id)
            self.finder.results.focus()

        self.house.ask("Looking", work, take)

    def on_lines_ending(self, event: Lines.Ending) -> None:
        """Near the end of what was read of a worklist: its next cards are read."""
        found, session = self.found, self.house.session
        if (
            event.lines is not self.finder.results
            or not isinstance(found, worklists.Listed)
            or found.next_after is None
        ):
            return
        worklist, after = found.worklist, found.next_after

        def take(more: Listed) -> None:
            if isinstance(self.found, worklists.Listed) and self.found.next_after == after:
                self.found = worklists.with_more(self.found, more)

        assert worklist is not None

        def work() -> Listed:
            return worklists.cards_on(session.store, worklist, after, agent_id=admit(session).id)

        self.house.ask("Looking", work, take)

    def read(self) -> None:
        """Read again what is shown: the open card, else the worklist, else how much is on all of them."""
        found, results = self.found, self.finder.results
        if self.sheet is None and self.worklists is not None:
            self._count()
        elif (
            found is not None
            and isinstance(found, worklists.Listed)
            and found.worklist is not None
            and (self.sheet is None or results.has_focus)
        ):
            self._list_worklist(found.worklist, self._most_of(found), results.chosen)
        else:
            super().read()

    def list_anew(self) -> None:
        """Read aside what is listed, for somebody else who has sat down: some lists are of one person."""
        session, found, counted = self.house.session, self.found, self.worklists

        def count() -> tuple[Counted, ...]:
            return worklists.counts(session.store, admit(session).id)

        def take_counts(answer: tuple[Counted, ...]) -> None:
            if self.worklists is counted:
                self.worklists = answer

        def take(listed: Listed) -> None:
            if self.found is found:
                self.found = replace(listed, text=self.finder.field.value)

        if counted is not None:
            self.house.aside("agent", count, take_counts)
        if isinstance(found, worklists.Listed) and found.worklist is not None:
            read = partial(worklists.cards_on, session.store, found.worklist, most=self._most_of(found))
            self.house.aside("agent", lambda: read(agent_id=admit(session).id), take)

    @staticmethod
    def _most_of(found: Listed) -> int:
        return min(max(len(found.lines), finding.MOST), _MOST_AGAIN)

    def leaves_worklist(self) -> bool:
        """Go from a worklist to all of them, and from there to what was before; whether there was a way back."""
        if self.worklists is not None:
            self._leave_worklists()
        elif self.found is not None and isinstance(self.found, worklists.Listed):
            self._count()
        else:
            return False
        return True

    def _leave_worklists(self) -> None:
        (self.found, card_id), self._before, session = self._before, (None, None), self.house.session
        self.worklists = None
        if self.found is not None:
            self.finder.field.value = self.found.text
        self.let_be()
        if card_id is not None:
            self.house.ask("Opening", lambda: sheets.card_sheet(session, card_id), self._open)
        else:
            (self.finder.results if self.found is not None and self.found.lines else self.finder.field).focus()

    def take_list(self, found: Found) -> None:
        """From what a search brought no way leads back to the worklists."""
        self.worklists, self._before = None, (None, None)
        super().take_list(found)
