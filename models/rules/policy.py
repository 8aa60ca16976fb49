"""The policy of the desk: data with a version, so that each decision can name what it was taken under."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from models.rules.errors import RuleError
from models.rules.jurisdictions import JURISDICTIONS
from models.rules.languages import LANGUAGES
from models.rules.money import DECIMALS, LARGEST_MINOR

VIP: Final = "vip"
RECENTLY_EXPIRED: Final = "recently_expired"
GROUNDS: Final = (VIP, RECENTLY_EXPIRED)
LONGEST_REPEAT: Final = 100
"""So many reactivations are counted at most."""
_LIMITS: Final[Mapping[str, tuple[int, str]]] = {
    "repeat_limit": (LONGEST_REPEAT, "The number of reactivations in 90 days before somebody must approve is"),
    "vip_expired_days": (3_650, "The days after which a VIP's card needs an approval are"),
    "fresh_hours": (168, "The hours for which a VIP mark is too fresh are"),
    "warn_at": (1_000, "The reactivation of a day from which on an agent is warned is"),
    "stop_at": (1_000, "The most reactivations of an agent on a day are"),
    "bulk_above": (1_000_000, "The number of cards above which a bulk needs an approval is"),
}
GROUNDS_IN_WORDS: Final[Mapping[str, str]] = {VIP: "VIP organisation", RECENTLY_EXPIRED: "expired recently"}


class BadPolicy(RuleError):
    """A policy says something that the desk cannot follow."""


class CaseRequired(StrEnum):
    """What can't be done before a case has its intake."""

    NEVER = "never"
    ESCALATION = "escalation"
    """Handing a card over to Payments Support."""
    ALWAYS = "always"
    """Handing it over, reactivating it and answering the customer."""


class SignIn(StrEnum):
    """How people at the desk say who they are."""

    LOGIN = "login"
    """By the login of the operating system; whoever has a password may sign in with it elsewhere, too."""
    PASSWORD = "password"
    """By their login and a password; jobs of operators are started by the login alone."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What agents may reactivate, and what is written when they do. Raises BadPolicy for values out of range."""

    version: int = 1
    window_hours: int = 24
    """How long after its cut-off a card still counts as recently expired: elapsed hours, 0 to 168."""
    extension_days: int = 7
    """How many days after today a reactivated card's new last day lies: 1 to 365."""
    grounds: tuple[str, ...] = GROUNDS
    note: str = "Reactivated per policy – VIP customer / expired <24h."
    lift_note: str = "Suspension lifted per policy – {reason}."
    reminder_hour: int = 9
    """From which hour of their day, on the clocks of the business, reminders go: 0 to 23."""
    jurisdictions: tuple[str, ...] = ()
    """Where cards are sold whose law sets a shortest time: codes of JURISDICTIONS."""
    repeat_limit: int | None = None
    """How often a card or a holder is reactivated in 90 days before somebody must approve: 1 to 100; None: no limit."""
    approve_above: Mapping[str, int] = field(default_factory=dict)
    """Currency -> the balance above which somebody must approve, minor units; a currency left out has none."""
    vip_expired_days: int | None = None
    """Days after the cut-off from which a VIP's card needs an approval: 1 to 3650; None: never."""
    fresh_hours: int | None = None
    """Hours for which a VIP mark, a link or a holder is too fresh to rest on alone: 1 to 168; None: never."""
    warn_at: int | None = None
    """From which reactivation of a day on an agent is warned: 1 to 1000; None: never."""
    stop_at: int | None = None
    """How many cards an agent reactivates on a day at most: 1 to 1000; None: no limit."""
    alarms: tuple[tuple[int, int], ...] = ((7, 33), (14, 56), (28, 98))
    """Days, and the number of reactivations of one agent within them that alarms their supervisor."""
    case_required: CaseRequired = CaseRequired.NEVER
    """What can't be done before a case has its intake."""
    sign_in: SignIn = SignIn.LOGIN
    """How people say who they are."""
    lock_minutes: int = 10
    """After how many idle minutes the screen is locked: 0 (never) to 240."""
    payments_email: str | None = None
    """Where packets for Payments Support are mailed to; None: they are in the queue only."""
    languages: tuple[str, ...] = ("en",)
    """The languages that customers are answered in, the usual one first."""
    bulk_above: int | None = None
    """How many cards a bulk may change before somebody must approve: 1 to 1,000,000; None: any number."""
    bulk_money_above: Mapping[str, int] = field(default_factory=dict)
    """Currency -> what may come back by a bulk before somebody must approve, minor units; one left out has no limit."""

    def __post_init__(self) -> None:
        """Refuse values that the rules of reactivation do not know."""
        if type(self.window_hours) is not int or not 0 <= self.window_hours <= 7 * 24:
            raise BadPolicy("The window after expiry is 0 to 168 hours.")
        if type(self.extension_days) is not int or not 1 <= self.extension_days <= 365:
            raise BadPolicy("The extension is 1 to 365 days.")
        if not set(self.grounds) <= set(GROUNDS) or len(set(self.grounds)) != len(self.grounds):
            raise BadPolicy(f"The grounds are {' and '.join(GROUNDS)}.")
        if not self.note.strip() or "{reason}" not in self.lift_note:
            raise BadPolicy("The note must not be empty, and the note of a lift must hold {reason}.")
        if type(self.reminder_hour) is not int or not 0 <= self.reminder_hour <= 23:
            raise BadPolicy("The hour from which reminders go is 0 to 23.")
        self._check_support()
        if not set(self.jurisdictions) <= JURISDICTIONS.keys() or len(set(self.jurisdictions)) != len(
            self.jurisdictions
        ):
            raise BadPolicy(f"The jurisdictions are {', '.join(JURISDICTIONS)}, each once at most.")

    def _check_support(self) -> None:
        for name, (most, what) in _LIMITS.items():
            value = getattr(self, name)
            if value is not None and (type(value) is not int or not 1 <= value <= most):
                raise BadPolicy(f"{what} 1 to {most:,}, or off.")
        for limits, what in ((self.approve_above, "balance"), (self.bulk_money_above, "money of a bulk")):
            if not limits.keys() <= DECIMALS.keys():
                raise BadPolicy(f"The {what} above which somebody must approve is in a currency by its three letters.")
            if any(type(minor) is not int or not 0 <= minor <= LARGEST_MINOR for minor in limits.values()):
                raise BadPolicy(
                    f"The {what} above which somebody must approve is 0 or more, and one that a card can hold."
                )
        if not all(1 <= days <= 366 and 1 <= count <= 10_000 for days, count in self.alarms):
            raise BadPolicy("The alarms have 1 to 366 days, and 1 to 10,000 reactivations within them.")
        if len({days for days, _ in self.alarms}) != len(self.alarms):
            raise BadPolicy("The alarms have a number of days each, every one of them once.")
        if type(self.lock_minutes) is not int or not 0 <= self.lock_minutes <= 240:
            raise BadPolicy("The screen is locked after 0 (never) to 240 minutes.")
        if not self.languages or len(set(self.languages)) != len(self.languages):
            raise BadPolicy("The languages that customers are answered in are one at least, each named once.")
        if not set(self.languages) <= LANGUAGES.keys():
            raise BadPolicy(f"Customers are answered in {' and '.join(LANGUAGES)}: there are no texts in others.")

    def lift_note_for(self, reason: str) -> str:
        """The note that a lift without a ground leaves, with its reason."""
        return self.lift_note.replace("{reason}", reason.strip().rstrip("."))

    @property
    def window(self) -> timedelta:
        """The window as elapsed time."""
        return timedelta(hours=self.window_hours)

    def as_json(self) -> dict[str, Any]:
        """The policy as JSON values, as stored with its version."""
        return asdict(self)


def shipped(currency: str) -> Policy:
    """The policy of a desk that is made: with thresholds, which an older desk has only once they are set."""
    return Policy(
        repeat_limit=3,
        approve_above={currency: max(10_000, 100 * 10 ** DECIMALS[currency])},
        vip_expired_days=30,
        fresh_hours=24,
        warn_at=8,
        stop_at=15,
        case_required=CaseRequired.ESCALATION,
        bulk_above=100,
        bulk_money_above={currency: 1_000 * 10 ** DECIMALS[currency]},
    )


def policy_from_json(stored: Mapping[str, Any]) -> Policy:
    """A policy from its stored JSON values; what an older version did not know has its default."""
    known = {item.name for item in fields(Policy)}
    values = {name: value for name, value in stored.items() if name in known}
    for name in {"grounds", "jurisdictions", "languages"} & values.keys():
        values[name] = tuple(values[name])
    for name, kind in (("case_required", CaseRequired), ("sign_in", SignIn)):
        if name in values:
            values[name] = _one_of(kind, values[name])
    if "alarms" in values:
        values["alarms"] = tuple((days, count) for days, count in values["alarms"])
    return Policy(**values)


def _one_of(kind: type[StrEnum], value: str) -> StrEnum:
    try:
        return kind(value)
    except ValueError:
        raise BadPolicy(f"{value[:40]!r} is none of {', '.join(kind)}.") from None
