"""Counting what is different among more than fits into memory."""

import hashlib
from typing import Any, Final

from models.jobs.stage import close_stage, open_stage

_AT_ONCE: Final = 500


class Tally:
    """How many different things were seen; of each only a digest is kept, in a file without a name."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._rows: list[tuple[bytes]] = []
        self._stage: Any = None

    def add(self, thing: object) -> None:
        """See a thing; the same one has the same repr."""
        self._rows.append((hashlib.blake2b(repr(thing).encode(), digest_size=16).digest(),))
        if len(self._rows) == _AT_ONCE:
            self._put_away()

    def _put_away(self) -> None:
        if self._stage is None:
            self._stage = open_stage("CREATE TABLE seen (digest BLOB)")
        self._stage.executemany("INSERT INTO seen VALUES (?)", self._rows)
        self._rows = []

    def count(self) -> int:
        """How many different things there were; nothing can be added any more."""
        if self._stage is None:
            return len(set(self._rows))
        self._put_away()
        count = int(self._stage.execute("SELECT COUNT(DISTINCT digest) FROM seen").fetchone()[0])
        close_stage(self._stage)
        return count
