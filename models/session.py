"""Who works at an open desk: all that the start needs of it, and what every reading and every write is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from models.store import Store

if TYPE_CHECKING:
    from models.rules.facts import CardFacts
    from models.rules.roles import Action
    from models.rules.terms import Terms


class Opened(NamedTuple):
    """A card as a dialog showed it, and what the agent confirmed there."""

    card_id: int
    head: tuple[int, bytes]
    """The number and seal of its newest activity then."""
    facts: CardFacts
    action: Action
    terms: Terms
    """What that action rested on."""


@dataclass(frozen=True)
class Session:
    """One agent at one open desk."""

    store: Store
    login: str
    opened: Opened | None = None
    """What a dialog showed, None at the command line."""
    proof: str | None = None
    """The digest of the password by which the agent signed in, None when by the login of the operating system."""

    def having_opened(self, opened: Opened) -> Session:
        """The same session with a dialog open: a write on that card is held to what was confirmed."""
        return replace(self, opened=opened)
