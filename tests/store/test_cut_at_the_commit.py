"""The answer to a commit never comes, whether it was carried out or not: the desk finds out, and says which it was.

On a server the wire is cut before the last word of a transaction, or after it; in a file the engine says that it
failed. The default run does that to three deeds, the long proof to every deed of the desk:

    pytest tests/store/test_cut_at_the_commit.py -m slow
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import peewee
import pytest
from postgres import CLERK
from store import wishes
from store.counter import BOTH, NOON, Counter, ServedDesks, chosen_key, copy_desk
from store.test_races import RACES, Race, count
from store.wire import Wire, wire_to

from models.clock import FixedClock
from models.database import FileDatabase
from models.errors import Fault
from models.locations import database_path
from models.schema import database_proxy
from models.store import open_store

ENGINES = BOTH
FIRST = (wishes.reactivate, wishes.transfer, wishes.redeem)


class FailingEngine:
    """Says once, when a write is to be saved, that it could not do that."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        """Work as ever until told otherwise."""
        self.cuts = 0
        self._patch = patch

    def cut_at_the_commit(self, *, is_carried_out: bool) -> None:
        """Fail before the next write is saved, or after it."""
        commit = FileDatabase.commit

        def fail(database: FileDatabase) -> None:
            if is_carried_out or not database._thread.is_writing:
                commit(database)
            if database._thread.is_writing:
                self._patch.setattr(FileDatabase, "commit", commit)
                self.cuts += 1
                raise peewee.OperationalError("disk I/O error")

        self._patch.setattr(FileDatabase, "commit", fail)


@pytest.fixture(scope="module")
def in_a_file(furnished_in_earnest: Path, quick: Path) -> Counter:
    """A desk that has all deeds cut, one after the other."""
    folder = quick / "cut"
    folder.mkdir()
    clock = FixedClock(NOON)
    return Counter(open_store(copy_desk(furnished_in_earnest, folder), clock), clock)


@pytest.fixture(scope="module")
def over_a_wire(served: ServedDesks) -> Iterator[tuple[Counter, Wire]]:
    """The same on a server."""
    from models.server.database import ServerDatabase

    name, clock = served.new_copy(is_sandbox=False), FixedClock(NOON)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, wire_to(served.server.folder, Path(folder)) as wire:
        with chosen_key(served.key):
            store = open_store(database_path(f"postgresql://{CLERK}@/{name}?host={quote(folder)}"), clock)
        assert isinstance(store.database, ServerDatabase)
        # Else what is often asked on a connection goes by a number that the wire does not know.
        store.database._servers.settings["prepare_threshold"] = None
        store.database.let_go()
        yield Counter(store, clock), wire
    served.server.drop(name)


@pytest.fixture
def cut_desk(
    engine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[Counter, FailingEngine | Wire]:
    """The desk of an engine a day later, and what cuts it off."""
    counter: Counter
    cutter: FailingEngine | Wire
    if engine == "file":
        counter, cutter = request.getfixturevalue("in_a_file"), FailingEngine(monkeypatch)
    else:
        counter, cutter = request.getfixturevalue("over_a_wire")
    database_proxy.initialize(counter.store.database)
    counter.wait(days=1)
    return counter, cutter


@pytest.mark.parametrize("is_carried_out", [False, True])
@pytest.mark.parametrize(
    "race", [race if race.deed in FIRST else pytest.param(race, marks=pytest.mark.slow) for race in RACES], ids=str
)
def test_what_is_cut_off_at_the_commit_is_done_once(
    cut_desk: tuple[Counter, FailingEngine | Wire], race: Race, is_carried_out: bool
) -> None:
    """Whoever is told that nothing was changed does it again; whoever is told that it is done was told the truth."""
    counter, cutter = cut_desk
    card, key = race.ready(counter), f"{race}-{is_carried_out}"
    before, cuts = count(counter, race, card), cutter.cuts
    cutter.cut_at_the_commit(is_carried_out=is_carried_out)
    if not is_carried_out:
        with pytest.raises(Fault, match=r"Nothing was changed\.$"):
            race.deed(counter.mia, card, key)
        assert count(counter, race, card) == before
    told = race.deed(counter.mia, card, key)
    assert cutter.cuts == cuts + 1
    assert (told.done, told.repeated) == (True, False)
    again = race.deed(counter.mia, card, key)
    assert (again.done, again.repeated, again.sentence) == (True, True, told.sentence)
    assert count(counter, race, card) == before + 1
    assert not counter.findings()
