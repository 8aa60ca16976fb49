"""A desk whose process is killed in the middle of its work: what it did, and what it was told of it."""

import json
import os
import random
import select
import signal
import time
import traceback
from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from store.counter import NOON, Counter, copy_desk, plain_sql

from models import desk
from models.clock import FixedClock
from models.database import FileDatabase
from models.engine import DeskDatabase
from models.jobs.expire import expire
from models.locations import Place
from models.store import open_store
from models.unit import Outcome, Session

_STATEMENT_BEGINS = 1
_STATEMENT_ENDED = 2
_LIN = desk.PersonGiven("Lin", "lin@example.org")


@dataclass(frozen=True)
class Wish:
    """One call that can be made again, in this process or another."""

    action: str
    arguments: tuple[Any, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    key: str = ""

    def make(self, session: Session) -> Outcome | None:
        """Call the desk; None for the run, which has no outcome."""
        if self.action == "expire":
            expire(session)
            return None
        deed: Callable[..., Outcome] = getattr(desk, self.action)
        return deed(session, *self.arguments, **self.options, intent=self.key)


def any_wish(dice: random.Random, key: str) -> Wish:
    """A random wish about one of the first three cards of the desk."""
    card = dice.randint(1, 3)
    wishes = [
        Wish("issue", ("half", 5000)),
        Wish("top_up", (card, 700)),
        Wish("redeem", (card, 300), {"order_ref": "A-1", "email": _LIN.email}),
        Wish("restrict", (card, dice.choice((_LIN, None)), "a prize")),
        Wish("refund", (card, 100), {"of_number": 2}),
        Wish("suspend", (card, "stolen")),
        Wish("lift", (card, "found")),
        Wish("reactivate", (card,), {"reason": "found"}),
        Wish("raise_flag", (card, "doubt")),
        Wish("clear_flag", (card, "settled")),
        Wish("note", (card, "called")),
        Wish("escalate", (card, desk.Escalation.STILL_FAILS, "fails")),
        Wish("extend", (card, (NOON + timedelta(days=dice.randint(100, 900))).date(), "was ill")),
        Wish("transfer", (card, card % 3 + 1, 400), {"reason": "wrong card"}),
        Wish("replace", (card, "lost")),
        Wish("adjust", (1, dice.choice((300, -300)), "E1-3", "till was down")),
        Wish("cancel", (3, "order returned")),
        Wish("expire"),
    ]
    chosen = dice.choice(wishes)
    return Wish(chosen.action, chosen.arguments, chosen.options, key)


@dataclass(frozen=True)
class Doom:
    """When the process dies: at a statement, as it begins or as it has ended, or after so many seconds."""

    statement: int | None = None
    event: int = _STATEMENT_BEGINS
    seconds: float = 0.0


def any_doom(dice: random.Random) -> Doom:
    """Two in three die at a statement, the others at any instant."""
    if dice.random() < 2 / 3:
        return Doom(dice.randint(1, 90), dice.choice((_STATEMENT_BEGINS, _STATEMENT_ENDED)))
    return Doom(seconds=dice.uniform(0.0, 0.06))


@dataclass
class Remains:
    """What the dead process had begun and what it had been told."""

    begun: list[int] = field(default_factory=list)
    told: dict[int, tuple[bool, str, dict[str, Any]] | None] = field(default_factory=dict)
    """Number of a wish -> done, sentence and facts; None for the run."""


def work_until_killed(path: Place, seed: int, doom: Doom) -> Remains:
    """Let a child process work at the desk until its doom; what it left behind on a pipe. Nothing of it goes on."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            _work(path, seed, doom, writing)
        except BaseException:
            os.write(writing, _line("crashed", 0, traceback.format_exc()))
        finally:
            os._exit(1)
    os.close(writing)
    if doom.statement is None:
        _wait_for_first_line(reading)
        time.sleep(doom.seconds)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, encoding="ascii") as lines:
        remains = _read(lines.read())
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child ended by itself"
    assert os.WTERMSIG(status) == signal.SIGKILL
    if not isinstance(path, Path):
        _wait_for_server(path)
    return remains


def _wait_for_server(place: Place) -> None:
    """The server ends what the dead had told it to do, be it to save, before it notices that they are gone."""
    asked = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with plain_sql(place) as sql:
        while sql.execute(asked).fetchone():
            sql.commit()
            time.sleep(0.002)


def _wait_for_first_line(reading: int) -> None:
    select.select([reading], [], [], 10)


def _read(lines: str) -> Remains:
    remains = Remains()
    for line in lines.splitlines(keepends=True):
        if line.endswith("\n"):
            word, number, told = json.loads(line)
            assert word != "crashed", told
            if word == "begun":
                remains.begun.append(number)
            else:
                remains.told[number] = None if told is None else tuple(told)
    return remains


def wishes_of(seed: int) -> Callable[[int], Wish]:
    """The wishes of a seed, by number, without end."""
    return lambda number: any_wish(random.Random(seed * 100_003 + number), f"{seed}-{number}")


def _work(path: Place, seed: int, doom: Doom, writing: int) -> None:
    clock = FixedClock(NOON)
    store = open_store(path, clock)
    if doom.statement is not None:
        arm(store.database, doom)
    session, wish = Session(store, "mia"), wishes_of(seed)
    number = 0
    while True:
        clock.tick(timedelta(days=2, hours=number % 5))
        number += 1
        os.write(writing, _line("begun", number, None))
        told = wish(number).make(session)
        facts = None if told is None else (told.done, told.sentence, dict(told.facts))
        os.write(writing, _line("told", number, facts))


def _line(word: str, number: int, told: object) -> bytes:
    return (json.dumps([word, number, told]) + "\n").encode()


def arm(database: DeskDatabase, doom: Doom) -> None:
    """Have this process die at that statement."""
    statements = 0

    def count(*_event: object) -> None:
        nonlocal statements
        statements += 1
        if statements == doom.statement:
            os.kill(os.getpid(), signal.SIGKILL)

    if isinstance(database, FileDatabase):
        database.trace(count, mask=doom.event, expand_sql=False)
    else:
        _count_at_the_driver(count, doom.event)


def _count_at_the_driver(count: Callable[[], None], event: int) -> None:
    """Count as each statement is sent to a server, or answered, for as long as this process lives."""
    import psycopg

    def counted(method: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*arguments: Any, **options: Any) -> Any:
            if event == _STATEMENT_BEGINS:
                count()
            answer = method(*arguments, **options)
            if event == _STATEMENT_ENDED:
                count()
            return answer

        return counting

    for name in ("execute", "executemany", "copy"):
        setattr(psycopg.Cursor, name, counted(getattr(psycopg.Cursor, name)))


def is_killed_at(path: Path, wish: Callable[[Session], Outcome], statement: int) -> bool:
    """Let a child process wish as Mia, and die as that statement begins; whether it lived to see it."""
    child = os.fork()
    if child == 0:
        try:
            store = open_store(path, FixedClock(NOON))
            arm(store.database, Doom(statement))
            wish(Session(store, "mia"))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def kill_at_every(
    original: Path,
    folder: Path,
    wish: Callable[[Session], Outcome],
    statements: range,
    look: Callable[[Counter], None] = lambda _survivor: None,
) -> None:
    """Kill Mia's wish at statement after statement until it outlives them; made again each time, it is done once."""
    for statement in statements:
        own = folder / str(statement)
        own.mkdir()
        path = copy_desk(original, own)
        if not is_killed_at(path, wish, statement):
            assert statement > 10
            return
        survivor = Counter(open_store(path, FixedClock(NOON)), FixedClock(NOON))
        look(survivor)
        assert not survivor.findings()
        again = wish(survivor.mia)
        assert (again.done, again.repeated) == (True, False)
        assert not survivor.findings()
    raise AssertionError("the wish has more statements than were tried")


def fates_at(kill_at: Callable[[int], str], points: int) -> Tally[str]:
    """Kill at so many points, or at the one that is asked for, each named by its seed; how often what came of it."""
    chosen = os.environ.get("GIFTDESK_KILL_SEED")
    first = random.randrange(10**9)
    fates: Tally[str] = Tally()
    for seed in [int(chosen)] if chosen else range(first, first + points):
        try:
            fates[kill_at(seed)] += 1
        except AssertionError as broken:
            raise AssertionError(f"killed with GIFTDESK_KILL_SEED={seed}: {broken}") from broken
    return fates
