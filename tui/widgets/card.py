"""The card pane: face, verdict and history of one card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive, var
from textual.widget import Widget

from tui import drawing
from tui.keymap import keymap_of
from tui.later import case_drawing, hand_overs, histories
from tui.widgets.history import History
from tui.widgets.scrolling import Text

if TYPE_CHECKING:
    from models.cases import CaseLine
    from models.histories import Line
    from models.sheets import CardSheet


class CardFace(Widget):
    """Who, how much, until when: lines that never move."""

    DEFAULT_CSS = "CardFace { height: auto; padding: 0 1; text-wrap: nowrap; }"
    sheet: reactive[CardSheet | None] = reactive(None)

    def render(self) -> Content:
        """The lines."""
        return Content("") if self.sheet is None else drawing.card_face(self.sheet, *self.size)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as there is room for."""
        return drawing.face_lines(width, viewport.height)


class VerdictBox(Widget):
    """What was found and what to do."""

    DEFAULT_CSS = "VerdictBox { height: auto; min-height: 3; max-height: 6; padding: 0 1; }"
    sheet: reactive[CardSheet | None] = reactive(None, layout=True)

    def render(self) -> Content:
        """The sentence."""
        return self.told

    @property
    def told(self) -> Content:
        """All of it, also what does not fit."""
        if self.sheet is None:
            return Content("")
        keys = keymap_of(self)
        beneath = hand_overs.beneath_the_verdict(self.sheet, keys.key("card.escalate"), keys.key("card.escalation"))
        return drawing.verdict(self.sheet, beneath)


class Heading(Widget):
    """A line across with a heading in it."""

    DEFAULT_CSS = """
    Heading { height: 1; text-wrap: nowrap; }
    Heading.-another-time { text-style: reverse; }
    """
    label: reactive[str] = reactive("")
    hint: reactive[str] = reactive("")

    def __init__(self, label: str, *, id: str | None = None) -> None:
        """Begin with a heading."""
        super().__init__(id=id)
        self.set_reactive(Heading.label, label)

    def render(self) -> Content:
        """The line."""
        return drawing.rule(self.label, self.size.width, self.hint)


def _shown(sheet: CardSheet) -> tuple[object, ...]:
    """Which journal a sheet shows, and up to when."""
    return sheet.card_id, sheet.version, sheet.as_of


class CardPane(Vertical):
    """One card. Its sheet is set from outside; everything below repaints itself."""

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

    def compose(self) -> ComposeResult:
        """The parts from top to bottom."""
        yield CardFace().data_bind(CardPane.sheet)
        yield Heading("Verdict", id="verdict-heading")
        yield VerdictBox().data_bind(CardPane.sheet)
        yield Heading("History", id="history-heading")
        yield History(self._draw, id="history")
        yield Text(id="text")

    @property
    def history(self) -> History:
        """The list of activities."""
        return self.query_one(History)

    @property
    def heading(self) -> str:
        """What the history, or what stands in its place, is headed with."""
        return self.query_one("#history-heading", Heading).label

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
        self._head_verdict(sheet)
        if sheet is None:
            self.history.show_nothing()
        elif before is None or _shown(before) != _shown(sheet):
            self._fill()

    def watch_case(self) -> None:
        """Say in which case the card is in hand."""
        self._head_verdict(self.sheet)

    def _head_verdict(self, sheet: CardSheet | None) -> None:
        """Say of which time the card is shown, when that is not the present; else in which case it is in hand."""
        is_past = sheet is not None and sheet.as_of is not None
        heading = self.query_one("#verdict-heading", Heading)
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
        heading = self.query_one("#history-heading", Heading)
        heading.label = "All activities" if self.shows_all else "History"
        heading.hint = f"{'money' if self.shows_all else 'all'}: {keymap_of(self).key('card.history')}"

    def read(self, heading: str, text: str, hint: str = "back: Esc") -> None:
        """Show a text in place of the history."""
        self.query_one(Text).show(text)
        self.add_class("-reading")
        line = self.query_one("#history-heading", Heading)
        line.label, line.hint = heading, hint
        self.query_one(Text).focus()

    def close_text(self) -> None:
        """Bring the history back."""
        if not self.is_reading:
            return
        self.remove_class("-reading")
        self.query_one(Text).show("")
        self._head_history()
        self.history.focus()
