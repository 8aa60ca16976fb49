"""The seals themselves: what was sealed by an earlier giftdesk must be found sound for ever."""

import hashlib
import hmac
import json
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.answering import code_row, digests_of
from models.cards import LockedCard
from models.chain import request_digest, seal, text_digest
from models.fields import canonical_json
from models.keys import Keys, Mac
from models.ledger import SEALED, activity_seal, row_seal
from models.rules.journal import CardState

KEYS = Keys(bytes(range(32)))
AT = datetime(2026, 5, 21, 12, 0, 0, 5, tzinfo=UTC)


def _stored(*values: Any) -> dict[str, Any]:
    return dict(zip(SEALED, values, strict=True))


# The seals that the first release made of these; they never change.
_ISSUE = _stored(
    1, 7, 1, "issue", 5000, 5000, 1779364800000000, 1779364800000000, 4, "Mia", None, None, None, "{}", None, None
)
_REDEMPTION = _stored(
    1,
    7,
    2,
    "redemption",
    -1250,
    3750,
    1779364800000000,
    1779364800000001,
    4,
    'Zoë "Z" 李\x7f\u2028',
    "Leeds\\",
    "10482",
    1,
    '{"ref":"T-1"}',
    bytes(range(32)),
    "0af3",
)
_CARD = LockedCard(
    7,
    "GBP",
    "7Q4M",
    CardState(
        balance_minor=3750,
        last_money_number=2,
        active_from_at=AT,
        last_day_on=date(2026, 11, 20),
        loaded_at=AT,
        product_id=1,
        recipient_id=3,
    ),
    datetime(2026, 11, 21, 3, tzinfo=UTC),
    2,
    b"\x01" * 32,
    b"",
)
_EMPTY = LockedCard(1, "JPY", "AAAA", CardState(), None, 0, b"", b"")


def test_activities_keep_their_seals() -> None:
    """The first of a journal, and one that follows another and uses every column."""
    assert activity_seal(KEYS, b"", _ISSUE).hex() == "5d8bf1e134e10f58d9ca023f0faad3e2cf16f29b5538439991c98626002064e9"
    assert (
        activity_seal(KEYS, b"\xff" * 32, _REDEMPTION).hex()
        == "50371071263a9fc00feb69f9378d3cc8e51b4386d6c5459f73ce35b9d7d749db"
    )


def test_rows_of_cards_keep_their_seals() -> None:
    """A card in use, and one before its first activity."""
    assert row_seal(KEYS, _CARD).hex() == "e336d15a94dfca5db5d6432dd394e10f8ceb12178e0d27248ab779da5433cd0d"
    assert row_seal(KEYS, _EMPTY).hex() == "e410d537a5c303f49032ccb32b5754914515e0688a306b44230cd3a5d5122021"


def test_codes_and_texts_keep_their_digests() -> None:
    """A code is found again, a text is recognised, a wish is known as the same."""
    row = code_row(KEYS, 7, digests_of(KEYS, "23456789CFHJKMNP"), is_alias=False)
    assert row["digest"].hex() == "790910154268c189f0808946aecafa2eab437494c0dc69e55356b1911a2cdf2b"
    assert row["folded"].hex() == "4530c86e87cd81ecf3305a50480ef1b1db8a6ba221f83340def31ca443f53197"
    assert row["seal"].hex() == "f0e6790d7eaeff1a25f5456c4aa54b17fbee713dddd722558be7773a0eb55a59"
    text = "Called back – naïve \U0001f381"
    assert text_digest(KEYS, 7, 2, text).hex() == "6e6720c8a4f0c7c8227a864957852c30198143ac860d893c632aabddd9731834"
    assert (
        request_digest(KEYS, '["redeem",{}]').hex()
        == "72f3f153387421cfcf6df57d2a868a03a6fa5f6b5dd54fd8a5dce69a71669a4f"
    )


_PLAIN = st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None))
_JSON = st.recursive(_PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(st.dictionaries(st.text(), _JSON))
def test_json_has_one_spelling(value: dict[str, Any]) -> None:
    """The one that the standard library gives it."""
    assert canonical_json(value) == json.dumps(value, sort_keys=True, separators=(",", ":"))


@given(st.binary(max_size=64), st.binary(max_size=400))
def test_the_mac_is_the_one_of_the_standard(key: bytes, message: bytes) -> None:
    """HMAC-SHA-256, whatever is prepared for it."""
    assert Mac(key)(message) == hmac.digest(key, message, hashlib.sha256)


@given(st.binary(max_size=32), st.lists(_JSON | st.binary(max_size=32)))
def test_a_seal_covers_the_row_before_and_every_value(previous: bytes, row: list[Any]) -> None:
    """Bytes are covered as hex, everything else as JSON."""
    values = [value.hex() if isinstance(value, bytes) else value for value in row]
    spelt = previous + json.dumps(values, sort_keys=True, separators=(",", ":")).encode()
    assert seal(KEYS, previous, row) == KEYS.chain(spelt)
