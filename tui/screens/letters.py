"""Reminder e-mails: what goes in the next days and to whom, who can't be reminded, and what waits for somebody."""

from functools import partial
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from models.fates import Fate
from models.forecast import DAYS, MOST_DAYS, Planned, forecast
from models.previews import texts_held
from models.reminding import ReminderLine, count_unsettled, unsettled
from tui import letter_drawing as drawing
from tui.commands import Group
from tui.letter_drawing import Outlined, Rest, Row
from tui.screens.finding import FindingScreen
from tui.screens.letter_texts import LetterTexts
from tui.screens.page import Doer, Page, runs
from tui.titles import NO_FURTHER, Title, next_of, one_before, titles_in
from tui.widgets.lines import Lines

_NOT_A_CARD: Final = "This line is no card: move to one that is."


class Letters(Page[None]):
    """The forecast of reminder e-mails, and those that nobody settled yet."""

    DEFAULT_CSS = """
    Letters #summary { height: auto; max-height: 2; padding: 0 1; }
    Letters #whole { height: 4; padding: 0 1; border-top: solid $primary-background; }
    """
    GROUP = Group.LETTERS
    OPENED_BY = "desk.letters"
    ALSO_ON_BAR = ("list.open", "desk.back", "desk.help")
    BINDINGS: ClassVar = runs(GROUP)
    AUTO_FOCUS = "#forecast"

    _days = DAYS
    _outlined: Outlined | None = None

    def body(self) -> ComposeResult:
        """What there is to know at once, the lines, and all of the one that the cursor is on."""
        yield Static(id="summary", markup=False)
        yield Lines[Row](lambda row, width: drawing.line(self._outlined, row, width), id="forecast")
        yield Static(id="whole", markup=False)

    @property
    def lines(self) -> Lines[Row]:
        """The days and their reminders."""
        return self.query_one("#forecast", Lines)

    def on_mount(self) -> None:
        """Say where one is, and follow the cursor."""
        self.trail = "reminder e-mails"
        self.watch(self.lines, "cursor", self._tell, init=False)

    def read(self) -> None:
        """Read what goes in the next days, and what nobody settled yet."""
        session, days = self.house.session, self._days
        store = session.store

        def work() -> Outlined:
            fates = tuple(Fate)
            return Outlined(forecast(session, days), unsettled(store, fates), count_unsettled(store), store.business)

        self.house.ask("Reading", work, self._take)

    def _take(self, outlined: Outlined) -> None:
        cursor = self.lines.cursor if self._outlined is not None else 0
        self._outlined = outlined
        rows = drawing.rows(outlined)
        self.query_one("#summary", Static).update(drawing.summary(outlined))
        self.lines.show(rows)
        self.lines.cursor = min(cursor, len(rows) - 1)
        self._tell()

    def _tell(self) -> None:
        chosen = self.lines.chosen
        told = Content("") if chosen is None or self._outlined is None else drawing.whole(self._outlined, chosen)
        self.query_one("#whole", Static).update(told)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a line: its card is opened on the desk."""
        event.stop()
        row = event.item
        if not isinstance(row, Planned | ReminderLine):
            self.house.refuse(_NOT_A_CARD)
        else:
            self.leave(partial(self._desk.open_card, row.card_id))

    def refusal(self, command_id: str) -> str | None:
        """Why a command can't be used now, or None."""
        if command_id == "letters.more" and self._days >= MOST_DAYS:
            return f"A forecast is for {MOST_DAYS} days at most."
        return super().refusal(command_id)

    def doers(self) -> dict[str, Doer]:
        """The commands of this page."""
        return {
            "letters.more": self._more,
            "letters.texts": self._texts,
            "letters.next": self._to_next,
            "letters.previous": self._to_previous,
        }

    async def _to_next(self) -> None:
        self._go(next_of(titles_in(self.lines.items), self.lines.cursor))

    async def _to_previous(self) -> None:
        self._go(one_before(titles_in(self.lines.items), self.lines.cursor))

    def _go(self, place: int) -> None:
        if place == self.lines.cursor:
            self.house.refuse(NO_FURTHER)
        self.lines.cursor = place

    async def _more(self) -> None:
        self._days = min(MOST_DAYS, self._days + DAYS)
        self.dim_keys()
        self.read()

    async def _texts(self) -> None:
        house = self.house
        house.ask(
            "Reading",
            partial(texts_held, house.session),
            lambda held: house.push_screen(LetterTexts(held, self._card_to_show)),
        )

    @property
    def _card_to_show(self) -> int | None:
        """The card for which a text is shown filled: that of the cursor's line, else the one open on the desk."""
        row, sheet = self.lines.chosen, self._desk.sheet
        if row is None or isinstance(row, Title | Rest):
            return None if sheet is None else sheet.card_id
        return row.card_id

    @property
    def _desk(self) -> FindingScreen:
        desk = self.house.screen_stack[0]
        assert isinstance(desk, FindingScreen)
        return desk
