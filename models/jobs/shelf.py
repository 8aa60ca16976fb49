"""Things by their keys, more of them than fit into memory: the ones not in use lie on the disk."""

import pickle
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, Generic, TypeVar

from models.jobs.stage import close_stage, open_stage

T = TypeVar("T")

MOST: Final = 40_000
"""How many are held in memory at once."""
_PUT: Final = """
    INSERT INTO thing VALUES (?, ?, ?)
    ON CONFLICT (place) DO UPDATE SET packed = excluded.packed
"""


class Shelf(Generic[T]):
    """Things by their keys, in the order in which they were put there first. What is taken and changed is kept."""

    def __init__(self, most: int = MOST) -> None:
        """Hold so many at once in memory."""
        self._most = most
        self._held: dict[str, tuple[int, T]] = {}
        self._count = 0
        self._stage: Any = None

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def put(self, key: str, thing: T) -> None:
        """Put a thing there whose key is not there yet."""
        self._hold(key, self._count, thing)
        self._count += 1

    def exchange(self, key: str, thing: T) -> None:
        """Put a thing in the place of the one that is there."""
        self.get(key)
        self._held[key] = (self._held[key][0], thing)

    def get(self, key: str) -> T | None:
        """The thing of a key, or None."""
        held = self._held.get(key)
        if held is not None:
            return held[1]
        if self._stage is None:
            return None
        found = self._stage.execute("SELECT place, packed FROM thing WHERE key = ?", (key,)).fetchone()
        if found is None:
            return None
        thing: T = pickle.loads(found[1])
        self._hold(key, found[0], thing)
        return thing

    def _hold(self, key: str, place: int, thing: T) -> None:
        if len(self._held) >= self._most:
            self._put_away(len(self._held) // 2)
        self._held[key] = (place, thing)

    def _put_away(self, count: int) -> None:
        if self._stage is None:
            self._stage = open_stage("CREATE TABLE thing (place INTEGER PRIMARY KEY, key TEXT UNIQUE, packed BLOB)")
        longest_held = list(islice(self._held, count))
        rows = ((key, *self._held.pop(key)) for key in longest_held)
        packed = ((place, key, pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)) for key, place, thing in rows)
        self._stage.executemany(_PUT, packed)

    def each(self) -> Iterator[T]:
        """All things in their order; they stay, and nothing may be taken or put there meanwhile."""
        if self._stage is None:
            yield from (thing for _, thing in self._held.values())
            return
        self._put_away(len(self._held))
        for (packed,) in self._stage.execute("SELECT packed FROM thing ORDER BY place"):
            yield pickle.loads(packed)

    def emptied(self) -> Iterator[T]:
        """All things in their order; each is let go of once it is taken."""
        if self._stage is None:
            while self._held:
                yield self._held.pop(next(iter(self._held)))[1]
            return
        self._put_away(len(self._held))
        for (packed,) in self._stage.execute("SELECT packed FROM thing ORDER BY place"):
            yield pickle.loads(packed)
        close_stage(self._stage)
