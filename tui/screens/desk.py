"""The desk: the find pane and the card pane, side by side on wide screens, one after the other on narrow ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import ScreenResume

from models.agents import Colleague, at_work
from models.rules.roles import Action, named, role_refusal
from tui import drawing
from tui.commands import Command, Group, command
from tui.keymap import keymap_of
from tui.later import directory, facts, finding, imported, sheets, unit, worklists
from tui.screens.commanding import CommandingScreen
from tui.screens.deciding import DIALOGS
from tui.screens.dialogs import help as help_page
from tui.screens.dialogs import locking
from tui.screens.escalating import NEVER
from tui.screens.handling import CASE_COMMANDS
from tui.screens.page import Doer, runs
from tui.widgets.card import CardPane
from tui.widgets.finder import Finder

if TYPE_CHECKING:
    from models.rules.policy import Policy
    from models.sheets import CardSheet

_OPEN_A_CARD = "No card is open: find one first."
_NOTHING_TO_REPEAT = (
    "Nothing to repeat: what is repeated is a note, a flag, a reason, a purchase or a time typed here before."
)
_OF_THE_PRESENT = frozenset(
    {
        "card.reply",
        "card.replies",
        "card.customer",
        "card.other",
        "card.settle",
        "card.approve",
        "card.escalation",
        *CASE_COMMANDS,
    }
)
"""Commands that name no action of a card, but would be untrue of the past."""
PAGES: Final = {
    "desk.products": "products:Products",
    "desk.letters": "letters:Letters",
    "desk.cases": "cases:Cases",
    "desk.watch": "watch:Watching",
    "desk.reports": "reports:Reports",
    "desk.bulk": "bulks:Bulks",
}
"""Command -> the page that it lays on the desk: which class of which module here."""


class Desk(CommandingScreen):
    """Find a card, see why it does not work, do what the policy allows."""

    GROUP = Group.CARD
    ALSO_GROUPS = (Group.DESK,)
    ALSO_ON_BAR = ("desk.find", "desk.help")
    BINDINGS: ClassVar = runs(GROUP, *ALSO_GROUPS)
    AUTO_FOCUS = "#search"

    def body(self) -> ComposeResult:
        """The two panes."""
        with Horizontal():
            yield Finder().data_bind(Desk.found, Desk.live, Desk.hint, Desk.worklists, Desk.commands)
            yield CardPane().data_bind(Desk.sheet, Desk.case)

    async def furnish(self) -> None:
        """Prepare for the first card."""
        await self.pane.furnish()

    def on_screen_resume(self, event: ScreenResume) -> None:
        """The first time everything was styled as it was mounted, and keys are taken once all of it is laid out."""
        event.refresh_styles = self.stack_updates > 0
        if not self.stack_updates:
            self.call_later(self.house.settle_in)

    def go_on(self, now: datetime) -> None:
        """The countdown, and with it what is still allowed."""
        if self.sheet is not None:
            self.sheet = sheets.rejudged(self.sheet, now)

    def watch_sheet(self, before: CardSheet | None, sheet: CardSheet | None) -> None:
        """Follow the card: what is shown where, which keys are dimmed, and its line among the results."""
        if sheet is not None and self.found is not None and sheet.as_of is None:
            self.found = finding.with_line_of(
                self.found,
                sheet.card_id,
                status=sheet.status,
                balance_minor=sheet.balance_minor,
                last_day_on=sheet.last_day_on,
                holder=sheet.holder,
            )
        if before is not None:
            self.house.memory.show(before.card_id)
        self.house.memory.show(sheet.card_id if sheet is not None else None)
        self.finder.mark_open(sheet.card_id if sheet is not None else None)
        self._show_pane(is_open=sheet is not None)
        self.follow_case(before, sheet)
        self._say_where()
        self.dim_keys()

    def _show_pane(self, *, is_open: bool) -> None:
        if is_open is not self.has_class("-card"):
            self.set_class(is_open, "-card", update=False)
            # Nothing in the panes looks different for it; to style all of it anew would take longest of all.
            self.app.stylesheet.update_nodes((self.finder, self.pane))

    def watch_found(self) -> None:
        """Say which worklist is gone through."""
        self._say_where()

    def watch_worklists(self) -> None:
        """Say that worklists are chosen from."""
        self._say_where()

    def _say_where(self) -> None:
        self.trail = drawing.trail(self.sheet, drawing.place(self.found, is_choosing=self.worklists is not None))

    def refusal(self, command_id: str) -> str | None:
        """Why a command can't be used now, or None."""
        each = command(command_id)
        if each.group is not Group.CARD:
            return super().refusal(command_id)
        if self.sheet is None and each.id == "card.reply" and self.found is not None and self.found.is_unknown:
            return role_refusal(self.house.agent.role, Action.REPLY)
        if self.sheet is None:
            return _OPEN_A_CARD
        if self.sheet.when is not None and (each.action is not None or each.id in _OF_THE_PRESENT):
            return f"This is the card {self.sheet.when}: Esc brings back the present."
        if each.id == "card.case":
            return role_refusal(self.sheet.agent.role, Action.HANDLE_CASE)
        if each.id == "card.why":
            return self.sheet.why_not_zero
        if each.id == "card.settle":
            return self.sheet.why_nothing_to_settle
        if each.id == "card.approve":
            return self.sheet.why_nothing_to_approve
        if each.id == "card.escalation" and self.sheet.handed is None:
            return NEVER
        if each.id == "card.other" and self.sheet.other is None:
            return "No money was moved between this card and another."
        if each.id == "card.repeat" and self.house.memory.deed is None:
            return _NOTHING_TO_REPEAT
        return None if each.action is None else self.sheet.diagnosis.actions[each.action]

    async def action_run(self, command_id: str) -> None:
        """Do a command, or say why not."""
        if self.leaves_command(command_id):
            return
        refusal = self.refusal(command_id)
        if refusal is not None and refusal == facts.OWN_CARD:
            self._notice(command(command_id))
        if command_id in DIALOGS and refusal is None:
            await self.decide(command(command_id))
            self.house.look_again()
        else:
            await super().action_run(command_id)

    def _notice(self, tried: Command) -> None:
        """Have it written down, aside, that the agent tried something on a card of their own."""
        session, sheet, action = self.house.session, self.sheet, tried.action
        if sheet is not None and action is not None:
            self.house.aside("watch", lambda: unit.notice_own_card(session, action, sheet.card_id))

    def doers(self) -> Mapping[str, Doer]:
        """What does the commands that open no dialog of their own."""
        return {
            "card.reply": self.show_reply,
            "card.replies": self.choose_reply,
            "card.customer": self.show_customer,
            "card.settle": self.settle_reminder,
            "card.escalate": self.escalate,
            "card.escalation": self.show_escalation,
            "card.case": self.ask_intake,
            "card.case_line": self.show_case,
            "card.approve": self.decide_approval,
            "card.history": self.switch_history,
            "card.why": self.show_why,
            "card.checkout": self.try_purchase,
            "card.at": self.to_another_time,
            "card.repeat": self.repeat,
            "card.other": self.open_other,
            "card.people": self.list_cards,
            "card.correct": self.correct_person,
            "card.merge": self.merge_people,
            "card.remove": self.remove_person,
            "desk.worklists": self.show_worklists,
            "desk.find": self._to_find,
            "desk.last": self.open_last,
            "desk.command": self.take_command,
            "desk.agent": self.choose_agent,
            "desk.quit": self._quit,
            **{id_: partial(self._open_page, page) for id_, page in PAGES.items()},
        }

    def judge_anew(self) -> None:
        """The open card, too, as whoever works here may treat it."""
        if self.sheet is not None:
            now, agent = self.house.session.store.clock.now(), self.house.agent
            self.sheet = sheets.rejudged(replace(self.sheet, agent=agent), now)
        super().judge_anew()

    async def choose_agent(self) -> None:
        """Lock the screen; in a sandbox, choose who of its people works here."""
        session = self.house.session
        if not session.store.is_sandbox:
            self.house.lock_screen()
            return

        def chosen(login: str | None) -> None:
            if login is not None:
                self._go_on_as(login)

        self.house.ask(
            "Looking",
            lambda: directory.agents(session.store),
            lambda people: self.house.push_screen(locking.Switching(people, session.login), chosen),
        )

    def _go_on_as(self, login: str) -> None:
        if not login:
            self.house.lock_screen()
            return
        session = unit.Session(self.house.session.store, login)

        def take(who: tuple[Colleague, Policy]) -> None:
            self.house.sit_down(session, *who)
            self.hand_over()
            self.list_anew()
            self.house.tell(f"You are {who[0].name} now, {named(who[0].role)}.", "done")

        self.house.ask("Sitting down", lambda: at_work(session), take)

    async def _to_find(self) -> None:
        if not self.has_class("-wide"):
            self.sheet = None
        self.finder.field.focus()
        self.finder.field.select_all()

    async def go_back(self) -> None:
        """Out of a text, another time, a card, one person's cards."""
        self.house.tell("")
        if self.pane.is_reading:
            self.pane.close_text()
        elif self.sheet is not None and self.sheet.as_of is not None and not self.finder.field.has_focus:
            self.to_present()
        elif self.sheet is not None and not self.finder.field.has_focus:
            self._close_card(self.sheet)
        elif self.sheet is not None:
            self.pane.history.focus()
        elif self.leaves_person() or self.leaves_worklist():
            return
        elif not self.finder.field.has_focus:
            self.finder.field.focus()
        else:
            self.house.tell(f"This is the beginning: {keymap_of(self).key('desk.quit')} leaves giftdesk.")

    def _close_card(self, sheet: CardSheet) -> None:
        """Go to the card's line in the list that it was chosen from."""
        self.sheet = None
        self.come_back(sheet.card_id)
        self.finder.results.seek(lambda line: line.card_id == sheet.card_id)
        (self.finder.results if self._has_choice() else self.finder.field).focus()

    def _has_choice(self) -> bool:
        return self.found is not None and (len(self.found.lines) > 1 or isinstance(self.found, worklists.Listed))

    async def show_help(self) -> None:
        """All keys, and in the demo the cards to try."""

        def chosen(code: str | None) -> None:
            if code is not None:
                self.finder.field.value = code
                self.look_for(code)

        field = self.finder.field
        is_finding = field.has_focus and bool(field.value)
        await self.house.push_screen(help_page.Help(self.house.scenarios, is_finding=is_finding), chosen)

    async def _open_page(self, page: str) -> None:
        called, self.called = self.called, ""
        opened = imported(f"tui.screens.{page}")
        await self.house.push_screen(opened(called) if called else opened())

    async def _quit(self) -> None:
        self.house.exit()
