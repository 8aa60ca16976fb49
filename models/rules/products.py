"""Whether a product's validity rules can be saved, and whether a load under them makes sense."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from models.rules import wording
from models.rules.errors import BadDate, BadText
from models.rules.validity import (
    EARLIEST,
    LATEST,
    UNITS,
    BusinessTime,
    Period,
    ValidityRules,
    active_from,
    last_day,
)

_LONGEST_LEAD_DAYS: Final = 1_000
_SHORT_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a product cannot be saved: what to change, and the reason as a sentence."""

    field: str
    """A field of ValidityRules, or 'reminders'."""
    sentence: str


def problems(rules: ValidityRules, now: datetime, business: BusinessTime) -> tuple[Problem, ...]:
    """Everything that forbids saving these rules at an instant (UTC); empty when they can be saved."""
    found = [*_bad_numbers(rules), *_bad_dates(rules, business.date_of(now)), *_contradictions(rules)]
    if not found:
        found += _never_spendable(rules, now, business)
    return tuple(found)


def check_short_name(text: str) -> str:
    """The short name of a product, as commands use it, in lower case. Raises BadText for what can't be one."""
    short = text.strip().lower()
    if _SHORT_NAME.fullmatch(short) is None:
        raise BadText("A product's short name has letters, digits and dashes only, 40 at most, such as half-year.")
    return short


def lead_problems(leads: Sequence[Period]) -> tuple[Problem, ...]:
    """Everything that forbids saving these reminders, each so long before the last day."""
    if not all(_is_count(lead.count, 1) and lead.unit in ("days", "weeks") for lead in leads):
        return (Problem("reminders", "A reminder goes a number of days or weeks before the last day, 1 or more."),)
    if any(lead.shortest_days > _LONGEST_LEAD_DAYS for lead in leads):
        return (Problem("reminders", f"A reminder goes at most {_LONGEST_LEAD_DAYS:,} days before the last day."),)
    days = [lead.shortest_days for lead in leads]
    twice = sorted({each for each in days if days.count(each) > 1})
    return tuple(
        Problem("reminders", f"The reminder {wording.plural(each, 'day')} before the last day is there twice.")
        for each in twice
    )


def _is_count(value: object, at_least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= at_least


def _bad_numbers(rules: ValidityRules) -> list[Problem]:
    found = []
    if not _is_count(rules.activation_delay_days, 0):
        found.append(Problem("activation_delay_days", "The activation delay is a whole number of days, 0 or more."))
    if rules.period is not None and not (_is_count(rules.period.count, 1) and rules.period.unit in UNITS):
        found.append(Problem("period", "The period is a whole number of days, weeks, months or years, 1 or more."))
    return found


def _bad_dates(rules: ValidityRules, today: date) -> list[Problem]:
    found = []
    for field, day in (("valid_after", rules.valid_after), ("expires_on", rules.expires_on)):
        if day is not None and not EARLIEST <= day <= LATEST:
            found.append(Problem(field, "The date lies outside the years 2000 to 2200."))
    if rules.expires_on is not None and EARLIEST <= rules.expires_on < today:
        found.append(Problem("expires_on", "The expiry date is in the past."))
    return found


def _contradictions(rules: ValidityRules) -> list[Problem]:
    found = []
    if rules.period is not None and rules.expires_on is not None:
        found.append(Problem("expires_on", "Choose either a period or a date for the expiry, not both."))
    if rules.month_end and rules.period is None:
        found.append(Problem("month_end", "Rounding to the end of the month needs a period."))
    if rules.period is not None and _is_delay_too_long(rules.activation_delay_days, rules.period):
        found.append(
            Problem(
                "activation_delay_days",
                f"The activation delay must be shorter than the period, which can be as short as "
                f"{rules.period.shortest_days} days.",
            )
        )
    return found


def _is_delay_too_long(delay_days: int, period: Period) -> bool:
    countable = _is_count(delay_days, 0) and _is_count(period.count, 1) and period.unit in UNITS
    return countable and delay_days >= period.shortest_days


def _never_spendable(rules: ValidityRules, now: datetime, business: BusinessTime) -> list[Problem]:
    try:
        sentence = load_refusal(active_from(rules, now, business), last_day(rules, now, business), now, business)
    except BadDate as problem:
        return [Problem("period", str(problem))]
    except OverflowError:
        return [Problem("activation_delay_days", "The activation delay ends outside the years 2000 to 2200.")]
    if sentence is None:
        return []
    starts_late = rules.valid_after is not None and business.start_of(rules.valid_after) >= active_from(
        rules, now, business
    )
    field = "valid_after" if starts_late else "activation_delay_days"
    return [Problem(field, f"A card sold today could never be spent. {sentence}")]


def load_refusal(
    active_from_at: datetime, last_day_on: date | None, now: datetime, business: BusinessTime
) -> str | None:
    """Why a card may not be issued or loaded with these dates at an instant (UTC), or None when it may."""
    if active_from_at >= datetime.combine(LATEST, datetime.min.time(), UTC) + timedelta(days=1):
        return "The card would become valid only after the year 2200."
    if last_day_on is None:
        return None
    cut_off_at = business.cut_off(last_day_on)
    if cut_off_at <= now:
        return f"The balance would stop on {last_day_on:%d %b %Y}, which is already over."
    if active_from_at >= cut_off_at:
        return (
            f"The card would become valid on {business.date_of(active_from_at):%d %b %Y}, "
            f"after its last day, {last_day_on:%d %b %Y}."
        )
    return None
