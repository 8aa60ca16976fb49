"""A customer calls, as the stories of cases tell it: the case is opened, told of, and read."""

from typing import Any

from models import casebook, desk
from models.cases import Which, case_sheet, cases_listed
from models.rules.cases import Step
from models.rules.intakes import Intake, Symptom
from models.rules.roles import Action
from models.unit import Outcome, Session, Unit, perform

LIN = desk.PersonGiven("Lin Wu", "lin@example.org")
WHOLE = Intake("Lin Wu", "lin@example.org", symptom=Symptom.NOT_APPLIED, message="Card declined")


def opened(session: Session, card: int, **options: Any) -> int:
    """The number of the case that a card is opened in."""
    outcome = desk.open_case(session, card, **options)
    assert outcome.done, outcome.sentence
    return int(outcome.facts["case"])


def entered(session: Session, case: int, step: Step, text: str | None = None, **facts: Any) -> None:
    """What another part of the desk enters into a case."""

    def work(unit: Unit) -> Outcome:
        casebook.enter(unit, case, step, facts, text)
        return Outcome(True, "Entered.")

    assert perform(session, Action.NOTE, None, {}, work).done


def told(session: Session, card: int) -> None:
    """The customer is answered with what is most true of the card."""
    outcome = desk.say(session, card)
    assert outcome.done, outcome.sentence


def pages(session: Session, which: Which, most: int) -> list[list[int]]:
    """A list as somebody reads it who turns its pages."""
    listed = cases_listed(session, which, most=most)
    read = [listed]
    while listed.next_after is not None:
        listed = cases_listed(session, which, listed.next_after, most)
        read.append(listed)
    return [[line.id for line in page.lines] for page in read]


def words(session: Session, case: int) -> list[str]:
    """The time line, oldest first."""
    return [line.words for line in reversed(case_sheet(session, case).lines)]
