"""What a single e-mail is: to whom it goes, and what may be decided about it."""

from enum import StrEnum


class LetterKind(StrEnum):
    """What an e-mail is for."""

    REPLY = "reply"
    """An answer to a customer, while it is true."""
    PACKET = "packet"
    """A card handed to Payments Support."""
