"""What a single e-mail is: to whom it goes, and what may be decided about it."""

from enum import StrEnum

from models.rules.reminders import Addressee, address_refusal


class LetterKind(StrEnum):
    """What an e-mail is for."""

    REPLY = "reply"
    """An answer to a customer, while it is true."""
    PACKET = "packet"
    """A card handed to Payments Support."""


def letter_refusal(kind: LetterKind, to: Addressee) -> str | None:
    """Why an e-mail can go to nobody, as a sentence; None when it can."""
    if kind is LetterKind.PACKET and to.email is None:
        return "The policy names no e-mail address of Payments Support."
    return address_refusal(to if to.id or kind is LetterKind.PACKET else None)
