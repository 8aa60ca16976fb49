"""A reading that nobody waits for any more ends, and nothing that comes after it is hit."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from store.counter import BOTH, Counter

from models import desk
from models.engine import DeskDatabase
from models.errors import Fault, faults
from models.stopping import Stop, Stopped

ENGINES = BOTH
_PATIENCE = 30.0
_COUNTED = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT COUNT(*) FROM n"
_ENDLESS = _COUNTED.format(10**11)
"""Half an hour on any machine."""
_SHORT = _COUNTED.format(2_000)


def counts(database: DeskDatabase) -> bool:
    """Whether the connection of this thread does what it is asked."""
    return tuple(database.execute_sql(_SHORT).fetchone()) == (2_000,)


@contextmanager
def ends(database: DeskDatabase, stop: Stop) -> Iterator[None]:
    """What is read within ends by the stop, and the connection goes on with whatever comes next."""
    with database.connected():
        with pytest.raises(Stopped), database.stoppable(stop), faults("the desk"), database.reading():
            yield
        assert counts(database)


def test_a_statement_that_would_run_for_minutes_ends(counter: Counter) -> None:
    """Another thread calls while the engine is at it."""
    database, stop, begun = counter.store.database, Stop(), threading.Event()
    told: list[str] = []

    def work() -> None:
        with ends(database, stop):
            begun.set()
            database.execute_sql(_ENDLESS).fetchone()
        told.append("ended")

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert begun.wait(_PATIENCE)
    threading.Timer(0.05, stop.now).start()
    thread.join(_PATIENCE)
    assert told == ["ended"]


def test_a_stop_called_before_lets_nothing_begin(counter: Counter) -> None:
    database, stop = counter.store.database, Stop()
    stop.now()
    stop.now()
    with pytest.raises(Stopped), database.stoppable(stop):
        raise AssertionError("it was begun")


def test_a_stop_called_between_two_statements_ends_before_the_next(counter: Counter) -> None:
    database, stop = counter.store.database, Stop()
    with ends(database, stop):
        assert counts(database)
        stop.now()
        database.execute_sql(_ENDLESS)


def test_a_stop_called_within_a_longer_view_ends_that_part_alone(counter: Counter) -> None:
    """What is read before and after on the same view was no part of it."""
    database, stop = counter.store.database, Stop()

    def part() -> None:
        with database.stoppable(stop):
            stop.now()
            database.execute_sql(_ENDLESS)

    with database.reading():
        assert counts(database)
        with pytest.raises(Stopped):
            part()
        assert counts(database)


def test_a_stop_called_afterwards_hits_nothing(counter: Counter) -> None:
    database, stop = counter.store.database, Stop()
    with database.connected():
        with database.stoppable(stop):
            assert counts(database)
        stop.now()
        assert counts(database)
        assert desk.set_organisation(counter.mia, "Northwind").done


def test_what_goes_wrong_while_somebody_waits_is_told(counter: Counter) -> None:
    database = counter.store.database

    def read() -> None:
        with database.stoppable(Stop()), faults("the desk"), database.reading():
            database.execute_sql("SELECT * FROM nowhere")

    with pytest.raises(Fault, match="is not the database"):
        read()


def test_what_is_written_is_written_whole(counter: Counter) -> None:
    """The stop comes in the midst of a write: it is saved, and what would have been read after it is not."""
    database, stop = counter.store.database, Stop()

    def organisations() -> int:
        with database.connected():
            return int(database.execute_sql("SELECT COUNT(*) FROM organisation").fetchone()[0])

    def write_and_read() -> None:
        with database.stoppable(stop):
            with database.writing():
                stop.now()
                database.execute_sql("INSERT INTO organisation (name, name_key, is_vip) VALUES ('N', 'n', 0)")
            organisations()

    with pytest.raises(Stopped):
        write_and_read()
    assert organisations() == 1


def test_within_a_write_nothing_can_be_stopped(counter: Counter) -> None:
    database = counter.store.database
    with database.writing(), pytest.raises(AssertionError, match="not stopped half way"), database.stoppable(Stop()):
        raise RuntimeError("it was begun")


def test_whoever_calls_at_the_very_end_hits_nothing_that_follows(counter: Counter) -> None:
    """200 stops race with the end of what they would stop; the next statement always comes through."""
    database = counter.store.database
    ended = 0
    with database.connected():
        for number in range(200):
            stop = Stop()
            caller = threading.Timer(number % 20 / 10_000, stop.now)
            caller.start()
            try:
                with database.stoppable(stop), database.reading():
                    assert counts(database)
            except Stopped:
                ended += 1
            assert counts(database)
            caller.join()
            assert counts(database)
    assert 0 < ended < 200
