"""The intake: what a customer is asked before anything else, and what can't be done before it is there."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from models.rules.codes import last_four, normalise
from models.rules.diagnosis import Verdict
from models.rules.errors import BadCode
from models.rules.policy import CaseRequired, Policy
from models.rules.roles import Action
from models.rules.texts import NAME, optional_email, optional_line, optional_note
from models.rules.wording import listed

_TYPED: Final = 4
_WHEN: Final = 100


class Symptom(StrEnum):
    """What the customer says is wrong."""

    NOT_VALID = "not_valid"
    EXPIRED = "expired"
    ZERO = "zero"
    NOT_APPLIED = "not_applied"

    @property
    def words(self) -> str:
        """In the customer's voice."""
        return {
            Symptom.NOT_VALID: "It says that my code isn't valid.",
            Symptom.EXPIRED: "It says that my card has expired.",
            Symptom.ZERO: "My balance shows as zero, and I haven't used it.",
            Symptom.NOT_APPLIED: "I can't apply my card at checkout.",
        }[self]


_LOOKS_LIKE: Final[Mapping[Verdict, Symptom]] = {
    Verdict.UNKNOWN: Symptom.NOT_VALID,
    Verdict.REINSTATE: Symptom.EXPIRED,
    Verdict.DECLINE: Symptom.EXPIRED,
    Verdict.SPENT: Symptom.ZERO,
    Verdict.RETRY: Symptom.NOT_APPLIED,
}


def likely_symptom(verdict: Verdict) -> Symptom | None:
    """What a customer with such a card most likely sees; None when there is no telling."""
    return _LOOKS_LIKE.get(verdict)


@dataclass(frozen=True, slots=True)
class Intake:
    """What a customer is asked first; None is what was not said."""

    name: str | None = None
    email: str | None = None
    typed_last_four: str | None = None
    """The end of the code as the customer gave it: a whole code is kept nowhere."""
    symptom: Symptom | None = None
    message: str | None = None
    """The error message at checkout, or what it looked like."""
    screenshot: str | None = None
    """Where a screenshot lies: a ticket's attachment, an e-mail."""
    bought_when: str | None = None
    """About when the card was bought, as the customer remembers it."""
    bought_where: str | None = None


INTAKE_FIELDS: Final = tuple(field.name for field in fields(Intake))


def checked_intake(intake: Intake) -> Intake:
    """The same, trimmed, blanks left out, a whole code cut to its end. Raises BadText."""
    return Intake(
        name=optional_line(intake.name, "name", NAME),
        email=optional_email(intake.email),
        typed_last_four=typed_end(intake.typed_last_four),
        symptom=intake.symptom,
        message=optional_note(intake.message, "message"),
        screenshot=optional_line(intake.screenshot, "reference to a screenshot", NAME),
        bought_when=optional_line(intake.bought_when, "time of the purchase", _WHEN),
        bought_where=optional_line(intake.bought_where, "place of the purchase", NAME),
    )


def typed_end(typed: str | None) -> str | None:
    """What may be kept of a code as somebody typed it: its end, or nothing of what can't be one."""
    if typed is None or not typed.strip():
        return None
    try:
        code = normalise(typed)
    except BadCode:
        bare = typed.strip().upper()
        return bare if len(bare) <= _TYPED and bare.isascii() and bare.isalnum() else None
    return code if len(code) <= _TYPED else last_four(code)


_WHO: Final[Mapping[tuple[bool, bool], str]] = {
    (False, False): "the customer's full name and e-mail address",
    (False, True): "the customer's full name",
    (True, False): "the customer's e-mail address",
    (True, True): "",
}


def missing(intake: Intake) -> tuple[str, ...]:
    """What a customer must still be asked, in words; when and where a card was bought is asked for only if known."""
    lacks = (
        _WHO[bool(intake.name), bool(intake.email)],
        "" if intake.symptom else "what the customer sees",
        "" if intake.message or intake.screenshot else "the error message or a screenshot",
    )
    return tuple(lack for lack in lacks if lack)


_NEEDS_A_CASE: Final[Mapping[CaseRequired, Mapping[Action, str]]] = {
    CaseRequired.NEVER: {},
    CaseRequired.ESCALATION: {Action.ESCALATE: "a card is handed over"},
    CaseRequired.ALWAYS: {
        Action.ESCALATE: "a card is handed over",
        Action.REACTIVATE: "a card is reactivated",
        Action.REPLY: "a customer is answered",
    },
}


def intake_refusal(policy: Policy, action: Action, intake: Intake) -> str | None:
    """Why an action must wait for the intake under a policy, as a sentence; None when it need not."""
    before, lacks = _NEEDS_A_CASE[policy.case_required].get(action), missing(intake)
    if before is None or not lacks:
        return None
    return f"Before {before}, ask for {listed(lacks)}: complete the case's intake."
