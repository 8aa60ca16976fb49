"""The only code that locks a card, appends its activities and moves its balance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final

from peewee import chunked

from models.bulk import insert_rows
from models.chain import FORMAT, START, seal, text_digest
from models.clock import to_microseconds
from models.errors import Refused
from models.fields import canonical_json
from models.hand import Hand
from models.keys import Keys
from models.rules.journal import CardState, Entry, Kind, Stamp, apply
from models.rules.validity import BusinessTime
from models.schema import Activity, ActivityText, Flag, GiftCard

_STATE_COLUMNS: Final = tuple(item.name for item in fields(CardState))
_CARDS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class LockedCard:
    """A card read under the lock: nobody else changes it before this transaction ends."""

    id: int
    currency: str
    last_four: str
    state: CardState
    cut_off_at: datetime | None
    number: int
    """How many activities it has."""
    mac: bytes
    """The end of its chain."""
    seal: bytes
    """The seal on the row as it was read: the version that a write expects."""
    is_spoiled: bool = False
    """The row does not add up: what is appended leaves it as it is, for verification to see."""

    @property
    def balance_minor(self) -> int:
        """What is on it, in minor units."""
        return self.state.balance_minor

    @property
    def broken_minor(self) -> int:
        """What the last money activity took, when that is a breakage; else 0."""
        return self.state.broken_minor

    @property
    def active_from_at(self) -> datetime:
        """From when it can be spent, UTC."""
        assert self.state.active_from_at is not None
        return self.state.active_from_at

    @property
    def suspended_at(self) -> datetime | None:
        """Since when it is on hold, UTC."""
        return self.state.suspended_at

    @property
    def cancelled_at(self) -> datetime | None:
        """When its order was cancelled, UTC."""
        return self.state.cancelled_at


def lock_card(card_id: int) -> LockedCard:
    """Lock a card for this transaction and read it; of several cards the one with the lowest id first."""
    for card in lock_cards([card_id]):
        return card
    raise Refused("There is no such card.")


def lock_cards(card_ids: Sequence[int]) -> list[LockedCard]:
    """Lock some cards for this transaction and read them, in the order of their ids; none for an id that no card has.

    On SQLite the transaction's own lock covers them.
    """
    rows = GiftCard.select().where(GiftCard.id.in_(card_ids)).order_by(GiftCard.id)
    return [locked(row) for row in (rows.for_update() if GiftCard._meta.database.for_update else rows)]


def locked(row: GiftCard) -> LockedCard:
    """A card's row, read within a transaction that holds the lock."""
    state = CardState(**{column: getattr(row, column) for column in _STATE_COLUMNS})
    return LockedCard(
        row.id,
        row.currency,
        row.last_four,
        state,
        row.cut_off_at,
        row.head_number,
        bytes(row.head_mac),
        bytes(row.seal),
    )


def new_locked(card_id: int, currency: str, last_four: str) -> LockedCard:
    """A card before its first activity."""
    return LockedCard(card_id, currency, last_four, CardState(), None, 0, START, START)


def row_seal(keys: Keys, card: LockedCard) -> bytes:
    """The seal that belongs on a card's row: over its name, what its journal adds up to, and the end of its chain."""
    state = [_as_json(getattr(card.state, column)) for column in _STATE_COLUMNS]
    values = [FORMAT, card.id, card.currency, card.last_four, *state, _as_json(card.cut_off_at), card.number]
    return seal(keys, card.mac, values)


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def append(hand: Hand, card: LockedCard, *entries: Entry) -> LockedCard:
    """Append activities to a locked card and bring its row up to date; all within the transaction.

    Raises BrokenJournal when the rules of money forbid one, and Refused when the card's row is not
    what was read under the lock.
    """
    changed, rows, texts = _sealed(hand, card, entries)
    _write_down(rows, texts)
    _keep_flags(card.id, rows)
    _project(hand, card, changed)
    return changed


def append_to_new(hand: Hand, journals: Iterable[tuple[LockedCard, Sequence[Entry]]]) -> None:
    """Write down new cards, each with its whole journal; all within the transaction.

    Each comes as it stands before its first activity, with an id that no card has; the first entry sets
    its product and active-from. For many cards at once: statements carry hundreds of rows. Raises
    BrokenJournal when the rules of money forbid an activity.
    """
    for chunk in chunked(journals, _CARDS_AT_ONCE):
        sealed = [_sealed(hand, card, entries) for card, entries in chunk]
        cards = [
            {"id": card.id, "currency": card.currency, "last_four": card.last_four, **_projection(hand, card)}
            for card, _, _ in sealed
        ]
        insert_rows(GiftCard, cards)
        _write_down([row for _, rows, _ in sealed for row in rows], [text for _, _, texts in sealed for text in texts])
        for card, rows, _ in sealed:
            _keep_flags(card.id, rows)


def _sealed(
    hand: Hand, card: LockedCard, entries: Sequence[Entry]
) -> tuple[LockedCard, list[dict[str, Any]], list[dict[str, Any]]]:
    """The card after some entries, and their rows and texts as they are to be written down."""
    state, number, mac = card.state, card.number, card.mac
    rows, texts = [], []
    for entry in entries:
        number += 1
        state = apply(state, entry, number)
        row = _row(hand, card.id, number, entry, state.balance_minor)
        mac = activity_seal(hand.keys, mac, row)
        rows.append({**row, "mac": mac})
        if row["text_digest"] is not None:
            texts.append({"card_id": card.id, "number": number, "text": entry.text})
    changed = replace(card, state=state, cut_off_at=_cut_off(hand.business, card, state), number=number, mac=mac)
    return replace(changed, seal=row_seal(hand.keys, changed)), rows, texts


def _write_down(rows: Sequence[dict[str, Any]], texts: Sequence[dict[str, Any]]) -> None:
    insert_rows(Activity, rows)
    insert_rows(ActivityText, texts)


def _row(hand: Hand, card_id: int, number: int, entry: Entry, balance_minor: int) -> dict[str, Any]:
    stamp = entry.stamp or Stamp(hand.at, hand.actor_id, hand.actor_name, hand.intent)
    return {
        "card": card_id,
        "number": number,
        "kind": entry.kind.value,
        "amount_minor": entry.amount_minor,
        "balance_after_minor": balance_minor,
        "effective_at": to_microseconds(entry.effective_at),
        "recorded_at": to_microseconds(stamp.recorded_at),
        "actor_id": stamp.actor_id,
        "actor_name": stamp.actor_name,
        "place": entry.place,
        "order_ref": entry.order_ref,
        "reverses": entry.reverses,
        "details": canonical_json(entry.details),
        "text_digest": stamp.removed_text
        if entry.text is None
        else text_digest(hand.keys, card_id, number, entry.text),
        "intent": stamp.intent,
        "format": FORMAT,
    }


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


def activity_seal(keys: Keys, previous: bytes, row: dict[str, Any]) -> bytes:
    """The seal that belongs on an activity, given as it is stored, with that predecessor."""
    return seal(keys, previous, [row[column] for column in SEALED])


def _cut_off(business: BusinessTime, card: LockedCard, state: CardState) -> datetime | None:
    if state.last_day_on == card.state.last_day_on and card.number:
        return card.cut_off_at
    return None if state.last_day_on is None else business.cut_off(state.last_day_on)


def _keep_flags(card_id: int, rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        if row["kind"] == Kind.FLAG_RAISED:
            Flag.insert(card=card_id, number=row["number"]).execute()
        elif row["kind"] == Kind.FLAG_CLEARED:
            cleared = (
                Flag.update(cleared_number=row["number"])
                .where((Flag.card == card_id) & (Flag.number == row["reverses"]) & Flag.cleared_number.is_null())
                .execute()
            )
            if cleared != 1:
                raise Refused("That flag is not open any more. Nothing was changed.")


def _projection(hand: Hand, card: LockedCard) -> dict[str, Any]:
    """The columns of a card's row that follow from its journal."""
    head = {"head_number": card.number, "head_mac": card.mac, "changed_at": hand.at}
    if card.is_spoiled:
        return head
    return {
        **head,
        **{column: getattr(card.state, column) for column in _STATE_COLUMNS},
        "cut_off_at": card.cut_off_at,
        "seal": card.seal,
    }


def _project(hand: Hand, before: LockedCard, after: LockedCard) -> None:
    moved = (
        GiftCard.update(**_projection(hand, after))
        .where((GiftCard.id == before.id) & (GiftCard.seal == before.seal))
        .execute()
    )
    if moved != 1:
        raise Refused("Somebody else changed this card at the same moment. Nothing was changed; open it again.")
