"""Columns whose values are more than what is stored: instants, dates, JSON."""

import json
import json.encoder
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from peewee import BigIntegerField, TextField

from models.clock import from_microseconds, to_microseconds

LARGEST_ID: Final = 2**63 - 1
"""Above it no row has a number, and no engine takes one."""

# What stands for a value that somebody spoiled: no card has it, so the card shows as not adding up.
UNREADABLE_ON: Final = date(1, 1, 3)
UNREADABLE_AT: Final = datetime(1, 1, 3, tzinfo=UTC)


class InstantField(BigIntegerField):
    """An aware instant, stored as microseconds UTC."""

    def db_value(self, value: datetime | int | None) -> int | None:
        """Microseconds from an aware instant."""
        return to_microseconds(value) if isinstance(value, datetime) else value

    def python_value(self, value: int | None) -> datetime | None:
        """An aware instant, UTC, from microseconds."""
        try:
            return None if value is None else from_microseconds(value)
        except OverflowError:
            return UNREADABLE_AT


class DayField(TextField):
    """A calendar date in the business zone, stored as ISO text."""

    def db_value(self, value: date | str | None) -> str | None:
        """ISO text from a date."""
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: str | None) -> date | None:
        """A date from ISO text."""
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError:
            return UNREADABLE_ON


class JsonField(TextField):
    """A JSON value, stored in one canonical spelling so that it can be digested."""

    def db_value(self, value: Any) -> str | None:
        """Canonical JSON text."""
        return value if value is None or isinstance(value, str) else canonical_json(value)

    def python_value(self, value: str | None) -> Any:
        """The JSON value."""
        try:
            return None if value is None else json.loads(value)
        except ValueError:
            return {"unreadable": value}


def stored_instant(value: int) -> datetime:
    """The instant, UTC, of a stored one that was read without its column; a spoiled one is one that no card has."""
    return _INSTANT.python_value(value) or UNREADABLE_AT


def stored_day(value: str) -> date:
    """The date of a stored one that was read without its column; a spoiled one is one that no card has."""
    return _DAY.python_value(value) or UNREADABLE_ON


def stored_json(value: str | None) -> Any:
    """The JSON value of a stored one that was read without its column."""
    return _JSON.python_value(value)


_INSTANT: Final = InstantField()
_DAY: Final = DayField()
_JSON: Final = JsonField()


def json_writer(other: Callable[[Any], Any] | None = None) -> Callable[[Any], str]:
    """A function that writes JSON values in one spelling: sorted names, no blanks, ASCII only.

    Other values are first turned into such by a function. The interpreter's own writer is made once;
    json.dumps makes one for every value, which costs more than the writing.
    """
    encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=other)
    if json.encoder.c_make_encoder is None:  # type: ignore[attr-defined]
        return encoder.encode
    write = json.encoder.c_make_encoder(  # type: ignore[attr-defined]
        None, encoder.default, json.encoder.encode_basestring_ascii, None, ":", ",", True, False, True
    )
    return lambda value: "".join(write(value, 0))


_WRITE: Final = json_writer()


def canonical_json(value: Mapping[str, Any] | list[Any]) -> str:
    """One spelling per JSON value: sorted names, no blanks, ASCII only."""
    return _WRITE(value)
