"""Every situation in which a card can stand before an agent, as facts that the tests of the rules share."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

from models.rules.facts import CardFacts, Emptied
from models.rules.journal import Kind
from models.rules.validity import BusinessTime

LONDON = BusinessTime("Europe/London")

# A winter's day, so that the wall in London shows UTC.
NOW = datetime(2026, 11, 21, 14, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
LONG_AGO = NOW - 200 * DAY


@dataclass(frozen=True)
class Phase:
    """Where in a card's life the agent looks at it."""

    name: str
    active_from_at: datetime = LONG_AGO
    cut_off_at: datetime | None = None


PHASES = [
    Phase("valid in a month", NOW + 30 * DAY, NOW + 200 * DAY),
    Phase("valid in a microsecond", NOW + MICROSECOND, NOW + 200 * DAY),
    Phase("valid in a month and for ever", NOW + 30 * DAY),
    Phase("valid from this instant", NOW, NOW + 200 * DAY),
    Phase("valid for months", cut_off_at=NOW + 200 * DAY),
    Phase("valid for a microsecond", cut_off_at=NOW + MICROSECOND),
    Phase("valid for ever"),
    Phase("stops at this instant", cut_off_at=NOW),
    Phase("stopped 11 hours ago", cut_off_at=NOW - 11 * HOUR),
    Phase("stopped 24 hours ago exactly", cut_off_at=NOW - 24 * HOUR),
    Phase("stopped a microsecond more than 24 hours ago", cut_off_at=NOW - 24 * HOUR - MICROSECOND),
    Phase("stopped a year ago", cut_off_at=NOW - 365 * DAY),
    Phase("valid in a month although it stopped 11 hours ago", NOW + 30 * DAY, NOW - 11 * HOUR),
]

PURSES = ["full", "one penny", "spent", "broken", "topped up after a breakage", "never loaded"]


@dataclass(frozen=True)
class Situation:
    """One way in which a card can stand before an agent."""

    phase: Phase
    purse: str
    consistent: bool
    cancelled: bool
    suspended: bool
    flags: int
    vip: bool

    @property
    def balance(self) -> int:
        return {"full": 5000, "one penny": 1, "topped up after a breakage": 2000}.get(self.purse, 0)

    @property
    def inactive(self) -> bool:
        return self.phase.active_from_at > NOW

    @property
    def over(self) -> bool:
        return self.phase.cut_off_at is not None and self.phase.cut_off_at <= NOW

    @property
    def expired(self) -> bool:
        """Its suspension left aside: neither a cancelled card nor one that is not active yet is expired."""
        waits = self.cancelled or self.inactive
        return self.over and not waits and (self.balance > 0 or self.purse == "broken")

    @property
    def spendable(self) -> bool:
        return self.balance > 0 and not (self.cancelled or self.suspended or self.inactive or self.over)

    @property
    def ground(self) -> bool:
        return self.expired and (self.vip or self.hours_since <= 24)

    @property
    def hours_since(self) -> float:
        assert self.phase.cut_off_at is not None
        return (NOW - self.phase.cut_off_at) / HOUR

    def card(self) -> CardFacts:
        """The facts that the desk would read of such a card."""
        cut_off_at = self.phase.cut_off_at
        emptied = None
        if self.purse == "spent":
            emptied = Emptied(Kind.REDEMPTION, LONG_AGO, 1250, place="Leeds", order_ref="10482")
        elif self.purse == "broken":
            assert cut_off_at is not None
            emptied = Emptied(Kind.BREAKAGE, cut_off_at, 5000)
        return CardFacts(
            "GBP",
            self.balance,
            active_from_at=self.phase.active_from_at,
            cut_off_at=cut_off_at,
            last_day_on=None if cut_off_at is None else (cut_off_at - DAY).date(),
            broken_minor=5000 if self.purse == "broken" else 0,
            suspended_at=LONG_AGO if self.suspended else None,
            cancelled_at=LONG_AGO if self.cancelled else None,
            open_flags=self.flags,
            is_consistent=self.consistent,
            organisation="Northwind",
            is_vip=self.vip,
            people_emails=frozenset({"ada@home.example"}),
            emptied=emptied,
        )


def every_situation() -> Iterator[Situation]:
    """All combinations that a card can reach: only what is past its cut-off can be broken."""
    yes_no = (False, True)
    for phase, purse, *rest in product(PHASES, PURSES, yes_no, yes_no, yes_no, (0, 1, 3), yes_no):
        consistent, cancelled, suspended, flags, vip = rest
        situation = Situation(phase, purse, bool(consistent), bool(cancelled), bool(suspended), int(flags), bool(vip))
        if situation.over or purse != "broken":
            yield situation
