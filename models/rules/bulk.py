"""What is done to many cards at once: the kinds of bulk work, what is wished of each, and why a card stays as it is."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from models.rules.errors import RuleError
from models.rules.roles import Action
from models.rules.texts import check_note
from models.rules.validity import EARLIEST, LATEST, Period


class BulkKind(StrEnum):
    """What a bulk does to each of its cards."""

    EXTEND = "extend"
    """Sets a later last day; an expired card gets back what broke last."""
    REVERSE_BREAKAGE = "reverse_breakage"
    """Gives back what broke within some days, with a later last day."""
    SUSPEND = "suspend"
    LIFT = "lift"
    CHANGE_PRODUCT = "change_product"
    """The rules of another product decide about later loads; no date moves."""
    REGISTER = "register"

    @property
    def words(self) -> str:
        """How lists and sentences call it."""
        return _WORDS[self]

    @property
    def action(self) -> Action:
        """What somebody must be allowed to do with one card."""
        return _ACTIONS[self]


_WORDS: Final = {
    BulkKind.EXTEND: "extension",
    BulkKind.REVERSE_BREAKAGE: "reversal of breakage",
    BulkKind.SUSPEND: "suspension",
    BulkKind.LIFT: "lift",
    BulkKind.CHANGE_PRODUCT: "change of product",
    BulkKind.REGISTER: "registration",
}
_ACTIONS: Final = {
    BulkKind.EXTEND: Action.EXTEND,
    BulkKind.REVERSE_BREAKAGE: Action.GIVE_BACK,
    BulkKind.SUSPEND: Action.SUSPEND,
    BulkKind.LIFT: Action.LIFT,
    BulkKind.CHANGE_PRODUCT: Action.SET_PRODUCT,
    BulkKind.REGISTER: Action.REGISTER,
}


class BadBulk(RuleError):
    """A wish that no bulk can fulfil."""


class Skip(StrEnum):
    """Why a card of a bulk stays as it is."""

    CANCELLED = "cancelled"
    UNSOUND = "unsound"
    OWN = "own"
    NO_LAST_DAY = "no_last_day"
    LATER_ALREADY = "later_already"
    NOTHING_LEFT = "nothing_left"
    STILL_OVER = "still_over"
    TOO_FAR = "too_far"
    FLAGGED = "flagged"
    NOT_ALLOWED = "not_allowed"
    NOT_BROKEN = "not_broken"
    OTHER_DAYS = "other_days"
    SUSPENDED_ALREADY = "suspended_already"
    NOT_SUSPENDED = "not_suspended"
    SAME_PRODUCT = "same_product"
    SAME_HOLDER = "same_holder"
    TOUCHED = "touched"
    EXPIRED_SINCE = "expired_since"

    @property
    def words(self) -> str:
        """What a sentence says of the card: it ..."""
        return _WHY[self]


_WHY: Final = {
    Skip.CANCELLED: "was cancelled, which is final",
    Skip.UNSOUND: "does not add up, and waits for Payments Support",
    Skip.OWN: "is a card of your own, or of who asked: a colleague's work",
    Skip.NO_LAST_DAY: "never expires",
    Skip.LATER_ALREADY: "has that day or a later one already",
    Skip.NOTHING_LEFT: "is past its last day with nothing that could come back",
    Skip.STILL_OVER: "would still be past its last day",
    Skip.TOO_FAR: f"would get a last day after the year {LATEST.year}",
    Skip.FLAGGED: "has an open flag: read and clear it first",
    Skip.NOT_ALLOWED: "has expired, and only a manager gives back what broke",
    Skip.NOT_BROKEN: "has nothing broken that could come back, or was loaded since: what broke stays broken",
    Skip.OTHER_DAYS: "stopped on another day",
    Skip.SUSPENDED_ALREADY: "is suspended already",
    Skip.NOT_SUSPENDED: "is not suspended",
    Skip.SAME_PRODUCT: "has that product already",
    Skip.SAME_HOLDER: "is theirs already",
    Skip.TOUCHED: "was changed since",
    Skip.EXPIRED_SINCE: "has expired since",
}


@dataclass(frozen=True, slots=True)
class BulkWish:
    """What is to be done to every card. Days are dates in the business zone."""

    kind: BulkKind
    reason: str
    """Free text; it stays with every card."""
    until: date | None = None
    """The last day that cards get; None where a period, the file or the policy says it."""
    period: Period | None = None
    """How much later than its own last day a card's last day becomes."""
    broken_since: date | None = None
    broken_until: date | None = None
    """The first and the last day on which the balances stopped that are given back; None is open."""
    product: str | None = None
    """The short name of the product that cards get."""
    name: str | None = None
    email: str | None = None
    organisation: str | None = None
    """Whom cards are registered to; None where the file says it."""
    ref: str | None = None
    """The ticket."""

    def checked(self, *, has_days: bool = False, has_people: bool = False) -> "BulkWish":
        """The same, its reason trimmed; the file may bring a day or a person for each card.

        Raises RuleError for what no bulk can fulfil.
        """
        reason = check_note(self.reason, "reason")
        if self.until is not None and self.period is not None:
            raise BadBulk("Give a last day or a period, not both.")
        if self.until is not None and not EARLIEST <= self.until <= LATEST:
            raise BadBulk("The last day lies outside the years 2000 to 2200.")
        if self.period is not None and self.period.count < 1:
            raise BadBulk("The period is at least one day long.")
        _REFUSALS.get(self.kind, _anything)(self, has_days, has_people)
        is_dated = self.kind in (BulkKind.EXTEND, BulkKind.REVERSE_BREAKAGE)
        if not is_dated and (self.until or self.period or has_days):
            raise BadBulk(f"A {self.kind.words} moves no last day.")
        return replace(self, reason=reason)


def _anything(_wish: BulkWish, _has_days: bool, _has_people: bool) -> None:
    """Nothing more is needed."""


def _extend(wish: BulkWish, has_days: bool, _has_people: bool) -> None:
    if sum((wish.until is not None, wish.period is not None, has_days)) != 1:
        raise BadBulk("Say once how long: a last day, a period, or a column of the file with each card's day.")


def _reverse(wish: BulkWish, has_days: bool, _has_people: bool) -> None:
    if wish.period is not None or has_days:
        raise BadBulk("What broke comes back until a last day, or as long as the policy says; not by a period.")
    if wish.broken_since is not None and wish.broken_until is not None and wish.broken_since > wish.broken_until:
        raise BadBulk("The first day of the breakage lies after the last one.")


def _change_product(wish: BulkWish, _has_days: bool, _has_people: bool) -> None:
    if not wish.product:
        raise BadBulk("Say which product the cards get.")


def _register(wish: BulkWish, _has_days: bool, has_people: bool) -> None:
    is_given = bool(wish.name or wish.email)
    if is_given == has_people:
        raise BadBulk("Cards are registered to one person, or to those that the file names: one of the two.")


_REFUSALS: Final = {
    BulkKind.EXTEND: _extend,
    BulkKind.REVERSE_BREAKAGE: _reverse,
    BulkKind.CHANGE_PRODUCT: _change_product,
    BulkKind.REGISTER: _register,
}
