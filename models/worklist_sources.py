"""Who is on each worklist: the lines of one, at most so many behind a key, read from wherever the desk keeps them.

Of cards it follows from the conditions of their status, as everywhere; a list only adds a stretch of time and an order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from peewee import SQL

from models import approvals
from models.approvals import settled_key
from models.escalations import Which, key_of, rows_of
from models.fates import Fate
from models.outbox import LetterLine, letters_in_hand
from models.reminding import ReminderLine, unsettled
from models.rules import wording
from models.rules.asked import Asked
from models.rules.escalations import in_short
from models.rules.policy import Policy
from models.rules.roles import Action, Role, role_refusal
from models.rules.status import CONDITIONS, Condition, Status
from models.schema import Agent, GiftCard
from models.standing import all_hold, status_is
from models.store import Store
from models.unreachable import unreachable as without_address

WEEK: Final = timedelta(days=7)

Key = tuple[Any, ...]
"""Where a line stands in its list: behind it the next page begins."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What decides who is on a list."""

    store: Store
    now: datetime
    policy: Policy
    agent_id: int = 0
    """Who looks: some lists are of one agent. 0 is nobody whom the desk knows."""

    def at(self, at: datetime | None) -> str:
        """An instant (UTC) on the wall of the business, in short."""
        return "" if at is None else wording.short_moment(at, self.store.business)


@dataclass(frozen=True, slots=True)
class Row:
    """One line before its card is read."""

    key: Key
    card_id: int
    remark: str | None = None


Source = Callable[[Moment, Key | None, int], list[Row]]
"""The lines of a list, within a connection: at most so many behind a key, in the list's order."""


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards by an instant of theirs, the earliest first, and at one instant by their numbers."""

    by: Any
    conditions: Callable[[Moment], tuple[Any, ...]]
    """Expressions over gift cards, each with an index that it goes along; no card fits two."""

    def __call__(self, moment: Moment, after: Key | None, most: int) -> list[Row]:
        """The next cards behind one."""
        beyond = SQL("1 = 1")
        if after is not None:
            at, card_id = after
            beyond = (self.by >= at) & ((self.by > at) | (GiftCard.id > card_id))
        found: list[Key] = []
        for condition in self.conditions(moment):
            cards = GiftCard.select(self.by, GiftCard.id).where(condition, beyond).order_by(self.by, GiftCard.id)
            rows: Any = cards.limit(most).tuples()
            found.extend(rows)
        return [Row(key, key[1]) for key in sorted(found)[:most]]


_NOT_CANCELLED: Final = Condition("cancelled_at", "is_not_set")
_HOLDS_MONEY: Final = (Condition("cut_off_at", "is_set"), Condition("balance_minor", "positive"), _NOT_CANCELLED)


def expiring(moment: Moment) -> tuple[Any, ...]:
    """What can be spent, and stops within a week."""
    has_time, has_little = GiftCard.cut_off_at > moment.now, GiftCard.cut_off_at <= moment.now + WEEK
    return (all_hold(_HOLDS_MONEY, moment.now) & has_time & has_little & status_is(Status.ACTIVE, moment.now),)


def expired(moment: Moment) -> tuple[Any, ...]:
    """What the window after expiry is open for, on hold or not: a balance past its cut-off, and one that broke."""
    is_recent = GiftCard.cut_off_at >= moment.now - moment.policy.window
    is_expired = status_is(Status.EXPIRED, moment.now, aside=Status.SUSPENDED)
    alternatives = dict(CONDITIONS)[Status.EXPIRED]
    return tuple(all_hold((*each, _NOT_CANCELLED), moment.now) & is_recent & is_expired for each in alternatives)


def inactive(moment: Moment) -> tuple[Any, ...]:
    """What is not valid yet."""
    return ((GiftCard.active_from_at > moment.now) & status_is(Status.INACTIVE, moment.now),)


def unreachable(moment: Moment, after: Key | None, most: int) -> list[Row]:
    """Whose address the mail server refused, then who has none."""
    rows: list[Row] = []
    if after is None or after[0] == _REFUSED:
        behind = None if after is None else after[1:]
        rows = [
            Row((_REFUSED, *line.key), line.card_id, f"refused: {line.said or 'no reason given'}")
            for line in unsettled(moment.store, (Fate.REFUSED,), after=behind, most=most)
        ]
        after = None
    behind = None if after is None else after[1:]
    without = (
        without_address(moment.store, moment.policy, moment.now, behind, most - len(rows)) if len(rows) < most else []
    )
    return rows + [Row((_NO_ADDRESS, each.cut_off_at, each.card_id), each.card_id, each.why) for each in without]


_REFUSED, _NO_ADDRESS = 0, 1


def unknown(moment: Moment, after: Key | None, most: int) -> list[Row]:
    """Reminders that may have gone out or not."""
    lines = unsettled(moment.store, (Fate.UNKNOWN,), after=after, most=most)
    return [Row(line.key, line.card_id, f"may have gone out {moment.at(line.claimed_at)}") for line in lines]


def waiting(moment: Moment, after: Key | None, most: int) -> list[Row]:
    """Reminders that wait for another try."""
    lines = unsettled(moment.store, (Fate.WAITING,), after=after, most=most)
    return [Row(line.key, line.card_id, _tried(line, moment)) for line in lines]


def letters(moment: Moment, after: Key | None, most: int) -> list[Row]:
    """E-mails to one person that did not go, or of which nobody knows."""
    lines = letters_in_hand(moment.store, after=after, most=most)
    return [Row(line.key, line.card_id, _stands(line, moment)) for line in lines if line.card_id is not None]


def _stands(line: LetterLine, moment: Moment) -> str:
    match line.fate:
        case Fate.WAITING:
            return f"waits, {_tried(line, moment)}"
        case Fate.REFUSED:
            return f"not sent: {line.said or 'no reason given'}"
    return f"may have gone out {moment.at(line.claimed_at)}"


def _tried(line: ReminderLine | LetterLine, moment: Moment) -> str:
    return f"tried {wording.plural(line.tries, 'time')}, again {moment.at(line.next_try_at) or 'when somebody says so'}"


def asked(moment: Moment, after: Key | None, most: int) -> list[Row]:
    """What waits for an approval."""
    return [
        Row((each.at, each.id), each.card_id, f"asked for by {wording.shortened(each.by)} {moment.at(each.at)}")
        for each in approvals.waiting(moment.store, moment.now, _pair(after), most)
    ]


def decided(moment: Moment, after: Key | None, most: int) -> list[Row]:
    """What was decided in the last days, or lapsed: for who watches over others all, else what they asked for."""
    by_id = None if _watches(moment.agent_id) else moment.agent_id
    return [
        Row(settled_key(each), each.card_id, _decision(each, moment))
        for each in approvals.decided(moment.store, moment.now, moment.now - WEEK, _pair(after), most, by_id=by_id)
    ]


def _watches(agent_id: int) -> bool:
    role = Agent.select(Agent.role).where(Agent.id == agent_id).scalar()
    return role in set(Role) and role_refusal(Role(role), Action.WATCH) is None


def _decision(asked: Asked, moment: Moment) -> str:
    by = f" by {wording.shortened(asked.decided_by)}" if asked.decided_by else ""
    at = moment.at(asked.decided_at or asked.lapses_at)
    return f"{asked.state(moment.now)}{by} {at}, asked for by {wording.shortened(asked.by)}"


def escalated(moment: Moment, after: Key | None, most: int) -> list[Row]:
    """What lies with Payments Support."""
    lines = rows_of(moment.store.database, Which.OPEN, moment.agent_id, _pair(after), most)
    return [Row(key_of(line, Which.OPEN), line.card_id, in_short(line, moment.now)) for line in lines]


def answered(moment: Moment, after: Key | None, most: int) -> list[Row]:
    """What Payments Support answered to whoever looks, and they have not read."""
    lines = rows_of(moment.store.database, Which.ANSWERED, moment.agent_id, _pair(after), most)
    return [Row(key_of(line, Which.ANSWERED), line.card_id, f"{line.id}: {line.answer}") for line in lines]


def _pair(after: Key | None) -> tuple[Any, Any] | None:
    """A key of an instant and a number or a name, for lists that are read elsewhere."""
    return None if after is None else (after[0], after[1])
