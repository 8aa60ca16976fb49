"""The languages that customers are answered in: how each writes a day and an amount."""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from models.rules.errors import RuleError
from models.rules.money import format_minor

ENGLISH: Final = "en"
"""The language of the desk itself: its texts go by their bare names."""


class BadLanguage(RuleError):
    """Nobody is answered in that language."""


class Language(NamedTuple):
    """How one language writes what replies are filled with."""

    code: str
    """Two letters, ISO 639-1."""
    name: str
    """What it calls itself."""
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    """Monday first."""
    day_form: str
    weekday_form: str
    decimal_mark: str
    soon: tuple[str, str, str]
    """Today, tomorrow, and so many days from today."""

    def day(self, on: date) -> str:
        """A calendar date that can't be taken for another: 20 Nov 2026."""
        return self.day_form.format(day=on.day, month=self.months[on.month - 1], year=on.year)

    def weekday(self, on: date) -> str:
        """The same with its weekday: Fri 20 Nov 2026."""
        return self.weekday_form.format(weekday=self.weekdays[on.weekday()], day=self.day(on))

    def from_today(self, days: int) -> str:
        """How a day to come is called today: tomorrow, in 5 days."""
        return self.soon[min(days, 2)].format(days=days)

    def money(self, minor: int, currency: str) -> str:
        """An amount in minor units with its currency: 12.50 GBP."""
        return f"{format_minor(minor, currency).replace('.', self.decimal_mark)} {currency}"


LANGUAGES: Final[Mapping[str, Language]] = {
    each.code: each
    for each in (
        Language(
            ENGLISH,
            "English",
            ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
            ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
            "{day} {month} {year}",
            "{weekday} {day}",
            ".",
            ("today", "tomorrow", "in {days} days"),
        ),
        Language(
            "de",
            "Deutsch",
            (
                *("Januar", "Februar", "März", "April", "Mai", "Juni"),
                *("Juli", "August", "September", "Oktober", "November", "Dezember"),
            ),
            ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
            "{day}. {month} {year}",
            "{weekday}, {day}",
            ",",
            ("heute", "morgen", "in {days} Tagen"),
        ),
    )
}


def language_of(code: str) -> Language:
    """The language of two letters. Raises BadLanguage, which names those that there are."""
    try:
        return LANGUAGES[code.strip().lower()]
    except KeyError:
        raise BadLanguage(f"There are no texts in {code.strip()[:20]!r}; there are {', '.join(LANGUAGES)}.") from None
