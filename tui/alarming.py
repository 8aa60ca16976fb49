"""Telling whoever watches of alarms that are new to them: at the start, and while they work; each once."""

from collections.abc import Sequence
from typing import Any, Final

from models.agents import Colleague
from models.rules import wording
from models.rules.policy import Policy
from models.rules.roles import Action, role_refusal
from models.unit import Session
from models.watching import Alarm, watch
from tui.attending import AttendedApp

_SECONDS: Final = 600
"""How often it is looked for new ones."""


class AlarmedApp(AttendedApp):
    """An app that looks for alarms aside, when the agent is one of those who watch."""

    greeting = ""
    """What else is said at the start; an alarm is told behind it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Begin with nothing told."""
        super().__init__(*args, **options)
        self._told: set[str] = set()

    def begin_to_watch(self) -> None:
        """Look now, and again and again."""
        self.look_at_alarms()
        self.set_interval(_SECONDS, self.look_at_alarms)

    def sit_down(self, session: Session, agent: Colleague, policy: Policy) -> None:
        """Go on as somebody else, who was told nothing."""
        super().sit_down(session, agent, policy)
        self._told = set()
        self.look_at_alarms()

    def look_at_alarms(self) -> None:
        """Look for alarms that the agent has not seen, and tell each once."""
        session = self.session
        if role_refusal(self.agent.role, Action.WATCH) is None:
            self.aside("watch", lambda: watch(session).new, lambda new: self._tell_of(session, new))

    def _tell_of(self, session: Session, new: Sequence[Alarm]) -> None:
        fresh = [alarm for alarm in new if alarm.key not in self._told]
        if not fresh or session is not self.session:
            return
        lead = f"{self.greeting} " if self.greeting and not self._told else ""
        self._told |= {alarm.key for alarm in fresh}
        key, first = self.keymap.key("desk.watch"), f"{wording.shortened(fresh[0].agent)}, {fresh[0].in_words}"
        if len(fresh) == 1:
            self.tell(f"{lead}An alarm is new: {first}. {key} shows it.")
        else:
            self.tell(f"{lead}{len(fresh)} alarms are new, the first: {first}. {key} shows them.")
