"""Escalations: why a card goes to Payments Support, what comes back, and who may have one in hand."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from models.rules import wording
from models.rules.validity import BusinessTime


class Escalation(StrEnum):
    """The three reasons for which a card goes to Payments Support."""

    STILL_FAILS = "still_fails"
    WRONG_BALANCE = "wrong_balance"
    NOT_AVAILABLE = "not_available"

    @property
    def words(self) -> str:
        """The reason as a sentence."""
        return _REASONS[self]


_REASONS: Final = {
    Escalation.STILL_FAILS: "The card looks active, but checkout still refuses it.",
    Escalation.WRONG_BALANCE: "The balance is wrong, or part of the history is missing.",
    Escalation.NOT_AVAILABLE: "It should be reactivated, but the desk cannot do it.",
}


class Answer(StrEnum):
    """What came of an escalation."""

    CORRECTED = "corrected"
    REPAIRED = "repaired"
    REPLACED = "replaced"
    NOTHING_WRONG = "nothing_wrong"
    DECLINED = "declined"
    OTHER = "other"
    """Something else, which a text must tell."""
    EARLIER = "earlier"
    """The desk went on with the card at a time when it kept no answers; nobody chooses it."""

    @property
    def words(self) -> str:
        """The answer as a sentence."""
        return _ANSWERS[self]


_ANSWERS: Final = {
    Answer.CORRECTED: "The balance was corrected.",
    Answer.REPAIRED: "Checkout was repaired: the card works.",
    Answer.REPLACED: "The customer gets another card in its place.",
    Answer.NOTHING_WRONG: "Nothing is wrong with the card.",
    Answer.DECLINED: "It can't be done.",
    Answer.OTHER: "Something else came of it.",
    Answer.EARLIER: "The desk went on with the card; no answer was kept.",
}

ANSWERS: Final = tuple(answer for answer in Answer if answer is not Answer.EARLIER)
"""The answers that can be given."""


def words_of(stored: str, kind: type[Escalation] | type[Answer]) -> str:
    """A stored reason or answer as a sentence; what no desk wrote stays as it is."""
    return kind(stored).words if stored in set(kind) else stored


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One escalation: who handed what over, who has it, and what came of it. Instants are UTC."""

    id: str
    card_id: int
    last_four: str
    number: int
    """The number of its activity on the card."""
    case_id: int | None
    why: str
    """The value of an Escalation."""
    opened_at: datetime
    opened_by: int
    opened_by_name: str
    owner_id: int | None
    owner: str | None
    """Who of Payments Support has it; None while nobody has taken it."""
    taken_at: datetime | None
    outcome: str | None
    """The value of an Answer; None while it is open."""
    said: str | None
    """What Payments Support wrote with the answer; None when nothing, or when it was removed."""
    closed_at: datetime | None
    closed_by: str | None
    seen_at: datetime | None
    """When whoever asked read the answer."""

    @property
    def is_open(self) -> bool:
        """Whether the answer is still to come."""
        return self.closed_at is None

    @property
    def is_news(self) -> bool:
        """Whether there is an answer that whoever asked has not read."""
        return self.closed_at is not None and self.seen_at is None

    @property
    def reason(self) -> str:
        """Why it was handed over, as a sentence."""
        return words_of(self.why, Escalation)

    @property
    def answer(self) -> str:
        """What came of it, as sentences; nothing while it is open."""
        if self.outcome is None:
            return ""
        if self.outcome == Answer.OTHER and self.said:
            return self.said
        return " ".join(part for part in (words_of(self.outcome, Answer), self.said) if part)

    def as_of(self, at: datetime) -> "HandedOver":
        """The same as it stood at an instant after it was handed over."""
        handed = self
        if handed.closed_at is not None and handed.closed_at > at:
            handed = replace(handed, outcome=None, said=None, closed_at=None, closed_by=None, seen_at=None)
        if handed.taken_at is not None and handed.taken_at > at:
            handed = replace(handed, owner_id=None, owner=None, taken_at=None)
        return handed


def standing(handed: HandedOver, business: BusinessTime) -> str:
    """Where an escalation stands, as a sentence: who has it since when, or what the answer is."""
    if handed.closed_at is not None:
        by = f" by {wording.shortened(handed.closed_by)}" if handed.closed_by else ""
        return f"{handed.id} was answered on {wording.moment(handed.closed_at, business)}{by}: {handed.answer}"
    if handed.owner is not None and handed.taken_at is not None:
        at = wording.moment(handed.taken_at, business)
        return f"{handed.id} is with Payments Support: {wording.shortened(handed.owner)} has it since {at}."
    at = wording.moment(handed.opened_at, business)
    return f"{handed.id} is with Payments Support since {at}; nobody there has taken it yet."


def in_short(handed: HandedOver, now: datetime) -> str:
    """An escalation in a list, at an instant (UTC): which, for how long, who has it, what it is about."""
    who = wording.shortened(handed.owner, 20) if handed.owner is not None else "not taken"
    return f"{handed.id}, {wording.span(now - handed.opened_at)}, {who}: {handed.why.replace('_', ' ')}"


def taking_refusal(handed: HandedOver, agent_id: int, reason: str | None, business: BusinessTime) -> str | None:
    """Why somebody can't take an escalation, as a sentence; None when they can.

    One that a colleague has is taken over with a reason.
    """
    if not handed.is_open:
        return closed_refusal(handed, business)
    if handed.owner is None or handed.taken_at is None:
        return None
    at = wording.moment(handed.taken_at, business)
    if handed.owner_id == agent_id:
        return f"You have {handed.id} already, since {at}. Nothing was changed."
    if reason is None:
        return f"{wording.shortened(handed.owner)} has {handed.id} since {at}: say why you take it over."
    return None


def closing_refusal(handed: HandedOver, agent_id: int, business: BusinessTime) -> str | None:
    """Why somebody can't answer an escalation, as a sentence; None when they can: nobody else has it."""
    if not handed.is_open:
        return closed_refusal(handed, business)
    if handed.owner is not None and handed.taken_at is not None and handed.owner_id != agent_id:
        at = wording.moment(handed.taken_at, business)
        return f"{wording.shortened(handed.owner)} has {handed.id} since {at}: take it over first, and say why."
    return None


def closed_refusal(handed: HandedOver, business: BusinessTime) -> str:
    """The sentence for whoever comes after the answer."""
    assert handed.closed_at is not None
    by = f"{wording.shortened(handed.closed_by)} answered" if handed.closed_by else "There is an answer to"
    at = wording.moment(handed.closed_at, business)
    words = words_of(handed.outcome or "", Answer)
    return f"{by} {handed.id} already, on {at}: {words} Nothing was changed."


def text_refusal(answer: Answer, text: str | None) -> str | None:
    """Why an answer can't be given with a text like that, as a sentence; None when it can."""
    if answer is Answer.EARLIER:
        return "That is no answer; say what came of it."
    if answer is Answer.OTHER and text is None:
        return "Say what came of it: the answer 'other' needs a text."
    return None
