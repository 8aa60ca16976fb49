"""The part of the desk that decides about a card's reminders of which nobody knows what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.rules.roles import Action
from tui.later import reminders, reminding, worklists
from tui.screens.dialogs import asking, reminder_decisions
from tui.screens.dialogs import form as forms
from tui.screens.people import PeopleScreen

if TYPE_CHECKING:
    from models.reminding import ReminderLine
    from models.sheets import CardSheet
    from models.unit import Outcome
    from tui.screens.decisions import Decision


class SettlingScreen(PeopleScreen, is_part=True):
    """A screen on which somebody decides about the reminders of the open card."""

    async def settle_reminder(self) -> None:
        """Show the reminder, or let one of several be chosen, and ask what became of it."""
        sheet, session = self.sheet, self.house.session
        assert sheet is not None

        def work() -> tuple[ReminderLine, ...]:
            return reminding.unsettled(session.store, card_id=sheet.card_id)

        self.house.ask("Reading", work, lambda lines: self._choose_reminder(sheet, lines))

    def _choose_reminder(self, sheet: CardSheet, lines: tuple[ReminderLine, ...]) -> None:
        def ask(place: int) -> None:
            self.confirm(reminder_decisions.settle(sheet, lines[place]), Action.SETTLE_REMINDER)

        if not lines:
            self.house.refuse("A run is sending the card's reminder at this moment: look again in a few minutes.")
        elif len(lines) == 1:
            ask(0)
        else:
            options = [
                asking.Option(str(place), f"{reminder_decisions.which(line)}: {line.fate}")
                for place, line in enumerate(lines)
            ]
            which = forms.Form("Decide about which reminder", "", confirm="Choose", options=options)
            self.put(which, lambda typed: ask(int(typed["choice"])))

    def _take_outcome(self, decision: Decision, answer: tuple[Outcome, CardSheet | None]) -> None:
        super()._take_outcome(decision, answer)
        outcome, _ = answer
        is_about_a_reminder = "decision" in outcome.facts and "approval" not in outcome.facts
        if outcome.done and is_about_a_reminder and self.found is not None:
            remark = reminder_decisions.DECIDED[reminders.Decision(outcome.facts["decision"])]
            self.found = worklists.with_remark(self.found, outcome.card_id, remark)
