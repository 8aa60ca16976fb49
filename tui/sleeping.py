"""An app that gives the terminal away: to the shell, to sleep meanwhile, or to the agent's editor."""

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast
from weakref import WeakKeyDictionary

from textual import events
from textual.binding import Binding
from textual.screen import ModalScreen

from models.errors import Refused
from tui.commands import command
from tui.reaching import ReachingApp

if TYPE_CHECKING:
    from textual.driver import Driver

    from models.sheets import CardSheet
    from tui.editing import Editable
    from tui.screens.page import Page

    Place = tuple[str, int | None, str, str | None]
    """A login, a card, if one is open, what the dialog decides about, if it is one, and the field in it."""

_LOOK_AGAIN_SECONDS: Final = 0.01
_ASIDE_SECONDS: Final = 1.0
"""So long a sleep waits for work aside."""
_NO_TERMINAL: Final = "There is no terminal to be given back."


class SleepingApp(ReachingApp, is_part=True):
    """An app that gives the terminal back and sleeps until the shell wakes it, holding nothing that others wait for."""

    BINDINGS: ClassVar = [
        Binding(each.keys, "suspend", each.title, id=each.id, show=False) for each in (command("desk.suspend"),)
    ]
    _drafts: WeakKeyDictionary["Page[Any]", dict["Place", str]]
    """Page -> field -> what came out of the editor and found no place in it; only who wrote it sees it again."""
    _falling_asleep: asyncio.Task[None] | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        """Begin awake, with nothing edited."""
        super().__init__(*args, **options)
        self._drafts = WeakKeyDictionary()

    async def on_event(self, event: events.Event) -> None:
        """The key for a sleep ends a reading that is told to take long; a write is waited for."""
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
        """Somebody else puts the app to sleep: as soon as nothing is being saved; what is being read is ended."""

        async def when_free() -> None:
            while self.is_holding:
                self._end_reading()
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            await self.action_suspend()

        if self._falling_asleep is None or self._falling_asleep.done():
            self._falling_asleep = asyncio.create_task(when_free())

    def wake_up(self) -> None:
        """Go on: whether anybody is there is judged by the time that has passed. The size comes from the
        terminal, and with it all is drawn anew."""
        self.lock_if_idle(self.session.store.clock.now())

    async def action_edit(self) -> None:
        """Give the terminal to the agent's own editor, with what stands in the field that has the keys, and take back
        what comes of it."""
        from tui.editing import choose_editor, edited

        field, driver = cast("Editable", self.focused), cast("Driver", self._driver)
        drafts, place = self._drafts.setdefault(self.page, {}), self._place(field)
        try:
            text = field.text_to_edit()
            if text is None:
                raise Refused("This field takes a few words: type them here.")
            editor = choose_editor()
            if not driver.can_suspend:
                raise Refused(_NO_TERMINAL)
        except Refused as refused:
            self.refuse(str(refused))
            return
        self.forget_arrived()  # typed behind the key: it was meant for the editor
        driver.suspend_application_mode()
        try:
            left = edited(drafts.get(place, text), editor)
            drafts.pop(place, None)
            if (wrong := self._why_not_taken(field, text, left)) is not None:
                drafts[place] = left
                wrong = f"{wrong} What you wrote is kept for the editor."
        except Refused as refused:
            wrong = str(refused)
        finally:
            driver.resume_application_mode()
        now = self.session.store.clock.now()
        if not self.lock_if_idle(now):
            self.touched_at = now  # somebody has just left the editor
        if wrong is not None:
            self.refuse(wrong)

    def _why_not_taken(self, field: "Editable", text: str, left: str) -> str | None:
        """Put what an editor left in place of the text of a field, or say why not: the lock leaves dialogs."""
        if isinstance(self.screen, ModalScreen) and self.is_idle(self.session.store.clock.now()):
            return "You were away, so nothing was taken."
        if left == text:
            self.tell("The text is as it was.")
            return None
        return field.take_edited(left)

    def _place(self, field: "Editable") -> "Place":
        """What a field is for, and who writes in it: it is the same one when its dialog is opened again."""
        sheet: CardSheet | None = getattr(self.page, "sheet", None)
        about = getattr(self.screen, "about", "")
        return self.session.login, None if sheet is None else sheet.card_id, about, field.id

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
        if self._waiting is not None and self._waiting.can_be_left and self.cancel_waiting():
            self.forget_arrived()
