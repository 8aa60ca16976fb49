"""What goes to the terminal: written at once as far as it takes it; the rest waits, and nobody waits for it."""

import os
import select
from asyncio import AbstractEventLoop
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_OWN: Final = "/dev/tty"
_GIVE_UP_SECONDS: Final = 1.0
"""So long a terminal that takes nothing is waited for in the end."""


class Outlet:
    """Writes to a terminal that may be slow, blocked or gone. Nothing is lost but with the terminal itself."""

    def __init__(self, terminal: int, loop: AbstractEventLoop, drained: Callable[[], object]) -> None:
        """Open anew the terminal behind a file descriptor; drained is called when it took all that had to wait.

        Its own opening can be told not to block, which nobody who shares the terminal notices.
        """
        self._file = _opened_anew(terminal)
        self._loop = loop
        self._drained = drained
        self._waiting = bytearray()
        self._is_lost = False

    @property
    def is_backed_up(self) -> bool:
        """Whether the terminal has yet to take what it was sent."""
        return bool(self._waiting)

    def write(self, text: str) -> None:
        """Send text; of a terminal that is gone its reader learns, and here nothing more is said."""
        if self._is_lost:
            return
        was_backed_up = self.is_backed_up
        self._waiting += text.encode(errors="replace")
        if not was_backed_up:
            self._send()
            if self.is_backed_up:
                self._loop.add_writer(self._file, self._send_more)

    def close(self) -> None:
        """Send what waits, as far as the terminal takes it, and let go of it."""
        self._loop.remove_writer(self._file)
        while self._waiting and select.select([], [self._file], [], _GIVE_UP_SECONDS)[1]:
            self._send()
        os.close(self._file)

    def _send_more(self) -> None:
        self._send()
        if not self.is_backed_up:
            self._loop.remove_writer(self._file)
            self._drained()

    def _send(self) -> None:
        try:
            while self._waiting:
                del self._waiting[: os.write(self._file, self._waiting)]
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._is_lost = True
            self._waiting.clear()


def device(terminal: int) -> str:
    """The name of the terminal behind a file descriptor; the process's own where it has none here."""
    try:
        return os.ttyname(terminal)
    except OSError:
        return _OWN


def _opened_anew(terminal: int) -> int:
    """The terminal behind a file descriptor, not to block where it can be helped: it may be somebody else's by name."""
    for name in (device(terminal), _OWN):
        with suppress(OSError):
            return os.open(name, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    return os.dup(terminal)
