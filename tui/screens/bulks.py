"""Bulk work: what was asked for and by whom, deciding about it and going on with it; and what leads to new work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import AwaitMount
from textual.widgets import Static

from models import bulks as work
from models.bulks import Bulk, BulkPreview, BulkReport, BulkState
from models.rules import wording
from models.rules.bulk import BulkKind
from models.rules.roles import Action, role_refusal
from models.unit import Outcome, Session, new_intent
from tui import bulk_drawing as drawing
from tui.commands import Group
from tui.screens.bulk_forms import cards_told, decision_form, kind_form, selection_of, wish_form
from tui.screens.bulk_preview import LOOKING, BulkPage, BulkSheet, Does, Looks, stoppable
from tui.screens.decisions import REASON
from tui.screens.finding import FindingScreen
from tui.screens.form import Form
from tui.screens.page import Doer, Page, runs
from tui.widgets.asking import Typed
from tui.widgets.heading import Heading
from tui.widgets.lines import Lines

_NONE: Final = "There is no bulk work yet."
_MOST: Final = 200


class Bulks(Page[None]):
    """All bulk work, the latest first."""

    DEFAULT_CSS = "Bulks #whole { height: 4; padding: 0 1; border-top: solid $primary-background; }"
    GROUP = Group.BULKS
    OPENED_BY = "desk.bulk"
    BINDINGS: ClassVar = runs(GROUP)
    ALSO_ON_BAR = ("list.open", "desk.back", "desk.help")
    AUTO_FOCUS = "#bulks"

    _has_more = False

    def body(self) -> ComposeResult:
        """The list under its heading, and all about the one that the cursor is on."""
        yield Heading("Bulk work", id="bulks-heading")
        yield Lines[Bulk](self._line, id="bulks")
        yield Static(id="whole", markup=False)

    def _line(self, bulk: Bulk, width: int) -> Content:
        store = self.house.session.store
        return drawing.line(bulk, width, store.clock.now(), store.business)

    @property
    def lines(self) -> Lines[Bulk]:
        """The list."""
        return self.query_one("#bulks", Lines)

    @property
    def chosen(self) -> Bulk | None:
        """What the cursor is on."""
        return self.lines.chosen

    @property
    def _one(self) -> Bulk:
        """The same, where there is one."""
        assert self.chosen is not None
        return self.chosen

    def on_mount(self) -> None:
        """Say where one is, and follow the cursor."""
        self.trail = "bulk"
        self.watch(self.lines, "cursor", self._tell, init=False)

    def read(self) -> None:
        """Read what there is."""
        self._read(lambda: None)

    def _read(self, then: Callable[[], object], at: int | None = None) -> None:
        """Read what there is, with the cursor on one by its number, else where it was."""
        before = self.chosen.id if at is None and self.chosen is not None else at
        store = self.house.session.store

        def take(bulks: tuple[Bulk, ...]) -> object:
            self._has_more = len(bulks) == _MOST
            self.lines.show(bulks)
            self.lines.seek(lambda bulk: bulk.id == before)
            self._tell()
            return then()

        self.house.ask("Reading", lambda: work.bulks(store, most=_MOST), take)

    def on_lines_ending(self, event: Lines.Ending) -> None:
        """Near the end of what was read, older work is read."""
        event.stop()
        if not self._has_more or self.chosen is None:
            return
        store, last = self.house.session.store, self.lines.items[-1]

        def take(more: tuple[Bulk, ...]) -> None:
            if self.lines.items and self.lines.items[-1] is last:
                self._has_more = len(more) == _MOST
                self.lines.renew((*self.lines.items, *more))

        self.house.ask("Reading", lambda: work.bulks(store, after=last.id, most=_MOST), take)

    def _tell(self) -> None:
        store, chosen = self.house.session.store, self.chosen
        told = Content(_NONE) if chosen is None else drawing.in_short(chosen, store.clock.now(), store.business)
        self.query_one("#whole", Static).update(told)
        self.dim_keys()

    # Commands

    def refusal(self, command_id: str) -> str | None:
        """Why a command can't be used now, or None."""
        refusal = super().refusal(command_id)
        if refusal is not None or command_id not in _STATES:
            return refusal
        if self.chosen is None:
            return _NONE
        is_others = self.chosen.by_id != self.house.agent.id
        if command_id == "bulks.decide" and is_others and (why := role_refusal(self.house.agent.role, Action.APPROVE)):
            return why
        state = self.chosen.state(self.house.session.store.clock.now())
        states, why = _STATES[command_id]
        return None if state in states else f"This work is {state}: {why}"

    def doers(self) -> Mapping[str, Doer]:
        """The commands of this page."""
        return {
            "bulks.new": self._ask_kind,
            "bulks.decide": self._decide,
            "bulks.resume": self._resume,
            "bulks.undo": self._undo,
        }

    # New work

    async def _ask_kind(self) -> None:
        desk = self.house.screen_stack[0]
        assert isinstance(desk, FindingScreen)
        found = desk.found
        form = kind_form(found.text if found is not None and found.lines and not found.is_exact else "")

        def go_on(typed: Typed) -> None:
            self.call_later(self._ask_wish, typed)

        await self.put(form, go_on)

    async def _ask_wish(self, asked: Typed) -> None:
        kind, selection = BulkKind(asked["choice"]), selection_of(asked)
        form, read = wish_form(kind, selection)

        def look(typed: Typed) -> None:
            wish, intent = read(typed), new_intent()
            about = f"{kind.words.capitalize()} of cards {cards_told(selection)}: {wish.reason}"

            def do(session: Session, seen: BulkPreview, **steps: Any) -> BulkReport:
                return work.begin_bulk(session, wish, selection, seen=seen, intent=intent, **steps)

            self._preview(form, about, lambda session, **steps: work.preview(session, wish, selection, **steps), do)

        await self.stand(form, look)

    def _preview(self, form: Form, about: str, look: Looks, do: Does) -> None:
        """Look what would be done, and show it."""
        house = self.house

        def show(preview: BulkPreview) -> AwaitMount | None:
            if not preview.is_whole:  # somebody stopped it, and is still asked
                house.tell("Left.")
                return None
            form.close()
            return house.push_screen(BulkPage(about, preview, look, do), self.take_report)

        halt, steps = stoppable(house, LOOKING)
        house.ask(LOOKING, partial(look, house.session, **steps), show, can_be_left=False, halt=halt)

    def take_report(self, report: BulkReport | None) -> None:
        """Tell what came of work, and show it in the list."""
        if report is not None:
            kind = "" if report.state is BulkState.BEGUN else "done"
            self._read(lambda: self.house.tell(report.sentence, kind), report.id)

    # Going on with work

    async def _decide(self) -> None:
        bulk, house, intent = self._one, self.house, new_intent()
        session = house.session
        form = decision_form(bulk, session, is_own=bulk.by_id == house.agent.id)

        def write(typed: Typed) -> None:
            match typed.get("choice"):
                case "approve":
                    self._carry_on(form, partial(work.approve_bulk, session, bulk.id, intent=intent))
                case "refuse":
                    refuse = partial(work.refuse_bulk, session, bulk.id, typed["reason"], intent=intent)
                    house.ask("Saving", refuse, settled, can_be_left=False)
                case _:
                    withdraw = partial(work.withdraw_bulk, session, bulk.id, intent=intent)
                    house.ask("Saving", withdraw, settled, can_be_left=False)

        def settled(outcome: Outcome) -> None:
            if outcome.is_mendable:
                house.refuse(outcome.sentence)
                return
            form.close()
            tell = partial(house.tell, outcome.sentence, "done") if outcome.done else None
            self._read(tell or partial(house.refuse, outcome.sentence))

        await self.stand(form, write)

    async def _resume(self) -> None:
        bulk, session = self._one, self.house.session
        left = f"{wording.plural(bulk.left, 'card')} of its list {'is' if bulk.left == 1 else 'are'} left to do."
        form = Form(f"Go on with the {bulk.kind.words}", left, confirm="Go on")
        await self.stand(form, lambda _typed: self._carry_on(form, partial(work.resume_bulk, session, bulk.id)))

    def _carry_on(self, form: Form, do: Callable[..., BulkReport]) -> None:
        """Do what is left of work; Esc stops it between two cards."""
        halt, steps = stoppable(self.house, "Working")

        def done(report: BulkReport) -> None:
            form.close()
            self.take_report(report)

        self.house.ask("Working", partial(do, **steps), done, can_be_left=False, halt=halt)

    async def _undo(self) -> None:
        bulk = self._one
        called = f"the {bulk.kind.words} {bulk.id}"
        told = "Only what is still as it was left is undone. A preview comes first."
        form = Form(f"Undo {called}", told, (REASON,), confirm="Preview")

        def look(typed: Typed) -> None:
            reason, intent = typed["reason"], new_intent()

            def do(session: Session, _seen: BulkPreview, **steps: Any) -> BulkReport:
                return work.undo_bulk(session, bulk.id, reason, intent=intent, **steps)

            about = f"Undoing {called}: {reason}"
            self._preview(form, about, lambda session, **steps: work.preview_undo(session, bulk.id, **steps), do)

        await self.stand(form, look)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on one shows what came of it."""
        event.stop()
        bulk, house = self._one, self.house
        store = house.session.store

        def read() -> tuple[Bulk, BulkReport]:
            return work.bulk_numbered(store, bulk.id), work.report(store, bulk.id)

        house.ask("Reading", read, lambda answer: house.push_screen(BulkSheet(*answer), self.take_report))


_STATES: Final[Mapping[str, tuple[frozenset[BulkState], str]]] = {
    "bulks.decide": (frozenset({BulkState.WAITING}), "nothing about it is to be decided."),
    "bulks.resume": (frozenset({BulkState.BEGUN}), "there is nothing to go on with."),
    "bulks.undo": (frozenset({BulkState.DONE, BulkState.BEGUN}), "there is nothing to undo."),
}
"""Command -> in which states it can be used, and why not in the others."""
