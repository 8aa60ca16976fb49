"""The card pane: face, verdict and history of one card, which stand there from the first card on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.reactive import var

from tui import drawing
from tui.keymap import keymap_of
from tui.later import case_drawing, histories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widget import AwaitMount, Widget

    from models.cases import CaseLine
    from models.histories import Line
    from models.sheets import CardSheet
    from tui.widgets.card_parts import CardFace, VerdictBox
    from tui.widgets.heading import Heading
    from tui.widgets.history import History
    from tui.widgets.scrolling import Text


def _shown(sheet: CardSheet) -> tuple[object, ...]:
    """Which journal a sheet shows, and up to when."""
    return sheet.card_id, sheet.version, sheet.as_of


class CardPane(Vertical):
    """One card. Its sheet is set from outside, once it is furnished; everything below repaints itself."""

    DEFAULT_CSS = """
    CardPane { height: 1fr; }
    CardPane #text { display: none; height: 1fr; padding: 0 1; }
    CardPane.-reading #text { display: block; }
    CardPane.-reading #history { display: none; }
    """
    sheet: var[CardSheet | None] = var(None)
    case: var[CaseLine | None] = var(None)
    """The case of the card, as far as it is known."""
    shows_all: var[bool] = var(False)
    """All activities, or only those that moved money."""

    face: CardFace
    verdict_heading: Heading
    verdict: VerdictBox
    history_heading: Heading
    history: History
    """The list of activities."""
    text: Text
    """What stands in place of it."""
    _mounting: AwaitMount | None = None
    _is_furnished = False

    async def furnish(self) -> None:
        """Put its parts into it, unless they are there: a card needs them, and nothing else does."""
        if self._mounting is None:
            self._mounting = self.mount(*self._parts())
        if not self._is_furnished:
            await self._mounting
            self._is_furnished = True

    def _parts(self) -> Sequence[Widget]:
        from tui.widgets.card_parts import CardFace, VerdictBox
        from tui.widgets.heading import Heading
        from tui.widgets.history import History
        from tui.widgets.scrolling import Text

        self.face, self.verdict = CardFace(), VerdictBox()
        self.verdict_heading = Heading("Verdict", id="verdict-heading")
        self.history_heading = Heading("History", id="history-heading")
        self.history, self.text = History(self._draw, id="history"), Text(id="text")
        return self.face, self.verdict_heading, self.verdict, self.history_heading, self.history, self.text

    @property
    def heading(self) -> str:
        """What the history, or what stands in its place, is headed with."""
        return self.history_heading.label

    @property
    def is_reading(self) -> bool:
        """Whether a text stands in place of the history."""
        return self.has_class("-reading")

    def _draw(self, line: Line, width: int) -> Content:
        assert self.sheet is not None
        if isinstance(line, histories.SpoiledLine):
            return drawing.spoiled_line(line)
        return drawing.history_line(line, self.sheet.currency, self.sheet.business, width)

    def watch_sheet(self, before: CardSheet | None, sheet: CardSheet | None) -> None:
        """Show another card, or the same one changed; a countdown alone leaves the history as it is."""
        if before is None and sheet is None:
            return  # the first of all, when there is nothing yet that could show it
        self.face.sheet = self.verdict.sheet = sheet
        self._head_verdict(sheet)
        if sheet is None:
            self.history.show_nothing()
        elif before is None or _shown(before) != _shown(sheet):
            self._fill()

    def watch_case(self) -> None:
        """Say in which case the card is in hand."""
        if self.sheet is not None:
            self._head_verdict(self.sheet)

    def _head_verdict(self, sheet: CardSheet | None) -> None:
        """Say of which time the card is shown, when that is not the present; else in which case it is in hand."""
        is_past = sheet is not None and sheet.as_of is not None
        heading = self.verdict_heading
        heading.set_class(is_past, "-another-time")
        case = "" if self.case is None else case_drawing.hint(self.case, keymap_of(self).key("card.case_line"))
        heading.label, heading.hint = drawing.verdict_heading(sheet), "present: Esc" if is_past else case

    def watch_shows_all(self) -> None:
        """Switch between the two histories."""
        self._fill()

    def _fill(self) -> None:
        self.close_text()
        if self.sheet is None:
            return
        self.history.show_sheet(self.sheet, is_money=not self.shows_all)
        self._head_history()

    def _head_history(self) -> None:
        heading = self.history_heading
        heading.label = "All activities" if self.shows_all else "History"
        heading.hint = f"{'money' if self.shows_all else 'all'}: {keymap_of(self).key('card.history')}"

    def read(self, heading: str, text: str, hint: str = "back: Esc") -> None:
        """Show a text in place of the history."""
        self.text.show(text)
        self.add_class("-reading")
        self.history_heading.label, self.history_heading.hint = heading, hint
        self.text.focus()

    def close_text(self) -> None:
        """Bring the history back."""
        if not self.is_reading:
            return
        self.remove_class("-reading")
        self.text.show("")
        self._head_history()
        self.history.focus()
