"""What becomes of a card: on a line of cells when it is bought on a day, and what its people are told."""

import textwrap
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Input, Static

from models.rules.announcing import Announcement, announce
from models.rules.dates import read_day
from models.rules.errors import RuleError
from models.rules.validity import BusinessTime, Period, ValidityRules
from tui import time_line
from tui.pieces import joined, piece
from tui.widgets.asking import Asked
from tui.widgets.field import OneLine
from tui.widgets.heading import Heading
from tui.widgets.rows import Row

Sold = tuple[ValidityRules, tuple[Period, ...], str | None]
"""The rules and the reminders under which a card is sold, and where alone it can be spent."""

_LABEL = "$foreground 70%"
_LABEL_CELLS = 12
_MARGINS = 3  # one cell at each side, the scroll bar
_NARROWEST = 20
_NOON = timedelta(hours=12)
_MEND_FIRST = "Shown once what is marked above can be saved."


class CardPreview(Vertical):
    """A card bought today or on any day, under rules that are set from outside."""

    DEFAULT_CSS = """
    CardPreview { height: 1fr; min-height: 4; }
    CardPreview Row { padding: 0 1; }
    CardPreview Row .label { width: 8; }
    CardPreview Row .wrong { padding-left: 8; }
    CardPreview Asked { height: 1fr; scrollbar-size-vertical: 1; padding: 0 1; }
    CardPreview #told { height: auto; }
    """
    sold: reactive[Sold | None] = reactive(None, init=False)
    """None while the rules can't be saved."""

    def __init__(self, business: BusinessTime, now: datetime) -> None:
        """Show days of a business; today is the date of an instant (UTC)."""
        super().__init__()
        self._business = business
        self._now = now
        self._shown = Content("")

    def compose(self) -> ComposeResult:
        """Two dates to type, and what comes of them."""
        yield Heading("Preview", id="preview-heading")
        yield Row(
            "Bought",
            OneLine(id="bought", placeholder="today", classes="short", max_length=30),
            "Topped up",
            OneLine(id="topped_up", placeholder="never", classes="short", max_length=30),
            id="days",
        )
        with Asked():
            yield Static("", id="told", markup=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow the dates."""
        event.stop()
        self.draw()

    def on_resize(self) -> None:
        """Draw at the other width."""
        self.draw()

    def watch_sold(self) -> None:
        """Follow the rules."""
        self.draw()

    def go_on(self, now: datetime) -> None:
        """It is another instant (UTC): today may be another day."""
        self._now = now
        self.draw()

    def page(self, way: int) -> None:
        """Scroll what does not fit."""
        asked = self.query_one(Asked)
        asked.scroll_relative(y=way * asked.size.height, animate=False)

    def draw(self) -> None:
        """Say what becomes of the card, or why none can be sold on such days."""
        wrong = ""
        try:
            told = self._told()
        except RuleError as complaint:
            told, wrong = Content(""), str(complaint)
        self.query_one("#days", Row).complain(wrong)
        if not told.is_same(self._shown):
            is_higher = told.plain.count("\n") != self._shown.plain.count("\n")
            self._shown = told
            # Its lines are broken already: it costs a layout only when there are more or fewer of them.
            self.query_one("#told", Static).update(told, layout=is_higher)

    def _told(self) -> Content:
        today = self._business.date_of(self._now)
        bought_on = _read(self.query_one("#bought", Input).value, today) or today
        topped_up_on = _read(self.query_one("#topped_up", Input).value, today)
        if self.sold is None:
            return piece(_MEND_FIRST, _LABEL)
        rules, leads, where = self.sold
        topped_up_at = None if topped_up_on is None else self._at(topped_up_on)
        told = announce(rules, leads, self._at(bought_on), self._business, topped_up_at, where)
        return self._drawn(told, bought_on, topped_up_on)

    def _at(self, day: date) -> datetime:
        """Somewhere within a day, UTC: today it is the present instant, on any other day noon."""
        if day == self._business.date_of(self._now):
            return self._now
        return self._business.start_of(day) + _NOON

    def _drawn(self, told: Announcement, bought_on: date, topped_up_on: date | None) -> Content:
        width = max(_NARROWEST, self.size.width - _MARGINS)
        shown = time_line.marks(told, bought_on, topped_up_on, self._business)
        texts = [
            ("Web shop", told.web_line),
            ("Buyer", told.buyer_line),
            *([] if told.top_up_line is None else [("Top-up", told.top_up_line)]),
            ("Gift e-mail", told.gift_email),
            ("On cards", told.print_line),
        ]
        return joined(
            (
                time_line.axis(shown, told.active_from_on, told.last_day_on is None, width),
                time_line.legend(shown, width),
                *(line for label, text in texts for line in _labelled(label, text, width)),
            )
        )


def _read(text: str, today: date) -> date | None:
    """A date as it is typed; nothing is None."""
    if not text.strip() or text.strip().casefold() == "never":
        return None
    return today if text.strip().casefold() == "today" else read_day(text)


def _labelled(label: str, text: str, width: int) -> Iterator[Content]:
    """A text of as many lines as it needs, beside its label."""
    for place, line in enumerate(textwrap.wrap(text, max(_NARROWEST, width - _LABEL_CELLS))):
        lead = label if place == 0 else ""
        yield Content.assemble(piece(lead.ljust(_LABEL_CELLS), _LABEL), piece(line))
