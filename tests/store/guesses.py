"""Codes that no card answers to, and somebody who looks for them."""

from itertools import count

from store.counter import Counter

from models import desk
from models.keys import Keys
from models.lookups import record_miss
from models.rules.lookups import Pace
from models.unit import Session

_NUMBERS = count(1)


def another_code() -> str:
    """A code that no card answers to, and nobody looked for before."""
    return f"7777 {next(_NUMBERS):08}"


def misses(session: Session, times: int) -> list[Pace | None]:
    """So many codes that no card answers to are looked for, and recorded; what each changes."""
    return [record_miss(session, another_code()) for _ in range(times)]


def code_of(counter: Counter) -> str:
    """The code of a card that Mia just issued."""
    return desk.issue(counter.mia, "half", 5000).hand_out or ""


class NoDigests(Keys):
    """A desk's key by which nothing may be digested."""

    def code_digest(self, code: str) -> bytes:
        raise AssertionError(code)

    folded_digest = code_digest
