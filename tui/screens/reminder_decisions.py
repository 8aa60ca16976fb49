"""The dialog about a reminder of which nobody knows what became of it."""

from typing import Final

from models import desk
from models.fates import Fate
from models.reminding import ReminderLine
from models.rules import reminders, wording
from models.sheets import CardSheet
from models.unit import new_intent
from tui.pieces import joined, piece
from tui.screens.decisions import REASON, Decision
from tui.screens.form import Form
from tui.widgets.asking import Option

_STANDS: Final = {
    Fate.UNKNOWN: "it may have gone out or not",
    Fate.WAITING: "it did not go out, and is tried again",
    Fate.REFUSED: "it did not go out, and is not tried again",
}
DECIDED: Final = {
    reminders.Decision.SENT: "recorded as sent",
    reminders.Decision.AGAIN: "is sent again",
    reminders.Decision.DROP: "dropped",
}
"""What the list says of a reminder that was decided about."""
_SENT: Final = Option(reminders.Decision.SENT, "It went out: record it as sent")
_AGAIN: Final = Option(reminders.Decision.AGAIN, "Send it again with the next run, if it is still owed then")
_DROP: Final = Option(reminders.Decision.DROP, "Drop it: it is not to be sent any more")


def settle(sheet: CardSheet, line: ReminderLine) -> Decision:
    """Show which reminder, to whom, when and what was said; ask what became of it and why."""
    intent, at = new_intent(), wording.moment(line.claimed_at, sheet.business)
    again = "" if line.next_try_at is None else f", again from {wording.moment(line.next_try_at, sheet.business)}"
    rows = (
        ("Reminder", f"{which(line)}{', late' if line.is_late else ''}"),
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


def which(line: ReminderLine) -> str:
    """Which reminder of a card it is."""
    return f"{wording.plural(line.lead_days, 'day')} before {wording.weekday(line.last_day_on)}"
