"""The half of the desk that decides: a dialog in front of the card, one write, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.widget import AwaitMount

from models.errors import Fault, OutcomeUnknown, Refused
from models.rules.roles import Action
from tui.commands import Command
from tui.keymap import keymap_of
from tui.later import imported, sheets, unit
from tui.screens.answering import AnsweringScreen
from tui.screens.dialogs import decisions

if TYPE_CHECKING:
    from models.sheets import CardSheet
    from models.unit import Outcome, Session
    from tui.screens.decisions import Decision, Question
    from tui.widgets.asking import Typed

DIALOGS: Final = {
    "card.reactivate": "decisions:reactivate",
    "card.note": "decisions:note",
    "card.suspend": "decisions:suspend",
    "card.lift": "decisions:lift",
    "card.flag": "decisions:raise_flag",
    "card.clear_flag": "decisions:clear_flag",
    "card.register": "decisions:register",
    "card.cancel": "money_decisions:cancel",
    "card.replace": "money_decisions:replace",
    "card.extend": "money_decisions:extend",
    "card.adjust": "money_decisions:adjust",
    "card.transfer": "money_decisions:transfer",
    "card.restrict": "people_decisions:restrict",
}
"""Command -> which function of which module here makes the dialog that it opens."""


class DecidingScreen(AnsweringScreen, is_part=True):
    """A screen on which the open card can be changed."""

    async def decide(self, command: Command) -> None:
        """Ask in front of the open card, and do what is confirmed."""
        sheet = self.sheet
        assert sheet is not None
        assert command.action is not None
        asked = imported(f"tui.screens.{DIALOGS[command.id]}")(sheet)
        session = self.house.session.having_opened(sheet.opened_for(command.action))
        if isinstance(asked, decisions.Question):
            await self._inquire(session, sheet, asked)
        else:
            await self._confirm(session, sheet, asked, command.id)

    def confirm(self, decision: Decision, action: Action) -> AwaitMount:
        """Put a decision about the open card's people in front of it, and do what is confirmed."""
        sheet = self.sheet
        assert sheet is not None
        return self._confirm(self.house.session.having_opened(sheet.opened_for(action)), sheet, decision)

    async def repeat(self) -> None:
        """Open the last dialog that can be repeated for the open card, with what was typed in it."""
        assert self.house.memory.deed is not None
        command_id, self._typed_before = self.house.memory.deed
        try:
            await self.action_run(command_id)
        finally:
            self._typed_before = None

    async def _inquire(self, session: Session, sheet: CardSheet, question: Question) -> None:
        def look(typed: Typed) -> None:
            self.house.ask("Looking", lambda: question.look(session, typed, self.house.explain), decide)

        def decide(decision: Decision) -> AwaitMount:
            question.form.close()
            return self._confirm(session, sheet, decision)

        await self.stand(question.form, look)

    def _confirm(self, session: Session, sheet: CardSheet, decision: Decision, command_id: str = "") -> AwaitMount:
        def write(typed: Typed) -> None:
            def take(answer: tuple[Outcome, CardSheet | None]) -> None:
                if answer[0].done:
                    self.house.memory.keep(command_id, typed)
                self._take_outcome(decision, answer)

            def work() -> tuple[Outcome, CardSheet | None]:
                try:
                    outcome = decision.do(session, typed)
                except OutcomeUnknown as lost:
                    return unit.Outcome(False, lost.sentence), None
                try:
                    return outcome, sheets.card_sheet(session, sheet.card_id)
                except (Fault, Refused):
                    return outcome, None

            self.house.ask("Saving", work, take, can_be_left=False)

        return self.stand(decision.form, write)

    def _take_outcome(self, decision: Decision, answer: tuple[Outcome, CardSheet | None]) -> None:
        outcome, sheet = answer
        if sheet is not None:
            self.sheet = sheet
        if outcome.is_mendable:
            self.house.refuse(outcome.sentence)
            return
        decision.form.close()
        if not outcome.done:
            self.house.refuse(outcome.sentence)
            if outcome.changes:
                self.pane.read("Changed since you opened it", "\n".join(outcome.changes))
            return
        self.house.send_letter(outcome)
        again = keymap_of(self).key("desk.refresh")
        unread = "" if sheet is not None else f" The card can't be read back just now: try {again}."
        self.house.tell(f"{outcome.sentence}{unread}", "done")
        if outcome.hand_out is None:
            return
        if decision.is_secret:
            # What was typed ahead would close it, and it is shown only now.
            self.house.drop_typed()
            self.pane.read(decision.hands_out, outcome.hand_out, "gone for good: Esc")
        else:
            self.hand_out(decision.hands_out, outcome.hand_out)
