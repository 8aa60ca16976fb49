"""The second person who takes the desk's time back: a manager asks for it, and somebody else who answers for the desk
agrees, where there is one.

Whoever came to the desk behind the instant that is to be the present does not count: a manager could have made them up.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from models.acceptances import ACTION, ASKING, SUBJECT
from models.agents import Colleague
from models.errors import Refused
from models.rules.roles import MAY, Action, role_refusal
from models.rules.wording import listed
from models.schema import Agent, Audit

_LAPSES_AFTER: Final = timedelta(hours=24)
_ANSWER: Final = tuple(role.value for role, actions in MAY.items() if Action.ANCHOR in actions)
"""Who takes anchors answers for what the desk held, and when."""
_MOST_NAMED: Final = 3


def open_request(now: datetime) -> Audit | None:
    """What a manager asked for, by a clock (UTC), and nobody has agreed to yet; within a connection."""
    is_one = (Audit.subject == SUBJECT) & Audit.action.in_((ASKING, ACTION))
    row: Audit | None = Audit.select().where(is_one).order_by(Audit.number.desc()).first()
    is_open = row is not None and row.action == ASKING and timedelta() <= now - row.recorded_at <= _LAPSES_AFTER
    return row if is_open else None


def others(agent_id: int, now: datetime) -> Mapping[int, str]:
    """Who can agree with an agent by a clock (UTC): ids and names; within a connection."""
    can = Agent.role.in_(_ANSWER) & Agent.disabled_at.is_null() & (Agent.created_at <= now) & (Agent.id != agent_id)
    return {agent.id: agent.name for agent in Agent.select(Agent.id, Agent.name).where(can).order_by(Agent.id)}


def agreed_by(agent: Colleague, request: Audit | None, now: datetime) -> bool:
    """Whether somebody, by asking for the same, agrees to what was asked for. Raises Refused for whom that is not, and
    for who may not even ask."""
    if request is not None and request.actor_id != agent.id and agent.id in others(request.actor_id, now):
        return True
    refused = role_refusal(agent.role, Action.ACCEPT_CLOCK)
    if refused is not None:
        raise Refused(refused)
    return False


def named(who: Sequence[str]) -> str:
    """Some of them in a sentence, one of whom is meant."""
    shown = [*who[:_MOST_NAMED], *(["somebody else who may"] if len(who) > _MOST_NAMED else [])]
    return listed(shown).replace(" and ", " or ")
