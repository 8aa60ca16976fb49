"""Cards whose holders are owed a reminder that nobody can get, read page by page, by what stops first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from models.candidates import Candidate, latest_cut_offs, products_by_id, read_candidates
from models.cards import look_at_cards
from models.clock import to_microseconds
from models.products import ProductSheet
from models.rules.policy import Policy
from models.rules.reminders import Addressee, address_refusal
from models.store import Store

DAYS: Final = 7
"""How far ahead somebody looks, today included."""
_PAGE: Final = 250

# Spelt so that the index over live balances by their cut-off fits. Very many may stop at one instant, so those are
# asked for apart from what stops later. What is found is judged by the rules.
_WITHOUT_ADDRESS: Final = """
    SELECT g.id, g.product_id, g.cut_off_at FROM gift_card g
    LEFT JOIN customer c ON c.id = COALESCE(g.registered_id, g.recipient_id)
    LEFT JOIN customer k ON k.id = COALESCE(c.merged_into_id, c.id)
    WHERE g.balance_minor > 0 AND g.cut_off_at IS NOT NULL AND g.cancelled_at IS NULL AND g.suspended_at IS NULL
    AND k.email IS NULL AND
"""
_AT_THE_SAME_INSTANT: Final = f"{_WITHOUT_ADDRESS} g.cut_off_at = ? AND g.id > ? ORDER BY g.id LIMIT ?"
_LATER: Final = f"{_WITHOUT_ADDRESS} g.cut_off_at > ? AND g.cut_off_at <= ? ORDER BY g.cut_off_at, g.id LIMIT ?"


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A card whose holder is owed a reminder now or in the next days, and can't get it."""

    card_id: int
    cut_off_at: datetime
    """UTC."""
    addressee: Addressee | None

    @property
    def why(self) -> str:
        """Why not, in a few words."""
        if self.addressee is None:
            return "no recipient on file"
        if self.addressee.is_removed:
            return "data removed"
        return f"no e-mail address: {self.addressee.name or 'no name'}"


def unreachable(
    store: Store, policy: Policy, now: datetime, after: tuple[datetime, int] | None, most: int
) -> list[Unreachable]:
    """At most so many, behind a cut-off and a card's number; within a transaction. Instants are UTC."""
    products, business = products_by_id(), store.business
    until = business.date_of(now) + timedelta(days=DAYS - 1)
    ends = latest_cut_offs(products, business, until)
    found: list[Unreachable] = []
    for candidate in _without_address(store, products, ends, after or (now, 0)) if ends else ():
        outlook = candidate.outlook(policy.reminder_hour, now, business)
        is_owed = outlook.due is not None or any(call.on <= until for call in outlook.planned)
        if is_owed and address_refusal(candidate.addressee) is not None:
            assert candidate.card.cut_off_at is not None
            found.append(Unreachable(candidate.card.id, candidate.card.cut_off_at, candidate.addressee))
            if len(found) == most:
                break
    return found


def _without_address(
    store: Store, products: Mapping[int, ProductSheet], ends: Mapping[int, int], after: tuple[datetime, int]
) -> Iterator[Candidate]:
    """The cards of some products, each up to its latest cut-off, whose holder has no address."""
    at, last, end = to_microseconds(after[0]), after[1], max(ends.values())
    while True:
        rows: list[Any] = store.database.execute_sql(_AT_THE_SAME_INSTANT, (at, last, _PAGE)).fetchall()
        rows += store.database.execute_sql(_LATER, (at, end, _PAGE - len(rows))).fetchall()
        ids = [card_id for card_id, product, cut_off in rows if cut_off <= ends.get(product, 0)]
        if ids:
            cards = {card.id: card for card in look_at_cards(ids)}
            yield from read_candidates(store.database, [cards[card_id] for card_id in ids], products)
        if len(rows) < _PAGE:
            return
        last, _, at = rows[-1]
