"""A desk is killed while a case is opened, filled, left or closed, or a hand-over taken or answered: all or nothing.

The default run kills at every seventh statement, the long proof at each:

    pytest tests/store/test_kills_of_cases.py -m slow
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from store.counter import NOON, Counter, copy_desk
from store.doomed import kill_at_every

from models import desk
from models.clock import FixedClock
from models.desk import Answer, Escalation
from models.rules.cases import CaseOutcome
from models.rules.intakes import Intake
from models.store import open_store
from models.unit import Outcome, Session

Wish = Callable[[Session], Outcome]


@pytest.fixture(scope="module")
def in_hand(furnished: Path, quick: Path) -> Path:
    """A desk with two cards, a case of Mia's about the first, and a third card that she handed over."""
    folder = quick / "in-hand"
    folder.mkdir()
    counter = Counter(open_store(copy_desk(furnished, folder), FixedClock(NOON)), FixedClock(NOON))
    card, _ = counter.issued(), counter.issued()
    assert desk.open_case(counter.mia, card).done
    assert desk.escalate(counter.mia, counter.issued(), Escalation.STILL_FAILS, "Refused at the till.").done
    return counter.file


def open_another(mia: Session) -> Outcome:
    return desk.open_case(mia, 2, typed="2345 6789 CFHJ KMNP", intent="doomed")


def add_card(mia: Session) -> Outcome:
    return desk.open_case(mia, 2, beside=1, intent="doomed")


def complete_intake(mia: Session) -> Outcome:
    return desk.complete_intake(mia, 1, Intake("Lin", "lin@example.org", message="Declined"), intent="doomed")


def leave(mia: Session) -> Outcome:
    return desk.leave_case(mia, 1, intent="doomed")


def close(mia: Session) -> Outcome:
    return desk.close_case(mia, 1, CaseOutcome.OTHER, "a wrong number", intent="doomed")


def take(mia: Session) -> Outcome:
    return desk.take_escalation(mia, "E3-2", intent="doomed")


def answer(mia: Session) -> Outcome:
    return desk.close_escalation(mia, "E3-2", Answer.CORRECTED, "It has 20.00 GBP now.", intent="doomed")


EVERY = range(1, 1_000)
WISHES = (open_another, add_card, complete_intake, leave, close, take, answer)


@pytest.mark.parametrize("wish", WISHES)
def test_killed_anywhere_it_is_done_whole_or_not_at_all(in_hand: Path, folder: Path, wish: Wish) -> None:
    """Row, card, text and entry belong together; the same wish made again does it once."""
    kill_at_every(in_hand, folder, wish, EVERY[1::7])


@pytest.mark.slow
@pytest.mark.parametrize("wish", WISHES)
def test_killed_at_every_single_statement(in_hand: Path, folder: Path, wish: Wish) -> None:
    """The same without a step between."""
    kill_at_every(in_hand, folder, wish, EVERY)
