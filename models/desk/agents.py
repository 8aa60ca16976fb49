"""The people at the desk: who joins, what each may do, who may work no more."""

from typing import Any

from models import audit
from models.agents import Colleague, colleague, sign_on
from models.credentials import is_there_a_way_in
from models.errors import Refused
from models.rules.policy import SignIn
from models.rules.roles import Action, Role, named
from models.rules.texts import NAME, REFERENCE, check_line, optional_email, optional_line
from models.schema import Agent
from models.unit import Outcome, Session, Unit, perform, written


def join(session: Session) -> Colleague:
    """Sign the agent of a session on, if nobody has yet: the first of a desk is its manager.

    Raises Refused for an agent who was disabled, Fault for a broken store.
    """
    return written(session.store, lambda: colleague(session, session.store.now()))


def add_agent(
    session: Session,
    login: str,
    *,
    role: Role = Role.AGENT,
    name: str | None = None,
    email: str | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Write down somebody who is not at the desk yet; without a name they are called by their login."""

    def work(unit: Unit) -> Outcome:
        checked = check_line(login, "login", NAME)
        why = optional_line(ref, "ticket", REFERENCE)
        address = optional_email(email)
        if Agent.select().where(Agent.login == checked).exists():
            raise Refused(f"{checked} is at this desk already: change them with giftdesk agents set {checked}.")
        shown = checked if name is None else check_line(name, "name", NAME)
        sign_on(unit.store, unit.now, login=checked, name=shown, role=role, email=address, by=unit.hand, why=why)
        facts = {"role": role.value, "name": shown, "email": address, "is_disabled": False}
        return Outcome(True, f"{checked} is {named(role)}.", facts={"login": checked, **facts})

    request = {"login": login, "role": role, "name": name, "email": email, "ref": ref, "is_added": True}
    return perform(session, Action.SET_AGENT, intent, request, work)


def set_agent(
    session: Session,
    login: str,
    *,
    role: Role | None = None,
    name: str | None = None,
    email: str | None = None,
    is_disabled: bool | None = None,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Write down a person at the desk, or change one; None leaves a fact as it is.

    An empty e-mail address takes it away. Somebody unknown becomes an agent when no role is given.
    A desk keeps at least one manager who may work.
    """

    def work(unit: Unit) -> Outcome:
        checked = check_line(login, "login", NAME)
        why = optional_line(ref, "ticket", REFERENCE)
        row = Agent.get_or_none(Agent.login == checked) or _newcomer(unit, checked, role, name)
        before = _facts(row)
        after: dict[str, Any] = {
            "login": row.login,
            "role": (role or Role(row.role)).value,
            "name": check_line(name, "name", NAME) if name is not None else row.name,
            "email": row.email if email is None else optional_email(email),
            "is_disabled": before["is_disabled"] if is_disabled is None else is_disabled,
        }
        if after != before:
            _change(unit, row, before, after, why)
        _keep_a_manager(unit)
        state = ", disabled" if after["is_disabled"] else ""
        return Outcome(True, f"{checked} is {named(Role(after['role']))}{state}.", facts=after)

    request = {
        "login": login,
        "role": role,
        "name": name,
        "email": email,
        "is_disabled": is_disabled,
        "ref": ref,
    }
    return perform(session, Action.SET_AGENT, intent, request, work)


def _newcomer(unit: Unit, login: str, role: Role | None, name: str | None) -> Agent:
    shown = check_line(name, "name", NAME) if name is not None else login
    found = sign_on(unit.store, unit.now, login=login, name=shown, role=role or Role.AGENT, by=unit.hand)
    return Agent.get_by_id(found.id)


def _facts(row: Agent) -> dict[str, Any]:
    return {
        "login": row.login,
        "role": row.role,
        "name": row.name,
        "email": row.email,
        "is_disabled": row.disabled_at is not None,
    }


def _change(unit: Unit, row: Agent, before: dict[str, Any], after: dict[str, Any], why: str | None) -> None:
    disabled_at = (row.disabled_at or unit.now) if after["is_disabled"] else None
    Agent.update(role=after["role"], name=after["name"], email=after["email"], disabled_at=disabled_at).where(
        Agent.id == row.id
    ).execute()
    audit.record(unit.hand, f"agent:{row.id}", "set", before, after, why)


def _keep_a_manager(unit: Unit) -> None:
    managers = Agent.select().where((Agent.role == Role.MANAGER.value) & Agent.disabled_at.is_null())
    if not managers.exists():
        raise Refused("You are the last manager of this desk: make somebody else a manager first.")
    if unit.policy.sign_in is SignIn.PASSWORD:
        keep_a_way_in()


def keep_a_way_in() -> None:
    """Refuse to let everybody be locked out of a desk that asks for passwords; within a transaction."""
    if not is_there_a_way_in():
        raise Refused(
            "No manager who may work would have a password to come in with. Set one first: giftdesk agents password"
        )
