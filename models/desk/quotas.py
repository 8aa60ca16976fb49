"""How many cards an agent reactivates on a day: a row that is counted up, and a limit that can be raised for today."""

from datetime import date
from typing import Any, Final

from peewee import fn

from models import audit
from models.agents import is_also
from models.errors import Mendable, Refused
from models.rules import wording
from models.rules.quotas import most_of_a_day, stopped
from models.rules.roles import Action
from models.rules.texts import NAME, REFERENCE, check_line, optional_line
from models.schema import Agent, Quota
from models.unit import Outcome, Session, Unit, perform

_MOST: Final = 1_000
_BOUNDLESS: Final = 1_000_000_000
# Whoever comes second finds the row, and waits for the first who counts on it.
_BEGUN: Final = "INSERT INTO quota (agent_id, on_day, used) VALUES (?, ?, 0) ON CONFLICT (agent_id, on_day) DO NOTHING"


def raise_quota(
    session: Session, login: str, most: int, reason: str, *, ref: str | None = None, intent: str | None = None
) -> Outcome:
    """Let a colleague reactivate more cards today, a day of the business, than they might."""

    def work(unit: Unit) -> Outcome:
        checked, why = check_line(login, "login", NAME), check_line(reason, "reason", NAME)
        ticket = optional_line(ref, "ticket", REFERENCE)
        found = Agent.get_or_none(Agent.login == checked)
        if found is None:
            raise Mendable(f"Nobody at this desk has the login {checked[:40]!r}.")
        if is_also(unit.agent, found):
            raise Refused("Your own limit is raised by somebody else.")
        row, limit = _today(unit, found.id), _limit(unit, found.id)
        if limit is None:
            raise Refused("The policy sets no limit: there is nothing to raise.")
        if type(most) is not int or not limit < most <= _MOST:
            raise Mendable(f"The limit is {limit} today: give a higher one, {_MOST:,} at most.")
        Quota.update(most=most).where(_is_of(unit, found.id)).execute()
        told = ", ".join(part for part in (why, ticket) if part)
        audit.record(unit.hand, subject_of(found.id, row.on_day), "raise", {"most": row.most}, {"most": most}, told)
        sentence = f"{checked} may reactivate {most:,} cards today; {row.used} of them are used."
        return Outcome(True, sentence, facts={"login": checked, "most": most, "used": row.used})

    request = {"login": login, "most": most, "reason": reason, "ref": ref}
    return perform(session, Action.RAISE_QUOTA, intent, request, work)


def count_one(unit: Unit, agent_id: int, name: str) -> int:
    """Count one more reactivation of an agent today, within the transaction; which one of the day it is.

    Raises Refused when they may reactivate no more.
    """
    _begin(unit, agent_id)
    most = fn.COALESCE(Quota.most, _BOUNDLESS if unit.policy.stop_at is None else unit.policy.stop_at)
    counted = Quota.update(used=Quota.used + 1).where(_is_of(unit, agent_id), Quota.used < most).execute()
    row = _row(unit, agent_id)
    if counted != 1:
        raise Refused(_stopped(unit, agent_id, name, row.used))
    return int(row.used)


def refuse_beyond(unit: Unit, agent_id: int, name: str) -> None:
    """Raise Refused when an agent may reactivate no more today; counts nothing."""
    row, limit = _row(unit, agent_id), _limit(unit, agent_id)
    if row is not None and limit is not None and row.used >= limit:
        raise Refused(_stopped(unit, agent_id, name, row.used))


def warning(unit: Unit, agent_id: int, name: str, nth: int) -> str:
    """What is said behind a reactivation by the number that it is of an agent's day; nothing while they are few."""
    if unit.policy.warn_at is None or nth < unit.policy.warn_at:
        return ""
    limit = _limit(unit, agent_id)
    most = "" if limit is None else f"; {limit} are the most"
    whose = "you" if agent_id == unit.agent.id else wording.shortened(name)
    return f" It is number {nth} of today for {whose}{most}."


def subject_of(agent_id: int, on_day: date) -> str:
    """What the audit calls an agent's limit on a day."""
    return f"quota:{agent_id}:{on_day.isoformat()}"


def _stopped(unit: Unit, agent_id: int, name: str, used: int) -> str:
    return stopped(None if agent_id == unit.agent.id else name, used)


def _day(unit: Unit) -> date:
    return unit.store.business.date_of(unit.now)


def _is_of(unit: Unit, agent_id: int) -> Any:
    return (Quota.agent == agent_id) & (Quota.on_day == _day(unit))


def _row(unit: Unit, agent_id: int) -> Any:
    return Quota.get_or_none(_is_of(unit, agent_id))


def _begin(unit: Unit, agent_id: int) -> None:
    unit.store.database.execute_sql(_BEGUN, (agent_id, _day(unit).isoformat()))


def _today(unit: Unit, agent_id: int) -> Any:
    _begin(unit, agent_id)
    return _row(unit, agent_id)


def _limit(unit: Unit, agent_id: int) -> int | None:
    """How many an agent may reactivate today; None: as many as they like."""
    row = _row(unit, agent_id)
    return most_of_a_day(unit.policy, None if row is None else row.most)
