"""Whether the database answers: what is shown meanwhile is marked as old, and the desk comes back by itself."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from textual.screen import ModalScreen

from models.pending import CutOff, cut_offs, forget
from tui import drawing
from tui.alarming import AlarmedApp
from tui.screens.page import Page
from tui.widgets.bars import TopBar

if TYPE_CHECKING:
    from tui.messages import Seen

_ASK_AGAIN_SECONDS: Final = (2.0, 4.0)
"""From when to when it is tried again: not by all desks at once."""
_BACK: Final = "The database answers again."


class ReachingApp(AlarmedApp, is_part=True):
    """An app whose database may be out of reach for a while: one of several servers takes over, or a wire is cut."""

    _answered = ""
    """When it answered last, as clocks show it."""

    def attend(self, seen: Seen) -> bool:
        """Take note of whether the database answered, and of who works here."""
        if seen.session is self.session and not self._is_ending:
            self._hear(is_answered=not seen.is_unanswered)
        return super().attend(seen)

    def _hear(self, *, is_answered: bool) -> None:
        store = self.session.store
        if is_answered or not self._answered:
            self._answered = drawing.clock_face(store.clock.now(), store.business)
        if is_answered and self.silence:
            self._mark("")
            self._come_back()
        elif not is_answered and not self.silence:
            self._mark(f"as of {self._answered}: no database")
            self._ask_in_a_while()

    def _mark(self, silence: str) -> None:
        self.silence = silence
        for page in self.screen_stack:
            if isinstance(page, Page) and page.query(TopBar):  # else it will have a look when it is there
                page.judge_anew()

    def _ask_in_a_while(self) -> None:
        def ask() -> None:
            self.aside("reach", lambda: None, lambda _nothing: self._ask_in_a_while() if self.silence else None)

        self.set_timer(random.uniform(*_ASK_AGAIN_SECONDS), ask)

    def _come_back(self) -> None:
        """Ask what became of what was being saved, and tell it; read again what is shown, unless somebody just did."""
        store, is_shown_anew = self.session.store, self.is_awaiting

        def take(cut: tuple[CutOff, ...]) -> None:
            self._say(" ".join(f"This desk was cut off during '{each.action}'. {each.sentence}" for each in cut))
            forget(cut)

        self.aside("reach", lambda: cut_offs(store), take)
        if is_shown_anew:
            return
        if not (self.is_covered or isinstance(self.screen, ModalScreen)):
            self.page.read_by_itself()
        self._say(_BACK)

    def _say(self, sentence: str) -> None:
        """Tell something, behind what is awaited."""
        if sentence and self.is_awaiting:
            self.to_be_said = sentence
        elif sentence:
            self.tell(sentence)
