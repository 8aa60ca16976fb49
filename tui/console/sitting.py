"""From the command line to an open desk: which database, whose login, what time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from models.agents import Colleague, admit, system_login
from models.clock import Clock, FixedClock
from models.errors import PasswordNeeded
from models.locations import database_path
from models.rules.texts import NAME, check_line
from models.session import Session
from models.store import Store, open_store
from tui import first_frame

if TYPE_CHECKING:
    from argparse import Namespace


def open_desk(
    asked: Namespace, clock_at: Callable[[datetime], Clock] = FixedClock, *, despite_clock: bool = False
) -> Session:
    """The desk and the agent that the global options name. Raises Fault, UsageError, Refused for who may not work."""
    return sit_down(open_store(database_path(asked.db)), asked, clock_at, despite_clock=despite_clock)[0]


def sit_down(
    store: Store,
    asked: Namespace,
    clock_at: Callable[[datetime], Clock] = FixedClock,
    *,
    despite_clock: bool = False,
) -> tuple[Session, Colleague]:
    """The agent and the time that the global options name, at a desk. Raises UsageError, Refused as open_desk."""
    if asked.now is not None:
        from tui.console.values import parse_instant

        store = store.with_clock(clock_at(parse_instant(asked.now, "--now")))
    login = system_login() if asked.as_login is None else checked_login(asked.as_login)
    if asked.as_login is not None and not store.is_sandbox:
        return _signed_in(store, login, despite_clock)
    session = Session(store, login)
    try:
        return session, admit(session)
    except PasswordNeeded:
        return _signed_in(store, login, despite_clock)


def checked_login(login: str) -> str:
    """A login as typed, trimmed. Raises BadText."""
    return check_line(login, "login", NAME)


def _signed_in(store: Store, login: str, despite_clock: bool) -> tuple[Session, Colleague]:
    first_frame.leave()
    from models.credentials import sign_in
    from tui.console.passwords import password_of

    session = sign_in(store, login, password_of(login), despite_clock=despite_clock)
    return session, admit(session)
