"""Activities written straight into a card's journal, by whom and when a test wants them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models.cards import lock_card
from models.hand import Hand
from models.ledger import append
from models.rules.journal import Entry, Kind
from models.store import Store


def reactivated(store: Store, card: int, by: int, instants: Sequence[datetime], **details: Any) -> None:
    """Somebody of the desk, by their number, reactivates a card at some instants."""
    with store.database.writing():
        for at in instants:
            hand = Hand(store.keys, store.business, at, by, "whoever")
            append(hand, lock_card(card), Entry(Kind.REACTIVATED, at, details=details))
