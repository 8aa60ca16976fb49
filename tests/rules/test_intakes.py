"""What a customer is asked first, and what must wait until it is known."""

from typing import Any

import pytest

from models.rules.diagnosis import Verdict
from models.rules.errors import BadText
from models.rules.intakes import (
    INTAKE_FIELDS,
    Intake,
    Symptom,
    checked_intake,
    intake_refusal,
    likely_symptom,
    missing,
    typed_end,
)
from models.rules.policy import CaseRequired, Policy
from models.rules.roles import Action

WHOLE = Intake("Lin Wu", "lin@example.org", symptom=Symptom.ZERO, message="Balance: 0.00")


@pytest.mark.parametrize(
    ("intake", "lacks"),
    [
        (WHOLE, ()),
        (Intake("Lin", "lin@example.org", symptom=Symptom.ZERO, screenshot="ZD-7, page 2"), ()),
        (
            Intake(bought_when="May", bought_where="Leeds", typed_last_four="7Q4M"),
            (
                "the customer's full name and e-mail address",
                "what the customer sees",
                "the error message or a screenshot",
            ),
        ),
        (Intake("Lin", symptom=Symptom.ZERO, message="zero"), ("the customer's e-mail address",)),
        (Intake(email="l@example.org", symptom=Symptom.ZERO, message="zero"), ("the customer's full name",)),
    ],
)
def test_what_is_missing(intake: Intake, lacks: tuple[str, ...]) -> None:
    """Who, what they see, and the message or a picture of it; when and where only if they know."""
    assert missing(intake) == lacks


@pytest.mark.parametrize(
    ("required", "action", "is_held_up"),
    [
        (CaseRequired.NEVER, Action.ESCALATE, False),
        (CaseRequired.ESCALATION, Action.ESCALATE, True),
        (CaseRequired.ESCALATION, Action.REACTIVATE, False),
        (CaseRequired.ESCALATION, Action.REPLY, False),
        (CaseRequired.ALWAYS, Action.ESCALATE, True),
        (CaseRequired.ALWAYS, Action.REACTIVATE, True),
        (CaseRequired.ALWAYS, Action.REPLY, True),
        (CaseRequired.ALWAYS, Action.NOTE, False),
    ],
)
def test_what_must_wait_for_the_intake(required: CaseRequired, action: Action, is_held_up: bool) -> None:
    """The policy says what; a whole intake holds nothing up."""
    policy = Policy(case_required=required)
    assert (intake_refusal(policy, action, Intake()) is not None) == is_held_up
    assert intake_refusal(policy, action, WHOLE) is None


def test_the_refusal_says_what_to_ask() -> None:
    """In one sentence, in the order of the form."""
    refusal = intake_refusal(Policy(case_required=CaseRequired.ESCALATION), Action.ESCALATE, Intake(name="Lin"))
    assert refusal == (
        "Before a card is handed over, ask for the customer's e-mail address, what the customer sees and the error "
        "message or a screenshot: complete the case's intake."
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, None),
        ("  ", None),
        ("7q4m", "7Q4M"),
        ("2345-6789-CFHJ-KMNP", "KMNP"),
        ("#abc def", "EF"),
        ("2345-6789-????-KMNP", None),
        ("lin@example.org", None),
        ("7Q\u202e4", None),
    ],
)
def test_of_a_code_only_its_end_is_kept(typed: str | None, kept: str | None) -> None:
    """Never more than a third of it, and nothing of what can't be one."""
    assert typed_end(typed) == kept


def test_an_intake_is_trimmed() -> None:
    """Blanks are nothing."""
    given = Intake(" Lin ", " ", "2345 6789 CFHJ KMNP", None, " it says\r\nno ", "", " May", "\n")
    assert checked_intake(given) == Intake("Lin", typed_last_four="KMNP", message="it says\nno", bought_when="May")
    assert all(getattr(checked_intake(Intake()), name) is None for name in INTAKE_FIELDS)


@pytest.mark.parametrize("field", ["name", "message", "screenshot", "bought_when", "bought_where"])
def test_what_a_terminal_would_obey_is_refused(field: str) -> None:
    """At the way in, whichever field it is typed into."""
    given: dict[str, Any] = {field: "\x1b[2J gone"}
    with pytest.raises(BadText, match="cannot be shown"):
        checked_intake(Intake(**given))


def test_what_a_customer_most_likely_sees() -> None:
    """Proposed from the verdict, where there is a telling."""
    assert {verdict: likely_symptom(verdict) for verdict in Verdict if likely_symptom(verdict)} == {
        Verdict.UNKNOWN: Symptom.NOT_VALID,
        Verdict.REINSTATE: Symptom.EXPIRED,
        Verdict.DECLINE: Symptom.EXPIRED,
        Verdict.SPENT: Symptom.ZERO,
        Verdict.RETRY: Symptom.NOT_APPLIED,
    }
    assert len({symptom.words for symptom in Symptom}) == 4
