"""What waits for somebody who sits down at the desk, in a sentence each."""

from models.agents import admit
from models.escalations import MOST, Which, listed, standing_of_queue
from models.rules import wording
from models.rules.roles import Role
from models.unit import Session


def what_waits(session: Session) -> str:
    """The queue for Payments Support, and the answers that somebody else has not read; nothing when nothing waits."""
    agent = admit(session)
    told = _queue(session) if agent.role is Role.PAYMENTS else ""
    return " ".join(part for part in (told, _answers(session)) if part)


def _queue(session: Session) -> str:
    queue = standing_of_queue(session)
    if queue.oldest_at is None:
        return ""
    more = "+" if queue.count == MOST else ""
    verb = "waits" if queue.count == 1 else "wait"
    since = wording.moment(queue.oldest_at, session.store.business)
    return f"{wording.plural(queue.count, 'escalation')}{more} {verb} since {since}, {queue.untaken} not taken."


def _answers(session: Session) -> str:
    count = len(listed(session, Which.ANSWERED).lines)
    return f"Payments Support answered {wording.plural(count, 'escalation')} of yours." if count else ""
