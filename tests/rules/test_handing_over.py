"""The intake of a hand-over: what is given, what is known, and never a name and an address of two people."""

import pytest

from models.rules.escalations import Escalation
from models.rules.handing_over import filled
from models.rules.intakes import Intake, Symptom

LIN = Intake(name="Lin Wu", email="lin@example.org", bought_where="Leeds")
WHY, TEXT = Escalation.WRONG_BALANCE, "Says 30, should be 50."


@pytest.mark.parametrize(
    ("given", "known", "who"),
    [
        (Intake(), LIN, ("Lin Wu", "lin@example.org")),
        (Intake(name="LIN WU"), LIN, ("LIN WU", "lin@example.org")),
        (Intake(email="Lin@Example.org"), LIN, ("Lin Wu", "Lin@Example.org")),
        (Intake(name="Bo Wu"), LIN, ("Bo Wu", None)),
        (Intake(email="bo@example.org"), LIN, (None, "bo@example.org")),
        (Intake(name="Lin Wu", email="bo@example.org"), LIN, ("Lin Wu", "bo@example.org")),
        (Intake(email="lin@example.org"), Intake(name="Lin Wu"), ("Lin Wu", "lin@example.org")),
        (Intake(), Intake(), (None, None)),
    ],
)
def test_who_calls_is_one_person(given: Intake, known: Intake, who: tuple[str | None, str | None]) -> None:
    intake = filled(given, known, WHY, TEXT)
    assert (intake.name, intake.email) == who


def test_the_reason_and_the_description_say_what_nobody_said() -> None:
    """What was said before, or is said now, counts for more."""
    bare = filled(Intake(), LIN, WHY, TEXT)
    assert (bare.symptom, bare.message, bare.bought_where) == (Symptom.ZERO, TEXT, "Leeds")
    known = Intake(symptom=Symptom.EXPIRED, message="Card expired")
    assert filled(Intake(), known, WHY, TEXT).message == "Card expired"
    given = Intake(symptom=Symptom.NOT_VALID, message="No such card")
    intake = filled(given, known, WHY, TEXT)
    assert (intake.symptom, intake.message) == (Symptom.NOT_VALID, "No such card")
