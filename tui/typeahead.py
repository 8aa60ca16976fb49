"""Keys in the order they were typed: each one waits until everything that the one before began is done."""

import asyncio
from collections import deque
from contextlib import suppress

from textual import events
from textual.app import App, ScreenStackError
from textual.message_pump import MessagePump

from tui.cells.quiet import quiet

_TURNS = 20
"""So often others have their turn before somebody is taken to wait for what takes longer."""
_LOOK_AGAIN_SECONDS = 0.002


class TypeAheadApp(App[None]):
    """An app for fast fingers: whatever is typed while it still works is done afterwards, as if it had been idle.

    Keys and pastes wait in one queue. Each is handed on only when the app has come to rest: no message
    of the key before is under way, and nothing holds the gate (a query or a write in a worker).
    """

    def __init_subclass__(cls, *, is_part: bool = False, **options: bool) -> None:
        """Let Textual look through an app; a class that is only a part of one it would look through in vain."""
        if not is_part:
            super().__init_subclass__(**options)

    def __init__(self, *, has_few_colours: bool = False) -> None:
        """Begin with an empty queue and an open gate; few colours are the terminal's own sixteen."""
        super().__init__(ansi_color=has_few_colours)
        self._typed: deque[events.Event] = deque()
        self._arrived = asyncio.Event()
        self._open = asyncio.Event()
        self._open.set()
        self._is_idle = True
        self._pump: asyncio.Task[None] | None = None
        self._is_deaf = False

    def hold(self) -> None:
        """Let keys wait: work was begun whose outcome decides what they mean."""
        self._open.clear()

    def release(self) -> None:
        """Let keys go on."""
        self._open.set()

    @property
    def is_holding(self) -> bool:
        """Whether keys are waiting for work."""
        return not self._open.is_set()

    def drop_typed(self) -> None:
        """Forget what was typed ahead, up to this moment: it was meant for something that did not happen."""
        self.forget_arrived()
        forget_typed = getattr(self._driver, "forget_typed", None)  # a driver without a terminal has no line
        if forget_typed is not None:
            forget_typed()

    def forget_arrived(self) -> None:
        """Forget what was typed ahead, but for what is still on the line."""
        self._typed.clear()
        if not self._is_deaf:  # what is on its way from the line is in the queue before this
            self._is_deaf = self.call_later(self._listen)

    def _listen(self) -> None:
        self._is_deaf = False

    @property
    def is_at_rest(self) -> bool:
        """Whether every key that was typed has had its effect."""
        return self._is_idle and not self._typed and not self.is_holding

    async def on_event(self, event: events.Event) -> None:
        """Queue keys and pastes; everything else goes its way."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        if self._is_deaf or self._is_ending:
            return
        if isinstance(event, events.Key) and event.key == "escape" and self.cancel_waiting():
            self._typed.clear()
            return
        self._typed.append(event)
        self._is_idle = False
        self._arrived.set()
        if self._pump is None:
            self._pump = asyncio.create_task(self._hand_on())

    def forget_refusal(self) -> None:
        """Take away why something was refused: a key is about to do something else."""

    def cancel_waiting(self) -> bool:
        """Give up on what keys are waiting for; whether there was anything to say about it."""
        return False

    async def _hand_on(self) -> None:
        while True:
            await self._opened()
            if self._is_ending:
                self._typed.clear()
            if not self._typed:
                self._is_idle = True
                self._arrived.clear()
                await self._arrived.wait()
                continue
            event = self._typed.popleft()
            try:
                self.forget_refusal()
                await super().on_event(event)
                await self._rest()
            except Exception as error:
                if not self._is_ending:  # the screens may be gone by then
                    self._handle_exception(error)
                    return

    @property
    def _is_ending(self) -> bool:
        return self._exit or not self._running

    async def _opened(self) -> None:
        """Wait until nothing holds the gate, and what opened it has put the focus where it belongs."""
        while self.is_holding:
            await self._open.wait()
            await self._rest()

    async def _rest(self) -> None:
        """Wait until all that a key began is done: nothing is ready to run, and nobody is amid a message."""
        await quiet()
        for node in self._upwards():
            await _hop(node)
        await quiet()

    def _upwards(self) -> list[MessagePump]:
        try:
            first: MessagePump | None = self.focused or self.screen
        except ScreenStackError:
            return []
        chain: list[MessagePump] = []
        while first is not None:
            chain.append(first)
            first = first._parent
        return chain

    async def on_unmount(self) -> None:
        """End with the app."""
        if self._pump is not None:
            self._pump.cancel()
            with suppress(asyncio.CancelledError):
                await self._pump


def _note(reached: list[bool]) -> None:
    """No builtin: Textual looks up the parameters of whatever it calls, and of a builtin that takes long."""
    reached.append(True)


async def _hop(node: MessagePump) -> None:
    """Wait until a node has handled all messages that are in its queue now."""
    reached: list[bool] = []
    if not node.is_running or not node.call_later(_note, reached):
        return
    for _ in range(_TURNS):
        await asyncio.sleep(0)
        if reached:
            return
    while node.is_running and not reached:
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
