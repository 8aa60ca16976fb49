"""What travels from the workers to the screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.message import Message

from models.agents import Colleague

if TYPE_CHECKING:
    from models.rules.policy import Policy
    from models.unit import Session


class Seen(NamedTuple):
    """What the database said of who works in a session, when something had been done in it."""

    session: Session
    agent: Colleague | None = None
    """None when nobody may, and when it could not be asked."""
    policy: Policy | None = None
    """The policy in force then."""
    gone: str | None = None
    """Why nobody may work in it any more, as a sentence; None when somebody may."""
    is_unanswered: bool = False
    """The database was out of reach."""


class Answered(Message):
    """Work in a thread has ended: with its result, or with the sentence of what went wrong."""

    def __init__(
        self, ticket: int, seen: Seen, result: Any = None, wrong: str | None = None, missed: str | None = None
    ) -> None:
        """Name the work by its ticket, so that what was given up on is not taken for what is awaited.

        What was missed is a code that no card answers to.
        """
        super().__init__()
        self.ticket = ticket
        self.seen = seen
        self.result = result
        self.wrong = wrong
        self.missed = missed


class DoneAside(Message):
    """Work aside has ended."""

    def __init__(self, seen: Seen, then: Callable[[], object]) -> None:
        """Bring what takes its answer, on the screen's side."""
        super().__init__()
        self.seen = seen
        self.then = then
