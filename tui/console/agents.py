"""The people at the desk: who they are, what each may do, and their passwords."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from models import desk
from models.agents import admit
from models.desk.agents import add_agent, set_agent
from models.directory import AgentLine, agents
from models.rules.roles import Role
from tui.console.outcomes import tell
from tui.console.output import iso, say, say_json, say_table
from tui.console.passwords import chosen_password, password_of, read_password
from tui.console.sitting import checked_login, open_desk
from tui.console.values import intent_of


def list_all(asked: Namespace) -> int:
    """List the people at the desk by login."""
    lines = agents(open_desk(asked).store)
    if asked.json:
        say_json([_as_json(line) for line in lines])
    elif lines:
        say_table([[line.login, line.role.value, line.name, line.email or "", _standing(line)] for line in lines])
    else:
        say("Nobody has worked at this desk yet; the first who changes something becomes its manager.")
    return 0


def _standing(line: AgentLine) -> str:
    password = "password" if line.has_password else "no password"
    return f"disabled, {password}" if line.disabled_at else password


def _as_json(line: AgentLine) -> dict[str, Any]:
    return {
        "login": line.login,
        "role": line.role.value,
        "name": line.name,
        "email": line.email,
        "disabled_at": iso(line.disabled_at),
        "created_at": iso(line.created_at),
        "has_password": line.has_password,
    }


def add(asked: Namespace) -> int:
    """Write down somebody who is not at the desk yet."""
    outcome = add_agent(
        open_desk(asked),
        asked.login,
        role=Role(asked.role or Role.AGENT),
        name=asked.name,
        email=asked.email,
        ref=asked.ref,
        intent=intent_of(asked),
    )
    return tell(asked, outcome)


def change(asked: Namespace) -> int:
    """Write down a person at the desk, or change one."""
    outcome = set_agent(
        open_desk(asked),
        asked.login,
        role=Role(asked.role) if asked.role else None,
        name=asked.name,
        email=asked.email,
        is_disabled=True if asked.disable else False if asked.enable else None,
        ref=asked.ref,
        intent=intent_of(asked),
    )
    return tell(asked, outcome)


def set_password(asked: Namespace) -> int:
    """Set one's own password, or as a manager somebody else's; one's own is changed with the old one."""
    session = open_desk(asked)
    agent = admit(session)
    login = session.login if asked.login is None else checked_login(asked.login)
    has_old = login == session.login and agent.has_password
    old = password_of(login, "Old password") if has_old else None
    chosen = chosen_password(login) if asked.password_file is None else read_password(Path(asked.password_file))
    return tell(asked, desk.set_password(session, login, chosen, old=old, ref=asked.ref, intent=intent_of(asked)))
