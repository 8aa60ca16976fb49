"""What lies on the desks of the demo's people when they sit down: hand-overs that wait and that were answered."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from models import desk
from models.clock import FixedClock
from models.jobs.demo import START, Scenario, done
from models.people import PersonGiven
from models.store import Store
from models.unit import Session

_GUS: Final = PersonGiven("Gus Ferreira", "gus@example.org")
_HAL: Final = PersonGiven("Hal Lindqvist", "hal@example.org")
_WAITS: Final = "Handed over yesterday: as olu, E takes it."
_ANSWERED: Final = "Payments Support answered: E reads it, y tells it."


def put_to_work(store: Store, scenarios: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
    """Let the demo's people have begun their day; the scenarios with the cards that they worked on."""
    begun = _Past(store)
    waiting = begun.sold(30, _GUS, 7_500)
    begun.hands_over(1, waiting[0], "Refused twice in Bath, though the receipt shows 75.00.")
    answered = begun.sold(50, _HAL, 9_500)
    id_ = begun.hands_over(4, answered[0], "The web shop says: card not accepted.")
    said = "The web shop had an old certificate; it takes the card since noon."
    begun.at(0.1)
    done(desk.close_escalation(begun.works("olu"), id_, desk.Answer.REPAIRED, said))
    *cards, unknown = scenarios
    return (*cards, Scenario(waiting[1], _WAITS), Scenario(answered[1], _ANSWERED), unknown)


class _Past:
    """The demo's desk at instants before the demo begins."""

    def __init__(self, store: Store) -> None:
        self._clock = FixedClock(START)
        self._store = replace(store, clock=self._clock)

    def at(self, days_ago: float) -> datetime:
        """Set the clock to some days before the demo begins."""
        self._clock.at = START - timedelta(days=days_ago)
        return self._clock.at

    def works(self, login: str) -> Session:
        """One of the demo's people."""
        return Session(self._store, login)

    def sold(self, days_ago: float, person: PersonGiven, minor: int) -> tuple[int, str]:
        """A card that was sold: its id and its code."""
        self.at(days_ago)
        made = done(desk.issue(self.works("mia"), "classic", minor, recipient=person, place="Bath"))
        assert made.card_id is not None
        assert made.hand_out is not None
        return made.card_id, made.hand_out

    def hands_over(self, days_ago: float, card_id: int, text: str) -> str:
        """Sam hands a card over to Payments Support; the id of the escalation."""
        self.at(days_ago)
        handed = done(desk.escalate(self.works("sam"), card_id, desk.Escalation.STILL_FAILS, text))
        return str(handed.facts["escalation"])
