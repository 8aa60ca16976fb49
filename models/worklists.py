"""The worklists: cards that somebody should look at, read from the desk page by page.

Who is on a list follows from the conditions of a card's status, as everywhere; a list only adds a stretch of
time and an order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from peewee import SQL

from models.approvals import decided, settled_key, waiting
from models.errors import Refused, faults
from models.escalations import Which, key_of, rows_of
from models.fates import Fate
from models.finding import MOST, CardLine, Found, lines_of
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
from models.store import Store, policy_in_force
from models.unreachable import unreachable

WEEK: Final = timedelta(days=7)

Key = tuple[Any, ...]
"""Where a line stands in its list: behind it the next page begins."""


@dataclass(frozen=True, slots=True)
class Worklist:
    """What a list is a list of."""

    name: str
    """As the command line calls it."""
    title: str
    order: str
    """Which line comes first, in words."""
    nobody: str
    """The sentence for a list with nothing on it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A worklist and how much is on it."""

    worklist: Worklist
    count: int
    """No list is counted further than its first page."""
    is_capped: bool
    """There are more than were counted."""

    @property
    def in_words(self) -> str:
        """The count: '12', or '200+' when there are more."""
        return f"{self.count:,}{'+' if self.is_capped else ''}"


@dataclass(frozen=True, slots=True)
class Listed(Found):
    """The first cards on a worklist, as a search brings its own."""

    worklist: Worklist | None = None
    """Which list they are on."""
    next_after: Key | None = None
    """Behind which line the rest goes on; None when these are all."""


@dataclass(frozen=True, slots=True)
class _Moment:
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
class _Row:
    """One line before its card is read."""

    key: Key
    card_id: int
    remark: str | None = None


_Source = Callable[[_Moment, Key | None, int], list[_Row]]
"""The lines of a list, within a connection: at most so many behind a key, in the list's order."""


@dataclass(frozen=True, slots=True)
class _Cards:
    """Cards by an instant of theirs, the earliest first, and at one instant by their numbers."""

    by: Any
    conditions: Callable[[_Moment], tuple[Any, ...]]
    """Expressions over gift cards, each with an index that it goes along; no card fits two."""

    def __call__(self, moment: _Moment, after: Key | None, most: int) -> list[_Row]:
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
        return [_Row(key, key[1]) for key in sorted(found)[:most]]


_NOT_CANCELLED: Final = Condition("cancelled_at", "is_not_set")
_HOLDS_MONEY: Final = (Condition("cut_off_at", "is_set"), Condition("balance_minor", "positive"), _NOT_CANCELLED)


def _expiring(moment: _Moment) -> tuple[Any, ...]:
    """What can be spent, and stops within a week."""
    has_time, has_little = GiftCard.cut_off_at > moment.now, GiftCard.cut_off_at <= moment.now + WEEK
    return (all_hold(_HOLDS_MONEY, moment.now) & has_time & has_little & status_is(Status.ACTIVE, moment.now),)


def _expired(moment: _Moment) -> tuple[Any, ...]:
    """What the window after expiry is open for, on hold or not: a balance past its cut-off, and one that broke."""
    is_recent = GiftCard.cut_off_at >= moment.now - moment.policy.window
    is_expired = status_is(Status.EXPIRED, moment.now, aside=Status.SUSPENDED)
    alternatives = dict(CONDITIONS)[Status.EXPIRED]
    return tuple(all_hold((*each, _NOT_CANCELLED), moment.now) & is_recent & is_expired for each in alternatives)


def _inactive(moment: _Moment) -> tuple[Any, ...]:
    return ((GiftCard.active_from_at > moment.now) & status_is(Status.INACTIVE, moment.now),)


def _unreachable(moment: _Moment, after: Key | None, most: int) -> list[_Row]:
    """Whose address the mail server refused, then who has none."""
    rows: list[_Row] = []
    if after is None or after[0] == _REFUSED:
        behind = None if after is None else after[1:]
        rows = [
            _Row((_REFUSED, *line.key), line.card_id, f"refused: {line.said or 'no reason given'}")
            for line in unsettled(moment.store, (Fate.REFUSED,), after=behind, most=most)
        ]
        after = None
    behind = None if after is None else after[1:]
    without = unreachable(moment.store, moment.policy, moment.now, behind, most - len(rows)) if len(rows) < most else []
    return rows + [_Row((_NO_ADDRESS, each.cut_off_at, each.card_id), each.card_id, each.why) for each in without]


_REFUSED, _NO_ADDRESS = 0, 1


def _unknown(moment: _Moment, after: Key | None, most: int) -> list[_Row]:
    lines = unsettled(moment.store, (Fate.UNKNOWN,), after=after, most=most)
    return [_Row(line.key, line.card_id, f"may have gone out {moment.at(line.claimed_at)}") for line in lines]


def _waiting(moment: _Moment, after: Key | None, most: int) -> list[_Row]:
    lines = unsettled(moment.store, (Fate.WAITING,), after=after, most=most)
    return [_Row(line.key, line.card_id, _tried(line, moment)) for line in lines]


def _letters(moment: _Moment, after: Key | None, most: int) -> list[_Row]:
    lines = letters_in_hand(moment.store, after=after, most=most)
    return [_Row(line.key, line.card_id, _stands(line, moment)) for line in lines if line.card_id is not None]


def _stands(line: LetterLine, moment: _Moment) -> str:
    match line.fate:
        case Fate.WAITING:
            return f"waits, {_tried(line, moment)}"
        case Fate.REFUSED:
            return f"not sent: {line.said or 'no reason given'}"
    return f"may have gone out {moment.at(line.claimed_at)}"


def _tried(line: ReminderLine | LetterLine, moment: _Moment) -> str:
    return f"tried {wording.plural(line.tries, 'time')}, again {moment.at(line.next_try_at) or 'when somebody says so'}"


def _asked(moment: _Moment, after: Key | None, most: int) -> list[_Row]:
    """What waits for an approval."""
    return [
        _Row((each.at, each.id), each.card_id, f"asked for by {wording.shortened(each.by)} {moment.at(each.at)}")
        for each in waiting(moment.store, moment.now, _pair(after), most)
    ]


def _decided(moment: _Moment, after: Key | None, most: int) -> list[_Row]:
    """What was decided in the last days, or lapsed: for who watches over others all, else what they asked for."""
    by_id = None if _watches(moment.agent_id) else moment.agent_id
    return [
        _Row(settled_key(each), each.card_id, _decision(each, moment))
        for each in decided(moment.store, moment.now, moment.now - WEEK, _pair(after), most, by_id=by_id)
    ]


def _watches(agent_id: int) -> bool:
    role = Agent.select(Agent.role).where(Agent.id == agent_id).scalar()
    return role in set(Role) and role_refusal(Role(role), Action.WATCH) is None


def _decision(asked: Asked, moment: _Moment) -> str:
    by = f" by {wording.shortened(asked.decided_by)}" if asked.decided_by else ""
    at = moment.at(asked.decided_at or asked.lapses_at)
    return f"{asked.state(moment.now)}{by} {at}, asked for by {wording.shortened(asked.by)}"


def _escalated(moment: _Moment, after: Key | None, most: int) -> list[_Row]:
    lines = rows_of(moment.store.database, Which.OPEN, moment.agent_id, _pair(after), most)
    return [_Row(key_of(line, Which.OPEN), line.card_id, in_short(line, moment.now)) for line in lines]


def _answered(moment: _Moment, after: Key | None, most: int) -> list[_Row]:
    lines = rows_of(moment.store.database, Which.ANSWERED, moment.agent_id, _pair(after), most)
    return [_Row(key_of(line, Which.ANSWERED), line.card_id, f"{line.id}: {line.answer}") for line in lines]


def _pair(after: Key | None) -> tuple[Any, Any] | None:
    """A key of an instant and a number or a name, for lists that are read elsewhere."""
    return None if after is None else (after[0], after[1])


EXPIRING: Final = Worklist(
    "expiring", "Expiring this week", "the soonest to stop first", "No balance stops within the next 7 days."
)
EXPIRED: Final = Worklist(
    "expired", "Just expired", "the window that closes soonest first", "For no card is the window after expiry open."
)
INACTIVE: Final = Worklist(
    "inactive", "Not active yet", "the soonest to be valid first", "Every card is valid already."
)
UNREACHABLE: Final = Worklist(
    "unreachable",
    "Cannot be reminded",
    "refused addresses first, then the soonest to stop",
    "Everybody who is owed a reminder in the next 7 days can get it.",
)
UNKNOWN: Final = Worklist(
    "unknown",
    "Reminders that may have gone out or not",
    "the oldest first",
    "Of every reminder it is known what came of it.",
)
WAITING: Final = Worklist("waiting", "Reminders that wait for another try", "the oldest first", "No reminder waits.")
LETTERS: Final = Worklist(
    "letters", "E-mails that did not go, or nobody knows", "the oldest first", "Every e-mail has gone."
)
APPROVALS: Final = Worklist("approvals", "Waits for approval", "the oldest first", "Nothing waits for an approval.")
DECIDED: Final = Worklist(
    "decided",
    "Approvals decided this week",
    "the latest first",
    "No approval was decided about in the last 7 days.",
)

ESCALATED: Final = Worklist(
    "escalated", "With Payments Support", "the oldest first", "Nothing waits with Payments Support."
)
ANSWERED: Final = Worklist(
    "answered",
    "Answered to you by Payments Support",
    "the oldest answer first",
    "You have read every answer of Payments Support to you.",
)

_SOURCES: Final[Mapping[Worklist, _Source]] = {
    EXPIRING: _Cards(GiftCard.cut_off_at, _expiring),
    EXPIRED: _Cards(GiftCard.cut_off_at, _expired),
    INACTIVE: _Cards(GiftCard.active_from_at, _inactive),
    UNREACHABLE: _unreachable,
    UNKNOWN: _unknown,
    WAITING: _waiting,
    ESCALATED: _escalated,
    ANSWERED: _answered,
    LETTERS: _letters,
    APPROVALS: _asked,
    DECIDED: _decided,
}
WORKLISTS: Final = tuple(_SOURCES)
"""All lists, in the order in which they are shown."""


def worklist_named(name: str) -> Worklist:
    """The list of that name. Raises Refused when there is none."""
    for worklist in WORKLISTS:
        if worklist.name == name:
            return worklist
    raise Refused(f"There is no such worklist; there are {', '.join(each.name for each in WORKLISTS)}.")


def counts(store: Store, agent_id: int = 0) -> tuple[Counted, ...]:
    """All lists with how much is on them now, for an agent. Raises Fault for a broken store."""
    with faults(store.path), store.database.reading():
        moment = _Moment(store, store.now(), policy_in_force(store), agent_id)
        counted = [(each, len(read(moment, None, MOST + 1))) for each, read in _SOURCES.items()]
    return tuple(Counted(each, min(count, MOST), count > MOST) for each, count in counted)


def cards_on(
    store: Store, worklist: Worklist, after: Key | None = None, most: int = MOST, *, agent_id: int = 0
) -> Listed:
    """The cards on a list of an agent, at most so many, behind a line that an earlier answer named.

    Raises Fault for a broken store.
    """
    with faults(store.path), store.database.reading():
        moment = _Moment(store, store.now(), policy_in_force(store), agent_id)
        rows = _SOURCES[worklist](moment, after, most + 1)
        cards = {line.card_id: line for line in lines_of(store, [row.card_id for row in rows[:most]])}
    lines = [replace(cards[row.card_id], remark=row.remark) for row in rows[:most] if row.card_id in cards]
    return _listed(worklist, lines, rows[most - 1].key if len(rows) > most else None)


def _listed(worklist: Worklist, lines: list[CardLine], next_after: Key | None) -> Listed:
    counted, has_more = wording.plural(len(lines), "card"), next_after is not None
    shown = f"the first {counted} of more" if has_more else counted
    return Listed(
        "",
        tuple(lines),
        has_more=has_more,
        sentence=f"{worklist.title}: {shown}, {worklist.order}." if lines else worklist.nobody,
        worklist=worklist,
        next_after=next_after,
    )


def with_more(listed: Listed, more: Listed) -> Listed:
    """A list with its next page behind it."""
    assert listed.worklist is not None
    return replace(_listed(listed.worklist, [*listed.lines, *more.lines], more.next_after), text=listed.text)


def with_remark(found: Found, card_id: int | None, remark: str) -> Found:
    """A worklist on which something else is the matter with a card; one that stands on it twice is left as it is."""
    of_card = [line for line in found.lines if line.card_id == card_id]
    if not isinstance(found, Listed) or len(of_card) != 1 or of_card[0].remark is None:
        return found
    lines = (replace(line, remark=remark) if line.card_id == card_id else line for line in found.lines)
    return replace(found, lines=tuple(lines))


def is_same_list(one: Found, other: Found) -> bool:
    """Whether the second is the first once more: the same worklist, or the same cards with or without more behind."""
    if isinstance(one, Listed) and isinstance(other, Listed):
        return one.worklist == other.worklist
    return all(before.card_id == after.card_id for before, after in zip(one.lines, other.lines, strict=False))
