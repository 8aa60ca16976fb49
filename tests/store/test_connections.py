"""How many connections desks hold on a server, and how long one of them may keep it waiting.

Behind pgbouncer, where that is installed:

    pytest tests/store/test_connections.py -m slow
"""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from postgres import CLERK, PrivateServer, somebody_else
from store import readied, wishes
from store.counter import Counter, plain_sql
from store.crew import SIZE, Crew, Job

from models import desk
from models.clock import pause
from models.errors import Fault, faults
from models.jobs.exporting import export_json_lines
from models.jobs.migrate import bring_up_to_date
from models.jobs.verify import verify
from models.locations import Place, Server, database_path
from models.lookups import look_up
from models.sheets import card_sheet

if TYPE_CHECKING:
    from models.server.database import ServerDatabase

ENGINES = ("server",)
_MOST_LOOKS = 500


def held(server: PrivateServer, place: Place) -> int:
    """How many connections giftdesk has to a desk."""
    assert isinstance(place, Server)
    with server.connection() as sql:
        (count,) = sql.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name = 'giftdesk'", (place.name,)
        ).fetchone()
    return int(count)


def held_soon(server: PrivateServer, place: Place) -> int:
    """The same, once the server has noticed what was hung up."""
    for _ in range(_MOST_LOOKS):
        if not held(server, place):
            return 0
        pause(0.01)
    return held(server, place)


def test_a_desk_holds_no_connection_while_nobody_waits_for_it(
    counter: Counter, server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred desks that look at a card hold none: a deed has one at a time, and closes it at its end."""
    place, card, database = counter.store.path, counter.issued(), counter.store.database
    opened: list[Any] = []

    def connect(database: object) -> object:
        assert all(each.closed for each in opened)
        opened.append(before(database))
        return opened[-1]

    before = type(database)._connect  # type: ignore[attr-defined]
    monkeypatch.setattr(type(database), "_connect", connect)
    for work in (
        lambda: look_up(counter.sam, "GIFT 7777 1234"),
        lambda: card_sheet(counter.sam, card),
        lambda: desk.note(counter.sam, card, "called"),
        lambda: verify(counter.store),
    ):
        opened.clear()
        work()
        assert opened
        assert all(each.closed for each in opened)
    assert held_soon(server, place) == 0


def test_what_failed_leaves_no_connection_behind(counter: Counter, server: PrivateServer) -> None:
    """A refusal, an error of the server in the midst of a transaction, a deed that is broken off."""
    place, card = counter.store.path, counter.issued()
    database = counter.store.database
    assert not desk.redeem(counter.sam, card, 999_999).done
    with pytest.raises(Fault), faults(place), database.writing():
        database.execute_sql("SELECT 1 / 0")
    with pytest.raises(KeyboardInterrupt), database.writing():
        raise KeyboardInterrupt
    assert held_soon(server, place) == 0


# How long is waited, and for what.


Shorten = Callable[[str, str], AbstractContextManager[None]]


@pytest.fixture
def shortened(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Shorten:  # noqa: ARG001
    """Connections that are opened meanwhile have a limit that is much shorter: shortened("'15s'", "'150ms'")."""
    from models.server import connection

    @contextmanager
    def within(long: str, short: str) -> Iterator[None]:
        assert connection._SETTINGS.count(long) == 1
        with monkeypatch.context() as patch:
            patch.setattr(connection, "_SETTINGS", connection._SETTINGS.replace(long, short))
            yield

    return within


@pytest.mark.parametrize("how", ["reading", "writing"])
def test_no_question_of_daily_work_takes_the_server_longer_than_fifteen_seconds(
    counter: Counter, shortened: Shorten, how: str
) -> None:
    """Somebody waits for the answer; the server gives up, says so, and the desk is told in a sentence."""
    database = counter.store.database
    stopped = pytest.raises(Fault, match=r"took too long over this and was told to stop\. Try again\.")
    with shortened("'15s'", "'100ms'"), stopped, faults(counter.store.path), getattr(database, how)():
        database.execute_sql("SELECT pg_sleep(9)")


def test_nobody_is_waited_for_longer_than_three_seconds(counter: Counter, shortened: Shorten) -> None:
    """A card that another desk holds, and what cards share."""
    card = counter.issued()
    with plain_sql(counter.store.path) as other, shortened("'3s'", "'100ms'"):
        other.execute("SELECT id FROM gift_card WHERE id = ? FOR UPDATE", (card,))
        with pytest.raises(Fault, match="Another desk is saving and did not finish in time"):
            desk.note(counter.mia, card, "hello")
    assert counter.kinds(card) == ["issue"]


def test_a_desk_that_stops_in_the_midst_lets_others_go_on_after_ten_seconds(
    counter: Counter, shortened: Shorten
) -> None:
    """Its computer sleeps with a card in hand: the server undoes what it began, and frees the card."""
    card = counter.issued()

    def sleep_with_it_in_hand() -> None:
        database = counter.store.database
        with faults(counter.store.path), database.writing():
            database.execute_sql("UPDATE gift_card SET balance_minor = 1 WHERE id = ?", (card,))
            pause(0.3)
            database.execute_sql("SELECT 1")

    with shortened("'10s'", "'100ms'"), pytest.raises(Fault, match="The server gave up waiting for this desk"):
        sleep_with_it_in_hand()
    assert counter.sheet(card).balance_minor == 5000
    assert desk.note(counter.mia, card, "hello").done


def test_bringing_a_desk_up_to_date_takes_all_the_time(
    counter: Counter, shortened: Shorten, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index over ten million cards is made in one statement; nobody works meanwhile."""
    from models.server import definitions, opening

    before = definitions.check_definitions

    def slowly(database: "ServerDatabase") -> None:
        database.execute_sql("SELECT pg_sleep(0.6)")
        before(database)

    monkeypatch.setattr(opening, "check_definitions", slowly)
    place = counter.store.path
    assert isinstance(place, Server)
    with shortened("'15s'", "'300ms'"):
        assert bring_up_to_date(database_path(place.url.replace(CLERK, "desk"))).applied == ()


@pytest.mark.parametrize("job", ["verify", "export"])
def test_a_job_that_only_reads_thinks_as_long_as_it_needs(
    counter: Counter, shortened: Shorten, job: str, tmp_path: Path
) -> None:
    """Seals of millions of rows are checked, or a slow disk is written to, between two questions."""
    counter.issued()
    pauses = iter([0.5, 0.5])
    hook = counter.store.database.query_hooks.append
    hook(lambda event: pause(next(pauses, 0)) if "gift_card" in event.sql else None)
    with shortened("'10s'", "'250ms'"):
        if job == "verify":
            assert not verify(counter.store).findings
        else:
            assert export_json_lines(counter.mia, tmp_path / "cards.jsonl").cards == 1
    assert next(pauses, None) is None


# Behind a pool.

_POOLED = 3


@pytest.fixture
def pooled(counter: Counter, server: PrivateServer) -> Iterator[Place]:
    """The same desk by way of pgbouncer, which has three connections to the server for all."""
    bouncer = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if bouncer is None:
        pytest.skip("pgbouncer is not installed")
    folder = server.folder / "bouncer"
    folder.mkdir()
    (folder / "users").write_text(f'"{CLERK}" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host={server.folder}\n[pgbouncer]\nlisten_port = 6432\nlisten_addr =\n"
        f"unix_socket_dir = {folder}\nauth_type = trust\nauth_file = {folder}/users\npool_mode = session\n"
        f"default_pool_size = {_POOLED}\nmax_client_conn = 500\n"
    )
    running = subprocess.Popen([bouncer, "-q", str(folder / "pgbouncer.ini")], cwd="/", **somebody_else(folder))
    try:
        while not (folder / ".s.PGSQL.6432").exists():
            assert running.poll() is None
            pause(0.01)
        place = counter.store.path
        assert isinstance(place, Server)
        yield database_path(f"postgresql://{CLERK}@/{place.name}?host={folder}&port=6432")
    finally:
        running.terminate()
        running.wait(10)
        shutil.rmtree(folder)


@pytest.mark.slow
def test_twelve_desks_share_three_connections(
    crew: Crew, counter: Counter, server: PrivateServer, pooled: Place
) -> None:
    """Each has one for as long as a deed takes; whoever comes fourth waits for the moment that the others need."""
    for number in range(20):
        card, at = readied.live(counter), counter.clock.now()
        told = crew.at_once(
            [Job(pooled, "mia", at, wishes.redeem, (card, f"pool-{number}-{each}")) for each in range(SIZE)]
        )
        assert sum(outcome.done for outcome in told) == 5
        with server.connection() as sql:
            (count,) = sql.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename = %s",
                (counter.store.path.name, CLERK),
            ).fetchone()
        assert count <= _POOLED
    assert not counter.findings()
