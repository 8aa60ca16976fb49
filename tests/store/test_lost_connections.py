"""A server that is lost in the middle or at the commit: what was acknowledged stays, and the rest is told truly."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from postgres import PrivateServer, private_server
from store.counter import Counter, chosen_key, plain_sql

from models import desk
from models.agents import admit
from models.clock import FixedClock, pause
from models.errors import Fault, OutcomeUnknown, Unreached, faults
from models.ledger import append
from models.locations import Place, Server, database_path
from models.pending import cut_offs
from models.stopping import Stop, Stopped
from models.store import Store, init_store, open_store
from models.unit import Session

ENGINES = ("server",)


def end_connections(place: Place) -> None:
    """The server, or the wire to it, drops everybody."""
    with plain_sql(place) as sql:
        sql.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )


def test_a_connection_lost_in_the_middle_changes_nothing(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wire is cut before the card is written; the sentence says so, and the next wish works."""
    card = counter.issued()
    from models.desk import holds

    def cut(*arguments: Any) -> object:
        end_connections(counter.store.path)
        return before(*arguments)

    before = append
    monkeypatch.setattr(holds, "append", cut)
    with counter.store.database.connected():
        with pytest.raises(Fault) as caught:
            desk.note(counter.mia, card, "hello", intent="cut")
        assert caught.value.sentence.endswith("Nothing was changed.")
        monkeypatch.undo()
        assert desk.note(counter.mia, card, "hello", intent="cut").done
    assert counter.kinds(card) == ["issue", "note"]


@pytest.mark.parametrize("is_carried_out", [True, False])
def test_an_answer_lost_at_the_commit_is_asked_for(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, is_carried_out: bool
) -> None:
    """The wire is cut as the server is told to save: what came of it is told truly."""
    card = counter.issued()
    db = counter.store.database
    commit = type(db).commit

    def cut(_database: object) -> None:
        monkeypatch.undo()
        if is_carried_out:
            commit(db)
        end_connections(counter.store.path)
        db.execute_sql("SELECT 1")

    monkeypatch.setattr(type(db), "commit", cut)
    if is_carried_out:
        assert desk.note(counter.mia, card, "hello", intent="cut").done
    else:
        with pytest.raises(Fault, match=r"Nothing was changed\."):
            desk.note(counter.mia, card, "hello", intent="cut")
    assert counter.kinds(card) == ["issue", *["note"] * is_carried_out]


@pytest.mark.parametrize("can_be_told", [True, False])
def test_a_server_that_does_not_end_is_left(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, can_be_told: bool
) -> None:
    """It can't be told, or goes on all the same: the connection is given up, and another one found."""
    import psycopg

    from models.server import connection as connecting

    told: list[str] = []

    def tell(_connection: object, **_settings: object) -> None:
        told.append("told")
        if not can_be_told:
            raise psycopg.OperationalError("nobody answers")

    stop = Stop()
    monkeypatch.setattr(connecting, "_MOST_LOOKS", 3)
    monkeypatch.setattr(psycopg.Connection, "cancel_safe", tell)
    database = counter.store.database

    def is_at_work() -> bool:
        asked = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(10)'"
        with plain_sql(counter.store.path) as sql:
            return sql.execute(asked).fetchone() is not None

    def call_while_it_works() -> None:
        while not is_at_work():
            pause(0.01)
        stop.now()

    threading.Thread(target=call_while_it_works, daemon=True).start()
    with database.connected():
        with pytest.raises(Stopped), database.stoppable(stop), faults("the desk"), database.reading():
            database.execute_sql("SELECT pg_sleep(10)")
        assert told == ["told"]
        assert desk.set_organisation(counter.mia, "Northwind").done


@pytest.mark.parametrize("is_carried_out", [True, False])
def test_a_server_lost_at_the_commit_is_asked_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_carried_out: bool
) -> None:
    """Nobody can be asked then: the desk says that it does not know; whoever looks next is told what became of it."""
    with private_server() as server, chosen_key(tmp_path / "desk.key"), pytest.MonkeyPatch.context() as patch:
        place = server.place(server.new_database())
        store = init_store(place, is_sandbox=True)
        desk.set_organisation(Session(store, "mia"), "Northwind")
        commit = type(store.database).commit

        def cut(database: Any) -> None:
            patch.undo()
            if is_carried_out:
                commit(database)
            server.crash()
            database.execute_sql("SELECT 1")

        patch.setattr(type(store.database), "commit", cut)
        monkeypatch.setattr(type(store.database), "asked_seconds", 0.0)
        with pytest.raises(OutcomeUnknown, match="The answer to the last change was lost"):
            desk.set_organisation(Session(store, "mia"), "Eastwind", intent="cut")
        server.start()
        (told,) = cut_offs(open_store(place))
        assert told.was_done is is_carried_out
        again = desk.set_organisation(Session(open_store(place), "mia"), "Eastwind", intent="cut")
        assert (again.done, again.repeated) == (True, is_carried_out)


def test_what_was_acknowledged_survives_a_crash(tmp_path: Path) -> None:
    """The server is killed under four writers: every note that was acknowledged is there, and no half of one."""
    with private_server(is_safe=True) as server, chosen_key(tmp_path / "desk.key"):
        place = server.place(server.new_database())
        store = init_store(place, is_sandbox=True)
        acknowledged = written_until_it_crashes(server, store)
        server.start()
        counter = Counter(open_store(place), FixedClock(datetime(2026, 1, 1, tzinfo=UTC)))
        assert not counter.findings()
        with plain_sql(place) as sql:
            there = {name for (name,) in sql.execute("SELECT name FROM organisation").fetchall()}
            kept = {key for (key,) in sql.execute("SELECT key FROM intent").fetchall()}
        assert acknowledged <= there
        assert acknowledged <= kept
        assert len(acknowledged) >= 8


def written_until_it_crashes(server: PrivateServer, store: Store) -> set[str]:
    acknowledged: set[str] = set()
    enough = threading.Event()

    def write(who: int) -> None:
        for number in range(10_000):
            name = f"org {who} {number}"
            try:
                assert desk.set_organisation(Session(store, "mia"), name, intent=name).done
            except Fault:
                return
            acknowledged.add(name)
            if len(acknowledged) >= 12:
                enough.set()

    writers = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for writer in writers:
        writer.start()
    assert enough.wait(60)
    server.crash()
    for writer in writers:
        writer.join()
    return acknowledged


@pytest.fixture
def lonely(
    server: PrivateServer,  # noqa: ARG001 - where none can be started, this is skipped
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[PrivateServer, Store]]:
    """A desk whose server waits, with each commit, for a second one that is not there."""
    with private_server() as alone, chosen_key(tmp_path / "desk.key"):
        store = init_store(alone.place(alone.new_database()), is_sandbox=True)
        desk.set_organisation(Session(store, "mia"), "Northwind")
        monkeypatch.setattr(type(store.database), "asked_seconds", 0.0)
        wait_for(alone, "gone")
        yield alone, store


def wait_for(server: PrivateServer, name: str) -> None:
    """Have all commits from now on wait for a server of that name; for none with no name."""
    with server.connection() as sql:
        before = sql.execute("SELECT pg_conf_load_time()").fetchone()
        sql.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
        sql.execute("SELECT pg_reload_conf()")
    while True:
        with server.connection() as sql:
            if sql.execute("SELECT pg_conf_load_time()").fetchone() != before:
                return
        pause(0.01)


@contextmanager
def told_to_wait_no_longer(server: PrivateServer) -> Iterator[None]:
    """Somebody who runs the server ends every wait for the second one as soon as it begins."""
    is_over = threading.Event()

    def tell() -> None:
        with server.connection() as sql:
            while not is_over.wait(0.01):
                sql.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")

    teller = threading.Thread(target=tell)
    teller.start()
    yield
    is_over.set()
    teller.join()


def test_what_no_second_server_has_is_not_acknowledged(
    lonely: tuple[PrivateServer, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server waits, the desk not for ever; once the second one has it, all who ask are told so."""
    from models.server.connection import Connection

    server, store = lonely
    monkeypatch.setattr(Connection, "patience_seconds", 0.3)
    with pytest.raises(OutcomeUnknown):
        desk.set_organisation(Session(store, "mia"), "Eastwind", intent="lonely")
    wait_for(server, "")
    (told,) = cut_offs(store)
    assert told.was_done
    assert desk.set_organisation(Session(store, "mia"), "Eastwind", intent="lonely").repeated


def test_a_wait_for_the_second_server_that_is_broken_off_is_no_success(lonely: tuple[PrivateServer, Store]) -> None:
    """To the server it is: it has saved it, warns, and shows it to everybody. Asking again makes it no safer."""
    server, store = lonely
    with told_to_wait_no_longer(server):
        for _ in range(2):
            with pytest.raises(OutcomeUnknown):
                desk.set_organisation(Session(store, "mia"), "Eastwind", intent="lonely")
        with pytest.raises(Fault, match="did not answer in time"):
            cut_offs(store)
    wait_for(server, "")
    (told,) = cut_offs(store)
    assert told.was_done


def test_reading_waits_for_no_second_server(lonely: tuple[PrivateServer, Store]) -> None:
    """What is there is shown: nothing is promised by it."""
    _, store = lonely
    assert admit(Session(store, "mia")).name


def test_an_error_that_was_passed_over_is_no_success(counter: Counter) -> None:
    """The server would undo all of it and call that a good end."""
    database = counter.store.database
    with (
        pytest.raises(Fault, match=r"Nothing was changed\."),
        faults("the desk"),
        database.writing(),
        suppress(Exception),
    ):
        database.execute_sql("SELECT nonsense")


def test_a_server_that_says_nothing_is_given_up(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever; on another connection the desk goes on."""
    from models.server.connection import Connection

    database = counter.store.database
    monkeypatch.setattr(Connection, "patience_seconds", 0.1)
    with pytest.raises(Unreached, match="can't be reached"), faults("the desk"), database.reading():
        database.execute_sql("SELECT pg_sleep(5)")
    assert desk.set_organisation(counter.mia, "Northwind").done


def test_the_server_that_took_us_is_asked_first() -> None:
    """Where any of several may be the one that takes changes; in any other order than the address's, never."""
    from models.server.connection import Servers

    servers = Servers("postgresql://one,two:5433/desk?target_session_attrs=read-write")
    assert servers.in_order() == {}
    servers.last = ("two", "5433")
    assert servers.in_order() == {"host": "two,one", "port": "5433,"}
    servers.last = ("one", "5432")
    assert servers.in_order() == {"host": "one,two", "port": ",5433"}
    plain = Servers("postgresql://one,two/desk")
    plain.last = ("two", "5432")
    assert plain.in_order() == {}


def test_a_server_that_takes_no_changes_is_passed_by(counter: Counter) -> None:
    """It follows another, or is about to; the sentence says that this will not last."""
    place = counter.store.path
    assert isinstance(place, Server)
    with plain_sql(place) as sql:
        sql.execute(f"ALTER DATABASE {place.name} SET default_transaction_read_only = on")
    with pytest.raises(Unreached) as caught:
        open_store(database_path(f"{place.url}&target_session_attrs=read-write"))
    assert caught.value.sentence.endswith("takes changes just now. Try again in a moment. Nothing was changed.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("the database system is not yet accepting connections", "is starting or stopping"),
        ("terminating connection due to unexpected postmaster exit", "can't be reached"),
    ],
)
def test_a_server_that_is_about_to_take_over_has_not_refused_anybody(words: str, sentence: str) -> None:
    """It says so as to somebody whom it never lets in."""
    from models.sqlstates import is_loss, told_by

    error = Exception(f"connection failed: FATAL:  {words}")
    told = told_by(error)
    assert told is not None
    assert sentence in told[1]
    assert is_loss(error)
