"""The full-screen app: one desk, one agent, one terminal."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Collection, Sequence
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.events import Resize
from textual.filter import LineFilter, Monochrome, NoColor
from textual.geometry import Offset
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.worker import WorkerFailed

from models.exits import SOFTWARE
from models.pending import cut_offs, forget
from tui import first_frame
from tui.console.output import complain
from tui.driver import DeskDriver
from tui.filters import AsciiOnly, ConsoleSigns, NoColours, StripControls
from tui.keymap import Keymap
from tui.outputs import Output
from tui.screens.desk import Desk
from tui.sizes import WIDE
from tui.sizing import SizedApp
from tui.sleeping import SleepingApp
from tui.terminal import Profile, has_colours, is_console
from tui.themes import FULL, LEAN
from tui.widgets.bars import Notice
from tui.widgets.scrollbar import AsciiScrollBar, LeanScrollBar

if TYPE_CHECKING:
    from models.agents import Colleague
    from models.jobs.demo import Scenario
    from models.unit import Session

_SCROLL_BARS: Final = {Profile.FULL: ScrollBarRender, Profile.LEAN: LeanScrollBar, Profile.ASCII: AsciiScrollBar}


class DeskApp(SizedApp, SleepingApp):
    """giftdesk, full screen."""

    TITLE = "giftdesk"
    CSS_PATH = "styles/desk.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        session: Session,
        agent: Colleague,
        profile: Profile = Profile.FULL,
        scenarios: Sequence[Scenario] = (),
        greeting: str = "",
        keymap: Keymap | None = None,
    ) -> None:
        """Sit an agent down at a desk; the scenarios are the demo's cards."""
        super().__init__(session, agent, scenarios, has_few_colours=profile is not Profile.FULL)
        self.profile = profile
        self.no_color = not has_colours(profile)
        if profile is not Profile.FULL:
            self.css_path.append(self.css_path[0].with_name("plain.tcss"))
        self.greeting = greeting
        self.keymap = keymap or Keymap()
        self.fault_log: Path | None = None
        self.first_frame: first_frame.FirstFrame | None = None
        """What stood on the terminal before the app, which gives it back as it was before that."""
        theme = FULL if profile is Profile.FULL else LEAN
        self.register_theme(theme)
        self.theme = theme.name
        self.stylesheet.set_variables(self.get_css_variables())
        ScrollBar.renderer = _SCROLL_BARS[profile]

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew, but at the start: what was styled there was in the theme's colours from the first."""
        if self.is_settled_in:
            super().refresh_css(animate)

    def get_driver_class(self) -> type[DeskDriver]:
        """The driver that keeps pastes harmless."""
        return DeskDriver

    def get_default_screen(self) -> Screen[None]:
        """The desk, which looks from the first as it does at this size."""
        desk = Desk()
        desk.fit(self.size)
        return desk

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The last guards, and Textual's own but for those that turn colours into greys."""
        textuals = super().get_line_filters()
        return [*(each for each in textuals if not isinstance(each, NoColor | Monochrome)), *self._guards]

    @cached_property
    def _guards(self) -> Sequence[LineFilter]:
        """Always the same ones: Textual keeps each drawn line by the filters that it went through."""
        guards: list[LineFilter] = [StripControls()]
        if self.profile is Profile.ASCII:
            guards.append(AsciiOnly())
        elif is_console():
            guards.append(ConsoleSigns())
        if self.no_color:
            guards.append(NoColours())
        return guards

    @property
    def keys_unseen(self) -> Collection[str]:
        """Where there is no room for anything, one can leave, lock and go to the shell all the same."""
        return tuple(chain.from_iterable(map(self.keymap.keys, ("desk.quit", "desk.agent", "desk.suspend"))))

    def on_resize(self, event: Resize) -> None:
        """Let dialogs know at once whether they lie on a wide screen: what they did not know they would draw twice."""
        self.set_class(event.size.width < WIDE, "-narrow")

    def on_mount(self) -> None:
        """Leave the terminal in order when told to end; say what is to be said at the start."""
        self.add_class(f"-{self.profile}")
        self.set_keymap(self.keymap.changed())
        loop = asyncio.get_running_loop()
        for number in (*first_frame.ENDING, signal.SIGINT):
            try:
                loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))
            except (ValueError, RuntimeError, NotImplementedError):
                break  # not the main thread: a test drives the app
        if status := first_frame.told_to_end():
            self.exit(return_code=status)

    def tell(self, sentence: str, kind: str = "") -> None:
        """Show a sentence above the keys, of a kind or plain; why a dialog can't be confirmed is told in the dialog."""
        complain = getattr(self.screen, "complain", None)
        if kind == "refused" and complain is not None:
            complain(sentence)
            return
        if kind or not self.is_covered:  # what came of something waits behind a cover, how far it is does not
            self.page.query_one(Notice).tell(sentence, kind)

    def forget_refusal(self) -> None:
        """Take away why something was refused; behind a cover it waits for who comes back."""
        if not self.is_covered:
            self.page.query_one(Notice).forget_refusal()
            super().forget_refusal()

    async def action_quit(self) -> None:
        """Leave by way of every page, so that one with something to lose can ask; a dialog is left as with Esc."""
        if self.is_covered:
            self.exit(return_code=1 if self.farewell else 0)
            return
        page = self.page
        self.leave_dialogs()
        self.call_later(page.action_run, "desk.quit")

    def fell_back(self, why: str, error: Exception | None) -> None:
        """Write down that the screen is drawn by Textual's own output, and why."""
        from models.logs import write_note

        write_note(f"Textual's own output is used: {why}.", error)

    def panic(self, *renderables: object) -> None:  # noqa: ARG002
        """End without showing what Textual would: it may hold customer data."""
        self._return_code = SOFTWARE
        self._close_messages_no_wait()

    def action_help_quit(self) -> None:
        """What Ctrl+C says."""
        self.tell("Ctrl+Q leaves giftdesk.")

    def _handle_exception(self, error: Exception) -> None:
        """End with one sentence; the log tells where it happened, the terminal nothing of what about."""
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        from models.logs import write_fault

        self.fault_log = write_fault(error.error if isinstance(error, WorkerFailed) else error)
        if not self._exit:  # a screen that is still being made when all are taken down misses what it is made of
            self._return_code = SOFTWARE
        self._close_messages_no_wait()


def run_desk(
    session: Session,
    agent: Colleague,
    profile: Profile,
    keymap: Keymap,
    output: Output = Output.CELLS,
    *,
    has_mouse: bool = False,
) -> int:
    """Sit an agent down full screen; returns the exit status."""
    cut = cut_offs(session.store)
    told = " ".join(f"This desk was cut off during '{each.action}'. {each.sentence}" for each in cut)
    status = run_app(session, agent, profile, keymap, told, output=output, has_mouse=has_mouse)
    forget(cut)
    return status


def run_app(
    session: Session,
    agent: Colleague,
    profile: Profile,
    keymap: Keymap,
    greeting: str,
    scenarios: Sequence[Scenario] = (),
    output: Output = Output.CELLS,
    *,
    has_mouse: bool = False,
) -> int:
    """Sit an agent down and stay until the end; returns the exit status."""

    def notices() -> str:
        from models.acceptances import told_of_one_alone
        from models.waiting import bulks_waiting, what_waits

        waiting, bulks = what_waits(session), bulks_waiting(session)
        alone = " ".join(told_of_one_alone(session.store))
        where = f"{keymap.key('desk.worklists')} lists what waits." if waiting else ""
        bulk = f"{bulks} {keymap.key('desk.bulk')} shows it." if bulks else ""
        return " ".join(part for part in (alone, waiting, where, bulk, keymap.told) if part)

    app = DeskApp(session, agent, profile, scenarios, greeting, keymap)
    app.notices = notices
    if output is Output.STOCK:
        app.is_stock = True
    frame = first_frame.standing()
    if frame is not None:
        app.first_frame = frame
        app.painter.shows(frame.rows, Offset(*frame.cursor), frame.columns)
    app.run(mouse=has_mouse)
    first_frame.forget()
    if app.return_code == SOFTWARE:
        where = f" Where it happened is in {app.fault_log}." if app.fault_log else ""
        print(
            f"giftdesk met a fault of its own and ended. What was confirmed is saved; nothing is half done.{where}",
            file=sys.stderr,
        )
    if app.farewell:
        complain(app.farewell)
    return app.return_code or 0
