"""What the stories of approvals share: what Sam asks for, and why."""

from store.counter import Counter

from models import desk
from models.agents import admit
from models.desk import PersonGiven
from models.finding import MOST
from models.unit import Outcome, Session
from models.worklist_sources import Key
from models.worklists import DECIDED, Listed, cards_on

STOPPED = "2026-05-28T02:00"
MUCH = "150.00 GBP is more than 100.00 GBP."
LIN = PersonGiven("Lin", "lin@example.org")


def asked(counter: Counter, card: int, **options: str) -> int:
    """The number of Sam's request."""
    outcome = desk.reactivate(counter.sam, card, **options)  # type: ignore[arg-type]
    assert outcome.done, outcome.sentence
    return int(outcome.facts["approval"])


def refused(outcome: Outcome) -> str:
    assert not outcome.done
    return outcome.sentence


def decided_for(session: Session, after: Key | None = None, most: int = MOST) -> Listed:
    """What was decided lately, as somebody sees it."""
    return cards_on(session.store, DECIDED, after, most, agent_id=admit(session).id)
