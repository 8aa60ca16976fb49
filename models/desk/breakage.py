"""Booking the breakage of a balance whose cut-off has passed: once, whoever comes by first."""

from datetime import datetime

from models.cards import LockedCard
from models.hand import Hand
from models.ledger import append
from models.rules.journal import Entry, Kind
from models.rules.status import is_breakage_due


def breakage_of(card: LockedCard, at: datetime) -> Entry | None:
    """What books the breakage that is due on a card at an instant (UTC), if any.

    It counts from the cut-off, whenever it is written down, and takes the whole balance.
    """
    if card.cut_off_at is None or not is_breakage_due(card, at):
        return None
    return Entry(Kind.BREAKAGE, card.cut_off_at, -card.state.balance_minor)


def break_balance(hand: Hand, card: LockedCard) -> LockedCard:
    """The locked card with its breakage booked, if one is due at the hand's instant."""
    entry = breakage_of(card, hand.at)
    return card if entry is None else append(hand, card, entry)
