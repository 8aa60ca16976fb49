"""Which cards a code was meant for that nobody answers to: those a slip away, and those that a damaged code fits."""

from dataclasses import dataclass
from typing import Final

from models.answering import is_intact_row
from models.errors import faults
from models.rules.codes import cannot_be_ours, has_valid_check, near_misses, readings
from models.rules.diagnosis import MISTYPED_REASON, UNKNOWN_REASON
from models.rules.slips import difference, likelihood, spellings
from models.store import Store

MOST_TOLD: Final = 5
"""Of how many cards it is told what differs: where codes lie close together, one look must not tell all of them."""
_MOST_ROWS: Final = 3_000
# Each hit's card is looked at by itself: a join may be turned round, to look at every card.
_ENTRIES: Final = """
    SELECT d.digest, d.folded, d.card_id, d.is_alias, d.seal,
        (SELECT g.changed_at FROM gift_card g WHERE g.id = d.card_id)
    FROM code_digest d
"""


@dataclass(frozen=True, slots=True)
class Slip:
    """A card that a code may have been meant for."""

    card_id: int
    remark: str
    """What differs, to stand beside the card."""


@dataclass(frozen=True, slots=True)
class _Row:
    digest: bytes
    card_id: int
    changed_at: int


def cards_near(store: Store, code: str, most: int) -> tuple[Slip, ...]:
    """The cards whose code is one slip away from a normalised one or looks like it, the likeliest first.

    Of two that are equally likely, the one with the newest activity. None for codes that are too short to guess at;
    an entry that somebody changed behind the desk's back leads nowhere. Within a connection.
    """
    keys = store.keys
    spelt = {keys.code_digest(neighbour): neighbour for neighbour in near_misses(code)}
    if not spelt:
        return ()
    exact = keys.code_digest(code)
    rows = [row for row in _rows(store, list(spelt), keys.folded_digest(code)) if row.digest != exact]
    if any(row.digest not in spelt for row in rows):
        spelt |= {keys.code_digest(spelling): spelling for spelling in spellings(code)}
    rows.sort(key=lambda row: (likelihood(code, spelt.get(row.digest)), -row.changed_at, -row.card_id))
    told: dict[int, str] = {}
    for row in rows:
        told.setdefault(row.card_id, difference(code, spelt.get(row.digest)))
    is_told = len(told) <= MOST_TOLD
    return tuple(Slip(card_id, remark if is_told else _TOO_MANY) for card_id, remark in told.items())[:most]


_TOO_MANY: Final = "one of many that are a single slip away"


def cards_readable_as(store: Store, pattern: str, most: int) -> tuple[Slip, ...]:
    """The cards that a code with `?` fits, codes of ours first, then the newest activity; what is missing isn't told.

    None for a pattern that is refused. Within a connection.
    """
    codes = readings(pattern)
    if not codes:
        return ()
    spelt = {store.keys.code_digest(code): code for code in codes}
    rows = _rows(store, list(spelt), None)
    rows.sort(key=lambda row: (has_valid_check(spelt[row.digest]), row.changed_at, row.card_id), reverse=True)
    return tuple(Slip(card_id, _FITS) for card_id in dict.fromkeys(row.card_id for row in rows))[:most]


_FITS: Final = "fits what can be read of the code"


def is_mistyped(store: Store, code: str) -> bool:
    """Whether a normalised code that no card answers to can't be right: of our form, but our check fails.

    Never where a code like ours may have come in from elsewhere. Raises Fault for a broken store.
    """
    if not cannot_be_ours(code):
        return False
    with faults(store.path), store.database.reading():
        return store.database.execute_sql(_STRANGE_CODES).fetchone() is None


def why_unknown(store: Store, code: str) -> str:
    """Why no card answers to a normalised code, and what to do, as a sentence. Raises Fault for a broken store."""
    return MISTYPED_REASON if is_mistyped(store, code) else UNKNOWN_REASON


_STRANGE_CODES: Final = (
    "SELECT 1 FROM import_batch WHERE has_codes_like_ours IS NULL OR has_codes_like_ours = 1 LIMIT 1"
)


def _rows(store: Store, digests: list[bytes], folded: bytes | None) -> list[_Row]:
    condition, params = store.database.among("d.digest", digests)
    sql = f"{_ENTRIES} WHERE {condition}"
    if folded is not None:
        sql, params = f"{sql} UNION ALL {_ENTRIES} WHERE d.folded = ?", [*params, folded]
    rows = store.database.execute_sql(f"{sql} LIMIT {_MOST_ROWS}", params).fetchall()
    return [_Row(bytes(row[0]), row[2], row[5]) for row in rows if is_intact_row(store.keys, tuple(row[:5]))]
