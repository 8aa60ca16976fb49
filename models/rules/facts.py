"""What a verdict and every judgement of an action is made from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from models.rules.asked import Asked
from models.rules.damage import Damage
from models.rules.journal import Kind
from models.rules.limits import UNLIMITED, Limits
from models.rules.roles import Actor


@dataclass(frozen=True, slots=True)
class Emptied:
    """The one activity that took a card's balance to zero."""

    kind: Kind
    at: datetime
    """When it counted, UTC."""
    amount_minor: int
    """What it took, as a positive number of minor units."""
    place: str | None = None
    order_ref: str | None = None
    other_last_four: str | None = None
    """The end of the code of the card that it was moved to."""
    number: int | None = None
    """Its place in the journal; None for a breakage that nobody has booked yet."""
    actor: str | None = None
    """Who wrote it."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """That another card took a card's place, and its balance."""

    last_four: str
    """The end of the other card's code."""
    at: datetime
    """When, UTC."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """One card as the rules see it. Instants are UTC, amounts minor units of the card's currency."""

    currency: str
    balance_minor: int
    active_from_at: datetime
    cut_off_at: datetime | None = None
    """None: the balance never expires."""
    last_day_on: date | None = None
    broken_minor: int = 0
    """What the last money activity took, when that is a breakage; else 0."""
    suspended_at: datetime | None = None
    cancelled_at: datetime | None = None
    open_flags: int = 0
    is_consistent: bool = True
    """False when the journal has a gap, or the card's row differs from what its journal adds up to."""
    damage: Damage | None = None
    """What exactly does not add up, when it is not consistent and somebody looked closer."""
    holder: str | None = None
    """Who the card belongs to: name and e-mail address."""
    organisation: str | None = None
    """The holder's organisation, if any."""
    is_vip: bool = False
    """Whether that organisation is a VIP at the moment of judgement."""
    people_emails: frozenset[str] = frozenset()
    """The e-mail addresses of purchaser, recipient and who registered, case folded."""
    has_people: bool = True
    """Whether somebody is on file: a holder, a recipient or a purchaser."""
    has_rules: bool = True
    """False for a product that an import brought and that nobody has set validity rules for."""
    emptied: Emptied | None = None
    """Set when the balance is zero and the card once had money."""
    replaced: Replaced | None = None
    """Set when the customer has another card in this one's place."""
    limits: Limits = UNLIMITED
    """Where and by whom alone it may be spent."""
    imported_empty_at: datetime | None = None
    """When it was imported with nothing on it, UTC; None for every other card."""
    reactivated: tuple[datetime, ...] = ()
    """When the card was reactivated, UTC, in any order."""
    holder_reactivated: tuple[datetime, ...] = ()
    """When cards of its holder were, this one among them: the newest, in any order."""
    vip_since_at: datetime | None = None
    """Since when the VIP mark, the holder's link to it and the holder are all as they are, UTC; None: not known."""
    asked: Asked | None = None
    """The latest request for an approval of its reactivation, whatever came of it."""

    @property
    def never_had_money(self) -> bool:
        """Whether nothing was ever put on the card."""
        return self.balance_minor == 0 and self.emptied is None


def own_card_refusal(card: CardFacts, actor: Actor) -> str | None:
    """Why an actor may not favour the people of a card, as a sentence: they are one of them. None when they are not."""
    if actor.email is not None and actor.email in card.people_emails:
        return OWN_CARD
    return None


OWN_CARD: Final = "This is a card of your own: ask a colleague."
