"""What a supervisor has seen of the alarms: each is told once to everybody who may see it."""

from models import audit
from models.rules import wording
from models.rules.roles import Action
from models.unit import Outcome, Session, Unit, perform
from models.watching import subject_of, watched


def see_alarms(session: Session, *, intent: str | None = None) -> Outcome:
    """Take all alarms of now for seen by the agent: they are not told to them as new any more."""

    def work(unit: Unit) -> Outcome:
        found = watched(unit.store, unit.agent.id, unit.policy, unit.now)
        if found.new:
            keys = sorted(alarm.key for alarm in found.alarms if alarm.rise.since == found.on)
            seen = {"on": found.on.isoformat(), "keys": keys}
            audit.record(unit.hand, subject_of(unit.agent.id), "see", None, seen)
        return Outcome(True, f"{wording.plural(len(found.new), 'alarm')} seen.", facts={"seen": len(found.new)})

    return perform(session, Action.WATCH, intent, {}, work)
