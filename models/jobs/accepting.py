"""Getting out of a wrong future: a clock that was far ahead once keeps a desk from writing until time has caught up.

A manager takes the desk's time back to the clock, knowing what was recorded ahead of it; all of that stays. So that
nobody makes yesterday of today by it, nothing may have been recorded in the week after the clock: there is a leap
then, where a clock that was set back lies amidst what people did. A quiet week looks like a leap as well, so a second
person agrees where the desk has one.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from models import audit
from models.acceptances import ACTION, ASKING, SUBJECT
from models.agents import colleague, look_up
from models.clock import SystemClock, to_microseconds
from models.credentials import forget_waits
from models.engine import SHARED
from models.errors import Refused, faults
from models.fields import stored_instant
from models.hand import Hand
from models.jobs.agreeing import agreed_by, named, open_request, others
from models.rules import wording
from models.rules.journal import Kind
from models.rules.texts import check_note
from models.schema import Audit, HighWater, Outbox, Reminder
from models.store import CLOCK_SLACK, Store
from models.unit import Session, written

LEAP: Final = timedelta(days=7)
"""The least that must lie between the clock and the first record ahead of it."""
_MOST_NAMED: Final = 20
# Whoever only asks for a clock to be accepted records nothing by it.
_RECORDED: Final = ("activity", f"(SELECT recorded_at FROM audit WHERE action <> '{ASKING}') AS audited")
_AHEAD: Final = "SELECT MIN(recorded_at), MAX(recorded_at), COUNT(*) FROM {} WHERE recorded_at > ?"
_BEFORE: Final = "SELECT MAX(recorded_at) FROM {} WHERE recorded_at <= ?"
_KINDS: Final = """
    SELECT a.kind, g.currency, COUNT(*), SUM(a.amount_minor) FROM activity a JOIN gift_card g ON g.id = a.card_id
    WHERE a.recorded_at > ? GROUP BY a.kind, g.currency ORDER BY a.kind, g.currency
"""
_CARDS: Final = """
    SELECT DISTINCT g.id, g.last_four FROM activity a JOIN gift_card g ON g.id = a.card_id
    WHERE a.recorded_at > ? ORDER BY g.id LIMIT ?
"""
_BROKEN: Final = f"""
    SELECT g.id, g.last_four, g.currency, -a.amount_minor FROM activity a JOIN gift_card g ON g.id = a.card_id
    WHERE a.recorded_at > ? AND a.kind = '{Kind.BREAKAGE.value}' AND a.effective_at > ? ORDER BY g.id
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """Activities of one kind, in one currency, that were recorded ahead of the clock."""

    kind: str
    currency: str
    count: int
    amount_minor: int
    """The sum of what they moved, signed."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a desk has recorded ahead of the clock."""

    now: datetime
    """The clock, UTC."""
    reached_at: datetime
    """The desk's last record, UTC."""
    before_at: datetime | None
    """The last thing that was recorded up to the clock, UTC."""
    first_at: datetime | None
    """The first that was recorded ahead of it, UTC; None when nothing was."""
    moved: tuple[Moved, ...]
    cards: tuple[tuple[int, str], ...]
    """The first of the cards with such activities: record number and the end of the code."""
    broken: tuple[tuple[int, str, str, int], ...]
    """Balances that were taken before their time: record number, end of the code, currency, minor units."""
    audit_rows: int
    refusal: str | None
    """Why the clock can't be accepted, as a sentence; None when it can."""
    asked_by: str | None = None
    """Who asked for it to be accepted, and why; None when nobody has, or it lapsed."""
    to_agree: tuple[str, ...] = ()
    """Who can agree, by name: one of them has to, and nothing was accepted yet. Empty when it was, or nobody can."""


def look_ahead(session: Session) -> Ahead:
    """What was recorded ahead of the clock, and whether it may be accepted. Changes nothing.

    Raises Refused for a role that may not, Fault for a broken store.
    """
    store = session.store
    with faults(store.path), store.database.reading():
        now, agent = store.clock.now(), look_up(session)
        request = open_request(now)
        agrees = agreed_by(agent, request, now)
        ahead = replace(_ahead(store, now), asked_by=None if request is None else _asked(request))
        return ahead if agrees else replace(ahead, to_agree=tuple(others(agent.id, now).values()))


def accept_clock(session: Session, reason: str) -> Ahead:
    """Take the desk's time back to the clock, with a reason that the audit keeps; what was recorded ahead of it.

    Where there is somebody else to agree it is only asked for, and done when one of them does the same within a day.
    Whatever waits for an instant ahead waits no longer than until now. Raises Refused for a role that may not, and
    for a clock that can't be accepted.
    """
    store, why = session.store, check_note(reason, "reason")

    def accept() -> Ahead:
        store.database.hold(SHARED)
        now = store.clock.now()
        agent = colleague(session, now)
        request = open_request(now)
        agrees = agreed_by(agent, request, now)
        ahead = _ahead(store, now)
        if ahead.refusal is not None:
            raise Refused(ahead.refusal)
        hand = Hand(store.keys, store.business, now, agent.id, agent.name)
        to_agree = () if agrees else tuple(others(agent.id, now).values())
        if to_agree:
            if request is not None:
                raise Refused(f"{_asked(request)} Now {named(to_agree)} has to agree. Nothing was changed.")
            audit.record(hand, SUBJECT, ASKING, None, {"clock": now.isoformat()}, why)
            return replace(ahead, to_agree=to_agree)
        held = HighWater.get()
        HighWater.update(reached_at=now, taken_back=(held.taken_back or 0) + 1).execute()
        before = {"reached_at": ahead.reached_at.isoformat()}
        counts = {"activities": sum(each.count for each in ahead.moved), "audit_rows": ahead.audit_rows}
        first = None if ahead.first_at is None else ahead.first_at.isoformat()
        asked_by = request.actor_name if agrees and request is not None else None
        after = {"reached_at": now.isoformat(), "first_ahead": first, "asked_by": asked_by, **counts}
        audit.record(hand, SUBJECT, ACTION, before, after, why)
        _let_wait_no_longer(store, now)
        return ahead

    return written(store, accept)


def _asked(request: Audit) -> str:
    return f"{request.actor_name} asked for this clock to be accepted: {(request.reason or '').rstrip('.')}."


def _ahead(store: Store, now: datetime) -> Ahead:
    at, database = to_microseconds(now), store.database

    def one(sql: str) -> tuple[int | None, ...]:
        return tuple(database.execute_sql(sql, (at,)).fetchone())

    activities, rows = (one(_AHEAD.format(table)) for table in _RECORDED)
    before = [one(_BEFORE.format(table))[0] for table in _RECORDED]
    first = min((each for each in (activities[0], rows[0]) if each is not None), default=None)
    last = max((each for each in before if each is not None), default=None)
    ahead = Ahead(
        now,
        HighWater.get().reached_at,
        None if last is None else stored_instant(last),
        None if first is None else stored_instant(first),
        tuple(Moved(*row) for row in database.execute_sql(_KINDS, (at,)).fetchall()),
        tuple(tuple(row) for row in database.execute_sql(_CARDS, (at, _MOST_NAMED)).fetchall()),
        tuple(tuple(row) for row in database.execute_sql(_BROKEN, (at, at)).fetchall()),
        rows[2] or 0,
        None,
    )
    return replace(ahead, refusal=_refusal(store, ahead))


def _refusal(store: Store, ahead: Ahead) -> str | None:
    if store.is_sandbox:
        return "The clock of a sandbox may be set, and nothing waits for it. Nothing was changed."
    if ahead.reached_at - ahead.now <= CLOCK_SLACK:
        return "The clock is not behind the desk's last record, so there is nothing to accept. Nothing was changed."
    if ahead.before_at is None:  # a computer whose battery is empty says so, too
        return "This clock is behind all that the desk ever recorded. Set the clock right. Nothing was changed."
    first = min(ahead.first_at or ahead.reached_at, ahead.reached_at)
    if first - ahead.now < LEAP:
        when = wording.moment(first, store.business)
        return (
            f"Something was recorded on {when}, less than a week after this clock: so a desk looks whose clock was set "
            f"back, not one whose clock was far ahead. Set the clock right. Nothing was changed."
        )
    apart = abs(ahead.now - SystemClock().now())
    if store.clock is store.database.clock() and apart > CLOCK_SLACK:
        return (
            f"The server's clock and this computer's are {wording.span(apart)} apart: find out which of them is right. "
            f"Nothing was changed."
        )
    return None


def _let_wait_no_longer(store: Store, now: datetime) -> None:
    """What is tried again, or counts as left behind, only at an instant that lies ahead would wait until then."""
    forget_waits(store, now)
    for table in (Outbox, Reminder):
        is_open = table.settled_at.is_null()
        table.update(next_try_at=now).where(is_open & (table.next_try_at > now)).execute()
        table.update(claimed_at=now).where(is_open & (table.claimed_at > now)).execute()
