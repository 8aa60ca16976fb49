"""The part of the desk that decides about a card's reminders of which nobody knows what became of them."""

from typing import Final

from models import desk
from models.fates import Fate
from models.reminding import ReminderLine, unsettled
from models.rules import reminders, wording
from models.rules.roles import Action
from models.sheets import CardSheet
from models.unit import Outcome, new_intent
from models.worklists import with_remark
from tui.drawing import joined, piece
from tui.screens.decisions import REASON, Decision
from tui.screens.form import Form
from tui.screens.people import PeopleScreen
from tui.widgets.asking import Option

_STANDS: Final = {
    Fate.UNKNOWN: "it may have gone out or not",
    Fate.WAITING: "it did not go out, and is tried again",
    Fate.REFUSED: "it did not go out, and is not tried again",
}
_DECIDED: Final = {
    reminders.Decision.SENT: "recorded as sent",
    reminders.Decision.AGAIN: "is sent again",
    reminders.Decision.DROP: "dropped",
}
_SENT: Final = Option(reminders.Decision.SENT, "It went out: record it as sent")
_AGAIN: Final = Option(reminders.Decision.AGAIN, "Send it again with the next run, if it is still owed then")
_DROP: Final = Option(reminders.Decision.DROP, "Drop it: it is not to be sent any more")


class SettlingScreen(PeopleScreen):
    """A screen on which somebody decides about the reminders of the open card."""

    async def settle_reminder(self) -> None:
        """Show the reminder, or let one of several be chosen, and ask what became of it."""
        sheet, session = self.sheet, self.house.session
        assert sheet is not None

        def work() -> tuple[ReminderLine, ...]:
            return unsettled(session.store, card_id=sheet.card_id)

        self.house.ask("Reading", work, lambda lines: self._choose_reminder(sheet, lines))

    def _choose_reminder(self, sheet: CardSheet, lines: tuple[ReminderLine, ...]) -> None:
        def ask(place: int) -> None:
            self.confirm(settle(sheet, lines[place]), Action.SETTLE_REMINDER)

        if not lines:
            self.house.refuse("A run is sending the card's reminder at this moment: look again in a few minutes.")
        elif len(lines) == 1:
            ask(0)
        else:
            options = [Option(str(place), f"{_which(line)}: {line.fate}") for place, line in enumerate(lines)]
            which = Form("Decide about which reminder", "", confirm="Choose", options=options)
            self.put(which, lambda typed: ask(int(typed["choice"])))

    def _take_outcome(self, decision: Decision, answer: tuple[Outcome, CardSheet | None]) -> None:
        super()._take_outcome(decision, answer)
        outcome, _ = answer
        is_about_a_reminder = "decision" in outcome.facts and "approval" not in outcome.facts
        if outcome.done and is_about_a_reminder and self.found is not None:
            remark = _DECIDED[reminders.Decision(outcome.facts["decision"])]
            self.found = with_remark(self.found, outcome.card_id, remark)


def settle(sheet: CardSheet, line: ReminderLine) -> Decision:
    """Show which reminder, to whom, when and what was said; ask what became of it and why."""
    intent, at = new_intent(), wording.moment(line.claimed_at, sheet.business)
    again = "" if line.next_try_at is None else f", again from {wording.moment(line.next_try_at, sheet.business)}"
    rows = (
        ("Reminder", f"{_which(line)}{', late' if line.is_late else ''}"),
        ("To", ", ".join(part for part in (line.addressee.name, line.addressee.email or "no address") if part)),
        ("Tried", f"{wording.plural(line.tries, 'time')}, last on {at}{again}"),
        ("Server said", line.said or "nothing that was written down"),
        ("So", _STANDS[line.fate]),
    )
    form = Form(
        f"A reminder of {sheet.code_masked}",
        joined(piece(f"{label.ljust(13)}{text}") for label, text in rows),
        (REASON,),
        confirm="Decide",
        options=[*([_SENT] if line.fate is Fate.UNKNOWN else []), _AGAIN, _DROP],
    )
    return Decision(
        form,
        lambda session, typed: desk.settle_reminder(
            session,
            sheet.card_id,
            line.last_day_on,
            line.lead_days,
            reminders.Decision(typed["choice"]),
            typed["reason"],
            intent=intent,
        ),
    )


def _which(line: ReminderLine) -> str:
    return f"{wording.plural(line.lead_days, 'day')} before {wording.weekday(line.last_day_on)}"
