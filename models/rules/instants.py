"""Instants as people type them: a date, or a date and a time, on the wall of the business."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dateutil.tz import datetime_ambiguous, datetime_exists

from models.rules import wording
from models.rules.dates import in_reach, plain_words, written_date
from models.rules.errors import BadDate
from models.rules.validity import BusinessTime

EXAMPLE: Final = "21 May 2026 14:30"
_LONGEST: Final = 60
_WITH_ZONE: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(Z|UTC|[+-]\d\d:?\d\d)", re.ASCII | re.IGNORECASE
)
_TIME: Final = re.compile(
    r"(?P<date>.+?)(?:T| (?:at )?)(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d)(?::(?P<second>\d\d)(?P<part>\.\d{1,6})?)?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?",
    re.ASCII | re.IGNORECASE,
)
_RELATIVE: Final = {"today": 0, "yesterday": -1, "tomorrow": 1}


def parse_moment(text: str, now: datetime, business: BusinessTime) -> datetime:
    """The instant, UTC, that a text means on the wall of the business, or in the zone that it names.

    A date alone is the end of that day: everything that happened on it is in. Raises BadDate, with what to
    write instead, for what is no date, has more than one meaning, or does not exist.
    """
    words = plain_words(text)
    if len(words) > _LONGEST:
        raise BadDate(f"That is too long for a date and time; write it like {EXAMPLE}.")
    zoned = _WITH_ZONE.fullmatch(words)
    if zoned is not None:
        return _with_zone(words, *zoned.groups())
    timed = _TIME.fullmatch(words)
    if timed is not None and (timed["minute"] or timed["half"]):
        on = _date(timed["date"], now, business)
        return _on_the_wall(datetime.combine(on, _time(timed, words)), business)
    on = _date(words, now, business)
    return business.start_of(on + timedelta(days=1)) - timedelta(microseconds=1)


def _with_zone(words: str, day: str, clock: str, zone: str) -> datetime:
    try:
        at = datetime.fromisoformat(f"{day}T{clock}{'Z' if zone.upper() in ('Z', 'UTC') else zone}")
        in_reach(at.date())
        return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, BadDate) else _no_date(words) from None


def _time(timed: re.Match[str], words: str) -> time:
    hour, half = int(timed["hour"]), (timed["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        raise _no_date(words)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    part = int((timed["part"] or ".0")[1:].ljust(6, "0"))
    try:
        return time(hour, int(timed["minute"] or 0), int(timed["second"] or 0), part)
    except ValueError:
        raise BadDate(f"{words!r} has a time that no clock shows; write it like {EXAMPLE}.") from None


def _on_the_wall(wall: datetime, business: BusinessTime) -> datetime:
    local = wall.replace(tzinfo=business.tz)
    told = f"{wording.day(wall.date())} {wall:%H:%M}"
    if not datetime_exists(local):
        raise BadDate(f"There was no {told} in {business.zone}: the clocks were put forward over it.")
    if datetime_ambiguous(local):
        first, second = (local.replace(fold=fold).isoformat(timespec="minutes") for fold in (0, 1))
        raise BadDate(f"{told} came twice in {business.zone}; write {first} or {second}.")
    return local.astimezone(UTC)


def _date(words: str, now: datetime, business: BusinessTime) -> date:
    relative = _RELATIVE.get(words.lower())
    if relative is not None:
        return in_reach(business.date_of(now) + timedelta(days=relative))
    on = written_date(words, EXAMPLE)
    if on is None:
        raise _no_date(words)
    return on


def _no_date(words: str) -> BadDate:
    return BadDate(f"{words!r} is no date and time; write it like {EXAMPLE} or 2026-05-21T14:30:00+01:00.")
