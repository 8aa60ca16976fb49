"""The conversation that an agent has: the case in hand, opened for the card that is shown and left for the next.

It is touched in the lane of cases alone, in the order in which cards were opened on the screen.
"""

from dataclasses import dataclass, field
from typing import Final

from models import cases, desk
from models.cases import CaseLine
from models.errors import Refused
from models.unit import Session, new_intent

LANE: Final = "cases"
"""Where all of this is done, aside from the keys."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A card that was opened on the screen."""

    session: Session
    card_id: int
    holder_id: int | None = None
    """None when nobody is on file."""
    typed: str | None = None
    """The last four of what was typed to find it; None when it was found by something else."""
    is_beside: bool = False
    """It was reached from the card before, which the same customer calls about."""
    case_id: int | None = None
    """The case that somebody goes on with; None when that follows from the card."""
    is_a_call: bool = True
    """Somebody rings about it. A card of a worklist is looked after: it only joins an open case."""


@dataclass
class Conversation:
    """Which case is in hand, whose, and about which cards and people."""

    _session: Session | None = None
    _case_id: int | None = None
    _cards: set[int] = field(default_factory=set)
    _holders: set[int] = field(default_factory=set)

    def turn_to(self, turn: Turn) -> CaseLine | None:
        """Open the case of a card, after leaving that of another customer; None for a card that nobody rings about.

        Raises Refused and Fault.
        """
        if not self._is_about(turn):
            self.leave(turn.session)
        if not turn.is_a_call and cases.case_in_hand(turn.session, turn.card_id) is None:
            return None
        beside = self._case_id if turn.case_id is None else turn.case_id
        outcome = desk.open_case(turn.session, turn.card_id, beside=beside, typed=turn.typed, intent=new_intent())
        if not outcome.done:
            raise Refused(outcome.sentence)
        case_id = outcome.facts["case"]
        if case_id != self._case_id:
            self._cards, self._holders = set(), set()
        self._session, self._case_id = turn.session, case_id
        self._cards.add(turn.card_id)
        self._holders |= set() if turn.holder_id is None else {turn.holder_id}
        return cases.case_in_hand(turn.session, turn.card_id)

    def _is_about(self, turn: Turn) -> bool:
        """Whether a card belongs to the case in hand."""
        if self._session is None or self._session.login != turn.session.login:
            return False
        if turn.case_id is not None:
            return turn.case_id == self._case_id
        return turn.is_beside or turn.card_id in self._cards or turn.holder_id in self._holders

    def leave(self, present: Session | None = None) -> None:
        """Leave the case in hand, if any: in the present session, if that is of who opened it, for theirs may hold no
        longer since they unlocked the screen. Raises Refused and Fault; the case stays open then.
        """
        session, case_id = self._session, self._case_id
        if session is not None and present is not None and present.login == session.login:
            session = present
        self._session, self._case_id, self._cards, self._holders = None, None, set(), set()
        if session is not None and case_id is not None:
            outcome = desk.leave_case(session, case_id, intent=new_intent())
            if not outcome.done:
                raise Refused(outcome.sentence)
