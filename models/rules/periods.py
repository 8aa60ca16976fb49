"""Lengths of time as people write them: days, periods, and how long before a last day reminders go."""

import re
from typing import Final, cast

from models.rules.errors import RuleError
from models.rules.validity import Period, Unit

_PERIOD: Final = re.compile(r"\s*([0-9]{1,6})\s*(day|week|month|year)s?\s*", re.IGNORECASE | re.ASCII)
_DAYS: Final = re.compile(r"\s*(-?[0-9]{1,6})(\s*days?)?\s*", re.IGNORECASE | re.ASCII)
_BETWEEN: Final = re.compile(r"\s*(?:[,;+&]|\band\b)\s*", re.IGNORECASE)
_MOST_SHOWN: Final = 40


class BadPeriod(RuleError):
    """A text is no length of time of the kind that is asked for."""


def read_period(text: str) -> Period:
    """A period such as '6 months'. Raises BadPeriod for what is none."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise BadPeriod(f"{_shown(text)} is not a period; write it like '30 days', '6 months' or '1 year'.")
    return Period(int(match[1]), cast(Unit, f"{match[2].lower()}s"))


def read_lead(text: str) -> Period:
    """How long before a last day: days or weeks, one or more. Raises BadPeriod for what is none."""
    lead = read_period(text)
    if lead.unit not in ("days", "weeks") or lead.count < 1:
        raise BadPeriod(f"{_shown(text)} is no number of days or weeks; write it like '2 weeks'.")
    return lead


def read_leads(text: str) -> tuple[Period, ...]:
    """Any number of them in one line, '2 weeks, 3 days'; nothing is none. Raises BadPeriod."""
    return tuple(read_lead(part) for part in _BETWEEN.split(text.strip().rstrip(",;")) if part.strip())


def read_days(text: str) -> int:
    """A number of days. Raises BadPeriod for what is none."""
    match = _DAYS.fullmatch(text)
    if match is None:
        raise BadPeriod(f"{_shown(text)} is not a whole number of days; write it like 3.")
    return int(match[1])


def _shown(text: str) -> str:
    return repr(" ".join(text.split())[:_MOST_SHOWN])
