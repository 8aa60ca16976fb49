"""When an agent's reactivations are so many that a supervisor should look: pure functions of days and counts.

A sum over some days alarms once it reaches its limit, and that is one alarm until it has stayed below for as many days
as it spans: until nothing that it counted when it rose could count again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models.rules.policy import Policy

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many reactivations of one agent within so many days alarm."""

    days: int
    """Calendar days of the business, the last one included."""
    count: int


@dataclass(frozen=True, slots=True)
class Rise:
    """One alarm: an agent's sum reached a limit, on which day, and how far it went."""

    limit: Limit
    since: date
    """The day on which it reached the limit."""
    last_over: date
    """The last day on which it was not below."""
    highest: int

    def stands(self, on: date) -> bool:
        """Whether a day is one on which it is not below, or has not been so for long enough."""
        return on - self.last_over <= self.limit.days * _DAY


def limits_of(policy: Policy) -> tuple[Limit, ...]:
    """What alarms under a policy: more than the day's warning, and the sums over days, the shortest first."""
    of_a_day = () if policy.warn_at is None else (Limit(1, policy.warn_at + 1),)
    return of_a_day + tuple(Limit(days, count) for days, count in sorted(policy.alarms))


def within(counts: Mapping[date, int], days: int, on: date) -> int:
    """How many there were in so many days up to one, that one included."""
    return sum(counts.get(on - back * _DAY, 0) for back in range(days))


def rises(counts: Mapping[date, int], limits: Sequence[Limit], first: date, last: date) -> tuple[Rise, ...]:
    """The alarms of one agent from a day to another, by the count of each day; the earliest first."""
    found = [rise for limit in limits for rise in _rises(counts, limit, first, last)]
    return tuple(sorted(found, key=lambda rise: (rise.since, rise.limit.days)))


def _rises(counts: Mapping[date, int], limit: Limit, first: date, last: date) -> list[Rise]:
    found: list[Rise] = []
    on, total = first, within(counts, limit.days, first)
    while on <= last:
        if total >= limit.count:
            if found and found[-1].stands(on):
                found[-1] = replace(found[-1], last_over=on, highest=max(found[-1].highest, total))
            else:
                found.append(Rise(limit, on, on, total))
        on += _DAY
        total += counts.get(on, 0) - counts.get(on - limit.days * _DAY, 0)
    return found
