"""What was spent of money that was given back: it is spent first, whatever was put on the card later."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from models.rules.journal import Kind

_LEAVES: Final = frozenset({Kind.BREAKAGE, Kind.TRANSFER_OUT, Kind.CANCELLATION})
"""What takes the rest of it off the card, and not at a till."""


class Moved(NamedTuple):
    """One activity that moved money on the card, after it was given back."""

    number: int
    kind: Kind
    amount_minor: int
    reverses: int | None = None


def spent_of(given_minor: int, later: Iterable[Moved]) -> int:
    """How much of an amount that was given back was spent since, in minor units; later ones oldest first.

    What a refund gives back of it counts as not spent.
    """
    spent, taken = 0, dict[int, int]()
    for each in later:
        if each.kind in _LEAVES:
            break
        if each.kind is Kind.REDEMPTION:
            taken[each.number] = min(-each.amount_minor, given_minor - spent)
            spent += taken[each.number]
        elif each.kind is Kind.REFUND and each.reverses in taken:
            returned = min(each.amount_minor, taken[each.reverses])
            taken[each.reverses] -= returned
            spent -= returned
    return spent
