"""The unit of work: every write is one transaction, judged under the lock, carried out once per intent."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from models import pending
from models.agents import Colleague, colleague, look_up
from models.chain import request_digest
from models.clock import Stopwatch, pause
from models.engine import PATIENCE_SECONDS, SHARED, wish
from models.errors import Collision, Fault, Mendable, OutcomeUnknown, Overtaken, OwnCard, Refused, faults
from models.fields import canonical_json
from models.hand import Hand
from models.rules.errors import BadText, RuleError
from models.rules.journal import BrokenJournal
from models.rules.policy import Policy
from models.rules.roles import Action, Actor, role_refusal
from models.rules.texts import check_line
from models.schema import Intent
from models.session import Opened
from models.session import Session as Session
from models.store import CLOCK_SLACK, Store, policy_in_force

T = TypeVar("T")
_LONGEST_INTENT: Final = 200
_MOST_COLLISIONS: Final = 5
_ASK_AGAIN_SECONDS: Final = 0.5
_LOST_ANSWER: Final = "The answer to the last change was lost. Open the card again to see whether it was made."

# What these write belongs to the card, or to the case, that they lock; everything else waits for everything else.
_ON_ONE_CARD: Final = frozenset(
    {
        Action.TOP_UP,
        Action.REDEEM,
        Action.REFUND,
        Action.SUSPEND,
        Action.LIFT,
        Action.RAISE_FLAG,
        Action.CLEAR_FLAG,
        Action.NOTE,
        Action.REACTIVATE,
        Action.APPROVE,
        Action.EXPIRE,
        Action.REMIND,
        Action.SETTLE_REMINDER,
        Action.HANDLE_CASE,
        Action.BULK,
    }
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a wish to change something: done, or refused with the reason."""

    done: bool
    sentence: str
    """What happened, or why nothing did."""
    card_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Structured results, JSON values."""
    repeated: bool = False
    """The same wish had been carried out before; this is what came of it then."""
    hand_out: str | None = None
    """Text for the agent that is kept nowhere: a full code, shown this once, or a packet to hand over."""
    changes: tuple[str, ...] = ()
    """When refused: what changed on the card since it was opened, kept nowhere."""
    is_mendable: bool = False
    """When refused: for what was given, not for who asks or how things stand."""


@dataclass
class Unit:
    """What the work inside one transaction needs. The instant was read after the lock was held."""

    store: Store
    agent: Colleague
    now: datetime
    policy: Policy
    intent: str | None
    """None for the batches of a job."""
    opened: Opened | None = None
    """What the session's dialog showed."""

    @property
    def actor(self) -> Actor:
        """The agent as the rules see one."""
        return self.agent.actor

    @property
    def hand(self) -> Hand:
        """The agent's hand: what activities and audit rows of this unit are put down to."""
        return Hand(self.store.keys, self.store.business, self.now, self.agent.id, self.agent.name, self.intent)

    def has_waited(self) -> None:
        """Take the time again after locking a card: on a server others may have been waited for."""
        if self.store.database.for_update:
            self.now = self.store.now()


def new_intent() -> str:
    """A fresh idempotency key, minted when a wish begins: when a dialog opens, or a command starts."""
    return uuid.uuid4().hex


def perform(
    session: Session,
    action: Action,
    intent: str | None,
    request: Mapping[str, Any],
    work: Callable[[Unit], Outcome],
    *,
    is_awaited: bool = True,
) -> Outcome:
    """Carry out a wish once: one transaction, or nothing at all.

    The same intent with the same request returns the first outcome; with another request it is refused. What came of
    one that nobody waits for is not told at the next start, when it was cut off.
    Raises Fault when the store is broken, saying whether anything was changed.
    """
    try:
        key = new_intent() if intent is None else check_line(intent, "idempotency key", _LONGEST_INTENT)
    except BadText as refused:
        return Outcome(False, str(refused))
    digest = request_digest(session.store.keys, canonical_json([action, dict(request)]))
    with pending.noted(session.store.path, key, action) if is_awaited else nullcontext():
        return retried(lambda: _carried_out(session, action, key, digest, work))


def retried(work: Callable[[], T]) -> T:
    """What comes of work that is done again where others got in its way and it was undone: so and so often, and not
    for longer than a write has patience."""
    tried = Stopwatch()
    for attempt in range(_MOST_COLLISIONS):
        try:
            return work()
        except Collision:
            if tried.seconds() > PATIENCE_SECONDS:
                raise
        pause(random.uniform(0, 0.01 * 2**attempt))
    return work()


def written(store: Store, work: Callable[[], T], aftermath: str = "Nothing was changed.") -> T:
    """What comes of work that is no wish, in one transaction; done again like one. Raises Fault, which the aftermath
    ends."""

    def once() -> T:
        with faults(store.path, aftermath), store.database.writing():
            return work()

    return retried(once)


def _carried_out(session: Session, action: Action, key: str, digest: bytes, work: Callable[[Unit], Outcome]) -> Outcome:
    is_complete = False
    try:
        with faults(session.store.path), session.store.database.writing():
            outcome = _once(session, action, key, digest, work)
            is_complete = True
    except Overtaken as overtaken:
        return Outcome(False, str(overtaken), changes=overtaken.changes)
    except OwnCard as own:
        notice_own_card(session, action, own.card_id)
        return Outcome(False, str(own))
    except (Refused, RuleError) as refused:
        return Outcome(False, str(refused), is_mendable=isinstance(refused, Mendable | RuleError))
    except BrokenJournal as broken:
        from models.logs import write_fault

        write_fault(broken)
        raise Fault(
            f"This would not add up ({broken}), so nothing was changed. Hand the card over to Payments Support."
        ) from broken
    except Fault as fault:
        if not is_complete:
            raise
        return _ask_after(session, key, digest, fault, outcome)
    return outcome


def notice_own_card(session: Session, action: Action, card_id: int) -> None:
    """Record, apart from what was undone, that somebody tried to favour themselves; a failure changes no answer."""
    from models.noticing import note_own_card

    with suppress(Fault, Refused), faults(session.store.path), session.store.database.writing():
        note_own_card(begin(session, None).hand, action, card_id)


def _once(session: Session, action: Action, key: str, digest: bytes, work: Callable[[Unit], Outcome]) -> Outcome:
    unit = begin(session, action, key)
    earlier = _earlier(key, digest)
    if earlier is not None:
        session.store.database.vouch()
        return earlier
    outcome = work(unit)
    Intent.insert(
        key=key,
        action=action,
        request_digest=digest,
        result={"sentence": outcome.sentence, "card_id": outcome.card_id, "facts": dict(outcome.facts)},
        recorded_at=unit.now,
        actor_id=unit.agent.id,
    ).execute()
    return outcome


def begin_reading(session: Session, action: Action | None) -> Unit:
    """The unit of a look that changes nothing, for a dry run. Raises Refused like begin."""
    agent = look_up(session)
    refused = None if action is None else role_refusal(agent.role, action)
    if refused is not None:
        raise Refused(refused)
    return Unit(session.store, agent, session.store.now(), policy_in_force(session.store), None)


def begin(session: Session, action: Action | None, key: str | None = None) -> Unit:
    """The unit of a transaction that holds the lock: the agent's role and the time, read again now.

    Without an action it is for everybody who works at the desk. Raises Refused when the role may not do the action,
    or the clock can't be believed.
    """
    held = [wish(key)] if key is not None else []
    session.store.database.hold(*held, *([] if action in _ON_ONE_CARD else [SHARED]))
    now = instant(session.store)
    agent = colleague(session, now)
    refused = None if action is None else role_refusal(agent.role, action)
    if refused is not None:
        raise Refused(refused)
    return Unit(session.store, agent, now, policy_in_force(session.store), key, session.opened)


def _earlier(key: str, digest: bytes) -> Outcome | None:
    row = Intent.get_or_none(Intent.key == key)
    if row is None:
        return None
    if bytes(row.request_digest) != digest:
        raise Refused("This idempotency key was used before, for something else. Nothing was changed.")
    result = row.result
    return Outcome(True, result["sentence"], result["card_id"], result["facts"], repeated=True)


def instant(store: Store) -> datetime:
    """The instant of a transaction, UTC, kept as the last record's: never before it. Raises Refused when the clock
    runs behind."""
    behind = store.how_far_behind()
    if behind > CLOCK_SLACK:
        from models.rules import wording

        raise Refused(
            f"This computer's clock is {wording.span(behind)} behind the last record. Set it right and try again; "
            f"nothing was changed."
        )
    now = store.now()
    store.database.reach(now)
    return now


def _ask_after(session: Session, key: str, digest: bytes, fault: Fault, made: Outcome) -> Outcome:
    """After a failed commit: was it carried out all the same? Asked by the intent, never tried again blindly."""

    def ask() -> Outcome | None:
        session.store.database.hold(wish(key))
        return _earlier(key, digest)

    if ask_after(session.store, ask, _LOST_ANSWER) is None:
        raise fault
    return made


def ask_after(store: Store, ask: Callable[[], T], unknown: str) -> T:
    """The answer to a question about a change whose own answer was lost, asked within a transaction.

    Where another server may take the place of the one that was lost, that is waited for. Raises OutcomeUnknown, with
    this sentence, when nobody can be asked.
    """
    asked = Stopwatch()
    while True:
        try:
            with faults(store.path), store.database.vouching():
                return ask()
        except Fault as fault:
            if asked.seconds() >= store.database.asked_seconds:
                raise OutcomeUnknown(unknown) from fault
        pause(_ASK_AGAIN_SECONDS)
