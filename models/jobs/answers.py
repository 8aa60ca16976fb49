"""What an answer of the mail server means for an e-mail in hand: where it stands then, and when it is tried again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from models.errors import Collision, Fault
from models.exits import BUSY
from models.mail import Answer, Verdict, without_addresses
from models.rules.reminders import State
from models.rules.texts import made_safe

T = TypeVar("T")
_MOST_TRIES: Final = 5
_FIRST_WAIT: Final = timedelta(minutes=15)
_LONGEST_WAIT: Final = timedelta(hours=6)
_LONGEST_ANSWER: Final = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an e-mail stands after an answer. Instants are UTC."""

    state: State
    tries: int
    """How often it was taken in hand and tried."""
    next_try_at: datetime | None = None
    settled_at: datetime | None = None
    said: str | None = None


def standing_after(answer: Answer | None, tries: int, at: datetime) -> Standing:
    """Where an e-mail stands at an instant (UTC) after its answer; None: it was not even tried this time.

    Only one that the server has taken is settled by itself. Who was not reached for the server's sake has no try less.
    """
    if answer is None:
        return Standing(State.WAITING, tries - 1, at)
    said = made_safe(without_addresses(answer.said), _LONGEST_ANSWER) or "no answer"
    match answer.verdict:
        case Verdict.DELIVERED:
            return Standing(State.SENT, tries, settled_at=at)
        case Verdict.REFUSED:
            return Standing(State.REFUSED, tries, said=said)
        case Verdict.UNKNOWN:
            return Standing(State.CLAIMED, tries, said=said)
        case Verdict.NOT_NOW if answer.is_down:
            return Standing(State.WAITING, tries - 1, at, said=said)
    return Standing(State.WAITING, tries, at + back_off(tries), said=said)


def back_off(tries: int) -> timedelta:
    """How long a letter rests that was not taken, after so many tries."""
    return min(_LONGEST_WAIT, _FIRST_WAIT * (1 << min(tries - 1, 10)))


def patiently(work: Callable[[], T]) -> T:
    """What a transaction brings; whoever is in the way is waited for a few times. Raises Fault for a broken store."""
    for _ in range(_MOST_TRIES - 1):
        try:
            return work()
        except Fault as fault:
            if not isinstance(fault, Collision) and fault.status != BUSY:
                raise
    return work()
