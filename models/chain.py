"""The seal on every activity and audit row: each one covers the row before it."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Final

from models.fields import canonical_json
from models.keys import Keys

FORMAT: Final = 1
START: Final = b""


def seal(keys: Keys, previous: bytes, row: Sequence[Any]) -> bytes:
    """The MAC of a row's values, in a fixed order, and of the row before it; bytes are covered as hex."""
    values = [value.hex() if isinstance(value, bytes) else value for value in row]
    return hmac.digest(keys.chain, previous + canonical_json(values).encode(), hashlib.sha256)


def request_digest(keys: Keys, request: str) -> bytes:
    """The keyed digest by which a wish is recognised; nobody without the key can guess at what it held."""
    return hmac.digest(keys.texts, request.encode(), hashlib.sha256)


def text_digest(keys: Keys, card_id: int, number: int, text: str) -> bytes:
    """The keyed digest that stays in the journal when the text itself is removed."""
    return hmac.digest(keys.texts, f"{card_id}/{number}/{text}".encode(), hashlib.sha256)
