"""One desk among many: a process that asks of the store what an agent's app does, turn after turn, and times it.

A turn is a look for a code, a look at the card's sheet, and the one write that the sheet suggests. Between two things
that it asks a desk keeps no connection of its own, as the app does not.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, Final

from models import desk
from models.agents import at_work
from models.locations import Place
from models.lookups import look_up
from models.rules.diagnosis import Verdict
from models.rules.roles import MAY, Action, Role
from models.rules.status import Status
from models.sheets import CardSheet, card_sheet
from models.store import open_store
from models.unit import Outcome, Session, new_intent

KEY: Final = "soak-"
"""How the intents of all these desks begin."""
_MOST_SPENT: Final = 150
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Post:
    """Where somebody works, as whom, on which cards, and how fast."""

    place: Place
    folder: Path
    """For what the desk notes of its own."""
    login: str
    role: Role
    codes: Sequence[str]
    every: float
    """Seconds from one write to the next, on average."""
    seed: int


@dataclass
class Day:
    """What one desk did. Times are milliseconds."""

    look_ups: list[float] = field(default_factory=list)
    sheets: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    """What was done how often."""
    intents: list[str] = field(default_factory=list)
    """Of whatever was told to be done."""
    spent_minor: int = 0
    """What was redeemed, as it was told."""
    refused: Counter[str] = field(default_factory=Counter)
    """The reasons that were told."""
    errors: list[str] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    """The memory of the process after each turn."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One write: what it is to the desk, and how it is asked for with an intent."""

    action: Action
    ask: Callable[[Session, str], Outcome]
    spends_minor: int = 0


def arrive(post: Post) -> Session:
    """Open the desk, which asks it everything that must be so, and look at who works there."""
    os.environ["XDG_STATE_HOME"] = str(post.folder / post.login)
    session = Session(open_store(post.place), post.login)
    at_work(session)
    return session


def work(session: Session, post: Post, is_over: Event) -> Day:
    """Turn after turn until it is over. Nothing that goes wrong ends it; everything that does is told."""
    chance, day = random.Random(post.seed), Day()
    is_over.wait(chance.uniform(0, post.every))
    while not is_over.is_set():
        started = time.perf_counter()
        try:
            _turn(session, post, chance, day)
        except Exception as error:
            day.errors.append(f"{type(error).__name__}: {error}")
        day.megabytes.append(int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 1e6)
        is_over.wait(max(started + post.every * chance.uniform(0.5, 1.5) - time.perf_counter(), 0))
    return day


def _turn(session: Session, post: Post, chance: random.Random, day: Day) -> None:
    with _timed(day.look_ups):
        found = look_up(session, chance.choice(post.codes))
    with _timed(day.sheets):
        sheet = card_sheet(session, found.lines[0].card_id)
    time.sleep(chance.uniform(0, post.every / 4))  # whoever sits there reads what they are about to confirm
    wish, intent = _suggested(sheet, post.role, chance), f"{KEY}{new_intent()}"
    with _timed(day.writes):
        outcome = wish.ask(session.having_opened(sheet.opened_for(wish.action)), intent)
    if outcome.done:
        day.done[wish.action] += 1
        day.intents.append(intent)
        day.spent_minor += wish.spends_minor
    else:
        day.refused[outcome.sentence] += 1
    at_work(session)


@contextmanager
def _timed(taken: list[float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    taken.append((time.perf_counter() - started) * 1000)


def _suggested(sheet: CardSheet, role: Role, chance: random.Random) -> Wish:
    """What the verdict asks for, if whoever sits there may do it; else one of what happens to cards all day."""
    may = MAY[role]
    called_for = next((wish for wish in _called_for(sheet) if wish.action in may), None)
    if called_for is not None:
        return called_for
    usual = [(wish, often) for wish, often in _usual(sheet, chance) if wish.action in may]
    wishes, weights = zip(*usual, strict=True)
    chosen: Wish = chance.choices(wishes, weights)[0]
    return chosen


def _called_for(sheet: CardSheet) -> Iterator[Wish]:
    card, verdict = sheet.card_id, sheet.diagnosis.verdict
    if sheet.waiting is not None and sheet.waiting.by_id != sheet.agent.id and sheet.why_nothing_to_approve is None:
        yield _wish(Action.APPROVE, desk.approve, sheet.waiting.id)
    if verdict in (Verdict.REINSTATE, Verdict.LIFT) and sheet.waiting is None:
        yield _wish(Action.REACTIVATE, desk.reactivate, card, reason="asked by phone", note="called back")
    if verdict is Verdict.REVIEW:
        yield _wish(Action.CLEAR_FLAG, desk.clear_flag, card, "settled", number=sheet.flags[0].number)
    if sheet.escalation is not None:
        yield _wish(Action.CLOSE_ESCALATION, desk.close_escalation, sheet.escalation, desk.Answer.NOTHING_WRONG)


def _usual(sheet: CardSheet, chance: random.Random) -> Iterator[tuple[Wish, int]]:
    """What else may happen to a card, and how often."""
    card, lin = sheet.card_id, desk.PersonGiven("Lin Wu", f"lin{chance.randrange(500)}@example.org")
    yield _wish(Action.NOTE, desk.note, card, "The customer called again."), 30
    yield _wish(Action.RAISE_FLAG, desk.raise_flag, card, "voice does not match"), 5
    yield _wish(Action.REGISTER, desk.register, card, lin), 4
    yield _wish(Action.SUSPEND, desk.suspend, card, "chargeback"), 15
    yield _wish(Action.TOP_UP, desk.top_up, card, chance.randrange(100, 500)), 15
    if sheet.escalation is None:
        yield _wish(Action.ESCALATE, desk.escalate, card, desk.Escalation.STILL_FAILS, "fails at the till"), 5
    if sheet.status is Status.ACTIVE and sheet.balance_minor:
        spent = chance.randint(1, min(sheet.balance_minor, _MOST_SPENT))
        yield _wish(Action.REDEEM, desk.redeem, card, spent, spends_minor=spent), 40


def _wish(action: Action, deed: Callable[..., Outcome], *given: Any, spends_minor: int = 0, **named: Any) -> Wish:
    def ask(session: Session, intent: str) -> Outcome:
        return deed(session, *given, intent=intent, **named)

    return Wish(action, ask, spends_minor)
