"""A server that is lost in the middle or at the commit: what was acknowledged stays, and the rest is told truly."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from postgres import PrivateServer, private_server
from store.counter import Counter, chosen_key, plain_sql

from models import desk
from models.clock import FixedClock, pause
from models.errors import Fault, OutcomeUnknown, faults
from models.ledger import append
from models.locations import Place
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
def test_a_server_lost_at_the_commit_is_asked_when_it_is_back(tmp_path: Path, is_carried_out: bool) -> None:
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
        patch.setattr(type(store.database), "asked_seconds", 0.0)
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
