"""Wishes that were carried out, held against the activities that came of them: each remembers the other."""

import json
from typing import Final

from models.store import Store

_FORGOTTEN: Final = (
    "SELECT a.card_id, a.number FROM activity a WHERE a.intent IS NOT NULL AND a.actor_id > 0 "
    "AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.key = a.intent) ORDER BY a.card_id, a.number LIMIT ?"
)
# What somebody of another desk asked for says nothing about the wishes of this one, and most wishes are about no card.
_FRUITLESS: Final = (
    "SELECT result FROM intent WHERE result NOT LIKE '{\"card_id\":null,%' AND key NOT IN "
    "(SELECT intent FROM activity WHERE intent IS NOT NULL AND actor_id > 0) ORDER BY key"
)


def forgotten_wishes(store: Store, most: int) -> list[tuple[int, int]]:
    """Activities, by card and number, whose wish is not remembered any more: it could be carried out again.

    Within a connection.
    """
    return [(card, number) for card, number in store.database.execute_sql(_FORGOTTEN, (most,)).fetchall()]


def fruitless_wishes(store: Store) -> list[int]:
    """The ids of cards on which a wish was carried out of which no activity is left; within a connection."""
    found = (_card_of(result) for (result,) in store.database.execute_sql(_FRUITLESS).fetchall())
    return sorted({card for card in found if card is not None})


def _card_of(result: str) -> int | None:
    """The card to which something should have been done; none of a wish that was only asked for, or not approved."""
    try:
        told = json.loads(result)
        card, facts = told["card_id"], told["facts"]
        is_only_about_a_request = "approval" in facts and facts.get("decision") != "approved"
    except (ValueError, KeyError, TypeError):
        return None
    return card if isinstance(card, int) and not is_only_about_a_request else None
