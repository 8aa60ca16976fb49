"""What a command is about: which card, by a code that is counted when no card answers to it."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from models.card_lines import CardLine
from models.errors import Fault, Refused, faults
from models.finding import find
from models.lookups import NOT_COUNTED, NoSuchCode, card_answering, record_miss
from models.rules.codes import SHORTEST, normalise, read_pattern
from models.rules.diagnosis import Verdict
from models.rules.errors import BadCode
from models.rules.lookups import Pace, slowed, stopped
from models.store import Store
from models.unit import Session
from tui.console.misuse import UsageError
from tui.console.output import complain

_LONGEST_LINE: Final = 10_000


class UnknownCode(NoSuchCode):
    """No card answers to a code, which was counted."""

    def __init__(self, missed: NoSuchCode, counted: str | None, near_misses: Sequence[CardLine] = ()) -> None:
        """Keep what is to be told of its being counted, and the cards that are one slip away."""
        super().__init__(missed.text, str(missed))
        self._near_misses = near_misses
        self._counted = counted

    def say_what_follows(self) -> None:
        """Tell, behind the answer, what becomes of who looks for so many, or that it could not be counted."""
        if self._counted is not None:
            complain(self._counted)

    def candidates(self) -> str:
        """The cards that are one slip away, masked, with their holders' names and what differs."""
        return "; ".join(map(_offered, self._near_misses))

    def as_json(self) -> dict[str, Any]:
        """The verdict on a code that no card answers to."""
        near_misses = [line.code_masked for line in self._near_misses]
        return {"verdict": Verdict.UNKNOWN.value, "reason": str(self), "near_misses": near_misses}


def _offered(line: CardLine) -> str:
    holder = "" if line.holder is None else f"{line.holder.shown_name}, "
    return f"{line.code_masked} ({holder}{line.remark})"


@contextmanager
def reading(store: Store) -> Iterator[None]:
    """One consistent view for a few reads. Raises Fault for a broken store."""
    with faults(store.path), store.database.reading():
        yield


def find_card(session: Session, words: str | Sequence[str]) -> int:
    """The id of the card that answers to a code. Raises UnknownCode, BadCode for what can't be a code."""
    code = given_code([words] if isinstance(words, str) else words)
    if read_pattern(code) is not None:
        raise Refused("With ? a code is only looked for. List the cards that it may be with: giftdesk find")
    if len(normalise(code)) < SHORTEST:
        raise Refused("That is only the end of a code. Give the whole code, or list the cards with: giftdesk find")
    try:
        return card_answering(session, code, warn=say_why_it_waits)
    except NoSuchCode as missed:
        found = find(session.store, code)
        raise _counted(session, missed, found.lines if found.are_near_misses else ()) from None


def answering_card(session: Session, code: str) -> int:
    """The id of the card that answers to a code. Raises UnknownCode for whatever else was typed: no near misses."""
    try:
        return card_answering(session, code, warn=say_why_it_waits)
    except NoSuchCode as missed:
        raise _counted(session, missed) from None
    except BadCode:
        raise _counted(session, NoSuchCode(code)) from None


def _counted(session: Session, missed: NoSuchCode, near_misses: Sequence[CardLine] = ()) -> UnknownCode:
    """The same, once it was counted."""
    return UnknownCode(missed, count_miss(session, missed.text), near_misses)


def say_why_it_waits(why: str) -> None:
    """Tell, before an answer, why it takes long."""
    complain(f"{why}.")


def count_miss(session: Session, text: str) -> str | None:
    """Record a look for a code that no card answers to; what is to be said behind the answer, if anything.

    Before anything is printed: whoever ends the command with the answer in hand has looked all the same.
    """
    try:
        pace = record_miss(session, text)
    except (Fault, Refused) as failed:
        return f"{NOT_COUNTED} {failed}"
    return None if pace is None else stopped() if pace is Pace.STOPPED else slowed()


def given_code(words: Sequence[str]) -> str:
    """A code as given on the command line, or from standard input for '-'."""
    code = " ".join(words)
    return read_code() if code == "-" else code


def read_code() -> str:
    """A code from standard input, so that it shows in no list of processes and no shell history."""
    try:
        line = sys.stdin.readline(_LONGEST_LINE) if sys.stdin is not None else ""
    except UnicodeDecodeError:
        raise UsageError("What came from standard input is no UTF-8 text; check the terminal's encoding.") from None
    if not line.strip():
        raise UsageError("No code came from standard input; write it after the command instead.")
    return line.strip()
