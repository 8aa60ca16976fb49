"""The people at the desk. Until there is a sign-in, the login of the operating system is the agent."""

import os
import pwd
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from peewee import DoesNotExist

from models import audit
from models.engine import SHARED
from models.errors import Refused, faults
from models.hand import Hand
from models.rules.facts import Actor
from models.rules.policy import Policy
from models.rules.roles import Role
from models.rules.texts import NAME, email_key, made_safe
from models.schema import Agent, Audit
from models.store import Store, policy_of

_WHO_LOOKS: Final = (
    "SELECT p.version, p.content, p.seal, a.id, a.name, a.email, a.role, a.disabled_at FROM policy p "
    "LEFT JOIN agent a ON a.login = ? WHERE p.version = (SELECT MAX(version) FROM policy)"
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent as the database knows one now."""

    id: int
    login: str
    name: str
    role: Role
    email: str | None = None

    @property
    def actor(self) -> Actor:
        """The agent as the rules see one."""
        return Actor(self.role, email_key(self.email) if self.email else None)


def system_login() -> str:
    """The login of the operating system: of the process, whatever its environment says; made safe to store."""
    try:
        return made_safe(pwd.getpwuid(os.getuid()).pw_name, NAME) or "unknown"
    except KeyError:
        return f"user {os.getuid()}"


def admit(store: Store, login: str) -> Colleague:
    """The agent of a login as it stands. Raises Refused for one who was disabled, Fault for a broken store."""
    with faults(store.path), store.database.reading():
        return look_up(login)


def look_up(login: str) -> Colleague:
    """The agent of a login as it stands, within a connection; a stranger is shown as what they would become.

    Raises Refused for an agent who was disabled.
    """
    return _as_it_stands(login, Agent.get_or_none(Agent.login == login))


def who_looks(store: Store, login: str) -> tuple[Colleague, Policy]:
    """The agent of a login, like look_up, and the policy in force, asked for in one go; within a connection."""
    row = store.database.execute_sql(_WHO_LOOKS, (login,)).fetchone()
    if row is None:
        raise DoesNotExist
    version, content, seal, id_, name, email, role, disabled_at = row
    agent = (
        None if id_ is None else Agent(id=id_, login=login, name=name, email=email, role=role, disabled_at=disabled_at)
    )
    return _as_it_stands(login, agent), policy_of(store, version, content, seal)


def _as_it_stands(login: str, row: Agent | None) -> Colleague:
    if row is None:
        is_first = not Agent.select().exists()
        if is_first and Audit.select().exists():
            raise Refused("Everybody who worked at this desk is gone from its database. Restore a backup.")
        return Colleague(0, login, login, Role.MANAGER if is_first else Role.AGENT)
    if row.disabled_at is not None:
        raise Refused(f"The login {login} may no longer work at this desk. Ask the manager.")
    if row.role not in set(Role):
        raise Refused(f"The role of {login} was changed with another tool. Ask the manager to set it anew.")
    return Colleague(row.id, row.login, row.name, Role(row.role), row.email)


def colleague(store: Store, login: str, now: datetime) -> Colleague:
    """The agent of a login, read again within the transaction of an action; a stranger is signed on.

    The first of a database becomes its manager, everyone after that an agent.
    """
    found = look_up(login)
    if not found.id:
        store.database.hold(SHARED)
        found = look_up(login)
    return found if found.id else sign_on(store, now, login=login, name=found.name, role=found.role)


def sign_on(store: Store, now: datetime, *, login: str, name: str, role: Role, email: str | None = None) -> Colleague:
    """A new agent at an instant (UTC), within a transaction."""
    agent_id = Agent.insert(login=login, name=name, email=email, role=role, created_at=now).execute()
    hand = Hand(store.keys, store.business, now, agent_id, name)
    after = {"login": login, "role": role, "name": name, "email": email, "is_disabled": False}
    audit.record(hand, f"agent:{agent_id}", "sign_on", None, after)
    return Colleague(agent_id, login, name, role, email)
