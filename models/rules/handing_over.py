"""The intake of a hand-over: what the agent gives, what the case knows, and what the reason itself says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from models.rules.escalations import Escalation
from models.rules.intakes import INTAKE_FIELDS, Intake, Symptom
from models.rules.texts import email_key, search_key

_SEES: Final[Mapping[Escalation, Symptom]] = {
    Escalation.STILL_FAILS: Symptom.NOT_APPLIED,
    Escalation.WRONG_BALANCE: Symptom.ZERO,
    Escalation.NOT_AVAILABLE: Symptom.EXPIRED,
}


def filled(given: Intake, known: Intake, why: Escalation, text: str) -> Intake:
    """An intake as it is handed over: what is given comes first, then what the case knows.

    The reason says what the customer sees, and the description counts as the error message, where nobody said.
    """
    name, email = _who(given, known)
    both = {field: getattr(given, field) or getattr(known, field) for field in INTAKE_FIELDS}
    intake = replace(Intake(**both), name=name, email=email)
    return replace(intake, symptom=intake.symptom or _SEES[why], message=intake.message or text)


def _who(given: Intake, known: Intake) -> tuple[str | None, str | None]:
    """Who calls: a name and an address of two people are never put together."""
    is_another = _differ(given.name, known.name, search_key) or _differ(given.email, known.email, email_key)
    return (given.name, given.email) if is_another else (given.name or known.name, given.email or known.email)


def _differ(one: str | None, other: str | None, key: Callable[[str], str]) -> bool:
    return bool(one and other and key(one) != key(other))
