"""Booking the breakage of a balance whose cut-off has passed: once, whoever comes by first."""

from models.hand import Hand
from models.ledger import LockedCard, append
from models.rules.journal import Entry, Kind
from models.rules.status import is_breakage_due


def break_balance(hand: Hand, card: LockedCard) -> LockedCard:
    """The locked card with its breakage booked, if one is due at the hand's instant.

    It counts from the cut-off, whenever it is written down, and takes the whole balance.
    """
    if card.cut_off_at is None or not is_breakage_due(card, hand.at):
        return card
    return append(hand, card, Entry(Kind.BREAKAGE, card.cut_off_at, -card.state.balance_minor))
