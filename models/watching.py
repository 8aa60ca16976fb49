"""What a supervisor should look at: who reactivates too much, tried it for themselves, and for whom; who tries codes.

Reactivations are counted from the journals, by who asked for an approved one; the rows that hold agents to their limit
of a day are not asked. Everything is read as of one instant, in stretches that follow from the policy's alarms.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from models.agents import who_looks
from models.clock import to_microseconds
from models.errors import Refused, faults
from models.favours import SHOWN, Kin, OwnCard, Reactivated, kin_of_the_desk, own_cards
from models.fields import stored_instant
from models.lookers import Looker, lookers
from models.noticing import WATCH
from models.rules.alarms import Limit, Rise, limits_of, rises, within
from models.rules.lookups import Pace
from models.rules.policy import Policy
from models.rules.roles import Action, role_refusal
from models.schema import Agent, Audit
from models.store import Store
from models.unit import Session


@dataclass(frozen=True, slots=True)
class Alarm:
    """One agent's rise above a limit."""

    agent: str
    """The name."""
    login: str
    key: str
    """By which it is known as seen."""
    rise: Rise
    present: int
    """The sum on the day that is looked at."""
    is_new: bool
    """Whoever looks has not seen it yet."""

    @property
    def in_words(self) -> str:
        """How many it was at most, in how many days, and from how many on that alarms."""
        days, count = self.rise.limit.days, self.rise.limit.count
        return f"{self.rise.highest} {'on a day' if days == 1 else f'in {days} days'} (alarms from {count})"

    @property
    def is_over(self) -> bool:
        """Whether the sum is below its limit again."""
        return self.present < self.rise.limit.count


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw of the alarms when they looked last."""

    on: date | None
    """The day on which they looked; None: they never did."""
    keys: frozenset[str]
    """The alarms of that very day that they saw."""


@dataclass(frozen=True, slots=True)
class Worked:
    """How much one agent reactivated."""

    agent: str
    login: str
    sums: tuple[int, ...]
    """Up to the day that is looked at, in the order of the limits."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Everything that wants a supervisor's eye, as of an instant."""

    at: datetime
    """UTC."""
    on: date
    """Its day, in the zone of the business."""
    limits: tuple[Limit, ...]
    alarms: tuple[Alarm, ...]
    """Those that stand, or rose lately; the newest first."""
    worked: tuple[Worked, ...]
    """Everybody who reactivated, the busiest first."""
    own: tuple[OwnCard, ...]
    """The newest first."""
    kin: tuple[Kin, ...]
    """The newest first."""
    lookers: tuple[Looker, ...] = ()
    """Whose looks for codes wait or are stopped, by login."""

    @property
    def new(self) -> tuple[Alarm, ...]:
        """The alarms that whoever looks has not seen."""
        return tuple(alarm for alarm in self.alarms if alarm.is_new)


def watch(session: Session, at: datetime | None = None) -> Watch:
    """What wants a supervisor's eye at an instant (UTC), or now. Raises Refused for who may not see it, Fault."""
    store = session.store
    with faults(store.path), store.database.reading():
        agent, policy = who_looks(session)
        refusal = role_refusal(agent.role, Action.WATCH)
        if refusal is not None:
            raise Refused(refusal)
        return watched(store, agent.id, policy, at or store.now())


def watched(store: Store, agent_id: int, policy: Policy, now: datetime) -> Watch:
    """The same for one of the desk, by their number; within a connection."""
    agents: dict[int, Agent] = {each.id: each for each in Agent.select()}
    on, limits = store.business.date_of(now), limits_of(policy)
    span = max([SHOWN, *(timedelta(days=limit.days) for limit in limits)])
    done = _reactivated(store, now - 3 * span, now)
    counts = _by_agent_and_day(store, done)
    seen = seen_by(agent_id)
    alarms = [
        _alarm(each, agents.get(each), rise, within(of_days, rise.limit.days, on), seen)
        for each, of_days in counts.items()
        for rise in rises(of_days, limits, on - 2 * span, on)
        if rise.since > on - span or rise.stands(on)
    ]
    return Watch(
        now,
        on,
        limits,
        tuple(sorted(alarms, key=lambda alarm: (-alarm.rise.since.toordinal(), alarm.login, alarm.rise.limit.days))),
        tuple(_worked(agents, counts, limits, on)),
        own_cards(now),
        kin_of_the_desk(store, agents, [each for each in done if each.at > now - SHOWN]),
        tuple(each for each in lookers(store, now) if each.pace is not Pace.FREE),
    )


def _alarm(agent_id: int, agent: Agent | None, rise: Rise, present: int, seen: Seen) -> Alarm:
    name, login = ("", "") if agent is None else (agent.name, agent.login)
    key = f"{agent_id}/{rise.limit.days}/{rise.since.isoformat()}"
    is_new = seen.on is None or rise.since > seen.on or (rise.since == seen.on and key not in seen.keys)
    return Alarm(name, login, key, rise, present, is_new)


def subject_of(agent_id: int) -> str:
    """The audit's subject of what one person has seen of the alarms."""
    return f"{WATCH}:{agent_id}"


def seen_by(agent_id: int) -> Seen:
    """What one of the desk has seen of the alarms; within a connection."""
    last = Audit.select(Audit.after).where(Audit.subject == subject_of(agent_id)).order_by(Audit.number.desc()).first()
    if last is None:
        return Seen(None, frozenset())
    return Seen(date.fromisoformat(last.after["on"]), frozenset(last.after["keys"]))


# What another desk did says nothing about the people of this one.
_DONE: Final = (
    "SELECT card_id, actor_id, recorded_at, details FROM activity "
    "WHERE kind = 'reactivated' AND recorded_at > ? AND recorded_at <= ? AND actor_id > 0 ORDER BY recorded_at"
)


def _reactivated(store: Store, after: datetime, until: datetime) -> list[Reactivated]:
    """The reactivations between two instants (UTC), the oldest first."""
    rows = store.database.execute_sql(_DONE, (to_microseconds(after), to_microseconds(until))).fetchall()
    return [Reactivated(card, _who(by, details), stored_instant(at)) for card, by, at, details in rows]


def _who(actor_id: int, details: str) -> int:
    """Whose reactivation it is: who asked for it, when somebody else approved it."""
    asked_by = json.loads(details).get("asked_by") if '"asked_by"' in details else None
    return asked_by if isinstance(asked_by, int) else actor_id


def _by_agent_and_day(store: Store, done: Sequence[Reactivated]) -> Mapping[int, Mapping[date, int]]:
    counts: dict[int, Counter[date]] = defaultdict(Counter)
    for each in done:
        counts[each.agent_id][store.business.date_of(each.at)] += 1
    return counts


def _worked(
    agents: Mapping[int, Agent], counts: Mapping[int, Mapping[date, int]], limits: Sequence[Limit], on: date
) -> list[Worked]:
    lines = [
        Worked(agent.name, agent.login, tuple(within(counts[agent_id], limit.days, on) for limit in limits))
        for agent_id, agent in agents.items()
        if agent_id in counts
    ]
    busy = [line for line in lines if any(line.sums)]
    return sorted(busy, key=lambda line: (*(-each for each in reversed(line.sums)), line.login))
