"""The life of a case: what each step makes of it, and what becomes of one that its agent leaves."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.rules.cases import (
    TOLD,
    CaseOutcome,
    CaseState,
    Deeds,
    Step,
    after,
    closing_refusal,
    entry_in_words,
    others_case_refusal,
    outcome_on_leaving,
    standing,
)
from models.rules.journal import Kind
from models.rules.roles import Role

NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)
ESCALATION: dict[str, Any] = {"waits_for": "escalation:E12-3"}
APPROVAL: dict[str, Any] = {"waits_for": "approval:5"}

Life = tuple[tuple[Step, Mapping[str, Any]], ...]
LOOKED: Life = ()
TOLD_AGAIN: Life = ((Step.REPLIED, {"reply": "active_again", "outcome": "reactivated"}),)
CONFIRMED: Life = ((Step.REPLIED, {"reply": "retry", "outcome": "confirmed"}),)
EXPLAINED: Life = ((Step.REPLIED, {"reply": "expired", "outcome": "explained"}),)
HOLDING: Life = ((Step.REPLIED, {"reply": "looking_into_it", "outcome": None}),)
ASKED_FOR: Life = ((Step.INTAKE, {"given": ["name"]}),)
TYPED: Life = ((Step.ADDED, {}),)
HANDED_OVER: Life = ((Step.ESCALATED, ESCALATION),)
TO_BE_APPROVED: Life = ((Step.ASKED, APPROVAL),)
ANSWERED: Life = (*HANDED_OVER, (Step.ANSWERED, {**ESCALATION, "answer": "corrected"}))
BOTH: Life = (*HANDED_OVER, *TO_BE_APPROVED)
CALLED: Life = ((Step.CALLED, {}),)


def lived(life: Life) -> CaseState:
    state = CaseState(agent_id=3)
    for number, (step, facts) in enumerate(life):
        state = after(state, step, facts, NOON + timedelta(minutes=number))
    return state


def deeds(*kinds: Kind, since_told: bool = True) -> Deeds:
    return Deeds(frozenset(kinds), frozenset(kinds if since_told else ()))


LEFT: tuple[tuple[str, Life, Deeds, CaseOutcome | None], ...] = (
    ("nothing was done", LOOKED, deeds(), CaseOutcome.LOOKED_AT),
    ("called twice, looked at twice", CALLED, deeds(), CaseOutcome.LOOKED_AT),
    ("redeemed at the till", LOOKED, deeds(Kind.REDEMPTION), CaseOutcome.SERVED),
    ("registered", LOOKED, deeds(Kind.REGISTERED), CaseOutcome.SERVED),
    ("redeemed past its cut-off", LOOKED, deeds(Kind.BREAKAGE, Kind.TOP_UP), CaseOutcome.SERVED),
    ("noted", LOOKED, deeds(Kind.NOTE), None),
    ("noted and redeemed", LOOKED, deeds(Kind.NOTE, Kind.REDEMPTION), None),
    ("reactivated, not told", LOOKED, deeds(Kind.REACTIVATED, Kind.NOTE), None),
    ("reactivated and told", TOLD_AGAIN, deeds(Kind.REACTIVATED, since_told=False), CaseOutcome.REACTIVATED),
    ("told, then noted", TOLD_AGAIN, deeds(Kind.NOTE), CaseOutcome.REACTIVATED),
    ("explained", EXPLAINED, deeds(), CaseOutcome.EXPLAINED),
    ("confirmed", CONFIRMED, deeds(), CaseOutcome.CONFIRMED),
    (
        "reactivated, and told of its balance",
        CONFIRMED,
        deeds(Kind.REACTIVATED, since_told=False),
        CaseOutcome.REACTIVATED,
    ),
    ("explained, then reactivated after all", EXPLAINED, deeds(Kind.REACTIVATED), None),
    ("asked to wait", HOLDING, deeds(), None),
    ("an intake was begun", ASKED_FOR, deeds(), None),
    ("an intake was begun, then explained", (*ASKED_FOR, *EXPLAINED), deeds(), CaseOutcome.EXPLAINED),
    ("explained, then the intake completed", (*EXPLAINED, *ASKED_FOR), deeds(), CaseOutcome.EXPLAINED),
    ("something was typed", TYPED, deeds(), None),
    ("explained, then typed", (*EXPLAINED, *TYPED), deeds(), CaseOutcome.EXPLAINED),
    ("explained, and called again", (*EXPLAINED, *CALLED), deeds(), None),
    ("handed over", HANDED_OVER, deeds(Kind.ESCALATED), None),
    ("handed over and told so", (*HANDED_OVER, *EXPLAINED), deeds(Kind.ESCALATED, since_told=False), None),
    ("an approval is asked for", TO_BE_APPROVED, deeds(), None),
    ("answered, not told", ANSWERED, deeds(), None),
    ("answered and told", (*ANSWERED, *EXPLAINED), deeds(), CaseOutcome.EXPLAINED),
    ("one of two answers is there", (*BOTH, (Step.ANSWERED, APPROVAL), *EXPLAINED), deeds(), None),
)


@pytest.mark.parametrize(("life", "done", "outcome"), [row[1:] for row in LEFT], ids=[row[0] for row in LEFT])
def test_a_case_that_is_left(life: Life, done: Deeds, outcome: CaseOutcome | None) -> None:
    """It closes by itself when the customer was answered, and stays open while anybody waits for anything."""
    assert outcome_on_leaving(lived(life), done).outcome == outcome


@pytest.mark.parametrize(
    ("life", "words"),
    [
        (LOOKED, "open"),
        (TYPED, "begun"),
        (EXPLAINED, "told"),
        (TO_BE_APPROVED, "waits for approval"),
        (BOTH, "with Payments Support"),
        (ANSWERED, "an answer is there"),
        ((*ANSWERED, *CONFIRMED), "told"),
        ((*TYPED, (Step.CLOSED, {"outcome": "not_heard_of"})), "closed: the customer did not come back"),
    ],
)
def test_how_a_case_stands(life: Life, words: str) -> None:
    """One look at a list tells what is to be done."""
    assert standing(lived(life)) == words


def test_an_answer_opens_a_closed_case() -> None:
    """Who closed it without waiting hears of the answer all the same."""
    state = lived((*HANDED_OVER, (Step.CLOSED, {"outcome": "unanswered"}), (Step.ANSWERED, ESCALATION)))
    assert (state.is_open, state.outcome, state.waits_for) == (True, None, ())
    assert state.answered_at == NOON + timedelta(minutes=2)


def test_a_reply_that_did_not_reach_the_customer_opens_their_case() -> None:
    """They were not told; a packet that was refused opens nothing, nor a letter of which nobody knows."""
    lost: dict[str, Any] = {"letter": 4, "state": "refused by the mail server", "has_reached": False}
    closed = (*EXPLAINED, (Step.CLOSED, {"outcome": "explained"}))
    opened = lived((*closed, (Step.MAILED, lost)))
    assert (opened.is_open, opened.outcome, standing(opened)) == (True, None, "begun")
    assert outcome_on_leaving(opened, deeds()).outcome is None
    assert not lived((*closed, (Step.MAILED, {"letter": 4, "state": "sent or not, nobody knows"}))).is_open
    by_hand = (*EXPLAINED, (Step.CLOSED, {"outcome": "not_heard_of"}))
    assert not lived((*by_hand, (Step.MAILED, lost))).is_open
    assert standing(lived((*EXPLAINED, (Step.MAILED, lost)))) == "begun"


def test_a_closed_case_waits_for_nothing() -> None:
    """Whatever it waited for."""
    state = lived((*BOTH, (Step.CLOSED, {"outcome": "unanswered"})))
    assert (state.waits_for, state.answered_at, state.closed_at) == ((), None, NOON + timedelta(minutes=2))


def test_another_call_is_counted() -> None:
    """One more each time."""
    assert lived((*CALLED, *CALLED)).calls == 3


def test_a_case_that_is_taken_over_changes_hands() -> None:
    """Also one that is opened again by a colleague."""
    assert lived(((Step.TAKEN, {"agent": 4}),)).agent_id == 4
    assert lived(((Step.CLOSED, {"outcome": "other"}), (Step.REOPENED, {"agent": 4}))).agent_id == 4
    assert lived(((Step.CLOSED, {"outcome": "other"}), (Step.REOPENED, {}))).agent_id == 3


CLOSED: Life = ((Step.CLOSED, {"outcome": "explained"}),)
CLOSINGS: tuple[tuple[Life, CaseOutcome, str | None, str | None], ...] = (
    (LOOKED, CaseOutcome.LOOKED_AT, None, None),
    (LOOKED, CaseOutcome.EXPLAINED, None, None),
    (TYPED, CaseOutcome.LOOKED_AT, None, "More was done than looking at it: close it with another outcome."),
    (TYPED, CaseOutcome.OTHER, " ", "Say in a sentence why the case is closed as 'other'."),
    (TYPED, CaseOutcome.OTHER, "wrong number", None),
    (CLOSED, CaseOutcome.EXPLAINED, None, "The case is closed already: explained."),
    (
        HANDED_OVER,
        CaseOutcome.EXPLAINED,
        None,
        "The case waits for an answer to escalation E12-3. Close it as 'unanswered' and say why, or wait.",
    ),
    (
        BOTH,
        CaseOutcome.OTHER,
        "done",
        "The case waits for an answer to approval 5 and escalation E12-3. Close it as 'unanswered' and say why, "
        "or wait.",
    ),
    (HANDED_OVER, CaseOutcome.UNANSWERED, None, "Say in a sentence why the case is closed as 'unanswered'."),
    (HANDED_OVER, CaseOutcome.UNANSWERED, "the customer got the money back", None),
    (ANSWERED, CaseOutcome.EXPLAINED, None, None),
    (ANSWERED, CaseOutcome.UNANSWERED, "why", "The case waits for no answer: close it with another outcome."),
)


@pytest.mark.parametrize(("life", "outcome", "text", "refusal"), CLOSINGS)
def test_what_a_case_can_be_closed_with(
    life: Life, outcome: CaseOutcome, text: str | None, refusal: str | None
) -> None:
    """Nobody closes a case that waits without saying so."""
    assert closing_refusal(lived(life), outcome, text) == refusal


@pytest.mark.parametrize(
    ("agent_id", "role", "refusal"),
    [
        (3, Role.AGENT, None),
        (4, Role.AGENT, "This is a case of Sam: take it over first."),
        (4, Role.SUPERVISOR, None),
        (4, Role.MANAGER, None),
    ],
)
def test_a_colleagues_case(agent_id: int, role: Role, refusal: str | None) -> None:
    """A supervisor may help out; everybody else takes it over first."""
    assert others_case_refusal(agent_id, role, CaseState(agent_id=3), "Sam") == refusal


def test_every_step_and_outcome_has_words() -> None:
    """Nothing on a time line reads like a column's name."""
    for outcome in CaseOutcome:
        assert "_" not in outcome.words
        assert entry_in_words(Step.CLOSED, {"outcome": outcome}) == f"closed: {outcome.words}"
    for step in set(Step) - {Step.CLOSED}:
        assert entry_in_words(step, {}) == step.words
    assert entry_in_words(Step.ANSWERED, {**ESCALATION, "answer": "corrected"}) == "answer: escalation E12-3, corrected"
    assert entry_in_words(Step.INTAKE, {"given": ["name", "bought_when"]}) == "intake: name, bought when"
    assert entry_in_words(Step.REPLIED, {"reply": "active_again"}) == "told: active again"


@pytest.mark.parametrize("step", [step for step in Step if step not in (Step.CLOSED, Step.ANSWERED, Step.REOPENED)])
def test_only_an_answer_or_somebody_opens_a_closed_case(step: Step) -> None:
    """A letter that came back, a removal, a late entry: it stays closed."""
    assert after(lived(CLOSED), step, {}, NOON).closed_at == lived(CLOSED).closed_at


def test_what_a_reply_ends_a_case_with() -> None:
    """The three things that a customer can be told."""
    assert {state.said for state in map(lived, (TOLD_AGAIN, CONFIRMED, EXPLAINED))} == TOLD
