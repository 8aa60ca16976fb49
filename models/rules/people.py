"""Whether a customer's record may be corrected, merged or emptied: pure judgements of what is known of a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from models.rules.roles import Action, Actor, role_refusal

MOST_CARDS: Final = 200
"""How many cards one merge or one removal may change: all of them are read and judged in one transaction."""
LAPSE: Final = timedelta(days=14)
"""How long a request to remove a person's data waits for the second person."""
REMOVED_NAME: Final = "(removed)"
"""What stands where a name was."""


class RemovalReason(StrEnum):
    """Why a person's data are removed: one of these and a ticket, for free text could not be removed again."""

    ASKED = "asked"
    NOT_NEEDED = "not_needed"
    MISTAKEN = "mistaken"

    @property
    def words(self) -> str:
        """The reason as a sentence."""
        return {
            RemovalReason.ASKED: "The person asked for it.",
            RemovalReason.NOT_NEEDED: "The data are not needed any more.",
            RemovalReason.MISTAKEN: "The data should not have been kept.",
        }[self]


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A customer's record as the rules see it."""

    id: int
    """Its number."""
    emails: frozenset[str] = frozenset()
    """The e-mail addresses of the record and of those merged into it, case folded."""
    organisation: str | None = None
    organisation_id: int | None = None
    is_vip: bool = False
    """Whether that organisation is a VIP at the moment of judgement."""
    cards: int = 0
    """On how many cards the person is, in any role."""
    merged_into: int | None = None
    """The record that is used in its place."""
    is_removed: bool = False
    is_removal_asked: bool = False
    """A request to remove its data is open."""

    @property
    def belongs_to(self) -> str:
        """The organisation in words."""
        return f"{self.organisation or 'no organisation'}{' (VIP)' if self.is_vip else ''}"


def correction_refusal(person: PersonFacts, actor: Actor, email: str | None) -> str | None:
    """Why a record may not be given this e-mail address (case folded) or another name; None when it may."""
    refused = role_refusal(actor.role, Action.CORRECT_PERSON) or _gone(person) or _own(actor, person.emails | {email})
    if refused is not None:
        return refused
    if person.is_vip and role_refusal(actor.role, Action.LINK_ORGANISATION) is not None:
        return "That person belongs to a VIP organisation: ask a supervisor to correct the record."
    return None


def merge_refusal(gone: PersonFacts, kept: PersonFacts, actor: Actor, organisation_of: int | None) -> str | None:
    """Why one record may not be merged into another; None when it may.

    When their organisations differ, organisation_of says whose is kept, by the number of a record:
    nobody becomes a VIP's person unseen.
    """
    refused = role_refusal(actor.role, Action.MERGE_PEOPLE) or _gone(gone) or _gone(kept)
    refused = refused or _own(actor, gone.emails | kept.emails)
    if refused is not None:
        return refused
    if gone.id == kept.id:
        return "That is one and the same record."
    for person in (gone, kept):
        if person.is_removal_asked:
            return f"The removal of record {person.id} is asked for: it is merged with nothing until that is settled."
    if organisation_of not in (None, gone.id, kept.id):
        return f"The organisation is kept of record {gone.id} or of record {kept.id}."
    if gone.organisation_id != kept.organisation_id and organisation_of is None:
        return (
            f"Record {gone.id} belongs to {gone.belongs_to}, record {kept.id} to {kept.belongs_to}: "
            f"say whose organisation is kept."
        )
    if gone.cards > MOST_CARDS:
        other_way = "; merge the other way round" if kept.cards <= MOST_CARDS else ""
        return f"Record {gone.id} is on {gone.cards:,} cards, and {MOST_CARDS} are the most that can move{other_way}."
    return None


def removal_refusal(person: PersonFacts, actor: Actor) -> str | None:
    """Why a person's data may not be removed, nor that be asked for; None when they may."""
    refused = role_refusal(actor.role, Action.REMOVE_PERSON) or _gone(person) or _own(actor, person.emails)
    if refused is None and person.cards > MOST_CARDS:
        return f"Record {person.id} is on {person.cards:,} cards: more than {MOST_CARDS} can't be cleared at once."
    return refused


def has_lapsed(asked_at: datetime, now: datetime) -> bool:
    """Whether a request made at an instant has waited too long at another (both UTC)."""
    return now >= asked_at + LAPSE


def _gone(person: PersonFacts) -> str | None:
    if person.is_removed:
        return f"The data of record {person.id} were removed."
    if person.merged_into is not None:
        return f"Record {person.id} was merged into record {person.merged_into}: use that one."
    return None


def _own(actor: Actor, emails: frozenset[str | None]) -> str | None:
    is_own = actor.email is not None and actor.email in emails
    return "This is a record of your own: ask a colleague." if is_own else None
