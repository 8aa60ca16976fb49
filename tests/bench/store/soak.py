"""A soak: many desks at work on one store for minutes, each a process of its own, while its truth is asked for.

    python3 tests/bench/store soak --desks 20 --minutes 10
    python3 tests/bench/store soak --desks 100 --minutes 10 --server
    python3 tests/bench/store soak --desks 100 --minutes 10 'postgresql://desk@/soak?host=/run/postgresql'

On a file, on a server of its own that waits for the disk, or in an empty database, as its owner. Each desk finds a card
by its code, opens it and writes what its sheet suggests, once in three seconds. Once a minute the expiry run comes by,
everything is verified, and the sums are compared. In the end whatever was told to be done must be stored, once and with
its money, and nothing else. The status is 1 when a goal was missed.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Final

from bench.store.clerks import KEY, Day, Post, arrive, work
from bench.store.figures import Column, Figure, at_most, markdown, p50, p95, p99
from postgres import private_server, why_absent

from models import desk
from models.agents import sign_on
from models.clock import FixedClock, Stopwatch, SystemClock, pause
from models.errors import Fault, Refused
from models.jobs.expire import expire
from models.jobs.verify import verify
from models.locations import Place, place_of
from models.rules.policy import Policy
from models.rules.roles import Role
from models.rules.validity import Period, ValidityRules
from models.store import Store, init_store, open_store
from models.unit import Session

WRITE_MS: Final = {"file": 250.0, "server": 100.0}
_GROWTH_PERCENT: Final = 10.0
_MINUTE: Final = 60.0
_MOST_TOLD: Final = 8
_CONNECTIONS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_SESSIONS: Final = "SELECT sessions FROM pg_stat_database WHERE datname = current_database()"
_SUMS: Final = "SELECT (SELECT SUM(balance_minor) FROM gift_card), (SELECT SUM(amount_minor) FROM activity)"
_STORED: Final = "SELECT key FROM intent WHERE key LIKE ?"
_SPENT: Final = "SELECT COALESCE(-SUM(amount_minor), 0) FROM activity WHERE kind = 'redemption'"
# Of twenty desks thirteen are agents', six supervisors', and one is that of Payments Support.
_ROLES: Final = (Role.AGENT,) * 13 + (Role.SUPERVISOR,) * 6 + (Role.PAYMENTS,)
_PRODUCTS: Final = {"half": ValidityRules(period=Period(6, "months")), "week": ValidityRules(period=Period(1, "weeks"))}


@dataclass(frozen=True, slots=True)
class Terms:
    """How many work on how many cards, how long and how fast."""

    desks: int
    seconds: float
    cards: int
    every: float = 3.0
    """Seconds from one write of a desk to its next, on average."""
    minute: float = _MINUTE
    """Seconds from one check to the next."""


@dataclass
class Watch:
    """What was seen of the store meanwhile."""

    minutes: int = 0
    wrong: list[str] = field(default_factory=list)
    connections: int = 0
    """The most at once."""
    connected: int = 0
    """How many were made."""
    disk: list[float] = field(default_factory=list)
    """Milliseconds that the disk alone took to keep a page, asked each second."""


def open_for_business(place: Place, terms: Terms) -> list[str]:
    """Make a desk with all its staff and cards, of which every third stopped last night; the codes."""
    bought_at = SystemClock().now() - timedelta(days=7, hours=3)
    # A few reactivations need a colleague, and none is too late or too many.
    policy = Policy(window_hours=72, approve_above={"GBP": 5_000}, warn_at=1_000, stop_at=1_000)
    store = init_store(place, is_sandbox=False, clock=FixedClock(bought_at), policy=policy)
    with store.database.connected():
        with store.database.writing():
            staff = {"mia": Role.MANAGER, "kit": Role.OPERATOR}
            for login, role in (staff | dict(_staff(terms))).items():
                sign_on(store, bought_at, login=login, name=login.title(), role=role)
        mia = Session(store, "mia")
        for code, rules in _PRODUCTS.items():
            assert desk.set_product(mia, code, rules=rules).done
        return [_code_of_a_new_card(mia, number) for number in range(terms.cards)]


def _staff(terms: Terms) -> Iterator[tuple[str, Role]]:
    for number in range(terms.desks):
        yield f"desk{number + 1}", _ROLES[number % len(_ROLES)]


def _code_of_a_new_card(mia: Session, number: int) -> str:
    product, amount_minor = ("half", "half", "week")[number % 3], (3_000, 4_000, 5_500)[number % 7 % 3]
    code = desk.issue(mia, product, amount_minor, order_ref=f"S{number}").hand_out
    assert code is not None
    return code


def soak(place: Place, terms: Terms, folder: Path) -> Column:
    """Make a desk, let them work at it, and tell what came of it."""
    codes = open_for_business(place, terms)
    watch, context = Watch(), get_context("fork")
    has_begun, is_over = context.Event(), context.Event()
    lines: list[Connection] = []
    for seed, (login, role) in enumerate(_staff(terms)):
        ours, theirs = context.Pipe(duplex=False)
        post = Post(place, folder, login, role, codes, terms.every, seed)
        context.Process(target=_be_there, args=(theirs, post, has_begun, is_over), daemon=True).start()
        theirs.close()
        lines.append(ours)
    for line in lines:
        assert line.recv(), "somebody did not come"
    has_begun.set()
    store = open_store(place)
    _look_after(store, terms, watch, folder / "page")
    is_over.set()
    days = [line.recv() for line in lines]
    look_back(store, days, watch)
    engine = "file" if isinstance(place, Path) else "server"
    return Column(f"{engine}, {terms.desks} desks", engine, terms.cards, tuple(_figures(engine, terms, days, watch)))


def _be_there(line: Connection, post: Post, has_begun: Event, is_over: Event) -> None:
    """Come, wait for all others, and work until it is over."""
    session = arrive(post)
    line.send(post.login)
    has_begun.wait()
    line.send(work(session, post, is_over))


def _look_after(store: Store, terms: Terms, watch: Watch, page: Path) -> None:
    """Count connections and ask the disk each second, and check everything each minute, until the time is over."""
    stopwatch, sessions = Stopwatch(), _sessions(store)
    while (gone := stopwatch.seconds()) < terms.seconds:
        pause(min(1.0, terms.seconds - gone))
        watch.connections = max(watch.connections, _connections(store))
        watch.disk.append(_kept(page))
        if stopwatch.seconds() >= (watch.minutes + 1) * terms.minute:
            watch.minutes += 1
            print(f"  minute {watch.minutes}: {_check(store, watch)}", file=sys.stderr, flush=True)
    watch.connected = _sessions(store) - sessions


def _kept(page: Path) -> float:
    """Milliseconds until a page is on the disk."""
    stopwatch = Stopwatch()
    with page.open("wb") as file:
        file.write(os.urandom(4096))
        file.flush()
        os.fsync(file.fileno())
    return stopwatch.seconds() * 1000


def _connections(store: Store) -> int:
    return 0 if isinstance(store.path, Path) else _asked(store, _CONNECTIONS)[0]


def _sessions(store: Store) -> int:
    return 0 if isinstance(store.path, Path) else _asked(store, _SESSIONS)[0]


def _asked(store: Store, sql: str) -> Sequence[int]:
    with store.database.connected():
        row: Sequence[int] = store.database.execute_sql(sql).fetchone()
    return row


def _check(store: Store, watch: Watch) -> str:
    """Let the expiry run come by and verify everything; what was seen, in a line."""
    try:
        broken = expire(Session(store, "kit"), is_sure=True).cards
        report = verify(store)
        wrong = [f"{finding.subject}: {finding.what}" for finding in report.findings]
        balances, moved = _asked(store, _SUMS)
    except (Fault, Refused) as fault:
        watch.wrong.append(str(fault))
        return str(fault)
    if balances != moved:
        wrong.append(f"the balances are {balances}, and what moved them is {moved}")
    watch.wrong += wrong
    seen = f"{report.cards} cards, {report.activities} activities, {broken} balances broken"
    return f"{seen}, {len(wrong)} wrong, {watch.connections} connections at most"


def look_back(store: Store, days: Sequence[Day], watch: Watch) -> None:
    """Compare what everybody was told with what is stored; say what was done, refused and wrong."""
    print(f"  in the end: {_check(store, watch)}", file=sys.stderr, flush=True)
    told = [intent for day in days for intent in day.intents]
    with store.database.connected():
        stored = {key for (key,) in store.database.execute_sql(_STORED, (f"{KEY}%",))}
    watch.wrong += [f"{intent} was told to be done, or done, and not both" for intent in stored ^ set(told)]
    (spent,) = _asked(store, _SPENT)
    if spent != (sum_told := sum(day.spent_minor for day in days)):
        watch.wrong.append(f"{spent} is spent, and {sum_told} was told to be")
    _say(days, watch)


def _say(days: Sequence[Day], watch: Watch) -> None:
    """What was done and refused, and the first things that were wrong, for whoever looks closer."""
    done, refused = Counter[str](), Counter[str]()
    for day in days:
        done.update(day.done)
        refused.update({reason[:60]: often for reason, often in day.refused.items()})
    lines = [f"done: {', '.join(f'{what} {often:,}' for what, often in done.most_common())}"]
    lines += [f"refused {often} times: {reason}" for reason, often in refused.most_common(_MOST_TOLD)]
    lines += [
        f"WRONG: {each}" for each in [*chain.from_iterable(day.errors for day in days), *watch.wrong][:_MOST_TOLD]
    ]
    for line in lines:
        print(f"  {line}", file=sys.stderr, flush=True)


def _figures(engine: str, terms: Terms, days: Sequence[Day], watch: Watch) -> Iterator[Figure]:
    look_ups, sheets, writes = ([*chain.from_iterable(of(day) for day in days)] for of in _TIMES)
    yield Figure("minutes", "", terms.seconds / _MINUTE, "")
    yield Figure("writes done", "", sum(len(day.intents) for day in days), "")
    yield Figure("wishes refused, for a reason", "", sum(day.refused.total() for day in days), "")
    yield at_most("errors", sum(len(day.errors) for day in days), 0)
    yield at_most("wrong at the check of a minute, or in the end", len(watch.wrong), 0)
    yield Figure("look for a code, median and p95", "ms", p95(look_ups), "", median=p50(look_ups))
    yield Figure("sheet, median and p95", "ms", p95(sheets), "", median=p50(sheets))
    goal = WRITE_MS[engine]
    is_met = p95(writes) <= goal
    yield Figure("write, median and p95", "ms", p95(writes), f"{goal:g} ms", is_met, median=p50(writes))
    yield Figure("write, p99 and longest", "ms", max(writes, default=0), "", median=p99(writes))
    yield Figure("page kept by the disk alone, median and p95", "ms", p95(watch.disk), "", median=p50(watch.disk))
    yield Figure("page kept by the disk alone, p99 and longest", "ms", max(watch.disk), "", median=p99(watch.disk))
    yield at_most("memory that a desk grew by, at most", max(map(_growth, days)), _GROWTH_PERCENT, "%")
    yield Figure("memory of a desk in the end, at most", "MB", max(day.megabytes[-1] for day in days), "")
    if engine == "server":
        yield Figure("connections at once, at most", "", watch.connections, "")
        yield Figure("connections made", "/s", watch.connected / terms.seconds, "")


_TIMES: Final[Sequence[Callable[[Day], list[float]]]] = (
    lambda day: day.look_ups,
    lambda day: day.sheets,
    lambda day: day.writes,
)


def _growth(day: Day) -> float:
    """By how many percent a desk's memory grew from the end of the first tenth on."""
    settled = day.megabytes[len(day.megabytes) // 10]
    return (day.megabytes[-1] / settled - 1) * 100


def main(arguments: Sequence[str]) -> None:
    """Soak what the command line names, and print the table."""
    asked = _parser().parse_args(arguments)
    terms = Terms(asked.desks, asked.minutes * _MINUTE, asked.cards or asked.desks * 10, asked.every)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder, ExitStack() as server:
        place: Place = Path(folder) / "soak.db"
        if asked.server:
            if absent := why_absent():
                raise SystemExit(absent)
            running = server.enter_context(private_server(is_safe=True))
            place = running.place(running.new_database())
        elif asked.place:
            place = place_of(asked.place)
        os.environ["GIFTDESK_KEY"] = f"{folder}/soak.key"
        column = soak(place, terms, Path(folder))
    print(markdown([column]))
    if not all(figure.is_met for figure in column.figures):
        raise SystemExit(1)


def _parser() -> argparse.ArgumentParser:
    about, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        prog="python3 tests/bench/store soak",
        description=about,
        epilog=rest,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("place", nargs="?", help="an empty database: postgresql://user@host/name (default: a file)")
    add("--server", action="store_true", help="on a server of its own")
    add("--desks", type=int, default=20, help="how many work at once (default: 20)")
    add("--minutes", type=float, default=10, help="how long (default: 10)")
    add("--cards", type=int, help="on how many cards (default: ten for each desk)")
    add("--every", type=float, default=3, help="seconds from one write of a desk to its next (default: 3)")
    add("--folder", type=Path, help="where files lie; to be on a disk")
    return parser
