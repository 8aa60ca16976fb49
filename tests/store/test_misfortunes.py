"""Clocks that lie, disks that fill up, answers that are lost: the desk says what is true and saves all or nothing."""

from itertools import count
from pathlib import Path
from time import sleep

import peewee
import pytest
from store.counter import NOON, Counter, furnish

from models import database, desk
from models.clock import FixedClock
from models.database import FileDatabase, LostTransaction
from models.errors import Fault, OutcomeUnknown, Refused, first_error
from models.finding import find_exact
from models.jobs.expire import expire
from models.locations import pending_folder
from models.pending import cut_offs, forget
from models.rules.roles import Action
from models.store import open_store


@pytest.fixture
def real(folder: Path, clock: FixedClock) -> Counter:
    """A desk that is no sandbox."""
    return Counter(open_store(furnish(folder / "real.db", is_sandbox=False), clock), clock)


def test_a_clock_that_runs_behind_the_last_record_writes_nothing(real: Counter) -> None:
    """Otherwise an agent could set the clock back and reactivate what expired last month."""
    card = real.issued()
    real.wait(hours=-3)
    real.assert_refused(
        desk.note(real.sam, card, "x"),
        "This computer's clock is 3 h behind the last record. Set it right and try again; nothing was changed.",
        card,
        ["issue"],
    )
    with pytest.raises(Refused, match="3 h behind"):
        expire(real.olaf)


def test_a_clock_that_is_a_little_behind_counts_from_the_last_record(real: Counter) -> None:
    """Two computers never agree to the second: time stands still until the slower one catches up."""
    card = real.issued()
    before = real.clock.now()
    real.wait(seconds=-120)
    assert desk.note(real.sam, card, "x").done
    assert real.last(card).recorded_at == before
    real.wait(microseconds=-1)
    assert not desk.note(real.sam, card, "y").done


def test_the_last_record_is_not_taken_back(real: Counter) -> None:
    """Who sets the clock back to the day on which a card expired has to deal with the database, too."""
    real.wait(days=30)
    assert desk.note(real.sam, real.issued(), "later").done
    with pytest.raises(peewee.PeeweeException), real.store.database.writing():
        real.store.database.execute_sql("UPDATE high_water SET reached_at = 1")
    real.at("2026-05-22T12:00")
    assert "clock is 29 days behind" in desk.note(real.sam, 1, "earlier").sentence


def test_in_a_sandbox_the_clock_may_go_back(counter: Counter) -> None:
    """For training: yesterday is as good as today."""
    card = counter.issued()
    counter.wait(days=-1)
    assert desk.note(counter.sam, card, "x").done


def test_outside_a_sandbox_nobody_sets_the_clock(real: Counter, counter: Counter) -> None:
    """A clock set back by an option would reactivate anything."""
    with pytest.raises(Refused, match="in a sandbox only"):
        real.store.with_clock(FixedClock(NOON))
    assert counter.store.with_clock(FixedClock(NOON)).clock.now() == NOON


# When the store fails.


def test_another_desk_that_does_not_finish_is_told_of(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody pressed Ctrl+Z in the middle of saving: the agent reads it and tries again."""
    card = counter.issued()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    hasty = Counter(open_store(counter.store.path, counter.clock), counter.clock)
    other = FileDatabase(counter.file)
    with other.writing():
        other.execute_sql("UPDATE agent SET name = 'half done' WHERE login = 'olaf'")
        with pytest.raises(Fault) as caught:
            desk.redeem(hasty.sam, card, 100, intent="w-1")
        assert hasty.sheet(card).balance_minor == 5000
    assert caught.value.sentence == (
        "Another desk is saving and did not finish in time. Try again. Nothing was changed."
    )
    assert desk.redeem(hasty.sam, card, 100, intent="w-1").done
    assert hasty.kinds(card) == ["issue", "redemption"]


def test_a_till_beside_a_job_asks_for_its_turn_every_millisecond(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine's own waits grow until a till misses every gap between two batches."""
    card = counter.issued()
    job, waits = FileDatabase(counter.file), list[float]()

    def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            job.rollback()

    monkeypatch.setattr(database, "pause", pause)
    with job.connected():
        job.begin("IMMEDIATE")  # type: ignore[call-arg]
        assert desk.redeem(counter.sam, card, 100).done
    assert waits == [0.001] * 3


def test_a_machine_that_stands_still_makes_nobody_give_up(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop that was closed in the middle: everybody wakes up at once, and whoever saves gets to finish."""
    card = counter.issued()
    job, pauses = FileDatabase(counter.file), count(1)

    def stand_still(_seconds: float) -> None:
        sleep(0.2)
        if next(pauses) == 2:
            job.rollback()

    monkeypatch.setattr(database, "BUSY_SECONDS", 0.15)
    monkeypatch.setattr(database, "pause", stand_still)
    with job.connected():
        job.begin("IMMEDIATE")  # type: ignore[call-arg]
        assert desk.redeem(counter.sam, card, 100).done


def test_a_disk_that_fills_up_in_the_middle_saves_nothing(counter: Counter) -> None:
    """Whichever statement of the unit finds the disk full, the whole unit is gone and the sentence is true."""
    card = counter.issued()
    db = counter.store.database
    full = f"The disk that holds {counter.store.path} is full. Free some space and try again. Nothing was changed."
    told = []
    with db.connected():
        pages = db.execute_sql("PRAGMA page_count").fetchone()[0]
        db.execute_sql(f"PRAGMA max_page_count = {pages}")
        for number in range(60):
            before = counter.kinds(card)
            try:
                assert desk.raise_flag(counter.sam, card, "x" * (100 + 97 * number % 3000)).done
            except Fault as fault:
                told.append(fault.sentence)
                assert counter.kinds(card) == before
    assert len(told) > 10
    assert set(told) == {full}
    assert not counter.findings()
    assert desk.raise_flag(counter.sam, card, "there is room again").done


def test_a_transaction_that_the_engine_ended_takes_no_more_statements(counter: Counter) -> None:
    """Otherwise the rest of the unit would be saved by itself, statement by statement."""
    db = counter.store.database

    def swallow_an_error() -> None:
        with db.writing():
            db.execute_sql("UPDATE agent SET name = 'first'")
            db.connection().execute("ROLLBACK")  # type: ignore[no-untyped-call]
            db.execute_sql("UPDATE agent SET name = 'second'")

    with pytest.raises(peewee.PeeweeException) as caught:
        swallow_an_error()
    assert isinstance(first_error(caught.value), LostTransaction)
    with db.connected():
        assert db.execute_sql("SELECT count(*) FROM agent WHERE name IN ('first', 'second')").fetchone() == (0,)


class Unlucky:
    """A database whose next commit ends in an error: before it was carried out, or after."""

    def __init__(self, db: FileDatabase, monkeypatch: pytest.MonkeyPatch, *, is_carried_out: bool) -> None:
        real_commit = db.commit

        def commit() -> None:
            monkeypatch.setattr(db, "commit", real_commit)
            if is_carried_out:
                real_commit()
            raise peewee.OperationalError("disk I/O error")

        monkeypatch.setattr(db, "commit", commit)


def test_a_commit_that_failed_is_asked_about_not_repeated(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The money was taken, only the answer was lost: the agent hears that it was done, once."""
    card = counter.issued()
    Unlucky(counter.database, monkeypatch, is_carried_out=True)
    done = desk.redeem(counter.sam, card, 100)
    assert done.sentence.endswith(": 1.00 GBP redeemed, 49.00 GBP left.")
    assert counter.kinds(card) == ["issue", "redemption"]


def test_the_code_of_a_card_survives_a_lost_answer(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The card was made: its code is told now or never."""
    Unlucky(counter.database, monkeypatch, is_carried_out=True)
    done = desk.issue(counter.mia, "half", 5000)
    assert done.hand_out is not None
    assert find_exact(counter.store, done.hand_out) == done.card_id


def test_a_commit_that_failed_for_good_says_so(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was taken, and the same wish may be made again."""
    card = counter.issued()
    Unlucky(counter.database, monkeypatch, is_carried_out=False)
    with pytest.raises(Fault, match=r"failed to read or write.* Nothing was changed\."):
        desk.redeem(counter.sam, card, 100, intent="w-1")
    assert counter.kinds(card) == ["issue"]
    assert desk.redeem(counter.sam, card, 100, intent="w-1").done


def test_when_nobody_can_be_asked_the_outcome_is_unknown_and_told_later(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk does not guess; whoever looks next finds the note that it left and asks."""
    card = counter.issued()
    db = counter.database
    Unlucky(db, monkeypatch, is_carried_out=True)
    looks = iter(range(100))
    real_execute = db.execute_sql

    def execute(sql: str, params: object = None) -> object:
        if 'FROM "intent"' in sql and next(looks) >= 1:
            raise peewee.OperationalError("disk I/O error")
        return real_execute(sql, params)

    monkeypatch.setattr(db, "execute_sql", execute)
    with pytest.raises(OutcomeUnknown, match="The answer to the last change was lost") as caught:
        desk.redeem(counter.sam, card, 100)
    assert caught.value.status == 76  # and no other fault has it: a script must not simply try again
    monkeypatch.setattr(db, "execute_sql", real_execute)
    assert counter.kinds(card) == ["issue", "redemption"]
    (told,) = cut_offs(counter.store)
    assert (told.action, told.was_done) == ("redeem", True)
    assert told.sentence.endswith(": 1.00 GBP redeemed, 49.00 GBP left.")
    forget([told])
    assert cut_offs(counter.store) == ()


def test_a_damaged_file_is_named_and_written_to_no_more(counter: Counter) -> None:
    """Garbage in the middle of the file gets a sentence, not a traceback."""
    counter.issued()
    path = counter.file
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xaa" * (path.stat().st_size - 4096))
    with pytest.raises(Fault) as caught:
        open_store(path, counter.clock)
    assert str(path) in caught.value.sentence


def test_a_card_of_another_desk_is_not_written_to(counter: Counter) -> None:
    """The file was exchanged under an open screen: the same number is another card now."""
    opened, other = counter.sheet(counter.issued()), counter.sheet(counter.issued())
    session = counter.sam.having_opened(other.opened_for(Action.NOTE)._replace(head=opened.head))
    refused = desk.note(session, other.card_id, "for the card that was open")
    assert refused.sentence.startswith("This is not the card that you opened")
    assert desk.note(counter.sam.having_opened(other.opened_for(Action.NOTE)), other.card_id, "for this one").done


def test_a_note_that_somebody_spoiled_stops_nobody(counter: Counter) -> None:
    folder = pending_folder(counter.store.path)
    folder.mkdir(parents=True)
    for number, content in enumerate(("{", "[]", '{"key":"1","action":"note","process":"abc"}', '{"key":[]}')):
        (folder / f"{number}.json").write_text(content)
    (folder / "huge.json").write_text(f'{{"key":"1","action":"note","process":{10**20}}}')
    assert cut_offs(counter.store) == ()
