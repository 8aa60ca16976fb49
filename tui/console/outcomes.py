"""What came of a wish to change something, printed for a person or as JSON."""

from argparse import Namespace
from typing import Any

from models.errors import Fault, Refused
from models.sheets import CardSheet, card_sheet
from models.unit import Outcome, Session
from tui.console.output import complain, iso, say, say_json


def tell(asked: Namespace, outcome: Outcome, session: Session | None = None, **more: Any) -> int:
    """Print an outcome and return the exit code; more is added to the JSON.

    With a session, the JSON of a change on a card has the card's own facts as well.
    """
    if asked.json:
        say_json(
            {
                "done": outcome.done,
                "sentence": outcome.sentence,
                "repeated": outcome.repeated,
                **_card_facts(session, outcome),
                **outcome.facts,
                **more,
            }
        )
    elif outcome.done:
        say(outcome.sentence)
        if outcome.repeated:
            say("This was done before under the same key; nothing was changed again.")
    if not outcome.done:
        complain(outcome.sentence)
    return 0 if outcome.done else 1


def _card_facts(session: Session | None, outcome: Outcome) -> dict[str, Any]:
    if session is None or not outcome.done or outcome.card_id is None:
        return {}
    try:
        return standing(card_sheet(session, outcome.card_id))
    except (Fault, Refused):
        # The change is saved; that it can't be read back must not hide what came of it.
        return {}


def standing(sheet: CardSheet) -> dict[str, Any]:
    """Where a card stands, as JSON: money in minor units, instants in UTC, dates in the business zone."""
    return {
        "code_masked": sheet.code_masked,
        "status": sheet.status.value,
        "balance_minor": sheet.balance_minor,
        "currency": sheet.currency,
        "active_from": iso(sheet.active_from_at),
        "last_day": sheet.last_day_on.isoformat() if sheet.last_day_on else None,
        "cut_off": iso(sheet.cut_off_at),
        "product": sheet.product_name,
    }
