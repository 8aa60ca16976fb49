"""The connection to a server that a desk keeps from one unit of work to the next, and when it keeps none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from postgres import PrivateServer
from store.counter import Counter

from models import desk
from models.clock import pause
from models.errors import Fault, faults
from models.jobs.verify import verify
from models.locations import Server
from models.lookups import look_up
from models.sheets import card_sheet

if TYPE_CHECKING:
    from models.server.database import ServerDatabase

ENGINES = ("server",)
_MOST_LOOKS = 500


@pytest.fixture
def database(counter: Counter) -> ServerDatabase:
    """The desk's, which keeps nothing yet."""
    database = counter.store.database
    database.let_go()
    return database  # type: ignore[return-value]


def backends(server: PrivateServer, database: ServerDatabase) -> list[int]:
    """The processes of the server that work for a desk."""
    assert isinstance(database.place, Server)
    with server.connection() as sql:
        found = sql.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND application_name = 'giftdesk'",
            (database.place.name,),
        ).fetchall()
    return [pid for (pid,) in found]


def are_none_soon(server: PrivateServer, database: ServerDatabase) -> bool:
    """Whether the server has soon noticed that all hung up."""
    for _ in range(_MOST_LOOKS):
        if not backends(server, database):
            return True
        pause(0.01)
    return False


def end(server: PrivateServer, process: int) -> None:
    with server.connection() as sql:
        sql.execute("SELECT pg_terminate_backend(%s, 5000)", [process])


def test_one_connection_does_for_a_call(counter: Counter, server: PrivateServer, database: ServerDatabase) -> None:
    """What the agent looks at and writes is done on the same one, and it is the only one."""
    card = counter.issued()
    (first,) = backends(server, database)
    look_up(counter.sam, "GIFT 7777 1234")
    card_sheet(counter.sam, card)
    assert desk.note(counter.sam, card, "called").done
    assert not desk.reactivate(counter.sam, card).done
    assert backends(server, database) == [first]


def test_one_that_the_server_ended_is_not_used(
    counter: Counter, server: PrivateServer, database: ServerDatabase
) -> None:
    """Nobody notices that it was started anew in between, or that another one leads."""
    card = counter.issued()
    (ended,) = backends(server, database)
    end(server, ended)
    assert desk.note(counter.sam, card, "called").done
    assert ended not in backends(server, database)


def test_one_that_was_lost_without_a_word_is_made_anew(
    counter: Counter, server: PrivateServer, database: ServerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That shows when something is begun on it, so nothing was done twice."""
    monkeypatch.setattr("models.server.spare._has_word", lambda _connection: False)
    card = counter.issued()
    end(server, *backends(server, database))
    assert desk.note(counter.sam, card, "called").done
    assert counter.kinds(card) == ["issue", "note"]
    end(server, *backends(server, database))
    assert card_sheet(counter.sam, card).notes == 1


def test_none_is_kept_while_nobody_works(
    counter: Counter, server: PrivateServer, database: ServerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.server.spare import Spare

    monkeypatch.setattr(database, "_spare", Spare(rest_seconds=0.05))
    counter.issued()
    assert are_none_soon(server, database)
    counter.issued()
    assert are_none_soon(server, database)


def test_one_that_may_take_all_the_time_is_nobody_elses(
    counter: Counter, server: PrivateServer, database: ServerDatabase
) -> None:
    verify(counter.store)
    with database.connected():
        database.take_all_the_time()
    assert are_none_soon(server, database)


def test_one_on_which_something_went_wrong_is_nobody_elses(server: PrivateServer, database: ServerDatabase) -> None:
    with pytest.raises(Fault), faults(database.place), database.connected():
        database.execute_sql("SELECT 1 / 0")
    assert are_none_soon(server, database)


def test_a_forked_process_makes_its_own(counter: Counter, server: PrivateServer, database: ServerDatabase) -> None:
    """Two that spoke on one would get each other's answers."""
    card = counter.issued()
    (ours,) = backends(server, database)
    child = os.fork()
    if child == 0:
        done = False
        try:
            done = desk.note(counter.sam, card, "from the child").done and backends(server, database) != [ours]
        finally:
            os._exit(0 if done else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert desk.note(counter.sam, card, "from the parent").done
    assert backends(server, database) == [ours]
