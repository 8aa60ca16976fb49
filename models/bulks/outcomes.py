"""What came of a bulk, added up from its list: cards by reason, and money by product; read in short looks."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from models.bulks.judging import MOST_TOLD
from models.store import Store

_PAGE: Final = 20_000
_SUMS: Final = """
    SELECT g.product_id, g.currency, p.skipped, COUNT(*), SUM(COALESCE(p.moved_minor, 0)),
        SUM(CASE WHEN p.moved_minor > 0 THEN 1 ELSE 0 END), SUM(CASE WHEN p.first_number IS NULL THEN 0 ELSE 1 END),
        MAX(p.card_id)
    FROM (SELECT card_id, skipped, moved_minor, first_number FROM bulk_card
        WHERE bulk_id = ? AND card_id > ? ORDER BY card_id LIMIT ?) AS p
    JOIN gift_card g ON g.id = p.card_id GROUP BY g.product_id, g.currency, p.skipped
"""
_FIRST: Final = "SELECT card_id FROM bulk_card WHERE bulk_id = ? AND skipped = ? ORDER BY card_id LIMIT ?"


def outcome_of(store: Store, bulk_id: int) -> dict[str, Any]:
    """What came of a bulk so far, as JSON values: cards changed, skipped by reason, and money by product."""
    done, skipped = 0, dict[str, int]()
    money: dict[tuple[int, str], tuple[int, int]] = {}
    after = 0
    while True:
        with store.database.reading():
            rows = store.database.execute_sql(_SUMS, (bulk_id, after, _PAGE)).fetchall()
        if not rows:
            break
        for product, currency, skip, cards, minor, moved, changed, last in rows:
            after = max(after, last)
            done += changed
            if skip is not None:
                skipped[skip] = skipped.get(skip, 0) + cards
            if moved:
                before = money.get((product, currency), (0, 0))
                money[product, currency] = before[0] + moved, before[1] + int(minor)
    kept = sorted([product, currency, *sums] for (product, currency), sums in money.items())
    return {"cards": done, "skipped": skipped, "money": kept}


def first_skipped(store: Store, bulk_id: int, skips: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
    """The first cards that stay as they are, for each reason; within a connection."""
    found = {}
    for skip in skips:
        rows = store.database.execute_sql(_FIRST, (bulk_id, skip, MOST_TOLD)).fetchall()
        found[skip] = tuple(card_id for (card_id,) in rows)
    return found
