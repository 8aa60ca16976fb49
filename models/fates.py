"""Where an e-mail stands that nobody settled: in the hand of a run, of unknown outcome, waiting or refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from models.clock import to_microseconds
from models.rules.reminders import State

IN_HAND_FOR: Final = timedelta(minutes=10)
"""How long a run may have an e-mail in hand; one that is claimed for longer was left behind."""


class Fate(StrEnum):
    """Where an e-mail stands that nobody settled yet."""

    IN_HAND = "in hand"
    """A run is sending it."""
    UNKNOWN = "unknown"
    """It may have gone out or not: a person decides, it is never sent again by itself."""
    WAITING = "waiting"
    """It did not go out, and is tried again."""
    REFUSED = "refused"
    """The mail server will not have it."""


_FATES: Final[Mapping[Fate, str]] = {
    Fate.IN_HAND: "{0}.state = 'claimed' AND {0}.said IS NULL AND {0}.claimed_at > ?",
    Fate.UNKNOWN: "{0}.state = 'claimed' AND ({0}.said IS NOT NULL OR {0}.claimed_at <= ?)",
    Fate.WAITING: "{0}.state = 'waiting'",
    Fate.REFUSED: "{0}.state = 'refused'",
}


def standing_at(fates: Sequence[Fate], left_behind: datetime, table: str) -> tuple[str, list[Any]]:
    """The SQL condition, with its parameters, of the rows of a table that stand at one of some fates.

    Claims made until an instant (UTC) were left behind.
    """
    parts = [_FATES[fate].format(table) for fate in fates] or ["1 = 0"]
    return " OR ".join(parts), [to_microseconds(left_behind) for part in parts if "?" in part]


def fate_of(state: State, said: str | None, claimed_at: datetime | None, left_behind: datetime) -> Fate:
    """Where an e-mail stands that nobody settled; claims made until an instant (UTC) were left behind.

    A run that lost the answer says so at once.
    """
    if state is State.CLAIMED:
        is_in_hand = said is None and claimed_at is not None and claimed_at > left_behind
        return Fate.IN_HAND if is_in_hand else Fate.UNKNOWN
    return Fate(state.value)
