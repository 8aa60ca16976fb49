"""Moving house: a desk goes to a server, or back into a file, with everything that it has, and is closed where it was.

The default run kills a move at two points, the long proof at forty each way, or at as many as are asked for:

    pytest tests/store/test_moving.py -m slow
    GIFTDESK_KILLS=200 pytest tests/store/test_moving.py -m slow -k killed

A failure names its seed; GIFTDESK_KILL_SEED=N kills at that point alone.
"""

import os
import random
import re
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from postgres import CLERK, PrivateServer
from store.counter import NOON, Counter, copy_desk, fault_of, plain_sql
from store.doomed import fates_at
from store.lived_in import all_rows, live_in
from store.wishes import LIGHT

from models import credentials, database, desk
from models.agents import admit
from models.clock import FixedClock, pause
from models.engine import DeskDatabase
from models.errors import Fault, NotAdmitted, Refused
from models.finding import find
from models.jobs import move as moving
from models.jobs import restore as restoring
from models.jobs.anchored import compare
from models.jobs.anchoring import take_anchor
from models.jobs.backup import back_up
from models.jobs.expire import expire
from models.jobs.giving_up import give_up
from models.jobs.migrate import bring_up_to_date
from models.jobs.move import Moved, Order, move
from models.jobs.verify import VerifyReport
from models.keys import keep_key, key_path, read_key
from models.locations import Place, Server
from models.moving import ends
from models.moving.freight import freight
from models.schema import database_proxy
from models.store import Store, init_store, open_store
from models.unit import Session

TO_A_SERVER, INTO_A_FILE = "to a server", "into a file"
KILLS = int(os.environ.get("GIFTDESK_KILLS", "40"))
_STATEMENTS = 1_060
"""A move of this desk has about so many."""
_STEPS = 6
"""So often it says where the desk is: arriving, leaving, whole, arrived, left, open."""


@dataclass(frozen=True)
class House:
    """Two places, a desk at the first, and the clock of both."""

    source: Place
    target: Place
    clock: FixedClock

    def moves(self, login: str = "mia", *, stop_after: int | None = None, of: str = "Moving", **options: Any) -> Moved:
        """Move it, or up to so many pages of a part of the work."""
        order = Order(self.source, self.target, lambda store: self.seated(store, login), **{"is_sure": True} | options)
        begun: list[str] = []
        pages = iter(range(10_000))

        def watch(what: str, _unit: str) -> None:
            begun.append(what)

        return move(order, watch, lambda: of in begun and next(pages) == stop_after)

    def seated(self, store: Store, login: str) -> Session:
        session = Session(store.with_clock(self.clock), login)
        admit(session)
        return session

    @property
    def here(self) -> Counter:
        """The counter where the desk is before it moves."""
        return Counter(open_store(self.source, self.clock), self.clock)

    @property
    def there(self) -> Counter:
        """The counter where it is afterwards."""
        return Counter(open_store(self.target, self.clock), self.clock)


@pytest.fixture(scope="session")
def lived_in(furnished: Path, quick: Path) -> Path:
    """A desk with something in each table, which nobody works on."""
    folder = quick / "lived-in"
    folder.mkdir()
    clock = FixedClock(NOON)
    with pytest.MonkeyPatch.context() as light:
        light.setattr(credentials, "COST", LIGHT)
        live_in(Counter(open_store(copy_desk(furnished, folder), clock), clock), folder)
    return folder / "desk.db"


@pytest.fixture(scope="session")
def served_lived_in(lived_in: Path, server: PrivateServer, quick: Path) -> str:
    """The same on a server, by its database's name."""
    folder = quick / "lived-in-moving"
    folder.mkdir()
    name = server.new_database()
    with pytest.MonkeyPatch.context() as key:
        key.setenv("GIFTDESK_KEY", str(lived_in.with_suffix(".key")))
        House(copy_desk(lived_in, folder), server.place(name), FixedClock(NOON + timedelta(days=60))).moves()
    return name


@pytest.fixture(params=[TO_A_SERVER, pytest.param(INTO_A_FILE, marks=pytest.mark.slow)])
def way(request: pytest.FixtureRequest) -> str:
    """Which way it goes."""
    return str(request.param)


@pytest.fixture
def make_house(
    lived_in: Path, server: PrivateServer, folder: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], House]]:
    """Makes desks that can move, each with places of its own."""
    made: list[str] = []

    def make(way: str) -> House:
        clock, own = FixedClock(NOON + timedelta(days=60)), folder / f"house{len(made)}"
        own.mkdir()
        if way == TO_A_SERVER:
            made.append(server.new_database())
            return House(copy_desk(lived_in, own), server.place(made[-1]), clock)
        made.append(server.new_database(request.getfixturevalue("served_lived_in")))
        source = server.place(made[-1])
        keep_key(key_path(source), read_key(lived_in.with_suffix(".key")))
        return House(source, own / "desk.db", clock)

    yield make
    for name in made:
        server.drop(name)


@pytest.fixture
def house(make_house: Callable[[str], House], way: str) -> House:
    """A desk that can move."""
    return make_house(way)


def without_the_move(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """All rows but what the desk wrote down about moving."""
    said = {"move", "moved", "move_given_up"}
    return {**rows, "high_water": [], "audit": [row for row in rows["audit"] if row[2] not in said]}


# What goes along.


@pytest.mark.parametrize("way", [TO_A_SERVER, INTO_A_FILE])
def test_everything_goes_along_as_it_was(house: House) -> None:
    """No table is empty, and each row is the same to the last byte: ids, instants, actors, seals."""
    before = all_rows(house.here.store.database)
    assert [name for name, rows in before.items() if not rows] == []
    moved = house.moves()
    there = house.there
    assert without_the_move(all_rows(there.store.database)) == without_the_move(before)
    assert there.findings() == []
    assert (moved.report and moved.report.findings, moved.left) == ([], None)
    assert moved.totals.balances_minor == moved.totals.posted_minor
    assert sum(moved.totals.cards.values()) == len(before["gift_card"])


def test_work_goes_on_where_it_was(house: House) -> None:
    """A wish that was done before is answered as it was then, people are found, ids are counted on, history stays."""
    here = house.here
    first = desk.redeem(here.mia, 1, 1250, order_ref="A-7", intent="spent in Leeds")
    highest = here.issued()
    house.moves()
    there = house.there
    again = desk.redeem(there.mia, 1, 1250, order_ref="A-7", intent="spent in Leeds")
    assert (again.done, again.repeated, again.sentence) == (True, True, first.sentence)
    assert "used before, for something else" in desk.redeem(there.mia, 1, 99, intent="spent in Leeds").sentence
    assert there.issued() > highest
    assert desk.open_case(there.sam, 1).done
    assert [line.card_id for line in find(there.store, "lovela").lines] == [1]
    assert there.findings() == []
    for wrong in ("UPDATE activity SET amount_minor = 1", "DELETE FROM intent", "UPDATE approval SET why = ''"):
        with pytest.raises(Exception, match="append-only"), plain_sql(house.target) as sql:
            sql.execute(wrong)


def test_an_anchor_of_where_it_was_holds_where_it_is(house: House) -> None:
    """What was known outside the house is known of the desk, not of its place; what is done there comes later."""
    known = take_anchor(house.here.mia).anchor
    house.moves()
    there = house.there
    assert desk.note(there.sam, 1, "Called.").done
    assert compare(there.store, known) == []


def test_clerks_work_on_the_server_that_they_are_let_into(
    make_house: Callable[[str], House], server: PrivateServer
) -> None:
    """By the move itself: they save, and can't say that the desk moves."""
    house = make_house(TO_A_SERVER)
    with pytest.raises(Fault, match="nobody"):
        house.moves(role="nobody")
    assert desk.note(house.here.sam, 1, "nothing was begun").done
    house.moves(role=CLERK)
    assert isinstance(house.target, Server)
    store = open_store(server.place(house.target.name, CLERK), house.clock)
    assert desk.note(Session(store, "sam"), 1, "still here").done
    with pytest.raises(Fault, match="does not give you the right"):
        give_up(Session(store, "mia"))


def test_who_was_forgotten_is_let_work_by_going_on(make_house: Callable[[str], House], server: PrivateServer) -> None:
    """A role that is named only when the move goes on counts, and one that is none is told."""
    house = make_house(TO_A_SERVER)
    assert house.moves(stop_after=3).left
    with pytest.raises(Fault, match="knows no role nobody"):
        house.moves(role="nobody")
    house.moves(role=CLERK)
    assert isinstance(house.target, Server)
    assert desk.note(Session(open_store(server.place(house.target.name, CLERK), house.clock), "sam"), 1, "in").done


def test_the_desk_says_that_it_moved_and_who_moved_it(house: House) -> None:
    """In its own audit, at either end."""
    house.moves("olaf")
    told = [row for row in all_rows(house.there.store.database)["audit"] if row[2] in ("move", "moved")]
    assert [(row[2], row[8]) for row in told[-2:]] == [("move", "Olaf"), ("moved", "Olaf")]


def test_an_anchor_that_left_before_knows_the_desk_again(house: House) -> None:
    """Whoever moves it can't rewrite it on the way: whatever the anchor knew is as it was."""
    anchor = take_anchor(house.here.mia).anchor
    house.clock.tick(timedelta(hours=1))
    house.moves()
    there = house.there
    assert compare(there.store, anchor) == []
    with plain_sql(house.target, guarded=False) as sql:
        sql.execute("DELETE FROM audit WHERE subject = 'policy'")
    assert compare(there.store, anchor) != []


# What is closed.


@pytest.mark.parametrize("way", [TO_A_SERVER, INTO_A_FILE])
def test_while_it_moves_everybody_may_look_and_nobody_may_save(house: House) -> None:
    """A colleague's open screen is told so, and a job as well; what was brought so far is no desk."""
    here = house.here
    assert house.moves(stop_after=3).left
    sentence = (
        f"This desk is moving house, to {house.target}: nothing can be changed until it is there, or the move is given "
        f"up. Nothing was changed."
    )
    for counter in (house.here, here):
        database_proxy.initialize(counter.store.database)
        outcome = desk.note(counter.sam, 1, "hello")
        assert (outcome.done, outcome.sentence) == (False, sentence)
        with pytest.raises(Refused, match="moving house"):
            expire(counter.olaf)
        assert counter.sheet(1)
    if isinstance(house.target, Server):
        with pytest.raises(Fault, match="is not whole yet"):
            bring_up_to_date(house.target)
    fault = fault_of(house.target)
    assert (fault.status, "is not whole yet. To finish that, run giftdesk move again." in fault.sentence) == (78, True)


def test_what_it_left_stays_closed_and_says_where_it_went(house: House) -> None:
    """To whoever opens it, to screens that are still open, to the next move, and to who would open it by hand."""
    here = house.here
    house.moves()
    database_proxy.initialize(here.store.database)
    assert f"This desk moved to {house.target}. Work there:" in fault_of(house.source).sentence
    with pytest.raises(NotAdmitted, match="This desk moved to"):
        here.sheet(1)
    assert "This desk moved to" in desk.note(here.sam, 1, "hello").sentence
    for deed in (house.moves, lambda: give_up(here.mia)):
        with pytest.raises(Refused, match="This desk moved to"):
            deed()
    with pytest.raises(Exception, match="append-only"), plain_sql(house.source) as sql:
        sql.execute("DELETE FROM relocation")
    assert house.there.findings() == []


def test_a_move_can_be_taken_back(house: House) -> None:
    """Work goes on; what was brought so far is no desk, and in the way of the next move until it is removed."""
    house.moves(stop_after=3)
    here = house.here
    with pytest.raises(Refused, match="ask a manager or an operator"):
        give_up(here.sam)
    assert give_up(here.mia).place == str(house.target)
    assert desk.note(here.sam, 1, "hello").done
    with pytest.raises(Refused, match=r"This desk is not moving\. Nothing was changed\."):
        give_up(here.mia)
    with pytest.raises(Fault, match="lies what another move has brought, or one that was given up"):
        house.moves()
    assert house.here.findings() == []
    assert "not whole yet" in fault_of(house.target).sentence


@pytest.fixture
def copied(house: House, folder: Path, server: PrivateServer) -> Iterator[House]:
    """The same move, as it stands half way, and a copy of the place that the desk is leaving."""
    assert house.moves(stop_after=3).left
    if isinstance(house.source, Path):
        (folder / "copied").mkdir()
        yield House(copy_desk(house.source, folder / "copied"), house.target, house.clock)
        return
    name = server.new_database(house.source.name)
    keep_key(key_path(server.place(name)), read_key(key_path(house.source)))
    yield House(server.place(name), house.target, house.clock)
    server.drop(name)


@pytest.mark.parametrize("way", [TO_A_SERVER, INTO_A_FILE])
def test_a_copy_of_a_desk_that_has_arrived_does_not_stay(house: House, copied: House) -> None:
    """Somebody copied the desk in the midst of its move, which came to its end: two would pay out the same cards."""
    house.moves()
    for is_sure in (False, True):
        with pytest.raises(Refused, match=r"This desk has arrived at .*, and work goes on there: "):
            give_up(copied.here.mia, is_sure=is_sure)
    assert "moving house" in desk.note(copied.here.sam, 1, "hello").sentence
    assert desk.note(house.there.sam, 1, "hello").done


def test_what_was_brought_for_a_copy_that_stays_is_not_opened_by_the_desk_itself(house: House, copied: House) -> None:
    """The copy took the move back, and works: the desk that was copied can't be open at its place as well."""
    give_up(copied.here.mia)
    assert desk.note(copied.here.sam, 1, "hello").done
    with pytest.raises(Fault, match="lies what another move has brought, or one that was given up"):
        house.moves()
    assert "not whole yet" in fault_of(house.target).sentence


@contextmanager
def out_of_reach(place: Place, server: PrivateServer) -> Iterator[None]:
    """A place that nobody finds where it was."""
    if isinstance(place, Path):
        away = place.rename(place.with_suffix(".away"))
        yield
        away.rename(place)
        return
    with server.connection() as sql:
        sql.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [place.name])
        sql.execute(f"ALTER DATABASE {place.name} RENAME TO {place.name}_away")
        yield
        sql.execute(f"ALTER DATABASE {place.name}_away RENAME TO {place.name}")


def test_a_place_that_can_not_be_asked_asks_whoever_gives_up(house: House, server: PrivateServer) -> None:
    """It is gone, or out of reach: the desk can't know whether it is open there."""
    house.moves(stop_after=3)
    with out_of_reach(house.target, server):
        with pytest.raises(Refused, match=r"Whether the desk has arrived at .* can't be asked\. .*knows that .*--yes"):
            give_up(house.here.mia)
        assert "moving house" in desk.note(house.here.sam, 1, "hello").sentence
        assert not give_up(house.here.mia, is_sure=True).was_asked
        assert desk.note(house.here.sam, 1, "hello").done


def test_another_desk_at_the_place_is_in_nobodys_way(house: House) -> None:
    """What was brought was removed by hand, and somebody else moved in."""
    house.moves(stop_after=3)
    key_path(house.target).unlink()
    with plain_sql(house.target, guarded=False) as sql:
        sql.execute("DELETE FROM relocation")
        sql.execute("UPDATE business SET key_fingerprint = 'another'")
    stayed = give_up(house.here.mia)
    assert (stayed.was_asked, stayed.key) == (True, None)
    assert desk.note(house.here.sam, 1, "hello").done


@pytest.mark.parametrize("way", [TO_A_SERVER, INTO_A_FILE])
@pytest.mark.parametrize("was_there", [False, True])
def test_the_key_that_a_move_laid_goes_with_it(house: House, was_there: bool) -> None:
    """One that somebody had brought there before stays."""
    path = key_path(house.target)
    if was_there:
        keep_key(path, read_key(key_path(house.source)))
    house.moves(stop_after=3)
    house.moves(stop_after=3)
    assert read_key(path) == read_key(key_path(house.source))
    assert give_up(house.here.mia).key == (None if was_there else path)
    assert path.exists() is was_there
    assert desk.note(house.here.sam, 1, "hello").done


def test_a_move_that_does_not_begin_leaves_no_key(make_house: Callable[[str], House]) -> None:
    """The role is none: nothing is at the place, its key neither."""
    house = make_house(TO_A_SERVER)
    with pytest.raises(Fault, match="knows no role nobody"):
        house.moves(role="nobody")
    assert not key_path(house.target).exists()


def test_whoever_saves_at_that_moment_is_waited_for(make_house: Callable[[str], House]) -> None:
    """On a server many save at once: what somebody began before the desk was closed goes along."""
    house = make_house(INTO_A_FILE)
    writer, moved = open_store(house.source, house.clock).database, []
    with writer.writing():
        mover = threading.Thread(target=lambda: moved.append(house.moves()))
        mover.start()
        with plain_sql(house.source) as other:
            while not other.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchall():
                pause(0.005)
        writer.execute_sql("UPDATE customer SET name = 'Grace Hopper' WHERE id = 1")
    mover.join()
    assert moved[0].left is None
    rows = all_rows(house.there.store.database)["customer"]
    assert "Grace Hopper" in rows[0]


def test_a_backup_of_a_desk_on_its_way_is_a_desk_that_stays(make_house: Callable[[str], House], folder: Path) -> None:
    """It is restored when the move went wrong: work goes on at once."""
    house = make_house(TO_A_SERVER)
    house.moves(stop_after=0)
    backup = back_up(house.here.olaf, folder / "kept.backup")
    assert backup.unrecorded is not None
    assert "moving house" in backup.unrecorded
    restored = folder / "again.db"
    restoring.restore(
        restoring.Order(backup.file, restored, key_path(house.source), lambda store: house.seated(store, "olaf"))
    )
    assert desk.note(Counter(open_store(restored, house.clock), house.clock).sam, 1, "hello").done


def test_neither_end_is_brought_up_to_date_on_the_way(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The next giftdesk has a step more: the two would not be alike any more."""
    house.moves(stop_after=0)
    from models.server import opening  # not before a server is there

    migrations = tmp_path / "migrations"
    shutil.copytree(database._MIGRATIONS, migrations)
    (migrations / "9001_later.py").write_text('def up(migrator, database):\n    database.execute_sql("SELECT 1")\n')
    for module in (database, opening):
        monkeypatch.setattr(module, "_MIGRATIONS", migrations)
    for place in (house.source, house.target):
        with pytest.raises(Fault, match=r"is on its way, and neither end can be brought up to date"):
            bring_up_to_date(place)


# What is refused.


def test_without_being_sure_nothing_moves(house: House) -> None:
    """It says what would move, and what would be closed."""
    with pytest.raises(Refused, match=r"would move to .*closed here for good.*if that is right, add --yes"):
        house.moves(is_sure=False)
    assert desk.note(house.here.sam, 1, "hello").done


def test_a_place_where_a_desk_is_takes_no_other(house: House) -> None:
    """It stays as it is, and so does the desk that would have moved."""
    init_store(house.target, zone="Europe/Athens")
    key_path(house.target).unlink()
    with pytest.raises(Fault, match=r"There is a desk at .* already\. Name a place where none is"):
        house.moves()
    assert desk.note(house.here.sam, 1, "hello").done


def test_the_key_goes_along_and_never_over_another(house: House) -> None:
    """Another desk's lies where this one's belongs: nothing moves; else the place has the same key."""
    here, there = key_path(house.source), key_path(house.target)
    there.parent.mkdir(parents=True, exist_ok=True)
    there.write_text("ab" * 32)
    with pytest.raises(Fault, match="The key of another desk lies at"):
        house.moves()
    assert desk.note(house.here.sam, 1, "hello").done
    there.unlink()
    moved = house.moves()
    assert (moved.key, read_key(there).fingerprint) == (there, moved.fingerprint)
    assert read_key(there) == read_key(here)


def test_between_two_files_a_backup_moves_a_desk(make_house: Callable[[str], House], folder: Path) -> None:
    house = make_house(TO_A_SERVER)
    with pytest.raises(Fault, match="From file to file take giftdesk backup and restore"):
        House(house.source, folder / "other.db", house.clock).moves()


def test_what_does_not_add_up_stays_unless_somebody_says_so(house: House) -> None:
    """It is told before anything is closed; a desk that must be moved as it is says it again there."""
    with plain_sql(house.source) as sql:
        sql.execute("UPDATE gift_card SET balance_minor = balance_minor + 1 WHERE id = 1")
    with pytest.raises(Fault, match=r"1 thing in .* does not add up.*--despite-findings. Nothing was moved\."):
        house.moves()
    assert desk.note(house.here.sam, 2, "hello").done
    moved = house.moves(accepts_findings=True)
    assert moved.report is not None
    assert [finding.card_id for finding in moved.report.findings] == [1]


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("UPDATE customer SET name = 'Ann' || char(0) || 'Lee' WHERE id = 1", "can't be stored .* character that is"),
        (
            "UPDATE customer SET name = CAST(x'eda080' AS TEXT) WHERE id = 1",
            "can't be read: it holds text that is none",
        ),
    ],
)
def test_text_that_no_server_takes_is_told_by_its_row(make_house: Callable[[str], House], how: str, told: str) -> None:
    """Another tool wrote half a character, or none: the sentence names table and number, and nobody's name."""
    house = make_house(TO_A_SERVER)
    house.moves(stop_after=0)
    with plain_sql(house.source, guarded=False) as sql:
        sql.execute(how)
    with pytest.raises(Fault, match=f"Row 1 of customer .*{told}.*--give-up") as caught:
        house.moves()
    assert "Lee" not in caught.value.sentence
    assert "not whole yet" in fault_of(house.target).sentence


def test_a_difference_is_named_and_nothing_is_opened(house: House) -> None:
    """Somebody changed a row while it was on its way."""
    pages = [crate.name for crate in freight()].index("audit") + 1
    house.moves(stop_after=pages)
    with plain_sql(house.target) as sql:
        sql.execute("UPDATE agent SET name = 'Nobody' WHERE id = 2")
    with pytest.raises(
        Fault, match=r"is not opened for work: not everything arrived as it was\. Row 2 of agent differs"
    ):
        house.moves()
    assert "not whole yet" in fault_of(house.target).sentence
    give_up(house.here.mia)
    assert desk.note(house.here.sam, 1, "hello").done


# What is cut off.


def test_a_move_that_was_stopped_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page for page, by as many runs as it takes: each begins where the last one ended."""
    monkeypatch.setattr(ends, "PAGE", 25)
    before = all_rows(house.here.store.database)
    left = [house.moves(stop_after=6).left or 0 for _ in range(3)]
    assert left == sorted(left, reverse=True)
    assert len(set(left)) == 3
    # All rows are there, and the stop comes while they are looked at.
    assert [house.moves(stop_after=0, of=part).left for part in ("Comparing", "Checking what arrived")] == [0, 0]
    house.moves()
    assert without_the_move(all_rows(house.there.store.database)) == without_the_move(before)


def test_a_lost_connection_is_told_and_the_move_goes_on(house: House) -> None:
    """The server was started anew between two pages."""
    pages = 0

    def cut() -> bool:
        nonlocal pages
        pages += 1
        if pages == 5:
            server = house.source if isinstance(house.source, Server) else house.target
            with plain_sql(server) as sql:
                sql.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'giftdesk'"
                )
        return False

    order = Order(house.source, house.target, lambda store: house.seated(store, "mia"), is_sure=True)
    with pytest.raises(Fault, match=r"the connection to it was lost.*run giftdesk move again to go on"):
        move(order, lambda _what, _unit: None, cut)
    assert house.moves().left is None
    assert house.there.findings() == []


def test_what_knows_of_no_moves_is_noticed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older giftdesk, still open, saved something when everything had been compared: nothing is opened."""

    def meddle(*_arguments: object) -> VerifyReport:
        with plain_sql(house.source) as sql:
            sql.execute("UPDATE gift_card SET balance_minor = balance_minor + 1 WHERE id = 1")
        return VerifyReport()

    house.moves(stop_after=0)
    monkeypatch.setattr(moving, "verified", meddle)
    with pytest.raises(Fault, match="Something was changed at the desk while it moved"):
        house.moves()
    assert "not whole yet" in fault_of(house.target).sentence
    with pytest.raises(Refused, match=r"All of this desk has arrived at .* only is not open yet.*adds --yes"):
        give_up(house.here.mia)
    give_up(house.here.mia, is_sure=True)
    assert desk.note(house.here.sam, 2, "hello").done


@dataclass(frozen=True)
class Death:
    """When a move dies: at its so manieth statement, or so many after it has said the so manieth time where it is."""

    step: int | None
    statement: int

    def come(self) -> None:
        """Let this process die then, at either end."""
        ends.PAGE = 25  # type: ignore[misc]
        steps, statements, execute = 0, 0, DeskDatabase.execute_sql

        def count(database: Any, sql: str, params: Any = None) -> Any:
            nonlocal steps, statements
            steps += re.match('(INSERT INTO|UPDATE|DELETE FROM) "?relocation', sql) is not None
            statements += self.step is None or steps >= self.step
            if statements == self.statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(database, sql, params)

        DeskDatabase.execute_sql = count  # type: ignore[assignment, method-assign]


def at_random(seed: int) -> Death:
    """Anywhere, or about a step between the two ends."""
    dice = random.Random(seed)
    if dice.random() < 1 / 2:
        return Death(None, dice.randint(1, _STATEMENTS))
    return Death(dice.randint(1, _STEPS), dice.randint(1, 6))


def fate_of(house: House, death: Death) -> str:
    """Kill a move and look at what is left, then let it go on to the same end; how far the first one had come."""
    before = all_rows(house.here.store.database)
    child = os.fork()
    if child == 0:
        try:
            death.come()
            house.moves()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    fate = _stage_left_by(house) if os.WIFSIGNALED(status) else "over"
    if fate not in ("over", "closed open"):
        house.moves()
    with pytest.raises(Fault, match="This desk moved to"):
        open_store(house.source)
    assert without_the_move(all_rows(house.there.store.database)) == without_the_move(before)
    assert house.there.findings() == []
    return fate


def _stage_left_by(house: House) -> str:
    """How far the desk that was killed had come; it can be worked on at one place at most."""
    stages = []
    for place in (house.source, house.target):
        try:
            open_store(place, house.clock)
        except Fault:
            stages.append("closed")
            continue
        with plain_sql(place) as sql:
            found = sql.execute("SELECT stage FROM relocation").fetchall()
        stages.append(found[0][0] if found else "open")
    assert stages != ["open", "open"]
    return " ".join(stages)


def test_killed_at_any_point_it_goes_on(make_house: Callable[[str], House], way: str) -> None:
    """The end is the same."""
    fates_at(lambda seed: fate_of(make_house(way), at_random(seed)), 1)


@pytest.mark.slow
def test_killed_at_many_points_it_goes_on(make_house: Callable[[str], House], way: str) -> None:
    """Before it was closed, while it went, when it had arrived, and when it had left."""
    fates_at(lambda seed: fate_of(make_house(way), at_random(seed)), KILLS)


@pytest.mark.slow
def test_killed_at_each_step_it_is_never_open_twice(make_house: Callable[[str], House], way: str) -> None:
    """At some of them it is open nowhere, and the next run opens it."""
    deaths = [Death(step, statement) for step in range(1, _STEPS + 1) for statement in (1, 2, 3)]
    fates = {fate_of(make_house(way), death) for death in deaths}
    assert fates >= {"open closed", "leaving closed", "closed closed"}
