"""Letting somebody look for codes again who looked for too many that no card answers to."""

from dataclasses import replace

from models.agents import is_also
from models.errors import Mendable, Refused
from models.misses import keep_stand, pace_of, stand_of
from models.rules.lookups import Pace
from models.rules.roles import MAY, Action, who_may
from models.rules.texts import NAME, REFERENCE, check_line, optional_line
from models.schema import Agent
from models.unit import Outcome, Session, Unit, perform


def lift_lookups(
    session: Session, login: str, reason: str, *, ref: str | None = None, intent: str | None = None
) -> Outcome:
    """Let a colleague who was stopped or slowed look for codes again: their misses until now count no more.

    One's own is lifted by somebody else, as long as there is anybody who may.
    """

    def work(unit: Unit) -> Outcome:
        checked, why = check_line(login, "login", NAME), check_line(reason, "reason", NAME)
        ticket = optional_line(ref, "ticket", REFERENCE)
        found = Agent.get_or_none(Agent.login == checked)
        if found is None:
            raise Mendable(f"Nobody at this desk has the login {checked[:40]!r}.")
        if is_also(unit.agent, found) and _others_may(unit):
            raise Refused(f"Your own looks for codes are let on by somebody else: ask {who_may(Action.LIFT_LOOKUPS)}.")
        stand = stand_of(found.id)
        if pace_of(stand, unit.now) is Pace.FREE:
            raise Refused(f"{checked} may look for codes: there is nothing to lift.")
        told = ", ".join(part for part in (why, ticket) if part)
        keep_stand(unit.store, unit.hand, stand, replace(stand, stopped_at=None, lifted_at=unit.now), "lift", told)
        return Outcome(True, f"{checked} may look for codes again.", facts={"login": checked})

    return perform(session, Action.LIFT_LOOKUPS, intent, {"login": login, "reason": reason, "ref": ref}, work)


def _others_may(unit: Unit) -> bool:
    """Whether somebody else who works at the desk could lift it."""
    roles = [role.value for role, actions in MAY.items() if Action.LIFT_LOOKUPS in actions]
    at_work = Agent.select().where(Agent.role.in_(roles) & Agent.disabled_at.is_null())
    return any(not is_also(unit.agent, row) for row in at_work)
