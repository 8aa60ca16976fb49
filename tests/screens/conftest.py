"""The demo's desk, made once and copied for each test, and a place to sit down at it."""

import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import textual._wait
from driver import Driver, at_desk
from screens.letters import with_reminders
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.screen import Screen

from models.clock import FixedClock
from models.jobs.demo import START, Scenario, build_demo
from models.store import Store, open_store

_rendered = Compositor.render_update


def _rendered_when_whole(
    compositor: Compositor, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
) -> object:
    """Without a terminal nobody sees the updates: each would be drawn for nothing. Whoever looks draws the whole."""
    if full:
        return _rendered(compositor, full, screen_stack, simplify)
    visible_screen_stack.set(screen_stack or [])
    compositor._dirty_regions.clear()
    return None


@pytest.fixture(autouse=True)
def _draws_for_who_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Compositor, "render_update", _rendered_when_whole)


# The pilot waits until the process is idle; it may look more often than it does by itself.
for _name, _seconds in (("SLEEP_GRANULARITY", 0.002), ("SLEEP_IDLE", 0.0008)):
    if hasattr(textual._wait, _name):
        setattr(textual._wait, _name, _seconds)

SitDown = Callable[..., AbstractAsyncContextManager[Driver]]


@dataclass(frozen=True)
class Demo:
    """A copy of the demo's desk, its clock standing where the demo begins."""

    store: Store
    scenarios: tuple[Scenario, ...]


@pytest.fixture(scope="session")
def original() -> Iterator[tuple[Path, tuple[Scenario, ...]]]:
    """The demo's files, which nobody works on."""
    with tempfile.TemporaryDirectory(prefix="giftdesk-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", folder)
        path = Path(folder) / "demo.db"
        _, scenarios = build_demo(path)
        yield path, scenarios


@pytest.fixture
def quick_folder(original: tuple[Path, tuple[Scenario, ...]]) -> Iterator[Path]:
    """A folder of the test's own, in memory where the machine has one."""
    with tempfile.TemporaryDirectory(dir=original[0].parent) as folder:
        yield Path(folder)


@pytest.fixture
def demo(original: tuple[Path, tuple[Scenario, ...]], quick_folder: Path) -> Demo:
    """A copy of the demo's desk."""
    path, scenarios = original
    for suffix in (".db", ".key"):
        shutil.copy(path.with_suffix(suffix), quick_folder / f"desk{suffix}")
    return Demo(open_store(quick_folder / "desk.db", FixedClock(START)), scenarios)


@pytest.fixture
def alone_in_memory() -> Iterator[None]:
    """Whoever counts objects meets those of this test only; what other tests left is not walked through either."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def sit_down(demo: Demo) -> SitDown:
    """Sit down at the demo's desk: `async with sit_down(login="pat", size=WIDE) as desk`."""
    return partial(at_desk, demo.store, demo.scenarios)


@pytest.fixture
def letters(demo: Demo, sit_down: SitDown) -> SitDown:
    """A desk with reminders to come and some that wait."""
    with_reminders(demo.store)
    return sit_down
