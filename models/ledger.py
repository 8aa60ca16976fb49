"""The only code that appends a card's activities and moves its balance."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from peewee import chunked

from models.cards import LockedCard
from models.chain import FORMAT, seal, text_digest
from models.clock import to_microseconds
from models.errors import Refused
from models.fields import canonical_json
from models.hand import Hand
from models.keys import Keys
from models.rows import insert_stored, insert_values, update_stored, update_values
from models.rules.journal import COLUMNS, SIGNS, BrokenJournal, CardState, Entry, Kind, Stamp, Tally
from models.rules.validity import BusinessTime
from models.schema import Activity, ActivityText, Flag, GiftCard

Values = tuple[Any, ...]
_facts: Final = attrgetter(*COLUMNS)
_CARDS_AT_ONCE: Final = 500


def row_seal(keys: Keys, card: LockedCard) -> bytes:
    """The seal that belongs on a card's row: over its name, what its journal adds up to, and the end of its chain."""
    return _row_seal(keys, card, card.state, card.cut_off_at, card.number, card.mac)


def _row_seal(
    keys: Keys, card: LockedCard, state: CardState, cut_off_at: datetime | None, number: int, mac: bytes
) -> bytes:
    """The same for a card whose journal has gone on."""
    facts = [value.isoformat() if isinstance(value, date) else value for value in _facts(state)]
    cut_off = None if cut_off_at is None else cut_off_at.isoformat()
    return seal(keys, mac, [FORMAT, card.id, card.currency, card.last_four, *facts, cut_off, number])


def append(hand: Hand, card: LockedCard, *entries: Entry) -> LockedCard:
    """Append activities to a locked card and bring its row up to date; all within the transaction.

    Raises BrokenJournal when the rules of money forbid one, or what is stored of money that moved does not add up, and
    Refused when the card's row is not what was read under the lock.
    """
    changed, rows, texts = _sealed(hand, card, entries)
    _project(hand, card, changed)
    _write_down(rows, texts)
    _keep_flags(card.id, rows)
    if any(entry.kind in SIGNS for entry in entries):
        _look_again(changed)
    return changed


_STORED: Final = (
    "SELECT c.balance_minor, c.head_number, SUM(a.amount_minor), COUNT(*), MAX(a.number) FROM gift_card c "
    "JOIN activity a ON a.card_id = c.id WHERE c.id = ? GROUP BY c.balance_minor, c.head_number"
)


def _look_again(card: LockedCard) -> None:
    """Whatever happened to it on the way: a card on which money moved holds what its activities come to, each counted.

    One that does not add up before takes notes and the like, and moves none.
    """
    stored = GiftCard._meta.database.execute_sql(_STORED, (card.id,)).fetchone()
    if stored != (card.balance_minor, card.number, card.balance_minor, card.number, card.number):
        raise BrokenJournal(f"activity {card.number}: the card does not hold what its activities come to")


def append_sealed(columns: Sequence[str], heads: Sequence[Values], activities: Sequence[Values]) -> None:
    """Append activities that were sealed before the lock was held, each to a card that is still what it was then.

    The values have the form in which they are stored. A head is what belongs in these columns of a card's row, its id,
    and the seal that was read. Raises Refused, and nothing may be saved, when one of the cards has changed.
    """
    if update_stored(GiftCard, columns, ("id", "seal"), heads) != len(heads):
        raise Refused(_MEANWHILE)
    _write_down(activities, ())


@dataclass(frozen=True, slots=True)
class Continued:
    """What goes on the journals of some cards, sealed, and what their rows become."""

    columns: tuple[str, ...]
    """The columns of the cards' rows that change."""
    heads: list[Values]
    activities: list[Values]
    texts: list[Values]


def sealed_onto(hand: Hand, journals: Iterable[tuple[LockedCard, Sequence[Entry]]]) -> Continued:
    """What goes on the journals of cards as they were read, none of it a flag; touches no database.

    Raises BrokenJournal when the rules of money forbid an activity.
    """
    cards: list[tuple[LockedCard, LockedCard]] = []
    activities: list[Values] = []
    texts: list[Values] = []
    for before, entries in journals:
        after, rows, said = _sealed(hand, before, entries)
        cards.append((before, after))
        activities.extend(rows)
        texts.extend(said)
    projected = [(before, _projected(before), _projected(after)) for before, after in cards]
    changing = [place for place in range(len(_PROJECTED)) if any(was[place] != is_[place] for _, was, is_ in projected)]
    heads = [(*(is_[place] for place in changing), hand.at, before.id, before.seal) for before, _, is_ in projected]
    return Continued(tuple(_PROJECTED[place] for place in changing), heads, activities, texts)


def write_onto(continued: Continued) -> None:
    """Write down what was sealed, each to a card that is still what it was then; within a transaction.

    Raises Refused, and nothing may be saved, when one of the cards has changed.
    """
    if not continued.heads:
        return
    columns = (*continued.columns, "changed_at")
    if update_values(GiftCard, columns, ("id", "seal"), continued.heads) != len(continued.heads):
        raise Refused(_MEANWHILE)
    _write_down(continued.activities, continued.texts)


@dataclass(frozen=True, slots=True)
class SealedCards:
    """New cards with their journals as they are to be written down: rows of values, sealed."""

    cards: list[Values]
    activities: list[Values]
    texts: list[Values]
    flags: list[Values]


def sealed_new(hand: Hand, journals: Iterable[tuple[LockedCard, Sequence[Entry]]]) -> SealedCards:
    """What is written down of new cards, each with its whole journal; asks no database, so any process can do it.

    Each comes as it stands before its first activity, with an id that no card has; the first entry sets its product
    and active-from. Raises BrokenJournal when the rules of money forbid an activity.
    """
    new = SealedCards([], [], [], [])
    for before, entries in journals:
        card, rows, texts = _sealed(hand, before, entries)
        new.cards.append((card.id, card.currency, card.last_four, *_projected(card), rows[-1][_RECORDED_AT]))
        new.activities.extend(rows)
        new.texts.extend(texts)
        new.flags.extend(_flags_of_new(card.id, rows))
    return new


def write_new(new: SealedCards) -> None:
    """Write down new cards that were sealed, a few statements for hundreds of rows; within a transaction."""
    insert_values(GiftCard, ("id", "currency", "last_four", *_PROJECTED, "changed_at"), new.cards)
    _write_down(new.activities, new.texts)
    insert_values(Flag, ("card", "number", "cleared_number"), new.flags)


def _sealed(
    hand: Hand, card: LockedCard, entries: Sequence[Entry]
) -> tuple[LockedCard, Sequence[Values], Sequence[Values]]:
    """The card after some entries, and the rows of its activities and texts as they are to be written down."""
    tally, number, mac = Tally(card.state), card.number, card.mac
    rows, texts = [], []
    for entry in entries:
        number += 1
        tally.add(entry, number)
        row = _row(hand, card.id, number, entry, tally.values["balance_minor"])
        mac = seal(hand.keys, mac, row)
        rows.append((*row, mac))
        if row[_TEXT_DIGEST] is not None:
            texts.append((card.id, number, entry.text))
    state = tally.state
    cut_off_at = _cut_off(hand.business, card, state)
    sealed = _row_seal(hand.keys, card, state, cut_off_at, number, mac)
    changed = LockedCard(
        card.id, card.currency, card.last_four, state, cut_off_at, number, mac, sealed, card.is_spoiled
    )
    return changed, rows, texts


def _write_down(rows: Iterable[Values], texts: Iterable[Values]) -> None:
    insert_stored(Activity, (*SEALED, "mac"), rows)
    insert_stored(ActivityText, ("card_id", "number", "text"), texts)


def remove_texts(card_id: int, numbers: Sequence[int]) -> None:
    """Take the texts of some activities away, within the transaction; their digests stay, so the chain holds."""
    for some in chunked(numbers, _CARDS_AT_ONCE):
        is_meant = (ActivityText.card_id == card_id) & ActivityText.number.in_(some)
        ActivityText.update(text=None).where(is_meant).execute()


def _row(hand: Hand, card_id: int, number: int, entry: Entry, balance_minor: int) -> Values:
    """An activity's values in the order in which they are sealed."""
    stamp = entry.stamp or Stamp(hand.at, hand.actor_id, hand.actor_name, hand.intent)
    text = entry.text
    return (
        FORMAT,
        card_id,
        number,
        entry.kind.value,
        entry.amount_minor,
        balance_minor,
        to_microseconds(entry.effective_at),
        to_microseconds(stamp.recorded_at),
        stamp.actor_id,
        stamp.actor_name,
        entry.place,
        entry.order_ref,
        entry.reverses,
        canonical_json(entry.details),
        stamp.removed_text if text is None else text_digest(hand.keys, card_id, number, text),
        stamp.intent,
    )


SEALED: Final = (
    "format",
    "card",
    "number",
    "kind",
    "amount_minor",
    "balance_after_minor",
    "effective_at",
    "recorded_at",
    "actor_id",
    "actor_name",
    "place",
    "order_ref",
    "reverses",
    "details",
    "text_digest",
    "intent",
)

_CARD_ID: Final = SEALED.index("card")
_KIND: Final = SEALED.index("kind")
_NUMBER: Final = SEALED.index("number")
_REVERSES: Final = SEALED.index("reverses")
_RECORDED_AT: Final = SEALED.index("recorded_at")
_TEXT_DIGEST: Final = SEALED.index("text_digest")


def activity_seal(keys: Keys, previous: bytes, row: dict[str, Any]) -> bytes:
    """The seal that belongs on an activity, given as it is stored, with that predecessor."""
    return seal(keys, previous, [row[column] for column in SEALED])


# Many cards share a last day, and the rules of a zone take their time.
_stop_of: Final = lru_cache(maxsize=4096)(BusinessTime.cut_off)


def _cut_off(business: BusinessTime, card: LockedCard, state: CardState) -> datetime | None:
    if state.last_day_on == card.state.last_day_on and card.number:
        return card.cut_off_at
    return None if state.last_day_on is None else _stop_of(business, state.last_day_on)


def _keep_flags(card_id: int, rows: Sequence[Values]) -> None:
    for row in rows:
        if row[_KIND] == Kind.FLAG_RAISED:
            Flag.insert(card=card_id, number=row[_NUMBER]).execute()
        elif row[_KIND] == Kind.FLAG_CLEARED:
            cleared = (
                Flag.update(cleared_number=row[_NUMBER])
                .where((Flag.card == card_id) & (Flag.number == row[_REVERSES]) & Flag.cleared_number.is_null())
                .execute()
            )
            if cleared != 1:
                raise Refused(_NOT_OPEN)


def _flags_of_new(card_id: int, rows: Sequence[Values]) -> list[Values]:
    """The flags that a whole journal leaves behind."""
    cleared_by: dict[int, int | None] = {}
    for row in rows:
        if row[_KIND] == Kind.FLAG_RAISED:
            cleared_by[row[_NUMBER]] = None
        elif row[_KIND] == Kind.FLAG_CLEARED:
            if cleared_by.get(row[_REVERSES], 0) is not None:
                raise Refused(_NOT_OPEN)
            cleared_by[row[_REVERSES]] = row[_NUMBER]
    return [(card_id, number, cleared) for number, cleared in cleared_by.items()]


_MEANWHILE: Final = "Somebody else changed this card at the same moment. Nothing was changed; open it again."
_NOT_OPEN: Final = "That flag is not open any more. Nothing was changed."

# The columns of a card's row that follow from its journal.
_HEAD: Final = ("head_number", "head_mac")
_PROJECTED: Final = (*_HEAD, *COLUMNS, "cut_off_at", "seal")


def _projection(card: LockedCard) -> dict[str, Any]:
    """What belongs in the columns that follow from a card's journal."""
    return dict(zip(_PROJECTED, _projected(card), strict=True))


def _projected(card: LockedCard) -> Values:
    return (card.number, card.mac, *_facts(card.state), card.cut_off_at, card.seal)


def _project(hand: Hand, before: LockedCard, after: LockedCard) -> None:
    """Bring a card's row up to date, only while it is what was read under the lock."""
    was, is_ = _projection(before), _projection(after)
    # An index over the other columns needs no work.
    columns = _HEAD if after.is_spoiled else tuple(column for column in _PROJECTED if was[column] != is_[column])
    row = (*(is_[column] for column in columns), hand.at, before.id, before.seal)
    if update_values(GiftCard, (*columns, "changed_at"), ("id", "seal"), [row]) != 1:
        raise Refused(_MEANWHILE)


def mend(
    hand: Hand,
    card: LockedCard,
    state: CardState,
    cut_off_at: datetime | None,
    flags: Mapping[int, int | None] | None,
) -> LockedCard:
    """Write a locked card's row afresh from what its journal adds up to, and its flags if given; nothing is appended.

    Flags are given by the activity that raised each and the one that cleared it. Raises Refused when the row is
    not what was read under the lock.
    """
    mended = replace(card, state=state, cut_off_at=cut_off_at, is_spoiled=False)
    mended = replace(mended, seal=row_seal(hand.keys, mended))
    is_as_read = (GiftCard.id == card.id) & (GiftCard.seal == card.seal)
    if GiftCard.update(**_projection(mended)).where(is_as_read).execute() != 1:
        raise Refused(_MEANWHILE)
    if flags is not None:
        Flag.delete().where(Flag.card == card.id).execute()
        rows = [(card.id, number, cleared) for number, cleared in flags.items()]
        insert_values(Flag, ("card", "number", "cleared_number"), rows)
    return mended
