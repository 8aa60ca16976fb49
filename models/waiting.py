"""What waits for somebody who sits down at the desk, in a sentence each."""

from peewee import SQL

from models.agents import admit
from models.approvals import standing_of_requests
from models.errors import faults
from models.escalations import MOST, Which, listed, standing_of_queue
from models.rules import wording
from models.rules.asked import LAPSE
from models.rules.roles import Action, Role, role_refusal
from models.schema import Bulk
from models.unit import Session


def what_waits(session: Session) -> str:
    """What somebody may approve, the queue for Payments Support, and answers not read; nothing when nothing waits."""
    agent = admit(session)
    may_approve = role_refusal(agent.role, Action.APPROVE) is None
    requests = standing_of_requests(session.store, agent.id) if may_approve else None
    queue = _queue(session) if agent.role is Role.PAYMENTS else None
    return " ".join(part for part in (requests, queue, _answers(session)) if part)


def bulks_waiting(session: Session) -> str:
    """How much bulk work waits for an approval that whoever sits here may give; nothing when none does.

    Raises Fault for a broken store.
    """
    agent, store = admit(session), session.store
    if role_refusal(agent.role, Action.APPROVE) is not None:
        return ""
    with faults(store.path), store.database.reading():
        is_open = Bulk.ready_at.is_null(False) & Bulk.decision.is_null() & SQL("why <> '[]'")
        is_others = (Bulk.asked_by != agent.id) & (Bulk.asked_at > store.now() - LAPSE)
        count = Bulk.select().where(is_open & is_others).count()
    if not count:
        return ""
    return "Bulk work waits for your approval." if count == 1 else f"{count} bulks wait for your approval."


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
