"""How one card of a bulk is put back to what it was: by reversing entries, and only while it is as the bulk left it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from models.rules.bulk import Skip
from models.rules.bulk_deeds import BulkCard, Change
from models.rules.journal import SIGNS, Entry, Kind
from models.rules.status import is_breakage_due
from models.rules.validity import BusinessTime


@dataclass(frozen=True, slots=True)
class Written:
    """What counts of an activity that a bulk, or somebody after it, left on a card."""

    number: int
    kind: Kind
    amount_minor: int
    details: Mapping[str, Any]


# What is said about a card, and to whom; and that its time ran out, which happens whether it is booked or not.
_LEAVES_AS_IT_IS: Final = frozenset(
    {
        Kind.NOTE,
        Kind.FLAG_RAISED,
        Kind.FLAG_CLEARED,
        Kind.ESCALATED,
        Kind.REMINDER_SENT,
        Kind.REPLIED,
        Kind.CORRECTED_CUSTOMER,
        Kind.BREAKAGE,
    }
)


def undoing_of(
    done: Sequence[Written],
    since: Iterable[Written],
    card: BulkCard,
    text: str | None,
    about: Mapping[str, Any],
    now: datetime,
    business: BusinessTime,
) -> Change | Skip:
    """What puts a card back at an instant (UTC) to what it was before a bulk, or why it stays as it is.

    Given are what the bulk wrote on it and what was written since, oldest first. A last day is never shortened but
    here: the entry reverses one of the same bulk, whose extension nobody has built on, and nothing earlier than the
    day that stood before it is ever set. Money that came back is broken again, and so is what lies past the day that
    counts again: both count from now on, so that no figure as of an earlier instant changes.
    """
    if not card.is_sound:
        return Skip.UNSOUND
    if card.cancelled_at is not None:
        return Skip.CANCELLED
    if any(each.kind is Kind.SUSPENDED for each in done):
        if card.is_own:
            return Skip.OWN
        if card.open_flags:
            return Skip.FLAGGED
    later = list(since)
    if any(each.kind not in _LEAVES_AS_IT_IS or each.details.get("sets") for each in later):
        return Skip.TOUCHED
    has_expired = is_breakage_due(card, now) or any(each.kind is Kind.BREAKAGE for each in later)
    if has_expired and any(each.kind is Kind.EXPIRY_CHANGED for each in done):
        return Skip.EXPIRED_SINCE
    return _put_back(done, card, text, about, now, business)


def _put_back(
    done: Sequence[Written],
    card: BulkCard,
    text: str | None,
    about: Mapping[str, Any],
    now: datetime,
    business: BusinessTime,
) -> Change:
    """What reverses all that a bulk wrote on a card, which is still as it left it."""
    entries, broken = [], 0
    for each in reversed(done):
        if each.kind is Kind.REINSTATEMENT:
            entries.append(_broken_again(each.amount_minor, about, now, each.number))
            broken += each.amount_minor
        elif each.kind is Kind.EXPIRY_CHANGED and _is_over(each, now, business) and _holds_its_own(done, card):
            entries.append(_broken_again(card.balance_minor, about, now, None))
            broken += card.balance_minor
            entries.append(_reversed(each, text, about, now))
        elif each.kind in _REVERSED:
            entries.append(_reversed(each, text, about, now))
    # What is on the card breaks while its last day is still the later one.
    return Change(tuple(sorted(entries, key=lambda entry: entry.kind not in SIGNS)), broken)


def _is_over(each: Written, now: datetime, business: BusinessTime) -> bool:
    """Whether the day that counted before is over."""
    before = each.details["was"]["last_day"]
    return before is not None and business.cut_off(date.fromisoformat(before)) <= now


def _holds_its_own(done: Iterable[Written], card: BulkCard) -> bool:
    """Whether there is money on the card that the bulk did not give back."""
    return card.balance_minor > 0 and not any(each.kind is Kind.REINSTATEMENT for each in done)


def _broken_again(amount_minor: int, about: Mapping[str, Any], now: datetime, reverses: int | None) -> Entry:
    return Entry(Kind.BREAKAGE, now, -amount_minor, details={**about}, reverses=reverses)


_REVERSED: Final[Mapping[Kind, Kind]] = {
    Kind.EXPIRY_CHANGED: Kind.EXPIRY_CHANGED,
    Kind.PRODUCT_CHANGED: Kind.PRODUCT_CHANGED,
    Kind.REGISTERED: Kind.REGISTERED,
    Kind.SUSPENDED: Kind.UNSUSPENDED,
    Kind.UNSUSPENDED: Kind.SUSPENDED,
}


def _reversed(each: Written, text: str | None, about: Mapping[str, Any], now: datetime) -> Entry:
    details: dict[str, Any] = {**about}
    if "was" in each.details:
        details |= {"sets": each.details["was"], "was": each.details["sets"]}
    return Entry(_REVERSED[each.kind], now, text=text, details=details, reverses=each.number)


def as_written(number: int, kind: str, amount_minor: int, details: str) -> Written:
    """An activity given as it is stored."""
    return Written(number, Kind(kind), amount_minor, json.loads(details))
