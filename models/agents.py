"""The people at the desk: who an open session belongs to, asked again for each thing that is done in it."""

import os
import pwd
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from peewee import DoesNotExist

from models import schema
from models.chain import password_digest
from models.engine import SHARED
from models.errors import NotAdmitted, PasswordNeeded, faults
from models.relocation import has_left, moved_to
from models.rules.policy import Policy, SignIn
from models.rules.roles import Actor, Role
from models.rules.texts import NAME, email_key, made_safe
from models.store import Store, policy_of

if TYPE_CHECKING:
    from models.hand import Hand
    from models.session import Session

_WHO_LOOKS: Final = (
    "SELECT p.version, p.content, p.seal, {time}, h.reached_at, a.id, a.name, a.email, a.role, a.disabled_at, c.hash, "
    "r.stage, r.place FROM policy p CROSS JOIN high_water h LEFT JOIN relocation r ON r.id = 1 "
    "LEFT JOIN agent a ON a.login = ? LEFT JOIN credential c ON c.agent_id = a.id "
    "WHERE p.version = (SELECT MAX(version) FROM policy)"
)


class Colleague(NamedTuple):
    """An agent as the database knows one now."""

    id: int
    login: str
    name: str
    role: Role
    email: str | None = None
    has_password: bool = False

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


def admit(session: "Session") -> Colleague:
    """The agent of a session as it stands. Raises NotAdmitted for who may not work here, Fault for a broken store."""
    with faults(session.store.path), session.store.database.reading():
        return look_up(session)


def at_work(session: "Session") -> tuple[Colleague, Policy]:
    """The agent of a session as it stands, like admit, and the policy in force."""
    with faults(session.store.path), session.store.database.reading():
        return who_looks(session)


def look_up(session: "Session") -> Colleague:
    """The agent of a session as it stands, within a connection; a stranger is shown as what they would become.

    Raises NotAdmitted for an agent who was disabled, or whose session rests on a password that holds no longer.
    """
    return who_looks(session)[0]


def who_looks(session: "Session") -> tuple[Colleague, Policy]:
    """The agent of a session, like look_up, and the policy in force, asked for in one go; within a connection."""
    agent, policy, _ = who_looks_when(session)
    return agent, policy


def who_looks_when(session: "Session") -> tuple[Colleague, Policy, datetime]:
    """The same with the instant that counts, UTC."""
    store = session.store
    asked = _WHO_LOOKS.format(time=store.database.time_sql)
    row = store.database.execute_sql(asked, (session.login,)).fetchone()
    if row is None:
        raise DoesNotExist
    version, content, seal, told, reached, *agent, stage, place = row
    if has_left(stage):
        raise NotAdmitted(moved_to(place))
    policy, hashed = policy_of(store, version, content, seal), agent[-1]
    found = _stranger(session.login) if agent[0] is None else _as_it_stands(session.login, *agent)
    _hold_to_proof(session, found, hashed, policy)
    return found, policy, store.instant(told, reached)


def _stranger(login: str) -> Colleague:
    is_first = not schema.Agent.select().exists()
    if is_first and schema.Audit.select().exists():
        raise NotAdmitted("Everybody who worked at this desk is gone from its database. Restore a backup.")
    return Colleague(0, login, login, Role.MANAGER if is_first else Role.AGENT)


def _as_it_stands(
    login: str, id_: int, name: str, email: str | None, role: str, disabled_at: int | None, hashed: str | None
) -> Colleague:
    if disabled_at is not None:
        raise NotAdmitted(f"The login {login} may no longer work at this desk. Ask the manager.")
    if role not in set(Role):
        raise NotAdmitted(f"The role of {login} was changed with another tool. Ask the manager to set it anew.")
    return Colleague(id_, login, name, Role(role), email, hashed is not None)


def _hold_to_proof(session: "Session", agent: Colleague, hashed: str | None, policy: Policy) -> None:
    """A password that somebody signed in with must still be theirs; without one the policy must let them in."""
    if session.proof is not None:
        if hashed is None or session.proof != password_digest(session.store.keys, agent.id, hashed):
            raise NotAdmitted(f"The password of {agent.login} was changed meanwhile. Sign in with the one that holds.")
    elif policy.sign_in is SignIn.PASSWORD and agent.role is not Role.OPERATOR and not session.store.is_sandbox:
        raise PasswordNeeded(f"This desk asks for a password, and {agent.login} signed in without one.")


def is_also(agent: Colleague, row: "schema.Agent") -> bool:
    """Whether a login belongs to the same person as an agent: it is theirs, or bears their e-mail address."""
    return row.id == agent.id or (row.email is not None and email_key(row.email) == agent.actor.email)


def name_of_agent(agent_id: int) -> str:
    """What a person at the desk is called, within a connection; nothing for somebody who is not in the database."""
    row = schema.Agent.select(schema.Agent.name).where(schema.Agent.id == agent_id).tuples().first()
    return "" if row is None else str(row[0])


def colleague(session: "Session", now: datetime) -> Colleague:
    """The agent of a session, read again within the transaction of an action; a stranger is signed on.

    The first of a database becomes its manager, everyone after that an agent.
    """
    found = look_up(session)
    if not found.id:
        session.store.database.hold(SHARED)
        found = look_up(session)
    return found if found.id else sign_on(session.store, now, login=session.login, name=found.name, role=found.role)


def sign_on(
    store: Store,
    now: datetime,
    *,
    login: str,
    name: str,
    role: Role,
    email: str | None = None,
    by: "Hand | None" = None,
    why: str | None = None,
) -> Colleague:
    """A new agent at an instant (UTC), within a transaction; by somebody's hand, or by themselves."""
    from models import audit
    from models.hand import Hand

    agent_id = schema.Agent.insert(login=login, name=name, email=email, role=role, created_at=now).execute()
    hand = by or Hand(store.keys, store.business, now, agent_id, name)
    after = {"login": login, "role": role, "name": name, "email": email, "is_disabled": False}
    audit.record(hand, f"agent:{agent_id}", "sign_on", None, after, why)
    return Colleague(agent_id, login, name, role, email)
