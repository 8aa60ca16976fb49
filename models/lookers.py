"""Who looked for codes that no card answers to, as whoever watches sees it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from models.agents import look_up
from models.clock import to_microseconds
from models.errors import Refused, faults
from models.fields import stored_instant
from models.misses import Stand
from models.rules.lookups import Pace, pace
from models.rules.roles import Action, role_refusal
from models.schema import LookupStop
from models.store import Store
from models.unit import Session

SHOWN: Final = timedelta(days=7)
"""For so long misses are shown."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A look for a code that no card answers to."""

    at: datetime
    """UTC."""
    last_four: str
    """The end of what was looked for."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who looked for codes that no card answers to."""

    agent: str
    """The name."""
    login: str
    pace: Pace
    stopped_at: datetime | None
    """UTC; None: may look for codes."""
    lifted_at: datetime | None
    """When a colleague let them look again last, UTC."""
    misses: tuple[Miss, ...]
    """Of the last days, the newest first."""


def lookers_of_the_desk(session: Session) -> tuple[Looker, ...]:
    """Who missed in the last week or is stopped, by login. Raises Refused for who may not see it, Fault."""
    store = session.store
    with faults(store.path), store.database.reading():
        refusal = role_refusal(look_up(session).role, Action.WATCH)
        if refusal is not None:
            raise Refused(refusal)
        return lookers(store, store.now())


_LATELY: Final = (
    "SELECT a.id, a.name, a.login, m.at, m.masked FROM agent a LEFT JOIN lookup_miss m "
    "ON m.agent_id = a.id AND m.at > ? AND m.at <= ? ORDER BY a.login, m.at DESC, m.id DESC"
)


def lookers(store: Store, now: datetime) -> tuple[Looker, ...]:
    """Everybody who missed in the week before an instant (UTC) or is stopped then; within a connection."""
    stands = {row.agent_id: Stand(row.agent_id, row.stopped_at, row.lifted_at) for row in LookupStop.select()}
    rows = store.database.execute_sql(_LATELY, (to_microseconds(now - SHOWN), to_microseconds(now))).fetchall()
    found = []
    for (agent_id, name, login), theirs in groupby(rows, lambda row: row[:3]):
        missed = tuple(Miss(stored_instant(at), end) for *_, at, end in theirs if at is not None)
        stand = stands.get(agent_id, Stand(agent_id))
        is_stopped = stand.stopped_at is not None and stand.stopped_at <= now
        at_pace = Pace.STOPPED if is_stopped else pace((miss.at for miss in missed), now, stand.lifted_at)
        if missed or is_stopped:
            found.append(Looker(name, login, at_pace, stand.stopped_at, stand.lifted_at, missed))
    return tuple(found)
