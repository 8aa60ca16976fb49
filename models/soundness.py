"""Whether cards add up, asked of a page of them as they lie in the tables: yes or no, as fast as can be.

What is wrong with a card that does not is said by models.journals, which must never find a card sound
that is not so here, nor the other way round; a test holds the two to each other.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from models.answering import is_intact_row
from models.cards import CARD, LockedCard, as_read
from models.chain import START, seal, text_digest
from models.clock import FIRST, LAST, from_microseconds
from models.engine import DeskDatabase
from models.journals import sets_in
from models.keys import Keys
from models.ledger import SEALED, row_seal
from models.rules.journal import DATED, BrokenJournal, CardState, Kind, Tally, TextsGone

_CARDS: Final = f"SELECT {', '.join(CARD)} FROM gift_card"
_ACTIVITIES: Final = (
    f"SELECT {', '.join('card_id' if name == 'card' else name for name in SEALED)}, mac FROM activity WHERE card_id"
)
_TEXTS: Final = "SELECT card_id, number, text FROM activity_text WHERE card_id"
_FLAGS: Final = "SELECT card_id, number FROM flag WHERE cleared_number IS NULL AND card_id"
_CODES: Final = "SELECT digest, folded, card_id, is_alias, seal FROM code_digest WHERE card_id"
_BETWEEN: Final = "BETWEEN ? AND ?"

_CARD_ID: Final = SEALED.index("card")
_KINDS: Final[Mapping[str, Kind]] = {kind.value: kind for kind in Kind}
_ABSENT: Final = object()

Row = Sequence[Any]


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


def adds_up(database: DeskDatabase, keys: Keys, card_id: int) -> bool:
    """Whether one card adds up, with its whole journal and its codes; within a connection."""
    page = read_page(database, keys, card_id - 1, 1)
    return page is not None and page.last == card_id and not page.unsound


def read_page(database: DeskDatabase, keys: Keys, after: int, most: int) -> Page | None:
    """The next cards after an id, at most so many, each checked; None at the end. Within a transaction."""
    cards = database.execute_sql(f"{_CARDS} WHERE id > ? ORDER BY id LIMIT ?", (after, most)).fetchall()
    if not cards:
        return None
    page = Page(last=cards[-1][0])
    part = (after + 1, page.last)
    for row, journal, is_sound_ in _checked(database, keys, cards, _BETWEEN, part):
        currency = row[1]
        page.cards += 1
        page.activities += len(journal)
        page.balances_minor[currency] = page.balances_minor.get(currency, 0) + row[_BALANCE]
        if not is_sound_:
            page.unsound.append(row[0])
    _check_codes(database, keys, part, [row[0] for row in cards], page)
    return page


def read_sound(database: DeskDatabase, keys: Keys, card_ids: Sequence[int]) -> tuple[list[LockedCard], list[int]]:
    """Some cards as they are, in the order of their ids, and the ids of those that do not add up. Within a
    transaction."""
    among = f"IN ({', '.join('?' * len(card_ids))})"
    cards = database.execute_sql(f"{_CARDS} WHERE id {among} ORDER BY id", card_ids).fetchall()
    sound: list[LockedCard] = []
    unsound: list[int] = []
    for row, _, is_sound_ in _checked(database, keys, cards, among, card_ids):
        if is_sound_:
            sound.append(as_read(row))
        else:
            unsound.append(row[0])
    return sound, unsound


def _checked(
    database: DeskDatabase, keys: Keys, cards: Sequence[Row], which: str, parameters: Sequence[int]
) -> Iterator[tuple[Row, Sequence[Row], bool]]:
    """Each of some cards' rows with its journal, and whether it adds up; told by a condition on their ids."""
    texts = {(card, number): text for card, number, text in database.execute_sql(f"{_TEXTS} {which}", parameters)}
    flags: dict[int, set[int]] = {}
    for card_id, number in database.execute_sql(f"{_FLAGS} {which}", parameters):
        flags.setdefault(card_id, set()).add(number)
    journals = _by_card(database.execute_sql(f"{_ACTIVITIES} {which} ORDER BY card_id, number", parameters))
    for row in cards:
        journal = journals(row[0])
        yield row, journal, is_sound(keys, row, journal, texts, flags.get(row[0], set()))


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
    try:
        held = as_read(card)
        if len(journal) != held.number or not journal:
            return False
        state, mac = _add_up(keys, journal, texts, open_flags)
        return state == held.state and mac == held.mac and row_seal(keys, held) == held.seal
    except (BrokenJournal, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return False


def _add_up(
    keys: Keys, journal: Sequence[Row], texts: Mapping[tuple[int, int], str | None], open_flags: set[int]
) -> tuple[CardState, bytes]:
    """What a journal adds up to, and the end of its chain. Raises BrokenJournal, or whatever spoiled values bring."""
    tally, previous, flags, gone = Tally(), START, set(), TextsGone()
    for expected, (*values, mac) in enumerate(journal, start=1):
        (_, card_id, number, kind_name, amount, balance, at, noted_at, _, _, _, _, reverses, details, digest, _) = (
            values
        )
        if number != expected or seal(keys, previous, values) != mac:
            raise BrokenJournal("not as it was written")
        if not (FIRST <= at <= LAST and FIRST <= noted_at <= LAST):
            raise BrokenJournal("no instant")
        text = texts.get((card_id, number), _ABSENT) if texts else _ABSENT
        if digest is not None or text is not _ABSENT:
            _check_text(keys, card_id, number, digest, text)
        kind = _KINDS[kind_name]
        tally.add_facts(
            number, kind, amount, from_microseconds(at) if kind in DATED else None, sets_in(details), reverses
        )
        if text is None or kind is Kind.CORRECTED_CUSTOMER:
            gone.add(kind, json.loads(details), is_gone=text is None)
        if tally.values["balance_minor"] != balance:
            raise BrokenJournal("not the sum")
        if kind is Kind.FLAG_RAISED:
            flags.add(number)
        elif kind is Kind.FLAG_CLEARED:
            flags.discard(reverses)
        previous = mac
    gone.close()
    if flags != open_flags:
        raise BrokenJournal("other flags are open")
    return tally.state, previous


def _check_text(keys: Keys, card_id: int, number: int, digest: bytes | None, text: Any) -> None:
    """A text belongs to its digest, and may be gone; without a digest there is none."""
    if text is None or (text is _ABSENT and digest is None):
        return
    if text is _ABSENT or digest is None or digest != text_digest(keys, card_id, number, text):
        raise BrokenJournal("another text")


def _check_codes(database: DeskDatabase, keys: Keys, part: tuple[int, int], ids: Sequence[int], page: Page) -> None:
    have_one: set[int] = set()
    for row in database.execute_sql(f"{_CODES} {_BETWEEN}", part):
        _, _, card_id, is_alias, _ = row
        if not is_intact_row(keys, row):
            page.spoiled_codes.append(card_id)
        if not is_alias:
            have_one.add(card_id)
    page.without_code.extend(card_id for card_id in ids if card_id not in have_one)
