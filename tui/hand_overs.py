"""How hand-overs to Payments Support read on a card: where one stands, and when one is proposed."""

from datetime import timedelta
from typing import Final

from models.histories import ActivityLine
from models.rules import wording
from models.rules.cases import ANOTHER_CALL, CaseOutcome
from models.rules.diagnosis import Verdict
from models.rules.escalations import Escalation, standing
from models.rules.journal import Kind
from models.rules.replies import REPLIES
from models.rules.roles import Action, role_refusal
from models.sheets import CardSheet

_LONGEST: Final = 150
_LATELY: Final = timedelta(days=7)
_TO_TRY: Final = {CaseOutcome.CONFIRMED: timedelta(), CaseOutcome.REACTIVATED: ANOTHER_CALL}
"""What a customer was told with -> how much later a look at the card means that it failed again."""
_LIKELY: Final = {
    Verdict.INCONSISTENT: Escalation.WRONG_BALANCE,
    Verdict.SPENT: Escalation.WRONG_BALANCE,
    Verdict.DECLINE: Escalation.NOT_AVAILABLE,
    Verdict.REVIEW: Escalation.NOT_AVAILABLE,
}


def in_short(sheet: CardSheet) -> str:
    """Where the latest hand-over of a card stands, in a few letters."""
    handed = sheet.handed
    if handed is None:
        return "no"
    if not handed.is_open:
        return f"{handed.id}, answered"
    return f"{handed.id}, {handed.owner or 'not taken'}"


def beneath_the_verdict(sheet: CardSheet, escalate: str, escalation: str) -> str:
    """What is to be said of hand-overs beneath a verdict, with the keys that go on with it; nothing for most cards."""
    handed = sheet.handed
    if sheet.as_of is not None:
        return ""
    if handed is not None and (handed.is_open or _is_news_to(sheet)):
        told = wording.shortened(" ".join(standing(handed, sheet.business).split()), _LONGEST)
        return f"{told}{_next_step(sheet, escalation)}"
    return _proposal(sheet, escalate)


def _is_news_to(sheet: CardSheet) -> bool:
    return sheet.handed is not None and sheet.handed.is_news and sheet.handed.opened_by == sheet.agent.id


def _next_step(sheet: CardSheet, key: str) -> str:
    handed = sheet.handed
    assert handed is not None
    if not handed.is_open:
        return f" {key}: read."
    if role_refusal(sheet.agent.role, Action.CLOSE_ESCALATION) is not None:
        return ""
    if handed.owner_id is None:
        return f" {key}: take it."
    return f" {key}: answer it." if handed.owner_id == sheet.agent.id else f" {key}: take it over."


def _proposal(sheet: CardSheet, key: str) -> str:
    """When a card should be handed over: what does not add up, and what still fails after it was tried again."""
    if sheet.diagnosis.actions.get(Action.ESCALATE) is not None:
        return ""
    if sheet.diagnosis.verdict is Verdict.INCONSISTENT:
        return f"{key} hands it over."
    told = told_to_try(sheet)
    if told is None:
        return ""
    at = wording.short_moment(told.recorded_at, sheet.business)
    return f"The customer was told on {at} to try again: if it failed, {key} hands it over."


def told_to_try(sheet: CardSheet) -> ActivityLine | None:
    """The reply by which the customer of an active card was told lately to try again; None when nobody said so."""
    if sheet.diagnosis.verdict is not Verdict.RETRY:
        return None
    replied = next((line for line in sheet.activities if line.kind is Kind.REPLIED), None)
    reply = None if replied is None else REPLIES.get(str(replied.details.get("reply")))
    soonest = None if reply is None or reply.ends_with is None else _TO_TRY.get(reply.ends_with)
    if replied is None or soonest is None:
        return None
    return replied if soonest <= sheet.judged_at - replied.recorded_at <= _LATELY else None


def likely_reason(sheet: CardSheet) -> Escalation:
    """Why a card would be handed over, by its verdict."""
    return _LIKELY.get(sheet.diagnosis.verdict, Escalation.STILL_FAILS)


def likely_words(sheet: CardSheet) -> str:
    """What a hand-over would say of its own, where that is known; else nothing."""
    if sheet.diagnosis.verdict is Verdict.INCONSISTENT:
        return "The balance and the journal do not agree. "
    return "Tried again at checkout, and refused again. " if told_to_try(sheet) is not None else ""
