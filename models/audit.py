"""The one place that records what was changed about anything that is not a card."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.chain import FORMAT, START, seal
from models.clock import to_microseconds
from models.fields import canonical_json
from models.hand import Hand
from models.keys import Keys
from models.rows import insert_rows
from models.schema import Audit

Facts = Mapping[str, Any] | None


def record(hand: Hand, subject: str, action: str, before: Facts, after: Facts, reason: str | None = None) -> int:
    """Append to the subject's chain, within the transaction of the change itself; the number of the row."""
    last = (
        Audit.select(Audit.number, Audit.mac)
        .where(Audit.subject == subject)
        .order_by(Audit.number.desc())
        .limit(1)
        .tuples()
        .first()
    )
    number, previous = (last[0] + 1, bytes(last[1])) if last else (1, START)
    Audit.insert(**_sealed(hand, subject, number, previous, (action, before, after, reason))).execute()
    return int(number)


def record_first(hand: Hand, changes: Iterable[tuple[str, str, Facts, Facts]]) -> None:
    """Begin the chains of many subjects that have none: subject, action, before and after of each."""
    insert_rows(
        Audit,
        [_sealed(hand, subject, 1, START, (action, before, after, None)) for subject, action, before, after in changes],
    )


def _sealed(
    hand: Hand, subject: str, number: int, previous: bytes, what: tuple[str, Facts, Facts, str | None]
) -> dict[str, Any]:
    action, before, after, reason = what
    row = Audit(
        subject=subject,
        number=number,
        action=action,
        before=None if before is None else canonical_json(before),
        after=None if after is None else canonical_json(after),
        reason=reason,
        recorded_at=hand.at,
        actor_id=hand.actor_id,
        actor_name=hand.actor_name,
        format=FORMAT,
    )
    return {**row.__data__, "mac": audit_seal(hand.keys, previous, row)}


def audit_seal(keys: Keys, previous: bytes, row: Audit) -> bytes:
    """The seal that belongs on an audit row with that predecessor."""
    values = (
        row.format,
        row.subject,
        row.number,
        row.action,
        _as_stored(row.before),
        _as_stored(row.after),
        row.reason,
        to_microseconds(row.recorded_at),
        row.actor_id,
        row.actor_name,
    )
    return seal(keys, previous, values)


class Chain:
    """The rows of one subject as verification reads them, first to last."""

    def __init__(self, keys: Keys) -> None:
        """Begin before the first row."""
        self._keys = keys
        self._previous = START
        self.number = 0
        """How many rows there must be by then."""
        self.after: Any = None
        """What the last row says."""

    def add(self, row: Audit) -> str | None:
        """Go on to the next row; what is wrong there, or None."""
        self.number += 1
        wrong = None
        if row.number != self.number:
            wrong = f"row {self.number} is missing"
            self.number = row.number
        elif audit_seal(self._keys, self._previous, row) != bytes(row.mac):
            wrong = f"row {self.number} is not as it was written"
        self._previous, self.after = bytes(row.mac), row.after
        return wrong


def _as_stored(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else canonical_json(value)
