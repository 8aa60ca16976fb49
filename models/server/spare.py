"""The connection that a process keeps between its units of work: to make one takes half a dozen ways there and back.

Ready-made pools say of a server that does not answer only that they waited in vain. Here whoever needs a connection
makes it themselves, so they hear why there is none.
"""

import os
import select
from threading import Lock, Timer
from typing import Final

from psycopg.pq import TransactionStatus

from models.clock import Stopwatch
from models.server.connection import Connection

REST_SECONDS: Final = 60.0
"""So long a connection is kept without work. A desk at which nobody works holds none."""


class Spare:
    """At most one connection, that of the unit of work before; the next takes it, whichever thread that is in."""

    def __init__(self, rest_seconds: float = REST_SECONDS) -> None:
        """Begin with none."""
        self._rest_seconds = rest_seconds
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = Lock()
        self._kept: Connection | None = None
        self._unused = Stopwatch()
        self._timer: Timer | None = None

    def _look_for_fork(self) -> None:
        """What a process got from the one that it was forked from stays that one's."""
        if self._process != os.getpid():
            self._begin()

    def take(self) -> Connection | None:
        """The connection that was kept, if there is one and the server has not ended it."""
        self._look_for_fork()
        with self._lock:
            kept, self._kept = self._kept, None
        if kept is None or not _has_word(kept):
            return kept
        kept.close()
        return None

    def give(self, connection: Connection) -> None:
        """Keep a connection for whoever comes next, unless something is the matter with it; then it is closed."""
        self._look_for_fork()
        unneeded: Connection | None = connection
        if not connection.is_spoilt and connection.info.transaction_status == TransactionStatus.IDLE:
            connection.thread, connection.is_kept = None, True
            connection.prepare_threshold = None  # a plan for any value is none for a name that thousands have
            with self._lock:
                unneeded, self._kept, self._unused = self._kept, connection, Stopwatch()
                self._close_later(self._rest_seconds)
        if unneeded is not None:
            unneeded.close()

    def _close_later(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = Timer(seconds, self._close_unused)
            self._timer.daemon = True
            self._timer.start()

    def _close_unused(self) -> None:
        unused = None
        with self._lock:
            self._timer = None
            left = self._rest_seconds - self._unused.seconds()
            if left <= 0:
                unused, self._kept = self._kept, None
            elif self._kept is not None:
                self._close_later(left)
        if unused is not None:
            unused.close()

    def close(self) -> None:
        """Keep nothing any more, until something is given again."""
        kept = self.take()
        if kept is not None:
            kept.close()


def _has_word(connection: Connection) -> bool:
    """Whether the server said something that nobody asked for: as a rule, that it ended the connection."""
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    return bool(line.poll(0))
