"""The least that the engine alone must do for each look-up: the statements that stand beside our own functions."""

from typing import Any

Statement = tuple[str, tuple[Any, ...]]
"""SQL with `?` for its parameters, and these."""

_CARDS_OF = " UNION ".join(
    f"SELECT id FROM gift_card WHERE {role}_id IN (SELECT id FROM customer WHERE {{condition}})"
    for role in ("registered", "recipient", "purchaser")
)
_LOADED = "kind IN ('issue', 'top_up', 'imported') AND place = ? AND effective_at >= ? AND effective_at < ?"
_MOST = 201
_LAST = "\U0010ffff"


def card_by_digest(digest: bytes) -> Statement:
    """Which card answers to a code."""
    return "SELECT card_id FROM code_digest WHERE digest = ?", (digest,)


def cards_by_digests(condition: str, params: tuple[Any, ...]) -> Statement:
    """Which cards answer to some of many codes, by the condition in the engine's own words."""
    return f"SELECT card_id FROM code_digest WHERE {condition}", params


def cards_by_folded(digest: bytes) -> Statement:
    """Which cards answer to codes that look like one."""
    return "SELECT card_id FROM code_digest WHERE folded = ?", (digest,)


def cards_by_end(last_four: str) -> Statement:
    """Whose code ends so."""
    return "SELECT id FROM gift_card WHERE last_four = ?", (last_four,)


def card_and_history(card_id: int) -> Statement:
    """A card with its activities."""
    return "SELECT * FROM gift_card g JOIN activity a ON a.card_id = g.id WHERE g.id = ?", (card_id,)


def cards_of_address(key: str) -> Statement:
    """The cards of everybody with an e-mail address."""
    return _CARDS_OF.format(condition="email_key = ?"), (key,) * 3


def cards_of_addresses(beginning: str) -> Statement:
    """The cards of everybody whose e-mail address begins so."""
    return _CARDS_OF.format(condition="email_key >= ? AND email_key < ?"), (beginning, beginning + _LAST) * 3


def cards_of_name(key: str) -> Statement:
    """The cards of everybody who is called so."""
    return _CARDS_OF.format(condition="name_key = ?"), (key,) * 3


def people_with_parts(texts: tuple[str, str], *parts: str) -> Statement:
    """The first people with a text that has all parts in it; the texts lie in a table, numbered by a column."""
    table, number = texts
    fits = " AND ".join("p.text LIKE ?" for _ in parts)
    return (
        f"SELECT t.customer_id FROM {table} p CROSS JOIN customer_text t WHERE t.text_id = p.{number} AND {fits} "
        f"LIMIT {_MOST}",
        tuple(f"%{part}%" for part in parts),
    )


def cards_of_order(order_ref: str) -> Statement:
    """The cards of an order."""
    return "SELECT card_id FROM activity WHERE order_ref = ?", (order_ref,)


def cards_loaded(place: str, since: int, until: int) -> Statement:
    """The first cards that were bought or topped up at a place between two instants, in microseconds."""
    return f"SELECT card_id FROM activity WHERE {_LOADED} LIMIT {_MOST}", (place, since, until)


def cards_loaded_for(word: str, place: str, since: int, until: int) -> Statement:
    """The same of recipients with a word in their names."""
    return (
        "SELECT g.id FROM activity a CROSS JOIN gift_card g CROSS JOIN customer c WHERE g.id = a.card_id "
        f"AND c.id = g.recipient_id AND a.{_LOADED} AND c.name_key LIKE ? LIMIT {_MOST}",
        (place, since, until, f"%{word}%"),
    )


def cards_behind(card_id: int) -> Statement:
    """The next cards behind one, newest activity first."""
    return (
        "SELECT id FROM gift_card WHERE (changed_at, id) < (SELECT changed_at, id FROM gift_card WHERE id = ?) "
        f"ORDER BY changed_at DESC, id DESC LIMIT {_MOST}",
        (card_id,),
    )
