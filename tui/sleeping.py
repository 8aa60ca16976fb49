"""An app that can be put to sleep, and says who works in it when it is woken up."""

import asyncio
from typing import Any, ClassVar, Final

from textual import events
from textual.binding import Binding

from tui.alarming import AlarmedApp
from tui.commands import command

_LOOK_AGAIN_SECONDS: Final = 0.01
_ASIDE_SECONDS: Final = 1.0
"""So long a sleep waits for work aside."""
_NO_TERMINAL: Final = "There is no terminal to be given back."


class SleepingApp(AlarmedApp):
    """An app that gives the terminal back and sleeps until the shell wakes it, holding nothing that others wait for."""

    BINDINGS: ClassVar = [
        Binding(each.keys, "suspend", each.title, id=each.id, show=False) for each in (command("desk.suspend"),)
    ]
    _falling_asleep: asyncio.Task[None] | None = None

    async def on_event(self, event: events.Event) -> None:
        """The key for a sleep ends a reading that other keys wait for; a write is waited for."""
        if isinstance(event, events.Key) and event.key in self.keymap.keys("desk.suspend"):
            self._end_reading()
        await super().on_event(event)

    async def action_suspend(self) -> None:
        """Sleep until the shell wakes the app, or say why not."""
        why = getattr(self._driver, "why_not_sleep", lambda: _NO_TERMINAL)()
        if why is not None:
            self.refuse(why)
            return
        await self._work_aside_is_done()
        await self._sleep()

    def fall_asleep(self) -> None:
        """Somebody else puts the app to sleep: as soon as nothing is being saved."""

        async def when_free() -> None:
            await self._opened()
            await self.action_suspend()

        self._end_reading()
        if self._falling_asleep is None or self._falling_asleep.done():
            self._falling_asleep = asyncio.create_task(when_free())

    def wake_up(self) -> None:
        """Go on: all is drawn again, and whether anybody is there is judged by the time that has passed."""
        self.redraw()
        self.lock_if_idle(self.session.store.clock.now())

    async def _sleep(self) -> None:
        driver: Any = self._driver
        self.forget_arrived()  # typed behind the key: it was meant for the shell
        was_stopped = driver.sleep()
        self.wake_up()
        if not was_stopped:
            self.refuse(driver.NOBODY_WAKES)

    async def _work_aside_is_done(self) -> None:
        """Wait a moment for what is under way aside: whoever sleeps must not hold the store."""
        for _ in range(round(_ASIDE_SECONDS / _LOOK_AGAIN_SECONDS)):
            if not self._under_way_aside:
                break
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    def _end_reading(self) -> None:
        if self._waiting is not None and self._waiting.can_be_left:
            self.cancel_waiting()
            self.forget_arrived()
