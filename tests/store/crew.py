"""Twelve colleagues, each a process of its own, who do the same thing at the same moment."""

import multiprocessing
import os
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from store.counter import chosen_key

from models.clock import FixedClock
from models.locations import Place, Server
from models.schema import database_proxy
from models.store import Store, open_store
from models.unit import Session

SIZE = 12
MANY_ROUNDS = 50
"""How often a long proof does each race."""
_PATIENCE = 30.0

Deed = Callable[..., Any]


@dataclass(frozen=True)
class Job:
    """What one colleague does: deed(session, *arguments), at an instant by their own clock."""

    path: Place
    login: str
    at: datetime
    deed: Deed
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Crash:
    """An exception that reached a colleague: there must never be one."""

    trace: str


class Crew:
    """The twelve, waiting for their job."""

    def __init__(self, folder: Path, key: Path) -> None:
        """Start them; the key is that of desks on a server."""
        context = multiprocessing.get_context("fork")
        barrier = context.Barrier(SIZE)
        self._lines: list[Connection] = []
        self._processes = []
        for _ in range(SIZE):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, barrier, folder, key), daemon=True)
            process.start()
            theirs.close()
            self._lines.append(ours)
            self._processes.append(process)

    def at_once(self, jobs: Sequence[Job]) -> list[Any]:
        """Everybody does their job at the same moment; what each was told."""
        assert len(jobs) == SIZE
        for line, job in zip(self._lines, jobs, strict=True):
            line.send(job)
        told = []
        for line in self._lines:
            assert line.poll(_PATIENCE), "a colleague never answered"
            told.append(line.recv())
        crashes = [each.trace for each in told if isinstance(each, Crash)]
        assert not crashes, crashes[0]
        return told

    def dismiss(self) -> None:
        """Send everybody home."""
        for line in self._lines:
            line.send(None)
        for process in self._processes:
            process.join(_PATIENCE)


def _work(line: Connection, barrier: Barrier, folder: Path, key: Path) -> None:
    os.environ["XDG_STATE_HOME"] = str(folder)
    while (job := line.recv()) is not None:
        try:
            store = _opened(job.path, key)
            database_proxy.initialize(store.database)
            assert isinstance(store.clock, FixedClock)
            store.clock.at = job.at
            barrier.wait(_PATIENCE)
            line.send(job.deed(Session(store, job.login), *job.arguments))
        except BaseException:
            line.send(Crash(traceback.format_exc()))


@cache
def _opened(place: Place, key: Path) -> Store:
    clock = FixedClock(datetime.fromisoformat("2026-01-01T00:00+00:00"))
    if not isinstance(place, Server):
        return open_store(place, clock)
    with chosen_key(key):
        return open_store(place, clock)
