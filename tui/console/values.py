"""Values as they are typed: instants, dates, periods and days. Raises UsageError with what to write instead."""

import re
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from models.rules.dates import in_reach, read_day
from models.rules.errors import BadDate
from models.rules.instants import parse_moment
from models.rules.jurisdictions import JURISDICTIONS
from models.rules.limits import CHANNELS
from models.rules.periods import BadPeriod, read_days, read_lead, read_period
from models.rules.texts import REFERENCE, check_line
from models.rules.validity import BusinessTime, Period
from tui.console.misuse import UsageError

_HOUR: Final = re.compile(r"\s*([0-9]{1,2})(?::00)?\s*", re.ASCII)

T = TypeVar("T")


def parse_instant(text: str, option: str) -> datetime:
    """An instant, UTC, from ISO 8601 with zone."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(_no_instant(text, option, "is not an instant that exists")) from None
    if at.tzinfo is None:
        raise UsageError(_no_instant(text, option, "has no time zone"))
    try:
        in_reach(at.date())
    except BadDate as problem:
        raise UsageError(f"{option}: {problem}") from None
    return at.astimezone(UTC)


def parse_time_of_card(text: str, option: str, now: datetime, business: BusinessTime) -> datetime:
    """An instant, UTC, from a date, or a date and time, as people write them in the zone of the business."""
    try:
        return parse_moment(text, now, business)
    except BadDate as problem:
        raise UsageError(f"{option}: {problem}") from None


def _no_instant(text: str, option: str, what: str) -> str:
    return f"{option}: {text[:40]!r} {what}; write it like 2026-05-21T14:30:00+01:00 or 2026-05-21T13:30:00Z."


def parse_date(text: str, option: str) -> date:
    """A calendar date as people write it."""
    try:
        return read_day(text)
    except BadDate as problem:
        raise UsageError(f"{option}: {problem}") from None


def parse_period(text: str, option: str) -> Period:
    """A period such as '6 months'."""
    return _read(text, option, read_period)


def parse_lead(text: str, option: str) -> Period:
    """How long before a last day: days or weeks, one or more."""
    return _read(text, option, read_lead)


def parse_days(text: str, option: str) -> int:
    """A number of days."""
    return _read(text, option, read_days)


def _read(text: str, option: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except BadPeriod as problem:
        raise UsageError(f"{option}: {problem}") from None


def parse_channels(text: str, option: str) -> tuple[str, ...]:
    """Where a product is sold: web, store, or both."""
    named = CHANNELS if text.strip().lower() == "both" else tuple(part.strip().lower() for part in text.split(","))
    if not set(named) <= set(CHANNELS):
        raise UsageError(f"{option}: {text[:40]!r} is no channel; write web, store or both.")
    return named


def parse_jurisdictions(text: str, option: str) -> tuple[str, ...]:
    """Codes of jurisdictions with commas between them, or none."""
    if text.strip().lower() == "none":
        return ()
    named = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",")))
    if not set(named) <= JURISDICTIONS.keys():
        raise UsageError(
            f"{option}: {text[:40]!r} is none of {', '.join(JURISDICTIONS)}; write none for no law at all."
        )
    return named


def parse_hour(text: str, option: str) -> int:
    """An hour of the day, 0 to 23."""
    match = _HOUR.fullmatch(text)
    if match is None or int(match[1]) > 23:
        raise UsageError(f"{option}: {text[:40]!r} is no hour of the day; write it like 9, from 0 to 23.")
    return int(match[1])


def intent_of(asked: Namespace) -> str | None:
    """The idempotency key that was given. Raises BadText for one that cannot be kept."""
    return None if asked.intent is None else check_line(asked.intent, "idempotency key", REFERENCE)
