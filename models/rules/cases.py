"""The life of a case: what each step does to it, what closes it, and what becomes of one that its agent leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from models.rules.intakes import Symptom
from models.rules.journal import Kind
from models.rules.roles import Role
from models.rules.wording import listed

ANOTHER_CALL: Final = timedelta(minutes=30)
"""After how much idle time the same card opened again is another call."""


class CaseOutcome(StrEnum):
    """What a case ended with."""

    REACTIVATED = "reactivated"
    CONFIRMED = "confirmed"
    EXPLAINED = "explained"
    SERVED = "served"
    HANDED_ON = "handed_on"
    NOT_HEARD_OF = "not_heard_of"
    UNANSWERED = "unanswered"
    LOOKED_AT = "looked_at"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The outcome in a few words."""
        return _OUTCOMES[self]


_OUTCOMES: Final[Mapping[CaseOutcome, str]] = {
    CaseOutcome.REACTIVATED: "active again, and told",
    CaseOutcome.CONFIRMED: "balance confirmed, to be tried again",
    CaseOutcome.EXPLAINED: "explained",
    CaseOutcome.SERVED: "done what was asked for",
    CaseOutcome.HANDED_ON: "others answer the customer",
    CaseOutcome.NOT_HEARD_OF: "the customer did not come back",
    CaseOutcome.UNANSWERED: "closed without the answer that it waited for",
    CaseOutcome.LOOKED_AT: "looked at only",
    CaseOutcome.OTHER: "otherwise",
}
TOLD: Final = frozenset({CaseOutcome.REACTIVATED, CaseOutcome.CONFIRMED, CaseOutcome.EXPLAINED})
"""What a reply can end a case with."""
WITH_WORDS: Final = frozenset({CaseOutcome.UNANSWERED, CaseOutcome.OTHER})
"""What must be said in words when a case is closed with it."""


class Step(StrEnum):
    """What an entry of a case's time line is."""

    OPENED = "opened"
    CALLED = "called"
    CARD_ADDED = "card_added"
    TAKEN = "taken"
    INTAKE = "intake"
    ADDED = "added"
    CHECKED = "checked"
    REPLIED = "replied"
    MAILED = "mailed"
    ESCALATED = "escalated"
    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    REMOVED = "removed"

    @property
    def words(self) -> str:
        """How it reads on a time line."""
        return _STEPS[self]


_STEPS: Final[Mapping[Step, str]] = {
    Step.OPENED: "case opened",
    Step.CALLED: "another call",
    Step.CARD_ADDED: "card added",
    Step.TAKEN: "taken over",
    Step.INTAKE: "intake",
    Step.ADDED: "added",
    Step.CHECKED: "checkout simulated",
    Step.REPLIED: "told",
    Step.MAILED: "e-mail",
    Step.ESCALATED: "handed over",
    Step.ASKED: "approval asked",
    Step.ANSWERED: "answer",
    Step.CLOSED: "closed",
    Step.REOPENED: "opened again",
    Step.REMOVED: "personal data removed",
}


@dataclass(frozen=True, slots=True)
class CaseState:
    """What the entries of a case add up to. Instants are UTC."""

    agent_id: int
    """Whose case it is."""
    calls: int = 1
    customer_id: int | None = None
    """The caller."""
    symptom: Symptom | None = None
    is_begun: bool = False
    """An intake was begun, something was typed, or there is more to tell: it does not end by itself before a reply."""
    said: CaseOutcome | None = None
    """What the last reply would end it with; None when the customer still is to be told."""
    said_at: datetime | None = None
    waits_for: tuple[str, ...] = ()
    """The escalations and approvals whose answers are not there: 'escalation:E12-3', 'approval:5'."""
    answered_at: datetime | None = None
    """Since when an answer is there that the customer was not told of."""
    outcome: CaseOutcome | None = None
    closed_at: datetime | None = None
    has_lapsed: bool = False
    """The answer is that nobody decided about a request in time; nothing is written down for that."""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do with it."""
        return self.closed_at is None


# What is begun does not end by itself before a reply, and an earlier reply does not count for what is to be told anew.
_BEGINS: Final = frozenset(
    {Step.TAKEN, Step.INTAKE, Step.ADDED, Step.REPLIED, Step.ESCALATED, Step.ASKED, Step.ANSWERED, Step.REOPENED}
)
_TO_BE_TOLD: Final = frozenset({Step.CALLED, Step.ESCALATED, Step.ASKED, Step.ANSWERED, Step.REOPENED})
_OPENS: Final = frozenset({Step.ANSWERED, Step.REOPENED})


def after(state: CaseState, step: Step, facts: Mapping[str, Any], at: datetime) -> CaseState:
    """What a case is after a step at an instant (UTC)."""
    has_not_reached = step is Step.MAILED and facts.get("has_reached") is False
    is_begun = state.is_begun or step in _BEGINS or (step is Step.CALLED and state.said is not None)
    state = replace(state, is_begun=is_begun or has_not_reached)
    if step in _TO_BE_TOLD or has_not_reached:
        state = replace(state, said=None, said_at=None)
    if step in _OPENS or (has_not_reached and state.outcome in TOLD):
        state = replace(state, outcome=None, closed_at=None)
    awaited = facts.get("waits_for")
    others = tuple(each for each in state.waits_for if each != awaited)
    match step:
        case Step.CALLED:
            return replace(state, calls=state.calls + 1)
        case Step.TAKEN | Step.REOPENED:
            return replace(state, agent_id=facts.get("agent", state.agent_id))
        case Step.ESCALATED | Step.ASKED if awaited is not None:
            return replace(state, waits_for=tuple(sorted((*others, awaited))))
        case Step.ANSWERED:
            return replace(state, waits_for=others, answered_at=at)
        case Step.REPLIED if facts.get("outcome") is not None:
            return replace(state, said=CaseOutcome(facts["outcome"]), said_at=at, answered_at=None)
        case Step.CLOSED:
            outcome = CaseOutcome(facts["outcome"])
            return replace(state, outcome=outcome, closed_at=at, waits_for=(), answered_at=None)
        case _:
            return state


def with_lapsed(state: CaseState, lapsed: Mapping[str, datetime]) -> CaseState:
    """What a case is once requests that it waits for were left alone until some instants (UTC), by their names."""
    for awaited in sorted(set(state.waits_for) & set(lapsed)):
        at, before = lapsed[awaited], state
        state = after(state, Step.ANSWERED, {"waits_for": awaited}, at)
        state = replace(state, has_lapsed=before.answered_at is None)
        if before.said_at is not None and before.said_at >= at:
            state = replace(state, said=before.said, said_at=before.said_at, answered_at=None, has_lapsed=False)
    return state


class Deeds(NamedTuple):
    """What the agent did to the cards of a case: kinds of activities."""

    in_all: frozenset[Kind] = frozenset()
    since_told: frozenset[Kind] = frozenset()
    """Since the last reply."""


_AT_THE_TILL: Final = frozenset(
    {
        Kind.ISSUE,
        Kind.TOP_UP,
        Kind.REDEMPTION,
        Kind.REFUND,
        Kind.TRANSFER_IN,
        Kind.TRANSFER_OUT,
        Kind.CANCELLATION,
        Kind.BREAKAGE,
        Kind.REGISTERED,
        Kind.CORRECTED_CUSTOMER,
    }
)
"""Whoever wanted that stands before the agent: they know."""
_NEWS: Final = frozenset({Kind.REACTIVATED, Kind.UNSUSPENDED, Kind.EXPIRY_CHANGED, Kind.ESCALATED})
"""What a customer must be told of."""


class Leaving(NamedTuple):
    """What becomes of a case when its agent turns to another customer."""

    outcome: CaseOutcome | None
    """What it closes with; None: it stays open."""
    why: str


def outcome_on_leaving(state: CaseState, deeds: Deeds) -> Leaving:
    """What becomes of an open case that its agent leaves for another customer, and why; the first that fits."""
    is_told = state.said is not None and not deeds.since_told & _NEWS
    if state.waits_for:
        return Leaving(None, "it waits for an answer")
    if state.answered_at is not None:
        return Leaving(None, "an answer has come that the customer was not told of")
    if is_told and Kind.REACTIVATED in deeds.in_all:
        return Leaving(CaseOutcome.REACTIVATED, "the card is active again, and the customer was told")
    if is_told:
        return Leaving(state.said, "the customer was told")
    if state.is_begun or deeds.in_all - _AT_THE_TILL:
        return Leaving(None, "something was begun, and the customer was not told")
    if deeds.in_all:
        return Leaving(CaseOutcome.SERVED, "what was asked for was done")
    return Leaving(CaseOutcome.LOOKED_AT, "nothing was said, done or typed")


def closing_refusal(state: CaseState, outcome: CaseOutcome, text: str | None) -> str | None:
    """Why a case can't be closed with an outcome by hand, as a sentence; None when it can."""
    if not state.is_open:
        return f"The case is closed already: {state.outcome and state.outcome.words}."
    if state.waits_for and outcome is not CaseOutcome.UNANSWERED:
        which = listed(tuple(in_words(each) for each in state.waits_for))
        return f"The case waits for an answer to {which}. Close it as 'unanswered' and say why, or wait."
    if outcome is CaseOutcome.UNANSWERED and not state.waits_for:
        return "The case waits for no answer: close it with another outcome."
    if outcome is CaseOutcome.LOOKED_AT and state.is_begun:
        return "More was done than looking at it: close it with another outcome."
    if outcome in WITH_WORDS and not (text and text.strip()):
        return f"Say in a sentence why the case is closed as '{outcome}'."
    return None


def standing(state: CaseState) -> str:
    """How a case stands, in a few words."""
    if state.outcome is not None:
        return f"closed: {state.outcome.words}"
    if state.answered_at is not None:
        return "approval lapsed" if state.has_lapsed else "an answer is there"
    if any(each.startswith("escalation:") for each in state.waits_for):
        return "with Payments Support"
    if state.waits_for:
        return "waits for approval"
    if state.said is not None:
        return "told"
    return "begun" if state.is_begun else "open"


def entry_in_words(step: Step, facts: Mapping[str, Any]) -> str:
    """An entry of a time line, without its text."""
    match step:
        case Step.INTAKE:
            given = facts.get("given")
            more = ", ".join(str(name).replace("_", " ") for name in given) if isinstance(given, list) else ""
        case Step.REPLIED:
            more = str(facts.get("reply", "")).replace("_", " ")
        case Step.MAILED:
            more = str(facts.get("state", ""))
        case Step.CLOSED:
            outcome = str(facts.get("outcome", ""))
            more = CaseOutcome(outcome).words if outcome in set(CaseOutcome) else outcome
        case Step.ESCALATED | Step.ASKED | Step.ANSWERED:
            more = ", ".join(filter(None, (in_words(str(facts.get("waits_for", ""))), str(facts.get("answer", "")))))
        case _:
            more = ""
    return f"{step.words}: {more}" if more else step.words


def in_words(awaited: str) -> str:
    """What is waited for: 'escalation E12-3', 'approval 5'."""
    return awaited.replace(":", " ", 1)


_OVER_OTHERS: Final = frozenset({Role.SUPERVISOR, Role.MANAGER})


def others_case_refusal(agent_id: int, role: Role, state: CaseState, owner: str) -> str | None:
    """Why somebody may not write into a case, as a sentence: it is a colleague's. None for a supervisor or manager."""
    if agent_id == state.agent_id or role in _OVER_OTHERS:
        return None
    return f"This is a case of {owner}: take it over first."
