"""One balanced entry for each movement of what the desk owes: which account stands on the other side, and what it says.

Amounts are minor units; a debit is above zero, a credit below, as both tools write them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from models.reports.movements import Movement
from models.rules.journal import Kind


class Account(StrEnum):
    """The accounts that entries are made between, by what the file of accounts calls them."""

    LIABILITY = "liability"
    """What the desk owes for the cards."""
    BANK = "bank"
    """Where buyers pay in."""
    MARKETING = "marketing"
    """What cards cost for which nobody paid."""
    SALES = "sales"
    """What was bought with cards."""
    BREAKAGE = "breakage"
    """What expired."""
    TRANSFERS = "transfers"
    """What is between two cards, or two products: comes to nothing."""
    ADJUSTMENTS = "adjustments"
    """What Payments Support put right."""
    OPENING = "opening"
    """What was there before: at the beginning of a period, and on cards that were imported."""


_OTHER_SIDE: Final[Mapping[Kind, Account]] = {
    Kind.ISSUE: Account.BANK,
    Kind.TOP_UP: Account.BANK,
    Kind.CANCELLATION: Account.BANK,
    Kind.REDEMPTION: Account.SALES,
    Kind.REFUND: Account.SALES,
    Kind.BREAKAGE: Account.BREAKAGE,
    Kind.REINSTATEMENT: Account.BREAKAGE,
    Kind.TRANSFER_OUT: Account.TRANSFERS,
    Kind.TRANSFER_IN: Account.TRANSFERS,
    Kind.ADJUSTMENT: Account.ADJUSTMENTS,
    Kind.IMPORTED: Account.OPENING,
}


@dataclass(frozen=True, slots=True)
class Posting:
    """What an entry does to one account."""

    account: Account
    product_id: int | None
    minor: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One balanced entry in one currency."""

    on: date
    """A day of the business."""
    words: str
    currency: str
    postings: tuple[Posting, Posting]
    tags: tuple[tuple[str, str], ...] = ()
    """What else it tells, by name; places and orders are as somebody typed them."""


def other_side(movement: Movement) -> Account:
    """The account that stands against the liability."""
    other = _OTHER_SIDE[movement.kind]
    return Account.MARKETING if other is Account.BANK and movement.is_goodwill else other


def entry_of(movement: Movement, on: date, last_four: str) -> Entry:
    """The entry of a movement that counts on a day of the business."""
    product, minor = movement.product_id, movement.amount_minor
    told = {
        "card": f"···· {last_four}",
        "record": str(movement.card_id),
        "activity": "not booked yet" if movement.number is None else str(movement.number),
        "order": movement.order_ref,
        "place": movement.place,
    }
    return Entry(
        on,
        movement.kind.words,
        movement.currency,
        (Posting(Account.LIABILITY, product, -minor), Posting(other_side(movement), product, minor)),
        tuple((name, text) for name, text in told.items() if text),
    )


def opening_entry(on: date, currency: str, product_id: int | None, owed_minor: int) -> Entry:
    """The entry for what the desk owed when a period began."""
    postings = (Posting(Account.LIABILITY, product_id, -owed_minor), Posting(Account.OPENING, product_id, owed_minor))
    return Entry(on, "opening balance", currency, postings)
