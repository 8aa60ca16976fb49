"""What a customer may be told from: the facts of a card, and how far the desk has got with it."""

from dataclasses import dataclass
from datetime import datetime

from models.rules.diagnosis import Verdict
from models.rules.facts import CardFacts
from models.rules.validity import BusinessTime


@dataclass(frozen=True, slots=True)
class Answered:
    """What Payments Support found, the last time that the card was handed to them."""

    outcome: str
    """The name of the outcome."""
    at: datetime
    """When, UTC."""


@dataclass(frozen=True, slots=True)
class Told:
    """One card at one instant, as far as its customer is concerned. Instants are UTC."""

    card: CardFacts | None
    """None: no card answers to the code that the customer gave."""
    verdict: Verdict
    now: datetime
    business: BusinessTime
    last_four: str = ""
    """The end of the card's code."""
    reactivated_at: datetime | None = None
    """The latest reactivation."""
    lifted_at: datetime | None = None
    """When a suspension was lifted last."""
    is_handed_over: bool = False
    """Whether it lies with Payments Support, and nothing was done to it since."""
    answered: Answered | None = None
    """What they found, while nothing was done to the card since."""
    is_waiting: bool = False
    """Whether a colleague is still to approve a reactivation of it."""
