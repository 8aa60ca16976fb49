"""Colleagues, each a process of its own, who do the same thing at the same moment: twelve, or as many as are asked."""

import gc
import multiprocessing
import os
import random
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from store.counter import chosen_key

from models.clock import FixedClock, pause
from models.engine import DeskDatabase
from models.locations import Place, Server
from models.schema import database_proxy
from models.store import Store, open_store
from models.unit import Session

SIZE = 12
MANY_ROUNDS = 50
"""How often a long proof does each race."""
_PATIENCE = 120.0
_LONGEST_HESITATION = 0.002

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
    """They wait for their job, each with a connection to the desk."""

    def __init__(self, folder: Path, key: Path, size: int = SIZE) -> None:
        """Start them; the key is that of desks on a server."""
        context = multiprocessing.get_context("fork")
        barrier = context.Barrier(size)
        self.size = size
        self._chance: random.Random | None = None
        self._lines: list[Connection] = []
        self._processes = []
        # What the collector leaves alone stays the same for all of them, and lies in memory once.
        gc.freeze()
        for _ in range(size):
            ours, theirs = context.Pipe()
            not_theirs = [*self._lines, ours]
            process = context.Process(target=_work, args=(theirs, not_theirs, barrier, folder, key), daemon=True)
            process.start()
            theirs.close()
            self._lines.append(ours)
            self._processes.append(process)
        gc.unfreeze()

    @contextmanager
    def hesitating(self, seed: int) -> Iterator[None]:
        """Meanwhile everybody stops now and then for a moment between two statements: each time it goes another way."""
        self._chance = random.Random(seed)
        yield
        self._chance = None

    def at_once(self, jobs: Sequence[Job]) -> list[Any]:
        """Everybody does their job at the same moment; what each was told."""
        assert len(jobs) == self.size
        for line, job in zip(self._lines, jobs, strict=True):
            line.send((job, None if self._chance is None else self._chance.random()))
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


def _work(line: Connection, not_mine: Sequence[Connection], barrier: Barrier, folder: Path, key: Path) -> None:
    for other in not_mine:
        other.close()
    os.environ["XDG_STATE_HOME"] = str(folder)
    while (given := _next_job(line)) is not None:
        job, seed = given
        try:
            store = _opened(job.path, key)
            database_proxy.initialize(store.database)
            assert isinstance(store.clock, FixedClock)
            store.clock.at = job.at
            with _hesitation(store.database, seed):
                barrier.wait(_PATIENCE)
                told = job.deed(Session(store, job.login), *job.arguments)
            line.send(told)
        except BaseException:
            line.send(Crash(traceback.format_exc()))


def _next_job(line: Connection) -> tuple[Job, float | None] | None:
    """None when there is none, or when whoever gives them is gone."""
    try:
        given: tuple[Job, float | None] | None = line.recv()
    except EOFError:
        return None
    return given


@contextmanager
def _hesitation(database: DeskDatabase, seed: float | None) -> Iterator[None]:
    """Stop for a moment behind some statements, the same ones for the same seed; never without one."""
    chance = random.Random(seed)

    def stop_for_a_moment(_event: object) -> None:
        if chance.random() < 0.25:
            pause(chance.uniform(0, _LONGEST_HESITATION))

    if seed is None:
        yield
        return
    database.query_hooks.append(stop_for_a_moment)
    try:
        yield
    finally:
        database.query_hooks.remove(stop_for_a_moment)


@cache
def _opened(place: Place, key: Path) -> Store:
    """The desk at a place, connected from then on: two hundred that connect are long before or behind each other."""
    clock = FixedClock(datetime.fromisoformat("2026-01-01T00:00+00:00"))
    with chosen_key(key) if isinstance(place, Server) else nullcontext():
        store = open_store(place, clock)
    store.database.connect(reuse_if_open=True)
    return store
