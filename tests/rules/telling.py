"""Asking for the reply to a customer, and telling the replies apart: what the tests of replies share."""

from dataclasses import replace
from datetime import UTC, datetime

from rules.situations import DAY, LONDON, NOW, Phase, Situation

from models.rules.diagnosis import diagnose
from models.rules.facts import CardFacts
from models.rules.families import BUILT_IN, FAMILIES
from models.rules.policy import Policy
from models.rules.replies import proposed, values
from models.rules.roles import Actor, Role
from models.rules.templates import fill
from models.rules.told import Told
from models.rules.validity import BusinessTime

SAM = Actor(Role.AGENT, "sam@desk.example")
NEVER = None

# By what a customer recognises each reply.
ACTIVE_AGAIN = "it is active again"
RETRY = "it is active, with"
EXPIRED = "sorry to say that it expired"
TOO_EARLY = "it becomes valid only on"
USED_UP = "it has been used up"
TAKEN_OFF = "there is nothing left on it"
NEVER_LOADED = "there has never been any money on it"
CANCELLED = "its order was cancelled"
HANDED_OVER = "passed your gift card on to our payments team"
REPLACED = "a new card has replaced it"
PATIENCE = "will come back to you shortly"
REPLIES = [
    *(
        ACTIVE_AGAIN,
        RETRY,
        EXPIRED,
        TOO_EARLY,
        USED_UP,
        TAKEN_OFF,
        NEVER_LOADED,
        CANCELLED,
        HANDED_OVER,
        REPLACED,
        PATIENCE,
    ),
]

VALID = Situation(
    Phase("", cut_off_at=datetime(2027, 6, 9, 2, tzinfo=UTC)),
    "full",
    consistent=True,
    cancelled=False,
    suspended=False,
    flags=0,
    vip=False,
)

OVER = replace(VALID, phase=Phase("", cut_off_at=datetime(2026, 11, 18, 3, tzinfo=UTC)))


def facts(situation: Situation) -> CardFacts:
    """The card of a situation, with the last day that its cut-off follows."""
    cut_off_at = situation.phase.cut_off_at
    last_day_on = None if cut_off_at is None else LONDON.date_of(cut_off_at) - DAY
    return replace(situation.card(), last_day_on=last_day_on)


def told(
    situation: Situation | CardFacts,
    reactivated_at: datetime | None = NEVER,
    now: datetime = NOW,
    policy: Policy | None = None,
    business: BusinessTime = LONDON,
    *,
    is_escalated: bool = False,
) -> str:
    """The reply that an agent copies."""
    card = facts(situation) if isinstance(situation, Situation) else situation
    verdict = diagnose(card, SAM, policy or Policy(), now, business).verdict
    return said(Told(card, verdict, now, business, reactivated_at=reactivated_at, is_handed_over=is_escalated))


def said(told: Told) -> str:
    """What the reply to give says as giftdesk comes."""
    name = proposed(told)
    return fill(BUILT_IN[name], values(name, told, "en"), FAMILIES[name]).text


def which(text: str) -> str:
    """The one reply that a text is."""
    found = [words for words in REPLIES if words in text]
    assert len(found) == 1, (found, text)
    return found[0]
