"""Reading a card's journal as it is stored, and telling whether it adds up to the card's row."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models.cards import LockedCard
from models.chain import START, text_digest
from models.clock import from_microseconds
from models.engine import DeskDatabase
from models.keys import Keys
from models.ledger import SEALED, activity_seal, row_seal
from models.rules.journal import BrokenJournal, Entry, Kind, Tally, TextsGone, are_details

NEWEST: Final = 100
"""How many activities a sheet reads and checks; longer journals are checked whole by verification."""
REACH: Final = 2_000
"""How many activities before those are looked through for the few that still matter."""
ALL: Final = 2**62

_COLUMNS: Final = ", ".join(f"a.{'card_id' if name == 'card' else name}" for name in SEALED)
_STORED: Final = f"{_COLUMNS}, a.mac, t.text, t.card_id"
_WITH_TEXTS: Final = "FROM activity a LEFT JOIN activity_text t ON t.card_id = a.card_id AND t.number = a.number "
_JOURNAL: Final = f"SELECT {_STORED} {_WITH_TEXTS}"
_PART: Final = (
    f"SELECT {_STORED}, b.mac, b.balance_after_minor {_WITH_TEXTS} "
    "LEFT JOIN activity b ON b.card_id = a.card_id AND b.number = a.number - 1 "
    "WHERE a.card_id = ? AND a.number BETWEEN ? AND ?"
)
STILL_MATTER: Final = (
    Kind.TRANSFER_OUT,
    Kind.TRANSFER_IN,
    Kind.ADJUSTMENT,
    Kind.SUSPENDED,
    Kind.REGISTERED,
    Kind.REACTIVATED,
    Kind.ESCALATED,
)
"""What a card's newest activities may rest on: people, other cards, holds, and what was given back or put right."""


@dataclass(frozen=True, slots=True)
class StoredActivity:
    """One activity as it lies in the table."""

    values: dict[str, Any]
    """The sealed columns as stored: integers, text and bytes."""
    mac: bytes
    text: str | None
    """The free text; None when there was none, or when it was removed."""
    is_text_removed: bool

    @property
    def is_readable(self) -> bool:
        """Whether its values mean anything; what somebody spoiled may not."""
        try:
            is_known = self.effective_at <= self.recorded_at and bool(self.kind)
            return is_known and are_details(self.details)
        except (ValueError, OverflowError, AttributeError):
            return False

    @property
    def number(self) -> int:
        """Its place in the journal, from 1."""
        return int(self.values["number"])

    @property
    def kind(self) -> Kind:
        """What it is."""
        return Kind(self.values["kind"])

    @property
    def effective_at(self) -> datetime:
        """When it counts, UTC."""
        return from_microseconds(self.values["effective_at"])

    @property
    def recorded_at(self) -> datetime:
        """When it was written down, UTC."""
        return from_microseconds(self.values["recorded_at"])

    @property
    def details(self) -> dict[str, Any]:
        """Its structured facts."""
        facts: dict[str, Any] = json.loads(self.values["details"])
        return facts

    @property
    def has_free_text(self) -> bool:
        """Whether somebody wrote its text: what a reactivation notes under a ground is the policy's own wording."""
        is_policys = self.kind is Kind.NOTE and bool(self.details.get("grounds"))
        return self.text is not None and not is_policys

    @property
    def sets(self) -> dict[str, Any]:
        """The facts of the card that it sets; most activities set none."""
        return sets_in(self.values["details"])

    def add_to(self, tally: Tally) -> None:
        """Add it to what the activities before it add up to. Raises BrokenJournal."""
        values = self.values
        tally.add_facts(
            values["number"], self.kind, values["amount_minor"], self.effective_at, self.sets, values["reverses"]
        )

    def entry(self) -> Entry:
        """What was appended."""
        return Entry(
            kind=self.kind,
            effective_at=self.effective_at,
            amount_minor=self.values["amount_minor"],
            place=self.values["place"],
            order_ref=self.values["order_ref"],
            text=self.text,
            details=self.details,
            reverses=self.values["reverses"],
        )


def sets_in(details: str) -> dict[str, Any]:
    """The facts of the card that an activity sets, from its details as stored. Raises ValueError or AttributeError."""
    if details == "{}":
        return {}
    facts: dict[str, Any] = json.loads(details).get("sets", {})
    return facts


def _stored(row: Sequence[Any]) -> StoredActivity:
    values = dict(zip(SEALED, row, strict=False))
    mac, text, text_of = row[len(SEALED) :]
    return StoredActivity(values, bytes(mac), text, is_text_removed=text_of is not None and text is None)


def read_journal(database: DeskDatabase, card_id: int, newest: int = NEWEST) -> list[StoredActivity]:
    """The newest activities of a card, oldest first; within a connection."""
    rows = database.execute_sql(
        f"{_JOURNAL} WHERE a.card_id = ? ORDER BY a.number DESC LIMIT ?", (card_id, newest)
    ).fetchall()
    return [_stored(row) for row in reversed(rows)]


def read_older(
    database: DeskDatabase, card_id: int, before: int, numbers: Collection[int | None]
) -> list[StoredActivity]:
    """Of the activities before a number, those that still matter: the first, some by their numbers, and of those within
    reach the few kinds that tell of more than the balance; oldest first, within a connection."""
    kinds = ", ".join(f"'{kind}'" for kind in STILL_MATTER)
    named = " ".join(f"UNION SELECT {number}" for number in numbers if number is not None)
    rows = database.execute_sql(
        f"{_JOURNAL} WHERE a.card_id = ? AND a.number < ? AND a.number IN (SELECT 1 {named} UNION SELECT n.number "
        f"FROM (SELECT number FROM activity WHERE card_id = ? AND number BETWEEN ? AND ? AND kind IN ({kinds}) "
        "ORDER BY number DESC LIMIT ?) AS n) ORDER BY a.number",
        (card_id, before, card_id, before - REACH, before - 1, NEWEST),
    ).fetchall()
    return [activity for activity in map(_stored, rows) if activity.is_readable]


@dataclass(frozen=True, slots=True)
class Linked:
    """One activity with what it follows."""

    activity: StoredActivity
    mac_before: bytes | None
    """The seal of the activity before it; None when there is none."""
    balance_before: int
    """The balance after the activity before it, in minor units."""


def read_part(database: DeskDatabase, card_id: int, first: int, last: int, kinds: Iterable[Kind] = ()) -> list[Linked]:
    """The activities of a card between two numbers, both included, all or of some kinds only; oldest first, within a
    connection."""
    among = ", ".join(f"'{kind}'" for kind in kinds)
    rows = database.execute_sql(
        f"{_PART}{f' AND a.kind IN ({among})' if among else ''} ORDER BY a.number", (card_id, first, last)
    ).fetchall()
    return [Linked(_stored(row[:-2]), row[-2] and bytes(row[-2]), row[-1] or 0) for row in rows]


def read_journals(database: DeskDatabase, card_ids: Sequence[int]) -> dict[int, list[StoredActivity]]:
    """The whole journals of some cards, each oldest first; within a connection."""
    journals: dict[int, list[StoredActivity]] = {card_id: [] for card_id in card_ids}
    if not card_ids:
        return journals
    marks = ", ".join("?" * len(card_ids))
    for row in database.execute_sql(
        f"{_JOURNAL} WHERE a.card_id IN ({marks}) ORDER BY a.card_id, a.number", tuple(card_ids)
    ):
        activity = _stored(row)
        journals[activity.values["card"]].append(activity)
    return journals


def what_is_wrong(
    keys: Keys, card: LockedCard, journal: Sequence[StoredActivity], open_flags: frozenset[int], newest: int = ALL
) -> str | None:
    """What does not add up between a card and its journal, or None.

    When only so many of the newest were read, the seals, numbers and balances of that part are checked, and the
    seal on the row answers for the rest.
    """
    return (
        _gap(card, journal, newest)
        or _broken_seal(keys, card, journal)
        or _unreadable(journal)
        or _wrong_sum(card, journal)
        or (_wrong_row(card, journal, open_flags) if journal[0].number == 1 else None)
        or (wrong_removal(journal) if journal[0].number == 1 else None)
        or (None if row_seal(keys, card) == card.seal else "the card's row is not as it was written")
    )


def _gap(card: LockedCard, journal: Sequence[StoredActivity], newest: int) -> str | None:
    if not journal:
        return "the journal is missing"
    numbers = [activity.number for activity in journal]
    first = max(1, card.number - len(journal) + 1)
    if numbers != list(range(first, card.number + 1)) or (numbers[0] > 1 and len(journal) < newest):
        return "an activity is missing, or one too many"
    return None


def what_is_wrong_with(keys: Keys, linked: Linked, balance_minor: int) -> str | None:
    """What does not add up of one activity that follows on a balance (minor units), or None."""
    activity, previous = linked.activity, linked.mac_before
    if activity.number == 1:
        previous = START
    elif previous is None:
        return f"activity {activity.number} can't be checked: the one before it is missing"
    wrong = _broken_link(keys, previous, activity) or _unreadable([activity])
    return wrong or _other_balance(activity, balance_minor)


def _broken_seal(keys: Keys, card: LockedCard, journal: Sequence[StoredActivity]) -> str | None:
    previous = START if journal[0].number == 1 else journal[0].mac
    for activity in journal if journal[0].number == 1 else journal[1:]:
        wrong = _broken_link(keys, previous, activity)
        if wrong is not None:
            return wrong
        previous = activity.mac
    return None if previous == card.mac else "the card's row does not name the end of its journal"


def _broken_link(keys: Keys, previous: bytes, activity: StoredActivity) -> str | None:
    if activity_seal(keys, previous, activity.values) != activity.mac:
        return f"activity {activity.number} is not as it was written"
    if not is_text_intact(keys, activity):
        return f"the text of activity {activity.number} is not as it was written"
    return None


def _unreadable(journal: Sequence[StoredActivity]) -> str | None:
    """What only somebody with the key can have written: it is sealed, and means nothing."""
    for activity in journal:
        try:
            has_kind_and_instants = bool(activity.kind and activity.effective_at and activity.recorded_at)
            means_something = has_kind_and_instants and isinstance(activity.details, dict)
        except (ValueError, OverflowError):
            means_something = False
        if not means_something:
            return f"activity {activity.number} can't be read"
    return None


def is_text_intact(keys: Keys, activity: StoredActivity) -> bool:
    """Whether an activity's free text is the one that its digest covers, or was removed."""
    digest = activity.values["text_digest"]
    if digest is None or activity.is_text_removed:
        return activity.text is None
    return activity.text is not None and bytes(digest) == text_digest(
        keys, activity.values["card"], activity.number, activity.text
    )


def wrong_removal(journal: Sequence[StoredActivity]) -> str | None:
    """What a whole journal's removals of people's data do not account for among its texts; None when they do."""
    gone = TextsGone()
    try:
        for activity in journal:
            gone.add(activity.kind, activity.details, is_gone=activity.is_text_removed)
        gone.close()
    except BrokenJournal as broken:
        return str(broken)
    return None


def _wrong_sum(card: LockedCard, journal: Sequence[StoredActivity]) -> str | None:
    balance = None if journal[0].number > 1 else 0
    for activity in journal:
        wrong = None if balance is None else _other_balance(activity, balance)
        if wrong is not None:
            return wrong
        balance = activity.values["balance_after_minor"]
    return None if balance == card.state.balance_minor else "the balance is not the sum of its activities"


def _other_balance(activity: StoredActivity, balance_minor: int) -> str | None:
    values = activity.values
    if balance_minor + values["amount_minor"] == values["balance_after_minor"]:
        return None
    return f"the balance after activity {activity.number} is not the sum"


def _wrong_row(card: LockedCard, journal: Sequence[StoredActivity], open_flags: frozenset[int]) -> str | None:
    tally = Tally()
    flags: set[int] = set()
    try:
        for activity in journal:
            activity.add_to(tally)
            if activity.values["kind"] == Kind.FLAG_RAISED:
                flags.add(activity.number)
            elif activity.values["kind"] == Kind.FLAG_CLEARED:
                flags.discard(activity.values["reverses"])
    except BrokenJournal as broken:
        return str(broken)
    if tally.state != card.state or flags != open_flags:
        return "the card's row is not what its journal adds up to"
    return None
