"""The watch: alarms about reactivations, own cards that were tried, and cards of people like those of the desk."""

from functools import partial

from textual.app import ComposeResult
from textual.content import Content

from models import desk, watching
from models.errors import Refused
from models.favours import Kin, OwnCard
from models.rules.roles import Action
from models.rules.validity import BusinessTime
from models.watching import Watch
from tui import watch_drawing as drawing
from tui.commands import Group
from tui.screens.finding import FindingScreen
from tui.screens.page import Page
from tui.watch_drawing import Row
from tui.widgets.lines import Lines


class Watching(Page[None]):
    """Everything that wants a supervisor's eye, in parts."""

    GROUP = Group.LISTS
    SEEN_BY = Action.WATCH
    ALSO_ON_BAR = ("list.open", "desk.back", "desk.help")
    AUTO_FOCUS = "#watch"

    _business: BusinessTime | None = None

    def body(self) -> ComposeResult:
        """The lines under their titles."""
        yield Lines[Row](self._draw, id="watch")

    def _draw(self, row: Row, width: int) -> Content:
        return drawing.row(row, width, self._business)

    def on_mount(self) -> None:
        """Say where one is."""
        self.trail = "watch"

    def read(self) -> None:
        """Read what there is to see; what is shown was seen from then on."""
        session = self.house.session

        def work() -> Watch:
            seen = watching.watch(session)
            if seen.new:
                outcome = desk.see_alarms(session)
                if not outcome.done:
                    raise Refused(outcome.sentence)
            return seen

        self.house.ask("Reading", work, self._take)

    def _take(self, seen: Watch) -> None:
        self._business = self.house.session.store.business
        lines = self.query_one("#watch", Lines)
        lines.show(drawing.rows(seen))
        lines.cursor = 1 if seen.alarms else 0

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a card's line opens the card on the desk."""
        event.stop()
        if isinstance(event.item, OwnCard | Kin):
            below = self.house.screen_stack[0]
            assert isinstance(below, FindingScreen)
            self.leave(partial(below.open_card, event.item.card_id))
        else:
            self.house.refuse("This line is about no card.")
