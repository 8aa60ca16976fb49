"""The fields of one product: what stands in them, which of them are shown, and below each why it won't do."""

from collections.abc import Mapping
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from models.rules.texts import NAME
from tui.product_draft import AFTER_PERIOD, EXPIRES, MONTH_END, ON_DATE, SOLD, SPENT
from tui.widgets.asking import Choice, Typed
from tui.widgets.field import OneLine
from tui.widgets.rows import Row

ROWS: Final = {
    "name": "name-row",
    "code": "code-row",
    "channels": "channels-row",
    "activation_delay_days": "start-row",
    "valid_after": "start-row",
    "period": "expires-row",
    "expires_on": "expires-row",
    "month_end": "month-end-row",
    "reminders": "reminders-row",
    "spend_channels": "spent-row",
    "spend_places": "spent-row",
}
"""Field -> the row that says what is wrong with it, from top to bottom."""
_OPTIONS: Final = {"channels": SOLD, "spend_channels": SPENT, "expires": EXPIRES, "month_end": MONTH_END}
_LONGEST: Final = 40
_ALL_PLACES: Final = 4_000


class ProductFields(Vertical):
    """Name, where it is sold, the rules of validity, reminders."""

    DEFAULT_CSS = """
    ProductFields { height: auto; }
    ProductFields #expires { width: 28; }
    ProductFields #spend_channels { width: 26; }
    ProductFields #activation_delay_days { width: 8; }
    """

    def __init__(self, began: Typed, *, is_new: bool, is_closed: bool) -> None:
        """Begin with what stands in each field; closed fields are for those who may only look."""
        super().__init__()
        self._began = began
        self._is_new = is_new
        self._is_closed = is_closed

    def compose(self) -> ComposeResult:
        """A row for each thing that is decided."""
        yield Row("Name", self._field("name", longest=NAME), id="name-row")
        if self._is_new:
            yield Row("Short name", self._field("code", placeholder="half-year"), id="code-row")
        yield Row("Sold", self._choice("channels"), id="channels-row")
        yield Row(
            "Active after",
            self._field("activation_delay_days"),
            "days, and not before",
            self._field("valid_after", "short", placeholder="no date"),
            id="start-row",
        )
        yield Row(
            "Balance expires",
            self._choice("expires"),
            self._field("period", placeholder="6 months"),
            self._field("expires_on", placeholder="31 Dec 2027"),
            id="expires-row",
        )
        yield Row("Last day", self._choice("month_end"), id="month-end-row")
        yield Row(
            "Reminders",
            self._field("reminders", placeholder="none, or 2 weeks, 3 days", longest=NAME),
            "before the last day",
            id="reminders-row",
        )
        yield Row(
            "Spent",
            self._choice("spend_channels"),
            "at",
            self._field("spend_places", placeholder="all places, or Leeds, York", longest=_ALL_PLACES),
            id="spent-row",
        )

    def _field(self, id_: str, classes: str = "", placeholder: str = "", longest: int = _LONGEST) -> OneLine:
        return OneLine(
            self._began[id_],
            id=id_,
            classes=classes,
            placeholder=placeholder,
            max_length=longest,
            select_on_focus=False,
            disabled=self._is_closed,
        )

    def _choice(self, id_: str) -> Choice:
        choice = Choice(_OPTIONS[id_], id=id_)
        choice.set_reactive(Choice.index, choice.place(self._began[id_]))
        choice.disabled = self._is_closed
        return choice

    @property
    def choices(self) -> list[Choice]:
        """The fields of which one of a few is chosen."""
        return list(self.query(Choice))

    @property
    def typed(self) -> dict[str, str]:
        """What stands in each field."""
        return {each.id or "": each.value for each in (*self.query(Input), *self.choices)}

    def put(self, values: Typed) -> None:
        """Let these values stand in their fields."""
        for field in self.query(Input):
            field.value = values.get(field.id or "", field.value)
        for choice in self.choices:
            choice.index = choice.place(values.get(choice.id or "", choice.value))

    def follow(self, wrong: Mapping[str, str]) -> None:
        """Show the fields that what is chosen asks for, and say what is wrong with each."""
        expires = self.query_one("#expires", Choice).value
        self.query_one("#period").display = expires == AFTER_PERIOD
        self.query_one("#month-end-row").display = expires == AFTER_PERIOD
        self.query_one("#expires_on").display = expires == ON_DATE
        for row in self.query(Row):
            complaint = " ".join(sentence for field, sentence in wrong.items() if ROWS[field] == row.id)
            row.complain(complaint)
            if complaint and row.has_focus_within:
                row.call_after_refresh(row.scroll_visible, animate=False)
