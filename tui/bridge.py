"""From a screen to the models and back: one call in a thread, one message with its answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, Final, TypeVar

from textual.timer import Timer

from models.agents import Colleague
from models.errors import Fault, Refused
from models.jobs.demo import Scenario
from models.rules.errors import RuleError
from models.unit import Session
from tui.keymap import Keymap
from tui.messages import Answered
from tui.typeahead import TypeAheadApp

T = TypeVar("T")
_SHOW_WAITING_SECONDS: Final = 0.15
_SHOW_CANCEL_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    ticket: int
    then: Callable[[Any], object]
    what: str
    can_be_left: bool


class BridgeApp(TypeAheadApp):
    """An app that asks its models in threads, on behalf of one agent, and takes the answers in order."""

    def __init__(
        self, session: Session, agent: Colleague, scenarios: Sequence[Scenario] = (), *, has_few_colours: bool = False
    ) -> None:
        """Begin with nothing under way; the scenarios are the demo's cards."""
        super().__init__(has_few_colours=has_few_colours)
        self.keymap = Keymap()
        self.session = session
        self.agent = agent
        self.scenarios = scenarios
        self._ticket = 0
        self._waiting: _Waiting | None = None
        self._waiting_timers: list[Timer] = []

    def tell(self, sentence: str, kind: str = "") -> None:
        """Show a sentence: 'done', 'refused' or plain."""

    def redraw(self) -> None:
        """Draw every cell again."""

    def refuse(self, sentence: str) -> None:
        """Show why not, beep once, and forget what was typed ahead."""
        self.drop_typed()
        self.bell()
        self.tell(sentence, "refused")

    def ask(self, what: str, work: Callable[[], T], then: Callable[[T], object], *, can_be_left: bool = True) -> None:
        """Run work in a thread while keys wait; its result goes to then, on the screen's side.

        Keys wait until what then returns is done, too. What it is doing is shown when it takes long. Reading can
        be left with Esc; a write can't.
        """
        self._stop_waiting()
        self._ticket += 1
        ticket = self._ticket
        self._waiting = _Waiting(ticket, then, what, can_be_left)
        self.hold()
        self._waiting_timers = [
            self.set_timer(_SHOW_WAITING_SECONDS, lambda: self._show_waiting("...")),
            self.set_timer(
                _SHOW_CANCEL_SECONDS, lambda: self._show_waiting("...   Esc leaves it" if can_be_left else "...")
            ),
        ]

        def run() -> None:
            try:
                answer = Answered(ticket, work())
            except (Refused, RuleError) as refused:
                answer = Answered(ticket, wrong=str(refused))
            except Fault as fault:
                answer = Answered(ticket, wrong=fault.sentence)
            self.post_message(answer)

        self.run_worker(run, thread=True, group="bridge", exit_on_error=True)

    def _show_waiting(self, end: str) -> None:
        if self._waiting is not None:
            self.tell(f"{self._waiting.what}{end}")

    def cancel_waiting(self) -> bool:
        """Esc while keys wait: give up a reading; a write goes on, for it can't be called back."""
        if self._waiting is None:
            return False
        if self._waiting.can_be_left:
            self._stop_waiting()
            self.tell("Left.")
            self.release()
        else:
            self.tell("This is being saved and can't be called back; its outcome follows.")
        return True

    async def on_answered(self, message: Answered) -> None:
        """Take the answer that is awaited; one that was given up on is dropped."""
        waiting = self._waiting
        if waiting is None or message.ticket != waiting.ticket:
            return
        self._stop_waiting()
        if message.wrong is not None:
            self.refuse(message.wrong)
        else:
            self.tell("")
            begun = waiting.then(message.result)
            if isawaitable(begun):
                await begun
        self.call_after_refresh(self._release_if_idle)

    def _release_if_idle(self) -> None:
        if self._waiting is None:
            self.release()

    def _stop_waiting(self) -> None:
        self._waiting = None
        for timer in self._waiting_timers:
            timer.stop()
        self._waiting_timers = []
