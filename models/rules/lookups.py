"""Looks for codes that no card answers to: which count, and what becomes of who has too many. Pure functions.

A code is money for whoever knows it, so nobody may try codes until one is right; and whoever mistypes must not be kept
waiting for it.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from models.rules.codes import (
    LONGEST,
    SHORTEST,
    looks_like_ours,
    normalise,
    pattern_refusal,
    read_pattern,
)
from models.rules.errors import BadCode
from models.rules.queries import read_query
from models.rules.roles import Action, who_may

WINDOW: Final = timedelta(minutes=10)
"""So long a miss counts: up to its end, and not at it."""
SLOW_FROM: Final = 5
"""So many different misses make the next looks wait."""
STOP_AT: Final = 20
"""So many stop them."""
WAIT_SECONDS: Final = 5.0
# Whether a text is a code does not depend on the day.
_ANY_DAY: Final = date(2000, 1, 1)


class Pace(StrEnum):
    """How fast somebody's looks for codes are answered."""

    FREE = "free"
    SLOW = "slow"
    STOPPED = "stopped"


def pace(missed_at: Iterable[datetime], now: datetime, lifted_at: datetime | None = None) -> Pace:
    """The pace at an instant (UTC) of somebody who missed at these, and whom nobody stopped."""
    return Pace.SLOW if counted(missed_at, now, lifted_at) >= SLOW_FROM else Pace.FREE


def counted(missed_at: Iterable[datetime], now: datetime, lifted_at: datetime | None = None) -> int:
    """How many misses count at an instant (UTC): those of the ten minutes before, and none from before a lift."""
    begins = now - WINDOW if lifted_at is None else max(now - WINDOW, lifted_at)
    return sum(begins < at <= now for at in missed_at)


def possible_code(text: str) -> str | None:
    """The one spelling of a text that a card could answer to as its code, `?` for what can't be read; else None."""
    wanted = read_query(text, _ANY_DAY).as_code
    pattern = read_pattern(wanted)
    if pattern is not None:
        return pattern if pattern_refusal(pattern) is None else None
    try:
        code = normalise(wanted)
    except BadCode:
        return None
    return code if SHORTEST <= len(code) <= LONGEST else None


def meant_code(text: str) -> str | None:
    """The one spelling of a text that can only be meant as a code, or None.

    One digit makes it one, for codes of other makers may be short and plain; letters alone are a name, unless they
    could be a code of ours. An e-mail address is none.
    """
    code = possible_code(text)
    if code is None or "@" in text:
        return None
    has_digit = any(character.isdigit() for character in code)
    return code if has_digit or looks_like_ours(code) else None


def why_it_waits() -> str:
    """What somebody is told while an answer waits; the waiting goes on with it."""
    return f"{SLOW_FROM} codes in ten minutes were no card's: this one takes {WAIT_SECONDS:.0f} seconds"


def slowed() -> str:
    """What somebody is told, behind the answer, whose next looks for codes will wait."""
    return f"It is the {SLOW_FROM}th in ten minutes: each takes {WAIT_SECONDS:.0f} seconds for a while."


def stopped() -> str:
    """What somebody is told who may look for no code: the same whatever they typed."""
    return (
        f"After {STOP_AT} codes of no card, codes are not looked for: ask {who_may(Action.LIFT_LOOKUPS)} to lift that. "
        f"Names, e-mails and orders still work."
    )
