"""From a screen to the models and back: one call in a thread, one message with its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from inspect import isawaitable
from threading import local
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from textual.timer import Timer

from models.agents import Colleague, at_work
from models.clock import Stopwatch
from models.errors import Fault, NotAdmitted, Refused, Unreached
from models.rules.errors import RuleError
from models.stopping import Stop, Stopped
from tui.aside import Lane
from tui.keymap import Keymap
from tui.later import lookup_rules, lookups
from tui.memory import Memory
from tui.messages import Answered, DoneAside, Seen
from tui.typeahead import TypeAheadApp

if TYPE_CHECKING:
    from models.jobs.demo import Scenario
    from models.rules.lookups import Pace
    from models.rules.policy import Policy
    from models.unit import Outcome, Session

T = TypeVar("T")
_SHOW_WAITING_SECONDS: Final = 0.15
_SHOW_CANCEL_SECONDS: Final = 1.0
_SHOW_LATE_SECONDS: Final = 5.0
_TELL_SECONDS: Final = 0.25
"""How often it is told how far something is: a slow line carries other things, too."""


class _Waiting(NamedTuple):
    ticket: int
    then: Callable[[Any], object]
    what: str
    can_be_left: bool
    stop: Stop
    halt: Stop | None
    """What ends a write between two of its parts; None where it can't be ended."""
    end: str = "..."
    """What is said behind it."""
    is_told: bool = False
    """Whether who waits was told of it: only then can an Esc be meant for it."""


class BridgeApp(TypeAheadApp, is_part=True):
    """An app that asks its models in threads, on behalf of one agent, and takes the answers in order."""

    def __init__(
        self, session: Session, agent: Colleague, scenarios: Sequence[Scenario] = (), *, has_few_colours: bool = False
    ) -> None:
        """Begin with nothing under way; the scenarios are the demo's cards."""
        super().__init__(has_few_colours=has_few_colours)
        self.keymap = Keymap()
        self.session = session
        self.agent = agent
        self.memory = Memory()
        """What was open and done here, by who sits here."""
        self.scenarios = scenarios
        self._ticket = 0
        self._here = local()
        self._waiting: _Waiting | None = None
        self._waiting_timers: list[Timer] = []
        self.shows_while_typing = not has_few_colours
        """Whether what letters bring is shown as they are typed: not on lines on which every byte counts."""
        self._lanes: dict[str, Lane] = {}
        self._under_way_aside = 0
        self.silence = ""
        """Since when the database is out of reach, as bars show it; nothing while it answers."""
        self.to_be_said = ""
        """What is told when what is awaited is there."""

    def tell(self, sentence: str, kind: str = "") -> None:
        """Show a sentence: 'done', 'refused', 'greeting' or plain."""

    def settle_in(self) -> None:
        """Once the first screen stands keys are taken."""

    def redraw(self) -> None:
        """Draw every cell again."""

    def attend(self, seen: Seen) -> bool:  # noqa: ARG002
        """Take note of who works here as it stands; whether anything may be shown to them."""
        return True

    def lock_if_idle(self, now: datetime) -> bool:  # noqa: ARG002
        """Lock the screen once nobody has touched a key for long enough, at an instant (UTC); whether that is so."""
        return False

    def lock_screen(self) -> None:
        """Cover everything until who works here is back."""

    async def action_jump(self) -> None:
        """Show where the keys can go, and go there."""

    async def action_suspend(self) -> None:
        """Sleep until the shell wakes the app, or say why not."""

    def sit_down(self, session: Session, agent: Colleague, policy: Policy) -> None:
        """Go on as somebody else."""

    def refuse(self, sentence: str) -> None:
        """Show why not, beep once, and forget what was typed ahead."""
        self.drop_typed()
        self.bell()
        self.tell(sentence, "refused")

    def ask(
        self,
        what: str,
        work: Callable[[], T],
        then: Callable[[T], object],
        *,
        can_be_left: bool = True,
        halt: Stop | None = None,
        lane: str | None = None,
    ) -> None:
        """Run work in a thread while keys wait; its result goes to then, on the screen's side.

        Keys wait until what then returns is done, too. What it is doing is shown when it takes long. Reading can
        be left with Esc, which ends it; a write can't, but for one that looks whether it is to halt: that is asked to,
        and its answer awaited all the same. With a lane it is run after all that was begun aside in that lane.
        """
        self._stop_waiting()
        self._ticket += 1
        ticket = self._ticket
        stop = Stop()
        self._waiting = _Waiting(ticket, then, what, can_be_left, stop, halt)
        leads_out = "Esc leaves it" if can_be_left else "Esc stops it" if halt is not None else ""
        self.hold()
        self._waiting_timers = [
            self.set_timer(_SHOW_WAITING_SECONDS, lambda: self._show_waiting("...")),
            self.set_timer(_SHOW_CANCEL_SECONDS, lambda: self._show_waiting(f"...   {leads_out}".rstrip())),
            self.set_timer(
                _SHOW_LATE_SECONDS, lambda: None if leads_out else self._show_waiting("...   no answer yet")
            ),
        ]

        session = self.session

        def read() -> T:
            with session.store.database.stoppable(stop):
                return work()

        def run() -> None:
            self._here.ticket = ticket
            try:
                came = _tried(read if can_be_left else work)
            except Stopped:
                came = _Came()  # whoever stopped it takes no answer, but has to be let go on
            self.post_message(Answered(ticket, _seen(session, came), came.result, came.wrong, came.missed))

        if lane is None:
            self.run_worker(run, thread=True, group="bridge", exit_on_error=True)
        else:
            self._put(lane, run)

    def explain(self, why: str) -> None:
        """Say, from within the work that keys wait for, why it takes long."""
        self.call_later(self._explain, self._here.ticket, why)

    def progress(self, what: str) -> Callable[[int, int], None]:
        """Tells, from within the work that keys wait for, how far it is: so many cards of so many."""
        watch, told_at = Stopwatch(), 0.0

        def tell(done: int, total: int) -> None:
            nonlocal told_at
            if watch.seconds() - told_at >= _TELL_SECONDS:
                told_at = watch.seconds()
                self.explain(f"{what}: {done:,} of {total:,} cards")

        return tell

    def _explain(self, ticket: int, why: str) -> None:
        if self._waiting is not None and self._waiting.ticket == ticket:
            self._waiting = self._waiting._replace(what=why)
            self._show_waiting(self._waiting.end)

    # Aside

    def aside(
        self,
        lane: str,
        work: Callable[[], T],
        then: Callable[[T], object] = lambda _result: None,
        wrong: Callable[[str], object] = lambda _sentence: None,
    ) -> None:
        """Run work that no key waits for, after all that was begun in its lane before; lanes do not wait for another.

        Its result goes to then, on the screen's side, or why there is none, as a sentence, to wrong. Both may come
        when something else is shown, and neither when the work was stopped: nobody wants it. Who leaves waits a
        second for it at most.
        """

        session = self.session

        def run() -> None:
            take: Callable[[], object]
            try:
                came = _tried(work)
                take = partial(then, came.result) if came.wrong is None else partial(wrong, came.wrong)
            except Stopped:
                came, take = _Came(), _nothing
            self.post_message(DoneAside(_seen(session, came), take))

        self._under_way_aside += 1
        self._put(lane, run)

    def send_letter(self, outcome: Outcome) -> None:
        """Send the letter that an outcome names, aside; what came of it is told when it is known."""
        letter = outcome.facts.get("letter")
        if letter is None or outcome.repeated or not outcome.done:
            return

        def send() -> tuple[bool, str]:
            from models.jobs.send import send_right_away

            return send_right_away(self.session, letter)

        def told(answer: tuple[bool, str]) -> None:
            is_sent, sentence = answer
            self.tell(*((f"{outcome.sentence} {sentence}", "done") if is_sent else (sentence, "")))

        self.aside("post", send, told, self.tell)

    def note_miss(self, text: str, told: str) -> None:
        """Have it recorded, aside, that no card answers to a code, which was told in a sentence."""
        session = self.session

        def add(pace: Pace | None) -> None:
            if pace is not None:
                self.tell(
                    lookup_rules.stopped() if pace is lookup_rules.Pace.STOPPED else f"{told} {lookup_rules.slowed()}",
                    "refused",
                )

        def not_counted(wrong: str) -> None:
            self.tell(f"{told} {lookups.NOT_COUNTED} {wrong}", "refused")

        self.aside("watch", lambda: lookups.record_miss(session, text), add, not_counted)

    def _put(self, lane: str, run: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                run()
            except Exception as error:  # a fault of our own: it ends the app, as in any other thread of it
                self.call_later(self._handle_exception, error)

        self._lanes.setdefault(lane, Lane(lane)).put(guarded)

    async def on_done_aside(self, message: DoneAside) -> None:
        """Take what came of work aside; who leaves takes nothing, for the screens are going."""
        self._under_way_aside -= 1
        if self._is_ending or not self.attend(message.seen):
            return
        begun = message.then()
        if isawaitable(begun):
            await begun

    def look_again(self) -> None:
        """Ask aside who works here as it stands, and whether they still may: for what asks for nothing else."""
        self.aside("agent", lambda: None)

    @property
    def is_awaiting(self) -> bool:
        """Whether an answer is awaited, whose taking tells anew."""
        return self._waiting is not None

    @property
    def is_at_rest(self) -> bool:
        """Whether every key has had its effect, and what was begun aside, too."""
        return super().is_at_rest and not self._under_way_aside

    async def on_unmount(self) -> None:
        """End what was being read, and with what is under way aside, as long as somebody who leaves will wait."""
        if self._waiting is not None and self._waiting.halt is not None:
            self._waiting.halt.now()
        self._stop_waiting()
        await asyncio.gather(*(asyncio.to_thread(lane.close) for lane in self._lanes.values()))

    # Waiting

    def _show_waiting(self, end: str) -> None:
        if self._waiting is not None:
            self._waiting = self._waiting._replace(is_told=True, end=end)
            self.tell(f"{self._waiting.what}{end}")

    def cancel_waiting(self) -> bool:
        """Esc while keys wait: give up a reading; a write goes on, for it can't be called back.

        One that is typed before it is told what is waited for is a key like others, for what comes then.
        """
        if self._waiting is None or not self._waiting.is_told:
            return False
        if self._waiting.can_be_left:
            self._stop_waiting()
            self.tell("Left.")
            self.release()
        elif self._waiting.halt is not None:
            self._waiting.halt.now()
            self._waiting = self._waiting._replace(end="...   stopping")
            self._show_waiting(self._waiting.end)
        else:
            self.tell("This is being saved and can't be called back; its outcome follows.")
        return True

    async def on_answered(self, message: Answered) -> None:
        """Take the answer that is awaited; one that was given up on is dropped."""
        is_anybody_here, waiting = self.attend(message.seen), self._waiting
        if waiting is None or message.ticket != waiting.ticket:
            return
        self._stop_waiting()
        if not is_anybody_here:
            self.release()
        elif message.wrong is not None:
            self.tell("")  # where a dialog says why not, nothing below it goes on to say that this is awaited
            self.refuse(message.wrong)
            if message.missed is not None:
                self.note_miss(message.missed, message.wrong)
        else:
            self.tell(self.to_be_said)
            self.to_be_said = ""
            begun = waiting.then(message.result)
            if isawaitable(begun):
                await begun
        self.call_after_refresh(self._release_if_idle)

    def _release_if_idle(self) -> None:
        if self._waiting is None:
            self.release()

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.stop.now()
        self._waiting = None
        for timer in self._waiting_timers:
            timer.stop()
        self._waiting_timers = []


class _Came(NamedTuple):
    """What came of work, or why nothing did."""

    result: Any = None
    wrong: str | None = None
    """Why nothing did, as a sentence."""
    missed: str | None = None
    """Which code was looked for that no card answers to."""
    is_unanswered: bool = False
    """The database was out of reach."""


def _seen(session: Session, came: _Came) -> Seen:
    """Who works in a session as it stands: a change of it counts from the next thing that is done there."""
    if came.is_unanswered:
        return Seen(session, is_unanswered=True)
    try:
        return Seen(session, *at_work(session))
    except NotAdmitted as gone:
        return Seen(session, gone=str(gone))
    except Fault as fault:
        return Seen(session, is_unanswered=isinstance(fault, Unreached))


def _nothing() -> None:
    """What is done with the answer to something that was stopped."""


def _tried(work: Callable[[], Any]) -> _Came:
    try:
        return _Came(work())
    except lookups.NoSuchCode as missed:
        return _Came(wrong=str(missed), missed=missed.text)
    except (Refused, RuleError) as refused:
        return _Came(wrong=str(refused))
    except Fault as fault:
        return _Came(wrong=fault.sentence, is_unanswered=isinstance(fault, Unreached))
