"""Who sits in front of the screens: admitted again with each answer, locked out when idle, let go when gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen
from textual.widgets import Input

from models.agents import Colleague
from models.rules.policy import Policy
from tui.bridge import BridgeApp
from tui.key_names import shown_key
from tui.memory import Memory
from tui.messages import Seen
from tui.screens.dialogs import jump, locking
from tui.screens.page import Page

if TYPE_CHECKING:
    from models.jobs.demo import Scenario
    from models.unit import Session

_ATTENDED = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)


class AttendedApp(BridgeApp, is_part=True):
    """An app that belongs to whoever sits there, as long as they do and may."""

    def __init__(
        self, session: Session, agent: Colleague, scenarios: Sequence[Scenario] = (), *, has_few_colours: bool = False
    ) -> None:
        """Begin with somebody who has just sat down."""
        super().__init__(session, agent, scenarios, has_few_colours=has_few_colours)
        self.policy = Policy()
        self.farewell = ""
        """Why the app ended, when its agent may not work any more."""
        self.touched_at = session.store.clock.now()
        self._key_did_nothing = False
        """A dialog says that the last key does nothing there."""

    # Who works here

    def attend(self, seen: Seen) -> bool:
        """Take note of who works here as it stands; whether anything may be shown to them."""
        if seen.session is not self.session or not self.screen_stack:  # the screens may be gone already
            return True
        if seen.gone is not None:
            self._stop(seen.gone)
            return False
        if seen.agent is not None and seen.policy is not None:
            self._seat(seen.agent, seen.policy)
        return not self.farewell and not self._leaves_a_closed_page()

    def sit_down(self, session: Session, agent: Colleague, policy: Policy) -> None:
        """Go on as somebody else, on the screens as they are."""
        self.session, self.memory = session, Memory()
        self._seat(agent, policy)

    def _seat(self, agent: Colleague, policy: Policy) -> None:
        is_other = agent != self.agent
        self.agent, self.policy = agent, policy
        for page in self.screen_stack if is_other else ():
            if isinstance(page, Page) and page.is_mounted:
                page.judge_anew()

    def _leaves_a_closed_page(self) -> bool:
        """Leave the page on top when who works here may not look at it any more; whether there was one."""
        why = self.page.why_closed
        if why is None or self.is_covered:
            return False
        self.leave_dialogs()
        self.screen.dismiss(None)
        self.refuse(why)
        return True

    def _stop(self, why: str) -> None:
        """Cover everything and let go of whoever may not work here any more."""
        if not self.farewell:
            self.farewell = why
            self._cover(locking.Stopped(why))

    # Whether anybody is there

    async def on_event(self, event: events.Event) -> None:
        """Notice that somebody is there, and whether nobody was for too long: the machine itself may have slept."""
        if isinstance(event, _ATTENDED):
            now = self.session.store.clock.now()
            if not self.lock_if_idle(now) or self.is_covered:
                self.touched_at = now
        await super().on_event(event)

    def on_key(self, event: events.Key) -> None:
        """A key that does nothing where it was pressed: say so, and where the keys are told."""
        is_letter = event.character is not None and event.character >= " " and isinstance(self.focused, Input)
        if is_letter or self.is_covered or event.key in self.screen.active_bindings:
            return
        where = f": {self.keymap.key('desk.help')} lists the keys" if isinstance(self.screen, Page) else ""
        self.refuse(f"{shown_key(event.key)} does nothing here{where}.")
        self._key_did_nothing = True

    def forget_refusal(self) -> None:
        """Take away as well that a key did nothing in a dialog; why what was typed there won't do stays."""
        super().forget_refusal()
        if self._key_did_nothing and isinstance(self.screen, ModalScreen):
            take_away = getattr(self.screen, "complain", None)
            if take_away is not None:
                take_away("")
        self._key_did_nothing = False

    def on_lines_opened(self) -> None:
        """A line that nobody took."""
        self.refuse("This line leads nowhere.")

    def on_lines_nothing(self) -> None:
        """Enter where nothing is listed."""
        self.refuse("Nothing is listed here.")

    def is_idle(self, now: datetime) -> bool:
        """Whether nobody has touched a key for long enough to be locked out, at an instant (UTC)."""
        self.touched_at = min(self.touched_at, now)
        idle = timedelta(minutes=self.policy.lock_minutes)
        return bool(idle) and now - self.touched_at >= idle

    def lock_if_idle(self, now: datetime) -> bool:
        """Lock the screen once nobody has touched a key for long enough, at an instant (UTC), but for what is being
        saved; whether that is so. Asks nobody for that."""
        is_idle = self.is_idle(now)
        if is_idle and not self.is_holding:
            self.lock_screen()
        return is_idle

    def lock_screen(self) -> None:
        """Cover everything until the agent's password is typed; a dialog is left, what was typed ahead is forgotten."""
        if not self.is_covered:
            self._cover(locking.Locked(self.unlock))

    def unlock(self, session: Session) -> None:
        """Show again what was covered."""
        self.session = session
        super().pop_screen()
        self._leaves_a_closed_page()

    @property
    def is_covered(self) -> bool:
        """Whether nothing of the desk is shown."""
        return self.screen.has_class("cover")

    def _cover(self, cover: locking.Cover) -> None:
        self.drop_typed()
        self.leave_dialogs()
        self.memory = Memory()
        self.push_screen(cover)

    def leave_dialogs(self) -> None:
        """Leave whatever stands in front of the page, as with Esc."""
        while isinstance(self.screen, ModalScreen):
            self.screen.dismiss(None)

    def pop_screen(self) -> AwaitComplete:
        """Take the screen on top away, but for a cover: what ends behind it does not lift it."""
        return AwaitComplete() if self.is_covered else super().pop_screen()

    async def action_agent(self) -> None:
        """Lock the screen; in a sandbox, choose who works here."""
        if not self.is_covered:
            self.leave_dialogs()
            self.call_later(self.page.action_run, "desk.agent")

    def action_refresh(self) -> None:
        """Draw anew what stands in front of a page, and all of the screen with it."""
        self.redraw()

    async def action_jump(self) -> None:
        """Show a letter on each place of what is in front, and go where one leads."""
        if isinstance(self.screen, jump.Jump):
            self.screen.dismiss(None)
            return

        def go(place: jump.Place | None) -> None:
            if place is not None:
                place.go()

        page = self.screen
        further = page.further_places() if isinstance(page, Page) else ()
        await self.push_screen(jump.Jump(jump.places_on(page, further)), go)

    @property
    def page(self) -> Page[Any]:
        """The page on top, whatever stands in front of it."""
        return next(screen for screen in reversed(self.screen_stack) if isinstance(screen, Page))
