"""The policy of the desk: data with a version, so that each decision can name what it was taken under."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import Any, Final

from models.rules.errors import RuleError
from models.rules.jurisdictions import JURISDICTIONS

VIP: Final = "vip"
RECENTLY_EXPIRED: Final = "recently_expired"
GROUNDS: Final = (VIP, RECENTLY_EXPIRED)
GROUNDS_IN_WORDS: Final[Mapping[str, str]] = {VIP: "VIP organisation", RECENTLY_EXPIRED: "expired recently"}


class BadPolicy(RuleError):
    """A policy says something that the desk cannot follow."""


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
        if not set(self.jurisdictions) <= JURISDICTIONS.keys() or len(set(self.jurisdictions)) != len(
            self.jurisdictions
        ):
            raise BadPolicy(f"The jurisdictions are {', '.join(JURISDICTIONS)}, each once at most.")

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


def policy_from_json(stored: Mapping[str, Any]) -> Policy:
    """A policy from its stored JSON values; what an older version did not know has its default."""
    known = {item.name for item in fields(Policy)}
    values = {name: value for name, value in stored.items() if name in known}
    for name in {"grounds", "jurisdictions"} & values.keys():
        values[name] = tuple(values[name])
    return Policy(**values)
