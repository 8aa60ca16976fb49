"""A reading that is no longer waited for: one thread says so, the thread that reads ends."""

import threading


class Stopped(Exception):
    """Ends a reading that nobody waits for any more; there is nothing to tell about it."""


class Stop:
    """The end of one reading, at the disposal of whoever waits for it."""

    def __init__(self) -> None:
        """Begin with a reading that is waited for."""
        self._is_called = threading.Event()

    def now(self) -> None:
        """Let the reading end, or not begin; from any thread, as often as anybody likes, also when it is over."""
        self._is_called.set()

    @property
    def is_called(self) -> bool:
        """Whether nobody waits any more."""
        return self._is_called.is_set()

    def check(self) -> None:
        """Go on only while somebody waits. Raises Stopped."""
        if self.is_called:
            raise Stopped


class ThreadAtWork(threading.local):
    """What one thread does with a database."""

    stop: Stop | None = None
    """What ends its reading, while it can be ended."""
    is_writing: bool = False
    is_surveying: bool = False
    """Whether its next connection may be to a server that follows."""
