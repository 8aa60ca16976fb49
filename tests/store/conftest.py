"""A desk that is open for business: products of every kind of validity, and one colleague of every role."""

import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from postgres import PrivateServer
from store.asking import STOPPED
from store.counter import NOON, Counter, ServedDesks, chosen_key, copy_desk, furnish, served_key
from store.crew import Crew
from store.scene import Scene, set_scene

from models import desk
from models.clock import FixedClock
from models.jobs.expire import expire
from models.locations import Place
from models.schema import database_proxy
from models.store import open_store

_ROUNDS = 2


@pytest.fixture(scope="session")
def quick() -> Iterator[Path]:
    """A folder for the desks of the whole session, each of which is removed with its test."""
    with tempfile.TemporaryDirectory(prefix="giftdesk-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def furnished(quick: Path) -> Path:
    """A furnished desk that nobody works on: tests open copies of it."""
    return furnish(quick / "furnished" / "desk.db")


@pytest.fixture(scope="session")
def furnished_in_earnest(quick: Path) -> Path:
    """The same, no sandbox."""
    return furnish(quick / "earnest" / "desk.db", is_sandbox=False)


@pytest.fixture
def folder(quick: Path) -> Iterator[Path]:
    """A quick folder of the test's own."""
    with tempfile.TemporaryDirectory(dir=quick) as own:
        yield Path(own)


@pytest.fixture(scope="session")
def served(server: PrivateServer, quick: Path) -> ServedDesks:
    """Desks on a server, all with one key."""
    return ServedDesks(server, served_key(quick))


@pytest.fixture
def counter(engine: str, clock: FixedClock, request: pytest.FixtureRequest) -> Iterator[Counter]:
    """A furnished desk of the test's own, at noon on 21 May 2026 UTC."""
    if engine == "file":
        path = copy_desk(request.getfixturevalue("furnished"), request.getfixturevalue("folder"))
        yield Counter(open_store(path, clock), clock)
        return
    served: ServedDesks = request.getfixturevalue("served")
    with served.copy() as place:
        yield Counter(open_store(place, clock), clock)


@pytest.fixture
def in_earnest(engine: str, clock: FixedClock, request: pytest.FixtureRequest) -> Iterator[Counter]:
    """The same, no sandbox: nobody is somebody else there."""
    if engine == "file":
        path = copy_desk(request.getfixturevalue("furnished_in_earnest"), request.getfixturevalue("folder"))
        yield Counter(open_store(path, clock), clock)
        return
    served: ServedDesks = request.getfixturevalue("served")
    with served.copy(is_sandbox=False) as place:
        yield Counter(open_store(place, clock), clock)


@pytest.fixture(scope="session")
def crew(quick: Path) -> Iterator[Crew]:
    """Twelve waiting processes."""
    with tempfile.TemporaryDirectory(dir=quick) as folder:
        twelve = Crew(Path(folder), served_key(quick))
        yield twelve
        twelve.dismiss()


@pytest.fixture(scope="session")
def shared(quick: Path, request: pytest.FixtureRequest) -> Callable[[str], Counter]:
    """One desk of each engine, no sandbox, on which all its races are run, one day after the other."""

    @cache
    def on(engine: str) -> Counter:
        clock = FixedClock(NOON)
        if engine == "server":
            served: ServedDesks = request.getfixturevalue("served")
            place = served.place(served.new_copy(is_sandbox=False))
            with chosen_key(served.key):
                return Counter(open_store(place, clock), clock)
        folder = quick / "races"
        folder.mkdir()
        path = copy_desk(furnish(quick / "real" / "desk.db", is_sandbox=False), folder)
        return Counter(open_store(path, clock), clock)

    return on


@pytest.fixture
def races(shared: Callable[[str], Counter], engine: str) -> Counter:
    """The shared desk, a day later."""
    counter = shared(engine)
    database_proxy.initialize(counter.store.database)
    counter.wait(days=1)
    return counter


@pytest.fixture
def rounds(engine: str) -> int:
    """How often the default run does a race in which the order matters."""
    return {"file": _ROUNDS, "server": 1}[engine]


@pytest.fixture
def place(served: ServedDesks) -> Iterator[Place]:
    """A furnished desk on a server that nobody has open."""
    with served.copy() as copied:
        yield copied


@pytest.fixture
def empty(server: PrivateServer, tmp_path: Path) -> Iterator[Place]:
    """A database that holds no desk."""
    name = server.new_database()
    with chosen_key(tmp_path / "desk.key"):
        yield server.place(name)
    server.drop(name)


@pytest.fixture
def elsewhere(folder: Path) -> Path:
    """Where a desk is restored: a folder of another machine, with nothing in it."""
    (folder / "elsewhere").mkdir()
    return folder / "elsewhere" / "desk.db"


@pytest.fixture
def thresholds(counter: Counter) -> None:
    """The desk has the thresholds that desks are shipped with."""
    limits: dict[str, Any] = {
        "repeat_limit": 3,
        "approve_above": {"GBP": 10_000},
        "vip_expired_days": 30,
        "fresh_hours": 24,
    }
    assert desk.set_policy(counter.mia, **limits, warn_at=8, stop_at=15).done


@pytest.fixture
def dear(counter: Counter) -> int:
    """A card of 150 pounds, three hours after its cut-off, swept."""
    card = counter.issued("week", 15_000)
    counter.at(STOPPED)
    counter.wait(hours=3)
    expire(counter.olaf)
    return card


@pytest.fixture
def scene(engine: str, furnished: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    """A desk at work, in a folder that everybody may enter and write to, or on a server."""
    clock = FixedClock(NOON)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        if engine == "file":
            (folder / "desk").mkdir()
            path = copy_desk(furnished, folder / "desk")
            (folder / "desk").chmod(0o777)
            for file in path.parent.iterdir():
                file.chmod(0o666)
            yield set_scene(Counter(open_store(path, clock), clock), folder)
            return
        served: ServedDesks = request.getfixturevalue("served")
        with served.copy() as place:
            yield set_scene(Counter(open_store(place, clock), clock), folder, served.server)
