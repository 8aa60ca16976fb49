"""What every test stands on: no trace of the user's own settings, and a desk of its own."""

import gc
import os
import shutil
import tempfile

# Read by Textual when it is imported; each would change every snapshot.
for _name in (
    "NO_COLOR",
    "TEXTUAL_THEME",
    "TEXTUAL",
    "GIFTDESK_DB",
    "GIFTDESK_KEY",
    "GIFTDESK_PROFILE",
    "GIFTDESK_CONFIG",
    "GIFTDESK_PASSWORD_FILE",
):
    os.environ.pop(_name, None)
os.environ["TEXTUAL_ANIMATIONS"] = "none"

# Every commit waits for the disk: half the time of whoever writes. Where a machine has room for files in memory, all
# that tests make lies there, unless TMPDIR says where.
_IN_MEMORY, _ROOM = "/dev/shm", 2 << 30
if "TMPDIR" not in os.environ and os.access(_IN_MEMORY, os.W_OK) and shutil.disk_usage(_IN_MEMORY).free > _ROOM:
    tempfile.tempdir = _IN_MEMORY

import pytest  # noqa: E402

# All that the test tools hold would be walked through for every few objects that a screen makes: a third of the time.
gc.set_threshold(50_000, 20, 20)

# Imported by tests, but no tests themselves: their assertions are to explain themselves all the same.
pytest.register_assert_rewrite("store.counter", "store.doomed", "store.machine", "store.wishes", "screens.products")

from collections.abc import Callable, Iterator  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from itertools import count  # noqa: E402
from pathlib import Path  # noqa: E402

from hypothesis import settings  # noqa: E402
from mail.postmaster import PostOffice, post_office  # noqa: E402
from postgres import NEEDED, PrivateServer, private_server, why_absent  # noqa: E402

from models.clock import FixedClock  # noqa: E402
from models.locations import Place  # noqa: E402
from models.rules.policy import Policy  # noqa: E402
from models.store import Store, init_store  # noqa: E402
from models.unit import Session  # noqa: E402

# The same examples on every run, so that nobody's change is refused for an old defect; --hypothesis-profile=fresh
# looks for others.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("fresh", deadline=None)
settings.load_profile("steady")

NOON = datetime(2026, 5, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders for one test each. They lie apart: among those of pytest each would be looked for behind all others."""
    above = tmp_path_factory.mktemp("homes")
    return (above / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_folders(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Data, state and logs of the user stay untouched."""
    home = next(homes)
    home.mkdir()
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at noon, 21 May 2026 UTC, until a test moves it."""
    return FixedClock(NOON)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module that names ENGINES has its stories told on each, but for those marked; the others stay with files."""
    engines = getattr(metafunc.module, "ENGINES", None)
    if metafunc.definition.get_closest_marker("files") is not None:
        return
    if engines is not None and "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", engines)


@pytest.fixture
def engine() -> str:
    """Where desks are kept: 'file', or 'server'."""
    return "file"


@pytest.fixture
def new_place(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Place]]:
    """Places where no desk is yet: files in a folder of the test's own, or databases that are dropped afterwards."""
    made: list[str] = []

    def file() -> Place:
        made.append(f"desk{len(made) + 1}")
        return tmp_path / f"{made[-1]}.db"

    if engine == "file":
        yield file
        return
    shared: PrivateServer = request.getfixturevalue("server")

    def on_the_server() -> Place:
        made.append(shared.new_database())
        return shared.place(made[-1])

    monkeypatch.setenv("GIFTDESK_KEY", str(tmp_path / "desk.key"))
    yield on_the_server
    for name in made:
        shared.drop(name)


@pytest.fixture
def make_store(new_place: Callable[[], Place], clock: FixedClock) -> Callable[..., Store]:
    """Make desks at places of their own: make_store(zone=..., is_sandbox=...). Their policy asks for no approval."""

    def make(**options: object) -> Store:
        settings = {"is_sandbox": True, "clock": clock, "policy": Policy(), **options}
        return init_store(new_place(), **settings)  # type: ignore[arg-type]

    return make


@pytest.fixture
def store(make_store: Callable[..., Store]) -> Store:
    """An empty sandbox in London, in pounds."""
    return make_store()


@pytest.fixture
def manager(store: Store) -> Session:
    """The first login of the desk, who is its manager."""
    return Session(store, "mia")


@pytest.fixture(scope="session")
def server() -> Iterator[PrivateServer]:
    """A PostgreSQL server of the tests' own. Where there is none, what needs it is skipped, or fails if it must not."""
    absent = why_absent()
    if absent is not None:
        if os.environ.get(NEEDED):
            pytest.fail(f"{NEEDED} is set, but {absent}")
        pytest.skip(absent)
    with private_server() as running:
        yield running


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sandbox with three hundred cards that have lived through everything: to be looked at, or copied."""
    from models.jobs.sample import make_sample

    path = tmp_path_factory.mktemp("sampled") / "desk.db"
    make_sample(path, 300, 1)
    return path


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server on the loopback, in the clear: what it took, and how it is to answer."""
    with post_office() as running:
        yield running


def pytest_sessionfinish() -> None:
    """Nothing that is still there is looked through five times over before the process ends."""
    gc.collect()
    gc.freeze()
