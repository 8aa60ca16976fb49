"""What waits for somebody who sits down at the desk, in a sentence each."""

from models.agents import admit
from models.approvals import standing_of_requests
from models.escalations import MOST, Which, listed, standing_of_queue
from models.rules import wording
from models.rules.roles import Action, Role, role_refusal
from models.unit import Session


def what_waits(session: Session) -> str:
    """What somebody may approve, the queue for Payments Support, and answers not read; nothing when nothing waits."""
    agent = admit(session)
    may_approve = role_refusal(agent.role, Action.APPROVE) is None
    requests = standing_of_requests(session.store, agent.id) if may_approve else None
    queue = _queue(session) if agent.role is Role.PAYMENTS else None
    return " ".join(part for part in (requests, queue, _answers(session)) if part)


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
