"""What is written down for the watch: that somebody tried to favour themselves, though it was refused."""

from typing import Any, Final

from models import audit
from models.hand import Hand
from models.rules.roles import Action
from models.schema import Audit

WATCH: Final = "watch"
"""The audit's subject of it."""
OWN_CARD: Final = "own_card"


def note_own_card(hand: Hand, action: Action, card_id: int) -> None:
    """Record that an agent tried something on a card of their own, within a transaction that holds what cards share.

    Once for an agent, a card and a day of the business, however often it is tried.
    """
    on = hand.business.date_of(hand.at)
    day, begins_at = on.isoformat(), hand.business.start_of(on)
    theirs: Any = Audit.select(Audit.after).where(
        (Audit.subject == WATCH)
        & (Audit.action == OWN_CARD)
        & (Audit.actor_id == hand.actor_id)
        & (Audit.recorded_at >= begins_at)
    )
    if any((each.after["card"], each.after["day"]) == (card_id, day) for each in theirs):
        return
    audit.record(hand, WATCH, OWN_CARD, None, {"card": card_id, "day": day, "action": action})
