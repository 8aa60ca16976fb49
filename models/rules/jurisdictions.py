"""Where the law says how long a gift card must last at least: data with sources, and what a product says against it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from models.rules import wording
from models.rules.validity import Period, ValidityRules

_MONTHS: Final = {"months": 1, "years": 12}
# Any few years in a row that begin with this day have as many leap days as such a span can have.
_MOST_LEAP_DAYS: Final = date(2024, 1, 1)


class Jurisdiction(NamedTuple):
    """A country whose law sets the shortest time for which a gift card must be good."""

    name: str
    years: int
    """How long at least, in whole years."""
    since: str
    """What the years count from, in words."""
    source: str
    """Where the law says so."""

    @property
    def demand(self) -> str:
        """What the law asks for, as a sentence."""
        return f"The law of {self.name} asks for {self.years} years {self.since} ({self.source})."


JURISDICTIONS: Final[Mapping[str, Jurisdiction]] = {
    "us": Jurisdiction(
        "the United States", 5, "from the day of issue or of the last load", "15 U.S.C. 1693l-1(c); 12 CFR 1005.20(e)"
    ),
    "ie": Jurisdiction("Ireland", 5, "from the day of supply", "Consumer Protection (Gift Vouchers) Act 2019"),
    "au": Jurisdiction(
        "Australia", 3, "from the day of supply", "Competition and Consumer Act 2010, Schedule 2, section 99B"
    ),
}
"""Code -> what its law asks for. A business chooses those that it sells in."""


def warnings(rules: ValidityRules, chosen: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each chosen jurisdiction whose law asks for a longer time than the rules give to every card."""
    laws = (JURISDICTIONS[code] for code in chosen)
    return tuple(f"{short} {law.demand}" for law in laws if (short := _too_short(rules, law.years)) is not None)


def _too_short(rules: ValidityRules, years: int) -> str | None:
    """What the rules say, as a sentence, when some card would be good for fewer years; None when none would."""
    if rules.expires_on is not None:
        from dateutil.relativedelta import relativedelta

        last_sale = rules.expires_on + timedelta(days=1) - relativedelta(years=years)
        return (
            f"Whoever buys or tops up after {wording.day(last_sale)} has less than {years} years until "
            f"{wording.day(rules.expires_on)}."
        )
    if rules.period is None or _lasts(rules.period, years):
        return None
    return f"A balance of {rules.period} is too short."


def _lasts(period: Period, years: int) -> bool:
    """Whether a period is at least so many years long, wherever in the calendar it begins."""
    if period.unit in _MONTHS:
        return period.count * _MONTHS[period.unit] >= years * 12
    from dateutil.relativedelta import relativedelta

    return period.shortest_days >= (_MOST_LEAP_DAYS + relativedelta(years=years) - _MOST_LEAP_DAYS).days
