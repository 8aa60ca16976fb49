"""What came of a wish to change something, printed for a person or as JSON."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from models.errors import Fault, Refused
from models.exits import DISK
from models.sheets import CardSheet, card_sheet
from models.unit import Outcome, Session
from tui.console.misuse import UsageError
from tui.console.output import complain, iso, say, say_json

ASKED: Final = 3
"""The exit code when nothing was changed yet, for a colleague must approve it first."""


def tell(asked: Namespace, outcome: Outcome, session: Session | None = None, **more: Any) -> int:
    """Print an outcome and return the exit code; more is added to the JSON.

    With a session, the JSON of a change on a card has the card's own facts as well, and the letter that an outcome
    names as "letter" is sent. Raises Fault when it was done, but can't be told.
    """
    letter = None if session is None or outcome.repeated or not outcome.done else outcome.facts.get("letter")
    with telling(outcome):
        if letter is None or session is None:
            return _tell(asked, outcome, session, **more)
        return _tell_and_send(asked, outcome, session, letter, **more)


def _tell_and_send(asked: Namespace, outcome: Outcome, session: Session, letter: int, **more: Any) -> int:
    """Send the letter of an outcome, after it was told: a server that says nothing holds up nobody's answer."""
    from models.jobs.send import send_right_away

    if asked.json:
        is_sent, sentence = send_right_away(session, letter)
        return _tell(asked, outcome, session, **more, letter_sent=is_sent, letter_sentence=sentence)
    code = _tell(asked, outcome, session, **more)
    if sys.stdout is not None:
        sys.stdout.flush()
    is_sent, sentence = send_right_away(session, letter)
    (say if is_sent else complain)(sentence)
    return code


def there_must_be_an_output() -> None:
    """Raise UsageError when there is nowhere to print a code that is told only once."""
    if sys.stdout is None:
        raise UsageError("There is nowhere to print the code, which is told only once. Nothing was changed.")


def tell_code(asked: Namespace, outcome: Outcome, session: Session) -> int:
    """Print an outcome that hands out a card's code, the code in a line of its own; returns the exit code."""
    code = outcome.hand_out
    status = tell(asked, outcome, session, code=code and code.replace(" ", ""))
    if code is not None and not asked.json:
        with telling(outcome):
            say(code)
    return status


@contextmanager
def telling(outcome: Outcome) -> Iterator[None]:
    """While an outcome is written out. Raises Fault when it was done, but can't be told: it must not be repeated."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if not outcome.done:
            raise
        sentence = f"It was done ({outcome.sentence[:-1]}), but the answer could not be written out: don't repeat it."
        raise Fault(sentence, DISK) from error


def _tell(asked: Namespace, outcome: Outcome, session: Session | None, **more: Any) -> int:
    if asked.json:
        say_json(
            {
                "done": outcome.done,
                "sentence": outcome.sentence,
                "repeated": outcome.repeated,
                **_card_facts(session, outcome),
                **outcome.facts,
                **more,
            }
        )
    elif outcome.done:
        say(outcome.sentence)
        if outcome.repeated:
            say("This was done before under the same key; nothing was changed again.")
    if not outcome.done:
        complain(outcome.sentence)
    return 0 if outcome.done else 1


def _card_facts(session: Session | None, outcome: Outcome) -> dict[str, Any]:
    if session is None or not outcome.done or outcome.card_id is None:
        return {}
    try:
        return standing(card_sheet(session, outcome.card_id))
    except (Fault, Refused):
        # The change is saved; that it can't be read back must not hide what came of it.
        return {}


def standing(sheet: CardSheet) -> dict[str, Any]:
    """Where a card stands, as JSON: money in minor units, instants in UTC, dates in the business zone."""
    return {
        "code_masked": sheet.code_masked,
        "status": sheet.status.value,
        "balance_minor": sheet.balance_minor,
        "currency": sheet.currency,
        "active_from": iso(sheet.active_from_at),
        "last_day": sheet.last_day_on.isoformat() if sheet.last_day_on else None,
        "cut_off": iso(sheet.cut_off_at),
        "product": sheet.product_name,
    }
