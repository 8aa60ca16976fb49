"""Who alone may spend a card: a sealed row, a projection of the card's own audit of restrictions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models import audit
from models.chain import START, seal
from models.clock import from_microseconds, to_microseconds
from models.hand import Hand
from models.keys import Keys
from models.schema import Audit, Restriction

_SUBJECT: Final = "restriction:"


@dataclass(frozen=True, slots=True)
class Restricted:
    """To whom a card is restricted."""

    customer_id: int | None
    """None: that was lifted."""
    is_spoiled: bool = False
    """Whether the row is not as the desk wrote it."""


UNRESTRICTED: Final = Restricted(None)


def subject_of(card_id: int) -> str:
    """The subject of the audit that a card's restriction is a projection of."""
    return f"{_SUBJECT}{card_id}"


def as_stored(keys: Keys, card_id: int, customer_id: int | None, changed_at: int | None, stored: Any) -> Restricted:
    """A row's columns as they are stored, held against its seal; no row at all restricts to nobody."""
    if changed_at is None:
        return UNRESTRICTED
    sealed = _seal(keys, card_id, customer_id, from_microseconds(changed_at))
    return Restricted(customer_id, is_spoiled=sealed != bytes(stored))


def _seal(keys: Keys, card_id: int, customer_id: int | None, changed_at: datetime) -> bytes:
    return seal(keys, START, ["restriction", card_id, customer_id, to_microseconds(changed_at)])


def write_restriction(hand: Hand, card_id: int, before: int | None, customer_id: int | None, ref: str | None) -> None:
    """Restrict a locked card to a customer, or to nobody, and audit it; within the transaction."""
    values = {
        "customer_id": customer_id,
        "changed_at": hand.at,
        "seal": _seal(hand.keys, card_id, customer_id, hand.at),
    }
    if not Restriction.update(**values).where(Restriction.card_id == card_id).execute():
        Restriction.insert(card_id=card_id, **values).execute()
    action = "lift" if customer_id is None else "restrict"
    audit.record(hand, subject_of(card_id), action, {"person": before}, {"person": customer_id}, ref)


def told_at(subject: str, at: datetime) -> dict[str, Any] | None:
    """What the audit of a subject said last at an instant (UTC); None when it had not begun. Within a connection."""
    said = (
        Audit.select(Audit.after)
        .where((Audit.subject == subject) & (Audit.recorded_at <= at))
        .order_by(Audit.number.desc())
        .limit(1)
        .scalar()
    )
    return said if isinstance(said, dict) else None


def disputed_restrictions(keys: Keys, last: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Every card whose restriction is not what the last audit row of each subject says, and what is wrong with it;
    within a connection."""
    told = {int(subject.removeprefix(_SUBJECT)): said for subject, said in last.items() if subject.startswith(_SUBJECT)}
    for row in Restriction.select().order_by(Restriction.card_id).iterator():
        said = told.pop(row.card_id, None)
        if bytes(row.seal) != _seal(keys, row.card_id, row.customer_id, row.changed_at):
            yield row.card_id, "who may spend it is not as it was written"
        elif said != {"person": row.customer_id}:
            yield row.card_id, "who may spend it was not set by the desk"
    for card_id in sorted(told):
        yield card_id, "the row that says who may spend it is missing"
