"""The half of the desk that finds, as somebody types: help, what the letters bring so far, and further pages."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.reactive import var
from textual.timer import Timer
from textual.widgets import Input

from models.rules.ways import WAYS
from models.stopping import Stop
from tui.later import finding, lookup_rules, queries, worklists
from tui.screens.finding import FindingScreen
from tui.widgets.bars import Notice
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from models.finding import Found
    from models.search.searching import Key

REST_SECONDS: Final = 0.15
"""So long nothing is typed before it is looked for what the letters bring."""
_LANE: Final = "find"
_SHORTEST: Final = 2


class LookingScreen(FindingScreen, is_part=True):
    """A screen on which typing shows what can be typed, and what it brings.

    Nothing that is shown by itself changes what a key means: Enter looks for all of it, and Down goes into a list only
    when it belongs to what stands in the field; else it does what Enter does.
    """

    hint: var[str] = var(WAYS)
    """Help for what is being typed."""
    live: var[Found | None] = var(None)
    """What the letters in the field bring; None while nothing of that is shown."""
    _asked = ""
    """The text that was last asked about with Enter, or that was answered by itself."""
    _stop = Stop()
    _rest: Timer | None = None
    _page: Key | None = None
    """Behind which card the page begins that is being read."""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another letter: the answer to the one before is not wanted any more."""
        text, store = event.value, self.house.session.store
        today = store.business.date_of(store.clock.now())
        # A character alone changes nothing of it: what reads queries is not imported for the first one.
        self.hint = queries.hint(text, today) if len(text) >= _SHORTEST else WAYS
        if text == self._asked:
            return
        self._ask_no_more("")
        if self.house.shows_while_typing and _is_searched_at_once(text, today):
            # What the letters before brought stays until then: most of it will stand there again.
            self._rest = self.set_timer(REST_SECONDS, partial(self._look_aside, text, self._stop))
        else:
            self.live = None

    def let_be(self) -> None:
        """Something else was listed: nobody asks any more for what stands in the field, or stood there before."""
        text = self.finder.field.value
        self._ask_no_more(text)
        self.live = None
        if self.found is not None and self.found.text != text:
            self.found = None
        self.finder.list_found()

    def look_for(self, text: str) -> None:
        """Find cards; the one that answers to a code is opened at once."""
        self._ask_no_more(text)
        super().look_for(text)

    def take_list(self, found: Found) -> None:
        """List what a search brought in place of what its letters did; go on where the first page ended early."""
        super().take_list(found)
        self.live = None
        self._look_further()

    def _ask_no_more(self, asked: str) -> None:
        """End what is under way by itself: something else is asked for, or nothing."""
        self._stop.now()
        self._stop, self._page, self._asked = Stop(), None, asked
        if self._rest is not None:
            self._rest.stop()

    def _look_aside(self, text: str, stop: Stop) -> None:
        """Look for what letters bring, but never for a code: only Enter does that."""
        store = self.house.session.store
        if stop.is_called:
            return

        def work() -> Found:
            with store.database.stoppable(stop):
                return finding.find(store, text, by_code=False)

        def take(found: Found) -> None:
            if not stop.is_called and self.finder.field.has_focus:
                self._asked, self.live = text, found
                if found.lines:
                    self.query_one(Notice).forget_refusal()
                self._look_further()

        self.house.aside(_LANE, work, take)

    # Into the list

    def action_into_list(self) -> None:
        """Down from the field: into the list, where it is what the field asks for; else that is looked for first."""
        text = self.finder.field.value
        if text.strip() and not self._is_listed(text):
            self.look_for(text)
            return
        self._settle()
        self.finder.enter_list()

    def _is_listed(self, text: str) -> bool:
        """Whether a text was answered by what is listed; what fewer letters brought may stand there still."""
        if self.live is not None:
            return self.live.text == text
        return text == self._asked or (self.found is not None and self.found.text == text)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter in what the letters brought."""
        if event.lines is self.finder.results:
            self._settle()

    def _settle(self) -> None:
        """What the letters brought is what was found, from here on."""
        if self.live is not None and self.live.lines:
            self.sheet = None
            self.take_list(self.live)

    # Page by page

    def on_lines_ending(self, event: Lines.Ending) -> None:
        """Near the end of what is listed, the next page is read."""
        if event.lines is self.finder.results:
            self._read_on()

    def _look_further(self) -> None:
        """Read on by itself while what is listed does not fill the screen."""
        if self.finder.results.is_ending:
            self._read_on()

    def _read_on(self) -> None:
        found, stop, store = self.finder.shown, self._stop, self.house.session.store
        if found is None or isinstance(found, worklists.Listed) or found.next is None or found.next == self._page:
            return
        self._page = after = found.next

        def work() -> Found:
            with store.database.stoppable(stop):
                return finding.find(store, found.text, after=after, by_code=False)

        def take(more: Found) -> None:
            shown = self.finder.shown
            if stop.is_called or shown is None or shown.next != after:
                return
            self._page = None
            if shown is self.live:
                self.live = finding.with_more(shown, more)
            else:
                self.found = finding.with_more(shown, more)
            self._look_further()

        self.house.aside(_LANE, work, take, self._tell_wrong)

    def _tell_wrong(self, sentence: str) -> None:
        self._page = None
        self.house.tell(sentence)


def _is_searched_at_once(text: str, today: date) -> bool:
    """Whether letters are words or filters that can be looked for, and can't be meant as a code."""
    if len(text) < _SHORTEST:
        return False
    query = queries.read_query(text, today)
    return len(query.text) >= _SHORTEST and query.complaint is None and lookup_rules.meant_code(text) is None
