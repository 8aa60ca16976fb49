"""Whether cards add up, asked of a page of them as they lie in the tables: yes or no, as fast as can be.

What is wrong with a card that does not is said by models.journals, which must never find a card sound
that is not so here, nor the other way round; a test holds the two to each other.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from models.answering import is_intact_row
from models.chain import START, seal, text_digest
from models.clock import from_microseconds
from models.engine import DeskDatabase
from models.fields import DayField, InstantField
from models.keys import Keys
from models.ledger import SEALED, facts_seal
from models.rules.journal import COLUMNS, DATED, BrokenJournal, Kind, Tally
from models.schema import GiftCard

CARD: Final = ("id", "currency", "last_four", "cut_off_at", "head_number", "head_mac", "seal", *COLUMNS)
_CARDS: Final = f"SELECT {', '.join(CARD)} FROM gift_card WHERE id > ? ORDER BY id LIMIT ?"
_BETWEEN: Final = "WHERE card_id > ? AND card_id <= ?"
_ACTIVITIES: Final = (
    f"SELECT {', '.join('card_id' if name == 'card' else name for name in SEALED)}, mac FROM activity {_BETWEEN} "
    "ORDER BY card_id, number"
)
_TEXTS: Final = f"SELECT card_id, number, text FROM activity_text {_BETWEEN}"
_FLAGS: Final = f"SELECT card_id, number FROM flag {_BETWEEN} AND cleared_number IS NULL"
_CODES: Final = f"SELECT digest, folded, card_id, is_alias, seal FROM code_digest {_BETWEEN}"

_CARD_ID: Final = SEALED.index("card")
_KINDS: Final[Mapping[str, Kind]] = {kind.value: kind for kind in Kind}
_ABSENT: Final = object()

Row = Sequence[Any]

# What makes facts of a card's columns, where they are not facts as they are stored.
_READ: Final[Sequence[tuple[int, Callable[[Any], Any]]]] = [
    (place, field.python_value)
    for place, field in enumerate(GiftCard._meta.combined[column] for column in COLUMNS)
    if isinstance(field, InstantField | DayField)
]


@dataclass(slots=True)
class Page:
    """Some cards in a row, by their ids, and which of them want a closer look."""

    last: int
    """The id of the last card."""
    cards: int = 0
    activities: int = 0
    balances_minor: dict[str, int] = field(default_factory=dict)
    """Currency -> minor units."""
    unsound: list[int] = field(default_factory=list)
    """The ids of cards that do not add up."""
    spoiled_codes: list[int] = field(default_factory=list)
    """The ids of cards with a code whose entry is not as it was written."""
    without_code: list[int] = field(default_factory=list)
    """The ids of cards to which no code of their own leads."""


def read_page(database: DeskDatabase, keys: Keys, after: int, most: int) -> Page | None:
    """The next cards after an id, at most so many, each checked; None at the end. Within a transaction."""
    cards = database.execute_sql(_CARDS, (after, most)).fetchall()
    if not cards:
        return None
    page = Page(last=cards[-1][0])
    part = (after, page.last)
    texts = {(card, number): text for card, number, text in database.execute_sql(_TEXTS, part)}
    flags: dict[int, set[int]] = {}
    for card_id, number in database.execute_sql(_FLAGS, part):
        flags.setdefault(card_id, set()).add(number)
    journals = _by_card(database.execute_sql(_ACTIVITIES, part))
    for row in cards:
        card_id, currency, balance_minor = row[0], row[1], row[_BALANCE]
        journal = journals(card_id)
        page.cards += 1
        page.activities += len(journal)
        page.balances_minor[currency] = page.balances_minor.get(currency, 0) + balance_minor
        if not is_sound(keys, row, journal, texts, flags.get(card_id, set())):
            page.unsound.append(card_id)
    _check_codes(database, keys, part, [row[0] for row in cards], page)
    return page


_BALANCE: Final = CARD.index("balance_minor")


def _by_card(rows: Iterator[Row]) -> Callable[[int], list[Row]]:
    """A function that gives the rows of one card after the other, asked in rising order."""
    waiting = next(rows, None)

    def of(card_id: int) -> list[Row]:
        nonlocal waiting
        found: list[Row] = []
        while waiting is not None and waiting[_CARD_ID] <= card_id:
            if waiting[_CARD_ID] == card_id:
                found.append(waiting)
            waiting = next(rows, None)
        return found

    return of


def is_sound(
    keys: Keys,
    card: Row,
    journal: Sequence[Row],
    texts: Mapping[tuple[int, int], str | None],
    open_flags: set[int],
) -> bool:
    """Whether a card, its whole journal, its texts and its open flags are what the desk wrote; all given as stored."""
    card_id, currency, last_four, cut_off_at, head_number, head_mac, sealed, *stored = card
    if len(journal) != head_number or not journal:
        return False
    try:
        facts, mac = _add_up(keys, journal, texts, open_flags)
        for place, read in _READ:
            stored[place] = read(stored[place])
        if mac != head_mac or facts != stored:
            return False
        cut_off = GiftCard.cut_off_at.python_value(cut_off_at)
        name = (card_id, currency, last_four)
        return bool(facts_seal(keys, mac, name, facts, cut_off, head_number) == sealed)
    except (BrokenJournal, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return False


def _add_up(
    keys: Keys, journal: Sequence[Row], texts: Mapping[tuple[int, int], str | None], open_flags: set[int]
) -> tuple[list[Any], bytes]:
    """What a journal adds up to, and the end of its chain. Raises BrokenJournal, or whatever spoiled values bring."""
    tally, previous, flags = Tally(), START, set()
    for expected, (*values, mac) in enumerate(journal, start=1):
        (_, card_id, number, kind_name, amount, balance, at, _, _, _, _, _, reverses, details, digest, _) = values
        if number != expected or seal(keys, previous, values) != mac:
            raise BrokenJournal("not as it was written")
        text = texts.get((card_id, number), _ABSENT) if texts else _ABSENT
        if digest is not None or text is not _ABSENT:
            _check_text(keys, card_id, number, digest, text)
        kind = _KINDS[kind_name]
        sets = None if details == "{}" else json.loads(details).get("sets")
        tally.add_facts(number, kind, amount, from_microseconds(at) if kind in DATED else None, sets, reverses)
        if tally.values["balance_minor"] != balance:
            raise BrokenJournal("not the sum")
        if kind is Kind.FLAG_RAISED:
            flags.add(number)
        elif kind is Kind.FLAG_CLEARED:
            flags.discard(reverses)
        previous = mac
    if flags != open_flags:
        raise BrokenJournal("other flags are open")
    return list(tally.values.values()), previous


def _check_text(keys: Keys, card_id: int, number: int, digest: bytes | None, text: Any) -> None:
    """A text belongs to its digest, and may have been removed; without a digest there is none."""
    if text is None or (text is _ABSENT and digest is None):
        return
    if text is _ABSENT or digest is None or digest != text_digest(keys, card_id, number, text):
        raise BrokenJournal("another text")


def _check_codes(database: DeskDatabase, keys: Keys, part: tuple[int, int], ids: Sequence[int], page: Page) -> None:
    have_one: set[int] = set()
    for row in database.execute_sql(_CODES, part):
        _, _, card_id, is_alias, _ = row
        if not is_intact_row(keys, row):
            page.spoiled_codes.append(card_id)
        if not is_alias:
            have_one.add(card_id)
    page.without_code.extend(card_id for card_id in ids if card_id not in have_one)
