"""Booking the breakage of a balance whose cut-off has passed: once, whoever comes by first."""

from datetime import datetime

from models.ledger import Hand, LockedCard, append
from models.rules.journal import Entry, Kind


def is_due(card: LockedCard, now: datetime) -> bool:
    """Whether a balance is past its cut-off at an instant (UTC) and not yet booked as broken."""
    return (
        card.cut_off_at is not None
        and card.cut_off_at <= now
        and card.state.balance_minor > 0
        and card.state.cancelled_at is None
    )


def break_balance(hand: Hand, card: LockedCard) -> LockedCard:
    """The locked card with its breakage booked, if one is due at the hand's instant.

    It counts from the cut-off, whenever it is written down, and takes the whole balance.
    """
    if not is_due(card, hand.at):
        return card
    assert card.cut_off_at is not None
    return append(hand, card, Entry(Kind.BREAKAGE, card.cut_off_at, -card.state.balance_minor))
