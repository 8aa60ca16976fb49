"""A closer look at a card that does not add up: what exactly is wrong, and whether its journal can mend its row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from models.cards import LockedCard
from models.chain import START
from models.fields import UNREADABLE_AT, UNREADABLE_ON
from models.journals import ALL, StoredActivity, is_text_intact, read_journal, what_is_wrong, wrong_removal
from models.keys import Keys
from models.ledger import activity_seal, row_seal
from models.rules import wording
from models.rules.damage import Damage
from models.rules.journal import COLUMNS, BrokenJournal, CardState, Kind, Tally
from models.rules.money import DECIMALS, format_money
from models.rules.validity import BusinessTime
from models.schema import Flag
from models.store import Store

_SPOILED: Final = (BrokenJournal, ValueError, KeyError, TypeError, AttributeError, OverflowError)
_MOST_FIELDS: Final = 2
# A card that does not add up takes these, which change nothing that its row tells.
_TAKEN_MEANWHILE: Final = frozenset({Kind.NOTE, Kind.ESCALATED})


@dataclass(frozen=True, slots=True)
class Projection:
    """What belongs on a card's row and among its flags, as its whole journal has it."""

    state: CardState
    cut_off_at: datetime | None
    flags: Mapping[int, int | None]
    """The activity that raised each flag -> the one that cleared it; None while it is open."""

    @property
    def open_flags(self) -> frozenset[int]:
        """The numbers of the activities that raised the open ones."""
        return frozenset(number for number, cleared in self.flags.items() if cleared is None)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found, and what the row would become."""

    damage: Damage
    projection: Projection | None
    """None when the journal can't tell."""


def open_flags_of(card_id: int) -> frozenset[int]:
    """The numbers of the activities that raised a card's open flags; within a connection."""
    is_open = (Flag.card == card_id) & Flag.cleared_number.is_null()
    return frozenset(flag.number for flag in Flag.select(Flag.number).where(is_open))


def inspect(store: Store, card: LockedCard) -> Inspection | None:
    """What is wrong with a card, given as its row has it, and its whole journal; None when it adds up.

    Within a connection.
    """
    journal, open_flags = read_journal(store.database, card.id, ALL), open_flags_of(card.id)
    if what_is_wrong(store.keys, card, journal, open_flags) is None:
        return None
    sound = _sound_part(store.keys, journal)
    what = _broken_chain(store.keys, card, journal, sound)
    last = journal[len(sound) - 1] if sound else None
    number, at = (last.number, last.recorded_at) if last is not None else (0, None)
    if what is not None:
        return Inspection(Damage(what, number, at), None)
    projection, is_proven = _projection(store, card, journal)
    currency = None if is_proven else _doubted_currency(store, card, projection)
    if currency is not None:
        return Inspection(Damage(currency, number, at), None)
    different = "; ".join(_differences(card, projection, open_flags, store.business)) or _SEAL
    return Inspection(Damage(different, number, at, is_mendable=True, is_proven=is_proven), projection)


_SEAL: Final = "the seal on its row is broken, though the row says what the journal adds up to"


def _sound_part(keys: Keys, journal: Sequence[StoredActivity]) -> Sequence[StoredActivity]:
    """The activities from the first one on that are as they were written, none missing between them."""
    previous, tally = START, Tally()
    for place, activity in enumerate(journal):
        try:
            is_next = activity.number == place + 1
            if not is_next or activity_seal(keys, previous, activity.values) != activity.mac:
                return journal[:place]
            tally.add(activity.entry(), activity.number)
        except _SPOILED:
            return journal[:place]
        balance = tally.values["balance_minor"]
        if not is_text_intact(keys, activity) or balance != activity.values["balance_after_minor"]:
            return journal[:place]
        previous = activity.mac
    return journal


def _broken_chain(
    keys: Keys, card: LockedCard, journal: Sequence[StoredActivity], sound: Sequence[StoredActivity]
) -> str | None:
    """What is wrong with the journal itself, or with where the row says that it ends; None when it is whole."""
    if not journal:
        return "its whole journal is missing"
    if len(sound) < len(journal):
        return _first_fault(keys, journal, len(sound))
    missing = card.number - len(journal)
    if missing > 0:
        gone = f"activity {card.number} is" if missing == 1 else f"{missing} activities are"
        return f"{gone} missing from the end of its journal"
    if missing < 0:
        return f"its journal has {len(journal)} activities, its row counts {card.number}"
    return wrong_removal(journal) if card.mac == journal[-1].mac else "its row does not name the end of its journal"


def _first_fault(keys: Keys, journal: Sequence[StoredActivity], place: int) -> str:
    activity, expected = journal[place], place + 1
    if activity.number > expected:
        missing = activity.number - expected
        gone = f"activity {expected} is" if missing == 1 else f"{missing} activities from number {expected} on are"
        return f"{gone} missing"
    previous = journal[place - 1].mac if place else START
    if activity_seal(keys, previous, activity.values) == activity.mac and not is_text_intact(keys, activity):
        return f"the text of activity {expected} was changed"
    return f"activity {expected} was changed"


def _projection(store: Store, card: LockedCard, journal: Sequence[StoredActivity]) -> tuple[Projection, bool]:
    """What a sound journal adds up to, and whether the seal on the row says so as well."""
    tally = Tally()
    flags: dict[int, int | None] = {}
    for activity in journal:
        tally.add(activity.entry(), activity.number)
        if activity.kind is Kind.FLAG_RAISED:
            flags[activity.number] = None
        elif activity.kind is Kind.FLAG_CLEARED:
            flags[activity.values["reverses"]] = activity.number
    state = tally.state
    derived = None if state.last_day_on is None else store.business.cut_off(state.last_day_on)
    # The row's own cut-off may have been right by an older release of the zone's rules.
    for cut_off_at in (derived, card.cut_off_at):
        if any(row_seal(store.keys, each) == card.seal for each in _as_sealed(card, state, cut_off_at, journal)):
            return Projection(state, cut_off_at, flags), True
    return Projection(state, derived, flags), False


def _as_sealed(
    card: LockedCard, state: CardState, cut_off_at: datetime | None, journal: Sequence[StoredActivity]
) -> Iterator[LockedCard]:
    """The card with what its journal adds up to, as of its end and as of before what it took since it was spoiled."""
    mended = replace(card, state=state, cut_off_at=cut_off_at)
    for activity in reversed(journal):
        yield replace(mended, number=activity.number, mac=activity.mac)
        if activity.kind not in _TAKEN_MEANWHILE:
            return


def _doubted_currency(store: Store, card: LockedCard, projection: Projection) -> str | None:
    """Why the currency of a row with a broken seal is not to be believed; None when it is the desk's own, and
    the seal is of no other."""
    mended = replace(card, state=projection.state, cut_off_at=projection.cut_off_at)
    for currency in DECIMALS:
        if row_seal(store.keys, replace(mended, currency=currency)) == card.seal:
            return f"its row says {card.currency}, the seal on it says {currency}"
    if card.currency != store.currency:
        return f"the seal on its row is broken, and nothing proves that its currency is {card.currency}"
    return None


_LABELS: Final[Mapping[str, str]] = {
    "balance_minor": "balance",
    "broken_minor": "last breakage",
    "last_money_number": "last money activity",
    "active_from_at": "valid from",
    "last_day_on": "last day",
    "loaded_at": "latest load",
    "reactivated_at": "reactivation",
    "suspended_at": "hold",
    "cancelled_at": "cancellation",
    "product_id": "product",
    "purchaser_id": "purchaser",
    "recipient_id": "recipient",
    "registered_id": "registered person",
    "cut_off_at": "cut-off",
    "open_flags": "open flags",
}


def differing(card: LockedCard, projection: Projection, open_flags: frozenset[int]) -> Iterator[tuple[str, Any, Any]]:
    """The facts in which a card's row and flags differ from its journal: name, as the row has it, as it should be."""
    for name in COLUMNS:
        stored, expected = getattr(card.state, name), getattr(projection.state, name)
        if stored != expected:
            yield name, stored, expected
    if card.cut_off_at != projection.cut_off_at:
        yield "cut_off_at", card.cut_off_at, projection.cut_off_at
    if open_flags != projection.open_flags:
        yield "open_flags", sorted(open_flags), sorted(projection.open_flags)


def _differences(
    card: LockedCard, projection: Projection, open_flags: frozenset[int], business: BusinessTime
) -> list[str]:
    found = []
    for name, stored, expected in differing(card, projection, open_flags):
        row, journal = (_in_words(name, value, card.currency, business) for value in (stored, expected))
        found.append(f"its row says {_LABELS[name]} {row}, its journal {journal}")
    more = len(found) - _MOST_FIELDS
    return [*found[:_MOST_FIELDS], f"and {more} more"] if more > 0 else found


def _in_words(name: str, value: Any, currency: str, business: BusinessTime) -> str:
    if value in (UNREADABLE_AT, UNREADABLE_ON):
        return "something unreadable"
    if name == "last_day_on":
        return wording.last_day(value)
    if name.endswith("_minor") and isinstance(value, int):
        return format_money(value, currency)
    if isinstance(value, datetime):
        return wording.moment(value, business)
    if isinstance(value, list):
        return ", ".join(str(number) for number in value) or "none"
    return "none" if value is None else f"{'' if name == 'last_money_number' else 'record '}{value}"


def as_json(value: Any) -> Any:
    """A fact as the audit keeps it."""
    return value.isoformat() if isinstance(value, date) else value
