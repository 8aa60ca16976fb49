"""When an event loop has nothing ready to run: looked up once for all, or each who asks would take another for work."""

import asyncio
from collections.abc import Callable, Sized
from contextvars import copy_context
from functools import partial
from typing import Final
from weakref import WeakKeyDictionary


class Quiet:
    """Looks, turn by turn, whether anything can still go on by itself in a loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin with nobody who asks."""
        self._loop = loop
        self._ready: Sized | None = getattr(loop, "_ready", None)
        self._asking: list[Callable[[], object]] = []

    @property
    def is_known(self) -> bool:
        """Whether this loop tells; for one that doesn't, quiet is the next turn."""
        return self._ready is not None

    def call(self, asking: Callable[[], object]) -> None:
        """Call, in the context of who asks, once nothing is ready any more: in the next turn at the earliest."""
        self._asking.append(partial(copy_context().run, asking))
        if len(self._asking) == 1:
            self._loop.call_soon(self._look)

    def _look(self) -> None:
        if self._ready:
            self._loop.call_soon(self._look)
            return
        asking, self._asking = self._asking, []
        for each in asking:
            each()


_ALL: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, Quiet]] = WeakKeyDictionary()


def quiet_here() -> Quiet:
    """Of the loop that runs."""
    loop = asyncio.get_running_loop()
    if loop not in _ALL:
        _ALL[loop] = Quiet(loop)
    return _ALL[loop]


async def quiet() -> None:
    """Wait until whatever can go on by itself has done so."""
    reached = asyncio.Event()
    quiet_here().call(reached.set)
    await reached.wait()
