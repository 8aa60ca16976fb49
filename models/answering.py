"""Which card answers to a code: digests under seal, so that nobody points a code at another card unseen."""

from typing import Any, Final, NamedTuple

from models.chain import seal
from models.errors import Refused
from models.keys import Keys
from models.schema import CodeDigest
from models.store import Store

_SPOILED: Final = "Somebody changed the entry of this code behind the desk's back: escalate it to Payments Support."


class CodeDigests(NamedTuple):
    """What is kept of a code."""

    digest: bytes
    folded: bytes


def digests_of(keys: Keys, code: str) -> CodeDigests:
    """What is kept of a normalised code."""
    return CodeDigests(keys.code_digest(code), keys.folded_digest(code))


def code_row(keys: Keys, card_id: int, code: CodeDigests, *, is_alias: bool) -> dict[str, Any]:
    """The row by which a card answers to a code."""
    return {
        "digest": code.digest,
        "folded": code.folded,
        "card": card_id,
        "is_alias": is_alias,
        "seal": _seal(keys, code.digest, code.folded, card_id, is_alias=is_alias),
    }


def _seal(keys: Keys, digest: bytes, folded: bytes, card_id: int, *, is_alias: bool) -> bytes:
    return seal(keys, digest, [folded, card_id, int(is_alias)])


def is_intact(keys: Keys, row: CodeDigest) -> bool:
    """Whether a row is as it was written."""
    return is_intact_row(keys, (row.digest, row.folded, row.__data__["card"], row.is_alias, row.seal))


def is_intact_row(keys: Keys, row: tuple[bytes, bytes, int, int, bytes]) -> bool:
    """The same of a row given as stored: digest, folded, card_id, is_alias, seal."""
    digest, folded, card_id, is_alias, sealed = row
    return _seal(keys, bytes(digest), bytes(folded), card_id, is_alias=bool(is_alias)) == bytes(sealed)


def add_code(store: Store, card_id: int, code: str, *, is_alias: bool) -> None:
    """Let a card answer to a normalised code, within a transaction."""
    CodeDigest.insert(**code_row(store.keys, card_id, digests_of(store.keys, code), is_alias=is_alias)).execute()


def card_of(store: Store, code: str) -> int | None:
    """The id of the card that answers to a normalised code, or None. Raises Refused for a spoiled entry."""
    return _card_of(store, store.keys.code_digest(code))


def card_of_digest(store: Store, digest: str) -> int | None:
    """The id of the card whose own code has that digest, in hex, or None. Raises Refused for a spoiled entry."""
    try:
        return _card_of(store, bytes.fromhex(digest))
    except ValueError:
        return None


# Spelt out: building it costs ten times as much as asking it.
_CARD: Final = "SELECT digest, folded, card_id, is_alias, seal FROM code_digest WHERE digest = ?"


def _card_of(store: Store, digest: bytes) -> int | None:
    row = store.database.execute_sql(_CARD, (digest,)).fetchone()
    if row is None:
        return None
    if not is_intact_row(store.keys, row):
        raise Refused(_SPOILED)
    card_id: int = row[2]
    return card_id


def own_digest(store: Store, card_id: int) -> str:
    """The digest of a card's own code, in hex: a name for the card that holds wherever the key is the same.

    Raises Refused when there is none, or for a spoiled entry.
    """
    rows = list(CodeDigest.select().where((CodeDigest.card == card_id) & (CodeDigest.is_alias == 0)))
    if not rows or not all(is_intact(store.keys, row) for row in rows):
        raise Refused(_SPOILED)
    return bytes(rows[0].digest).hex()
