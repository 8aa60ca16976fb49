"""What is wrong with a card that does not add up, since when that can be told, and what is to be done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.rules import wording
from models.rules.validity import BusinessTime

MEND: Final = "giftdesk verify --repair"


@dataclass(frozen=True, slots=True)
class Damage:
    """What does not add up about one card."""

    what: str
    """In plain words, as the rest of a sentence: 'activity 3 was changed'."""
    sound_number: int = 0
    """The last activity up to which everything is as it was written; 0 when the first one is spoiled."""
    sound_at: datetime | None = None
    """When that one was written down, UTC."""
    is_mendable: bool = False
    """The journal is whole, and only the row beside it is wrong."""
    is_proven: bool = True
    """When it is mendable: the seal on the row is that of what the journal adds up to, so the journal has its end."""


def damage_in_words(damage: Damage, business: BusinessTime) -> str:
    """What is wrong, up to where the journal is sound, and what to do: sentences for the agent."""
    return f"The card does not add up: {damage.what}. {_sound(damage, business)} {_cure(damage)}"


def _sound(damage: Damage, business: BusinessTime) -> str:
    if damage.sound_at is None:
        return "Nothing of its journal can be trusted."
    last = f"activity {damage.sound_number} of {wording.moment(damage.sound_at, business)}"
    if damage.is_mendable:
        return f"Its journal is sound to the end, {last}."
    return f"Its journal is sound up to {last}; what follows can't be trusted."


def _cure(damage: Damage) -> str:
    if damage.is_mendable:
        return f"An operator or a manager mends the row ({MEND}); if it can't wait, escalate."
    return "Escalate to Payments Support."
