"""The watch: alarms, who tries codes, own cards that were tried, and cards of people like those of the desk."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.content import Content

from models import desk, watching
from models.errors import Refused
from models.favours import Kin, OwnCard
from models.lookers import Looker
from models.rules.roles import Action
from models.rules.validity import BusinessTime
from models.unit import Outcome, new_intent
from models.watching import Alarm, Watch
from tui import watch_drawing as drawing
from tui.commands import Group
from tui.screens.decisions import REASON
from tui.screens.finding import FindingScreen
from tui.screens.form import Form
from tui.screens.page import Doer, Page, runs
from tui.watch_drawing import Row
from tui.widgets.asking import Typed
from tui.widgets.lines import Lines

_NOT_A_LOOKER: Final = "This line is about nobody's looks for codes."
_WHAT_LIFTS: Final = "What they missed until now counts no more."


class Watching(Page[None]):
    """Everything that wants a supervisor's eye, in parts."""

    GROUP = Group.WATCH
    OPENED_BY = "desk.watch"
    SEEN_BY = Action.WATCH
    ALSO_ON_BAR = ("list.open", "desk.back", "desk.help")
    BINDINGS: ClassVar = runs(GROUP)
    AUTO_FOCUS = "#watch"

    _business: BusinessTime | None = None

    def body(self) -> ComposeResult:
        """The lines under their titles."""
        yield Lines[Row](self._draw, id="watch")

    def _draw(self, row: Row, width: int) -> Content:
        return drawing.row(row, width, self._business)

    @property
    def lines(self) -> Lines[Row]:
        """What there is to see under its titles."""
        return self.query_one("#watch", Lines)

    def on_mount(self) -> None:
        """Say where one is, and follow the cursor."""
        self.trail = "watch"
        self.watch(self.lines, "cursor", self.dim_keys, init=False)

    def read_by_itself(self) -> None:
        """Nothing: what is read counts as seen."""

    def read(self) -> None:
        """Read what there is to see; what is shown was seen from then on."""
        self._read(lambda: None)

    def _read(self, then: Callable[[], None]) -> None:
        session = self.house.session

        def work() -> Watch:
            seen = watching.watch(session)
            if seen.new:
                outcome = desk.see_alarms(session)
                if not outcome.done:
                    raise Refused(outcome.sentence)
            return seen

        def take(seen: Watch) -> None:
            self._take(seen)
            then()

        self.house.ask("Reading", work, take)

    def _take(self, seen: Watch) -> None:
        self._business = self.house.session.store.business
        before = self.lines.chosen
        rows = drawing.rows(seen)
        self.lines.show(rows)
        self.lines.cursor = next((place for place, row in enumerate(rows) if isinstance(row, Alarm | Looker)), 0)
        if isinstance(before, Looker):
            self.lines.seek(lambda row: isinstance(row, Looker) and row.login == before.login)
        self.dim_keys()

    def refusal(self, command_id: str) -> str | None:
        """Why a command can't be used now, or None."""
        refusal = super().refusal(command_id)
        if refusal is not None or command_id != "watch.lift":
            return refusal
        return None if isinstance(self.lines.chosen, Looker) else _NOT_A_LOOKER

    def doers(self) -> Mapping[str, Doer]:
        """The command of this page."""
        return {"watch.lift": self.lift}

    async def lift(self) -> None:
        """Ask why a colleague may look for codes again, and let them."""
        looker, session, intent = self.lines.chosen, self.house.session, new_intent()
        assert isinstance(looker, Looker)
        form = Form(f"Let {looker.agent} look for codes again", _WHAT_LIFTS, (REASON,), confirm="Lift")

        def write(typed: Typed) -> None:
            work = partial(desk.lift_lookups, session, looker.login, typed["reason"], intent=intent)
            self.house.ask("Saving", work, take, can_be_left=False)

        def take(outcome: Outcome) -> None:
            if outcome.is_mendable:
                self.house.refuse(outcome.sentence)
                return
            form.close()
            if outcome.done:
                self._read(lambda: self.house.tell(outcome.sentence, "done"))
            else:
                self._read(lambda: self.house.refuse(outcome.sentence))

        await self.stand(form, write)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a card's line opens the card on the desk."""
        event.stop()
        if isinstance(event.item, OwnCard | Kin):
            below = self.house.screen_stack[0]
            assert isinstance(below, FindingScreen)
            self.leave(partial(below.open_card, event.item.card_id))
        else:
            self.house.refuse("This line is about no card.")
