"""Work aside from the keys: done one after the other in a thread of its own, which no key waits for."""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Thread
from typing import Final

AT_THE_END_SECONDS: Final = 1.0
"""So long, at most, somebody who leaves waits for what is still under way."""


class Lane:
    """A queue of work, and the thread that does it in the order in which it came."""

    def __init__(self, name: str) -> None:
        """Begin with nothing to do; the thread starts with the first work."""
        self._name = name
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._is_given_up = Event()

    def put(self, work: Callable[[], None]) -> None:
        """Do a piece of work after all that was put before it; whatever it may raise is its own to tell."""
        self._queue.put(work)
        if self._thread is None:
            # Nobody waits for a database that is locked: what is not done by then ends with the process.
            self._thread = Thread(target=self._run, name=f"aside-{self._name}", daemon=True)
            self._thread.start()

    def close(self, patience_seconds: float = AT_THE_END_SECONDS) -> bool:
        """Do what was put, for so many seconds at most, and then nothing more; whether all of it was done."""
        if self._thread is None:
            return True
        self._queue.put(None)
        self._thread.join(patience_seconds)
        self._is_given_up.set()
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (work := self._queue.get()) is not None and not self._is_given_up.is_set():
            work()
