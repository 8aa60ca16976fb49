"""The cases: the open ones of whoever looks, what they did today, and for supervisors all that are open."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from models import cases, desk
from models.agents import admit
from models.cases import MOST, CaseLine, Key, Which
from models.rules.cases import CaseOutcome
from models.rules.roles import Action, role_refusal
from models.rules.texts import NOTE
from models.unit import Outcome, Session, new_intent
from tui import case_drawing as drawing
from tui.case_drawing import Listed, Part, Row
from tui.commands import Group
from tui.conversation import LANE
from tui.keymap import keymap_of
from tui.screens.form import Field, Form
from tui.screens.handling import HandlingScreen
from tui.screens.page import Doer, Page, runs
from tui.titles import NO_FURTHER, next_of, one_before, titles_in
from tui.widgets.asking import Option, Typed
from tui.widgets.lines import Lines

_MOST_AGAIN: Final = 5 * MOST
"""So many cases of a part are read again at once, at most."""
_NOT_A_CASE: Final = "This line is no case: move to one that is."
_MINE: Final[tuple[tuple[Which, str, str], ...]] = (
    ("mine_open", "Your open cases", "You have no open case."),
    ("mine_today", "What you did today", "Nothing was done today yet."),
)
_OF_THE_DESK: Final[tuple[tuple[Which, str, str], ...]] = (
    ("open", "Open at the desk", "No case is open at the desk."),
)


class Cases(Page[None]):
    """Cases in parts, the cursor on one of them."""

    DEFAULT_CSS = """
    Cases #whole { height: 3; padding: 0 1; border-top: solid $primary-background; }
    """
    GROUP = Group.CASES
    OPENED_BY = "desk.cases"
    ALSO_ON_BAR = ("list.open", "desk.back", "desk.help")
    BINDINGS: ClassVar = runs(GROUP)
    AUTO_FOCUS = "#cases"

    _listed: Listed | None = None

    def body(self) -> ComposeResult:
        """The cases, and all about the one that the cursor is on."""
        yield Lines[Row](self._draw, id="cases")
        yield Static(id="whole", markup=False)

    def _draw(self, row: Row, width: int) -> Content:
        return drawing.row(row, width, None if self._listed is None else self._listed.business)

    @property
    def lines(self) -> Lines[Row]:
        """The cases under their titles."""
        return self.query_one("#cases", Lines)

    def on_mount(self) -> None:
        """Say where one is, and follow the cursor."""
        self.trail = "cases"
        self.watch(self.lines, "cursor", self._follow, init=False)

    def read(self) -> None:
        """Read the cases, after what is still done to them aside."""
        self._read(None)

    def _read(self, outcome: Outcome | None) -> None:
        session, read = self.house.session, {} if self._listed is None else _counted(self._listed)

        def work() -> Listed:
            sees_all = role_refusal(admit(session).role, Action.WATCH) is None
            shown = (*_MINE, *_OF_THE_DESK) if sees_all else _MINE
            return Listed(
                tuple(_part(session, *each, most=min(max(read.get(each[0], 0), MOST), _MOST_AGAIN)) for each in shown),
                session.store.business,
            )

        self.house.ask("Reading", work, partial(self._take, outcome), lane=LANE)

    def _take(self, outcome: Outcome | None, listed: Listed) -> None:
        """List them, with the cursor on the case that it was on."""
        before, self._listed = self.chosen, listed
        rows = drawing.rows(listed)
        self.lines.show(rows)
        cases = [place for place, row in enumerate(rows) if isinstance(row, CaseLine)]
        self.lines.cursor = next(iter(cases), 0)
        if before is not None:
            self.lines.seek(lambda row: isinstance(row, CaseLine) and row.id == before.id)
        self._tell()
        if outcome is not None and outcome.done:
            self.house.tell(outcome.sentence, "done")
        elif outcome is not None:
            self.house.refuse(outcome.sentence)

    def _follow(self) -> None:
        """Tell about the case that the cursor is on; near the end of what was read of its part, read on."""
        self._tell()
        listed, session = self._listed, self.house.session
        if listed is None or self.chosen is None:
            return
        part, end = listed.part_at(self.lines.cursor)
        if part.next_after is None or self.lines.cursor + self.lines.size.height < end:
            return

        def take(more: Part) -> None:
            if self._listed is listed:
                self._listed = listed.with_more(part, more)
                self.lines.renew(drawing.rows(self._listed))

        self.house.ask("Reading", partial(_part, session, part.which, part.title, part.nothing, part.next_after), take)

    def _tell(self) -> None:
        chosen, listed = self.lines.chosen, self._listed
        told = Content("") if chosen is None or listed is None else drawing.whole(chosen, listed.business)
        self.query_one("#whole", Static).update(told)
        self.dim_keys()

    @property
    def chosen(self) -> CaseLine | None:
        """The case that the cursor is on."""
        row = self.lines.chosen
        return row if isinstance(row, CaseLine) else None

    # Commands

    def refusal(self, command_id: str) -> str | None:
        """Why a command can't be used now, or None."""
        refusal = super().refusal(command_id)
        if refusal is not None or command_id not in ("cases.close", "cases.reopen"):
            return refusal
        if self.chosen is None:
            return _NOT_A_CASE
        is_open = self.chosen.closed_at is None
        if command_id == "cases.close":
            again = keymap_of(self).key("cases.reopen")
            return None if is_open else f"The case is closed already: {again} opens it again."
        is_mine = is_open and self.chosen.is_mine
        return "The case is open, and yours: Enter goes on with it." if is_mine else None

    def doers(self) -> dict[str, Doer]:
        """The commands of this page."""
        return {
            "cases.next": self._to_next,
            "cases.previous": self._to_previous,
            "cases.close": self.close_case,
            "cases.reopen": self.reopen_case,
        }

    async def _to_next(self) -> None:
        self._go(next_of(self._firsts, self.lines.cursor))

    async def _to_previous(self) -> None:
        # From within a part to its beginning, from there to the part before.
        self._go(one_before(self._firsts, self.lines.cursor))

    def _go(self, place: int) -> None:
        if place == self.lines.cursor:
            self.house.refuse(NO_FURTHER)
        self.lines.cursor = place

    @property
    def _firsts(self) -> list[int]:
        """Where the parts begin: behind their titles."""
        return [place + 1 for place in titles_in(self.lines.items)]

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a case: its card and its time line are opened on the desk."""
        event.stop()
        if isinstance(event.item, CaseLine):
            self.leave(partial(self._desk.go_on_with, event.item))
        else:
            self.house.refuse(_NOT_A_CASE)

    def leave(self, then: Callable[[], object] = lambda: None) -> None:
        """Leave the page; the case of the open card may stand otherwise."""
        self._desk.look_at_case_again()
        super().leave(then)

    @property
    def _desk(self) -> HandlingScreen:
        desk = self.house.screen_stack[0]
        assert isinstance(desk, HandlingScreen)
        return desk

    async def close_case(self) -> None:
        """Ask what a case ended with, and close it."""
        case, session, intent = self.chosen, self.house.session, new_intent()
        assert case is not None
        form = Form(
            f"Close case {case.id}",
            drawing.whole(case, session.store.business),
            (Field("text", "In a sentence", longest=NOTE),),
            confirm="Close it",
            options=[Option(each, f"{each.words[0].upper()}{each.words[1:]}") for each in CaseOutcome],
        )

        def write(typed: Typed) -> None:
            do = partial(desk.close_case, session, case.id, CaseOutcome(typed["choice"]), typed["text"], intent=intent)
            self._write(do, form)

        await self.stand(form, write)

    async def reopen_case(self) -> None:
        """Open a closed case again, or take over a colleague's: nothing is asked, for it can be undone."""
        case, session, intent = self.chosen, self.house.session, new_intent()
        assert case is not None
        self._write(partial(desk.reopen_case, session, case.id, intent=intent))

    def _write(self, do: Callable[[], Outcome], form: Form | None = None) -> None:
        def take(outcome: Outcome) -> None:
            if outcome.is_mendable and form is not None:
                self.house.refuse(outcome.sentence)
                return
            if form is not None:
                form.close()
            self._read(outcome)

        self.house.ask("Saving", do, take, can_be_left=False, lane=LANE)


def _counted(listed: Listed) -> dict[Which, int]:
    """How many cases of each part were read."""
    return {part.which: len(part.lines) for part in listed.parts}


def _part(
    session: Session, which: Which, title: str, nothing: str, after: Key | None = None, *, most: int | None = None
) -> Part:
    listed = cases.cases_listed(session, which, after, most or MOST)
    # What the customer still is to be told comes first.
    lines = sorted(listed.lines, key=lambda case: case.answered_at is None) if which == "mine_open" else listed.lines
    return Part(title, nothing, tuple(lines), which, listed.next_after)
