"""Telling people what is new to them: alarms and stops to whoever watches, to everybody which e-mails did not go."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from models.agents import Colleague
from models.rules.roles import Action, role_refusal
from tui.attending import AttendedApp
from tui.later import fates, lookup_rules, outbox, watching, wording
from tui.screens.dialogs import import_most_likely
from tui.widgets.bars import Notice

if TYPE_CHECKING:
    from models.lookers import Looker
    from models.outbox import LetterLine
    from models.rules.policy import Policy
    from models.unit import Session
    from models.watching import Alarm

_New = TypeVar("_New")
_SECONDS: Final = 600
"""How often it is looked for what is new."""
_REST_SECONDS: Final = 0.05
"""So long after the first screen stands nothing is done aside: it is painted then."""


class _News(NamedTuple):
    alarms: tuple[Alarm, ...]
    letters: tuple[LetterLine, ...]
    stopped: tuple[Looker, ...]


class AlarmedApp(AttendedApp, is_part=True):
    """An app that looks aside for what its agent should know, and tells each thing once."""

    greeting = ""
    """What else is said at the start, behind what is new."""
    notices: Callable[[], str] = str
    """Asked aside at the start: what is said before the greeting."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Begin with nothing told."""
        super().__init__(*args, **options)
        self._told: set[str] = set()
        self._is_first_look = True
        self._kept_back = ""
        """What is to be said at the start, once the next key takes away what came of one that was typed ahead."""
        self.is_settled_in = False
        """Whether the first screen stands."""
        self.hold()  # keys that were typed before the first screen stands are meant for it

    def settle_in(self) -> None:
        """Once the first screen stands keys are taken; when it is painted, too: greet, and begin to watch."""
        self.release()
        if self.is_headless:  # nobody sees when it is painted
            self._look_around()
        else:
            self.set_timer(_REST_SECONDS, self._look_around)

    def _look_around(self) -> None:
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        self.look_again()
        self.aside("watch", self.notices, self._greet)
        self.begin_to_watch()
        self.aside("watch", import_most_likely, lambda _: self.page.furnish())
        self.is_settled_in = True

    @property
    def is_at_rest(self) -> bool:
        """Whether every key has had its effect, and what was begun aside, at the start too."""
        return self.is_settled_in and super().is_at_rest

    def _greet(self, notices: str) -> None:
        """Say what is said at the start; behind what is new, if there is anything."""
        self.greeting = " ".join(part for part in (notices, self.greeting) if part)
        if self.greeting and not self._told:
            self._say_at_the_start(self.greeting, "greeting")

    def _say_at_the_start(self, sentence: str, kind: str) -> None:
        """Say something that nobody asked for, but not over the answer to what somebody typed meanwhile."""
        if self.page.query_one(Notice).is_an_answer:
            self._kept_back = sentence
        else:
            self.tell(sentence, kind)

    def forget_refusal(self) -> None:
        """Take away why something was refused, and say what had to wait for that."""
        super().forget_refusal()
        if self._kept_back:
            self.tell(self._kept_back, "greeting")
            self._kept_back = ""

    def begin_to_watch(self) -> None:
        """Look now, and again and again."""
        self.look_for_news()
        self.set_interval(_SECONDS, self.look_for_news)

    def sit_down(self, session: Session, agent: Colleague, policy: Policy) -> None:
        """Go on as somebody else, who was told nothing."""
        super().sit_down(session, agent, policy)
        self._told = set()
        self.look_for_news()

    def look_for_news(self) -> None:
        """Look for alarms that the agent has not seen, who was stopped, and e-mails of theirs that did not go."""
        session, agent = self.session, self.agent
        watches = role_refusal(agent.role, Action.WATCH) is None

        def work() -> _News:
            letters = outbox.letters_in_hand(
                session.store, (fates.Fate.UNKNOWN, fates.Fate.REFUSED), written_by=agent.id
            )
            if not watches:
                return _News((), letters, ())
            seen = watching.watch(session)
            stopped = tuple(each for each in seen.lookers if each.pace is lookup_rules.Pace.STOPPED)
            return _News(seen.new, letters, stopped)

        self.aside("watch", work, lambda news: self._tell_of(session, news))

    def _tell_of(self, session: Session, news: _News) -> None:
        if not self.page.query(Notice):  # the first screen is not made yet
            self.call_after_refresh(self._tell_of, session, news)
            return
        is_first_look, self._is_first_look = self._is_first_look, False
        behind = [self.greeting] if is_first_look and self.greeting else []
        if session is not self.session:
            return
        alarms = self._fresh(news.alarms, lambda alarm: alarm.key)
        letters = self._fresh(news.letters, lambda letter: f"letter/{letter.id}")
        stopped = self._fresh(news.stopped, lambda looker: f"stopped/{looker.login}/{looker.stopped_at}")
        told = [self._of_stopped(stopped)] if stopped else []
        told += [self._of_alarms(alarms)] if alarms else []
        told += [self._of_letters(letters)] if letters else []
        if told:
            say = self._say_at_the_start if is_first_look else self.tell
            say(" ".join(told + behind), "greeting" if behind else "")

    def _fresh(self, items: Sequence[_New], key: Callable[[_New], str]) -> list[_New]:
        """Those that were not told yet, each known by a key; from here on they were."""
        fresh = [each for each in items if key(each) not in self._told]
        self._told.update(map(key, fresh))
        return fresh

    def _of_alarms(self, fresh: list[Alarm]) -> str:
        key, first = self.keymap.key("desk.watch"), f"{wording.shortened(fresh[0].agent)}, {fresh[0].in_words}"
        if len(fresh) == 1:
            return f"An alarm is new: {first}. {key} shows it."
        return f"{len(fresh)} alarms are new, the first: {first}. {key} shows them."

    def _of_stopped(self, stopped: list[Looker]) -> str:
        who = wording.listed([wording.shortened(looker.agent) for looker in stopped])
        verb = "is" if len(stopped) == 1 else "are"
        return f"{who} {verb} stopped from looking for codes: {self.keymap.key('desk.watch')} shows and lifts it."

    def _of_letters(self, stuck: list[LetterLine]) -> str:
        key = self.keymap.key("desk.worklists")
        return f"{wording.plural(len(stuck), 'e-mail')} of yours did not go, or nobody knows: {key} lists what waits."
