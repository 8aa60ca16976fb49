"""The life of one card of a sample: bought, spent, topped up, expired, given back, held, flagged, cancelled.

What happens is drawn by chance; what follows from it is the rules', and never anything that the desk would refuse.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any, Final

from models.jobs.demo import START
from models.jobs.sample_people import NOTES, PLACES
from models.rules.journal import Entry, Kind, Stamp
from models.rules.policy import Policy
from models.rules.validity import BusinessTime, Period, ValidityRules, active_from, last_day, later

END: Final = START
"""The instant at which a sample's past ends, UTC."""
BEGIN: Final = END - timedelta(days=3 * 365)
_IMPORTED_AT: Final = END - timedelta(days=500)
# The expiry run last came by in the night before the sample ends, an hour after the cut-off; today's is still due.
_LAST_RUN: Final = END - timedelta(hours=24)
_RUN_AFTER: Final = timedelta(minutes=70)

_AMOUNTS: Final = (1000, 2000, 2500, 2500, 5000, 5000, 5000, 7500, 10000, 15000)
_HOLDS: Final = ("Chargeback reported by the bank.", "Card reported stolen.", "Two people claim this card.")
_FLAGS: Final = ("Possible duplicate order.", "Voice does not match the account.", "Unusual number of look-ups.")
_POLICY: Final = Policy()


@dataclass(frozen=True, slots=True)
class SampleProduct:
    """What a sample's cards are sold as; on sale from a number of days after the sample begins."""

    code: str
    name: str
    rules: ValidityRules | None
    weight: int
    on_sale_after: int = 0
    reminders: tuple[Period, ...] = ()


PRODUCTS: Final = (
    SampleProduct("classic", "Classic 50", ValidityRules(period=Period(6, "months")), 40, 0, (Period(2, "weeks"),)),
    SampleProduct("dinner", "Dinner for two", ValidityRules(period=Period(12, "months"), month_end=True), 20),
    SampleProduct("spa", "Spa day", ValidityRules(period=Period(1, "years"), activation_delay_days=3), 12),
    SampleProduct("weekend", "Weekend", ValidityRules(period=Period(8, "weeks")), 6, 0, (Period(7, "days"),)),
    SampleProduct("quarter", "Ninety days", ValidityRules(period=Period(90, "days")), 5),
    SampleProduct("jubilee", "Jubilee 2026", ValidityRules(expires_on=date(2026, 12, 31)), 5),
    SampleProduct(
        "spring",
        "Spring opening",
        ValidityRules(period=Period(1, "years"), valid_after=date(2026, 3, 1), activation_delay_days=2),
        4,
        700,
    ),
    SampleProduct("thanks", "Thank you", ValidityRules(), 8),
    SampleProduct("toggle-50", "Toggle 50", None, 0),
)
_SOLD: Final = [product for product in PRODUCTS for _ in range(product.weight)]
_IMPORTED: Final = next(product for product in PRODUCTS if product.rules is None)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what a sample's cards refer to, by their ids."""

    business: BusinessTime
    products: Mapping[str, int]
    """By short name."""
    staff: Mapping[str, int]
    """By login."""


_cut_off = lru_cache(maxsize=4096)(BusinessTime.cut_off)
_last_day = lru_cache(maxsize=32768)(last_day)


@dataclass(slots=True)
class Life:
    """One card while its past is told."""

    rng: Random
    cast: Cast
    card_id: int
    at: datetime = BEGIN
    """How far it is told, UTC."""
    entries: list[Entry] = field(default_factory=list)
    currency: str = "GBP"
    product: SampleProduct = _IMPORTED
    balance: int = 0
    active_from: datetime = BEGIN
    last_day: date | None = None
    is_over: bool = False
    """Nothing more happens to it."""

    def tell(self, people: Mapping[str, int]) -> list[Entry]:
        """The whole journal of a card that those people (role -> customer) bought and got."""
        self._begin(people)
        visits = self._visits()
        while visits and not self.is_over:
            visits -= 1
            self._wait(self._days(30))
            if not self.is_over:
                self._visit(people)
        if not self.is_over:
            self._expire_until(END)
        return self.entries

    def _chance(self, of: float) -> bool:
        return self.rng.random() < of

    def _one_of(self, several: tuple[Any, ...]) -> Any:
        return several[int(self.rng.random() * len(several))]

    def _days(self, mean: float) -> timedelta:
        return timedelta(minutes=1 + int(self.rng.expovariate(1 / mean) * 1440))

    def _visits(self) -> int:
        if self._chance(0.0002):
            return 300
        return 0 if self._chance(0.12) else 1 + int(self.rng.expovariate(0.45))

    def _begin(self, people: Mapping[str, int]) -> None:
        is_imported = self._chance(0.04)
        days = (_IMPORTED_AT if is_imported else END) - BEGIN
        # More are sold every year.
        bought = BEGIN + timedelta(minutes=int(self.rng.random() ** 0.8 * (days.days - 1) * 1440))
        self.at = bought
        currency = self.rng.random()
        self.currency = "GBP" if currency < 0.93 else "EUR" if currency < 0.985 else "JPY"
        amount = self._one_of(_AMOUNTS)
        if is_imported:
            self._bring_in(bought, amount, people)
        else:
            self._sell(bought, amount, people)
        if self._chance(0.012) and not is_imported:
            self._wait(self._days(4))
            if not self.is_over and self.balance:
                self._add(Kind.CANCELLATION, "mia", -self.balance, text="Order cancelled by the payer.")
                self.is_over = True

    def _sell(self, bought: datetime, amount: int, people: Mapping[str, int]) -> None:
        product: SampleProduct = _SOLD[int(self.rng.random() * len(_SOLD))]
        if (bought - BEGIN).days < product.on_sale_after:
            product = PRODUCTS[0]
        assert product.rules is not None
        business = self.cast.business
        self.product = product
        self.active_from = active_from(product.rules, bought, business)
        self.last_day = self._day_after_load(product.rules)
        details = {"goodwill": True} if self._chance(0.01) else {}
        self._load(Kind.ISSUE, amount, {**details, "sets": self._first_facts(people)})

    def _bring_in(self, bought: datetime, amount: int, people: Mapping[str, int]) -> None:
        self.active_from = bought
        self.last_day = None if self._chance(0.2) else (bought + timedelta(days=3 * 365 - 1)).date()
        stamp = Stamp(_IMPORTED_AT, self.cast.staff["kit"], "import")
        details = {"sets": self._first_facts(people)}
        self.balance = amount
        order = f"T{self.card_id}"
        self.entries.append(
            Entry(Kind.IMPORTED, bought, amount, place="Web shop", order_ref=order, details=details, stamp=stamp)
        )
        self.at = _IMPORTED_AT

    def _first_facts(self, people: Mapping[str, int]) -> dict[str, Any]:
        return {
            "active_from": self.active_from.isoformat(),
            "last_day": self._iso(self.last_day),
            "product": self.cast.products[self.product.code],
            **people,
        }

    def _visit(self, people: Mapping[str, int]) -> None:
        """One thing that happens to a card that has not expired."""
        chance = self.rng.random()
        if chance < 0.78:
            self._spend()
        elif chance < 0.84:
            self._top_up()
        elif chance < 0.90:
            self._add(Kind.NOTE, "sam", text=self._one_of(NOTES))
        elif chance < 0.93:
            self._hold()
        elif chance < 0.955:
            self._flag()
        elif chance < 0.98:
            self._register(people)
        else:
            why = self._one_of(("still_fails", "wrong_balance"))
            details = {"escalation": f"E{self.card_id}-{len(self.entries) + 1}", "why": why}
            self._add(Kind.ESCALATED, "sam", text="Declined at the till; balance looks right.", details=details)

    def _spend(self) -> None:
        if self.at < self.active_from:
            self._wait(self.active_from - self.at + self._days(10))
        if self.is_over or not self.balance:
            return
        amount = self.balance if self._chance(0.4) else 1 + int(self.rng.random() * self.balance)
        place, order = self._one_of(PLACES), f"{20_000_000 + self.card_id * 8 + len(self.entries) % 8}"
        self._add(Kind.REDEMPTION, "sam", -amount, place=place, order_ref=order if self._chance(0.6) else None)
        if self._chance(0.02):
            taken = len(self.entries)
            self._wait(self._days(3))
            if not self.is_over:
                self._add(Kind.REFUND, "pat", amount, place=place, order_ref=order, reverses=taken)

    def _top_up(self) -> None:
        if self.product.rules is None:
            return
        before = self.last_day
        self.last_day = later(before, self._day_after_load(self.product.rules))
        self._load(
            Kind.TOP_UP,
            self._one_of(_AMOUNTS),
            {"sets": {} if self.last_day == before else {"last_day": self._iso(self.last_day)}},
        )

    def _hold(self) -> None:
        self._add(Kind.SUSPENDED, "pat", text=self._one_of(_HOLDS))
        if self._chance(0.15):
            self._expire_until(END)
            self.is_over = True
            return
        self._wait(self._days(5))
        if not self.is_over:
            self._add(Kind.UNSUSPENDED, "pat", text="Cleared with the customer.")

    def _flag(self) -> None:
        self._add(Kind.FLAG_RAISED, "sam", text=self._one_of(_FLAGS))
        raised = len(self.entries)
        if self._chance(0.85):
            self._wait(self._days(2))
            if not self.is_over:
                self._add(Kind.FLAG_CLEARED, "olu", text="Looked at; nothing wrong.", reverses=raised)

    def _register(self, people: Mapping[str, int]) -> None:
        if "recipient" in people:
            self._add(Kind.REGISTERED, "sam", details={"sets": {"registered": people["recipient"]}})

    def _wait(self, length: timedelta) -> None:
        """Let time pass; what expires meanwhile expires."""
        until = self.at + length
        self._expire_until(until)
        if until >= END:
            self.is_over = True
        elif not self.is_over:
            self.at = max(self.at, until)

    def _expire_until(self, until: datetime) -> None:
        """Book the breakage that is due by an instant, by the last run at the latest; a few are given back."""
        while self.last_day is not None:
            cut_off = _cut_off(self.cast.business, self.last_day)
            run = cut_off + _RUN_AFTER
            if cut_off > until or run > _LAST_RUN:
                return
            if self.balance:
                stamp = Stamp(run, self.cast.staff["kit"], "expiry run")
                self.entries.append(Entry(Kind.BREAKAGE, cut_off, -self.balance, stamp=stamp))
                broken, self.balance, self.at = self.balance, 0, max(self.at, run)
                if self._chance(0.04) and self._is_free():
                    self._reactivate(broken, cut_off)
                    continue
            # Nobody comes back to most expired cards.
            self.is_over = True
            return

    def _is_free(self) -> bool:
        held = [entry.kind for entry in self.entries if entry.kind in (Kind.SUSPENDED, Kind.UNSUSPENDED)]
        return not held or held[-1] is Kind.UNSUSPENDED

    def _reactivate(self, broken: int, cut_off: datetime) -> None:
        """What the desk writes when a card that expired within the last day is given back."""
        breakage = len(self.entries)
        self.at += timedelta(minutes=30 + int(self.rng.random() * 1200))
        self.last_day = self.cast.business.date_of(self.at) + timedelta(days=_POLICY.extension_days)
        grounds = ["recently_expired"]
        self._add(Kind.REINSTATEMENT, "sam", broken, reverses=breakage)
        self._add(Kind.EXPIRY_CHANGED, "sam", details={"sets": {"last_day": self._iso(self.last_day)}})
        self._add(Kind.NOTE, "sam", text=_POLICY.note, details={"grounds": grounds, "policy": 1})
        self._add(
            Kind.REACTIVATED,
            "sam",
            details={
                "grounds": grounds,
                "policy": 1,
                "restored_minor": broken,
                "cut_off": cut_off.isoformat(),
                "judged_at": self.at.isoformat(),
                "zone": self.cast.business.zone,
            },
        )

    def _day_after_load(self, rules: ValidityRules) -> date | None:
        business = self.cast.business
        noon = datetime(*business.date_of(self.at).timetuple()[:3], 12, tzinfo=UTC)
        return _last_day(rules, noon, business)

    def _load(self, kind: Kind, amount: int, details: dict[str, Any]) -> None:
        order = f"{10_000_000 + self.card_id}"
        self._add(kind, "mia", amount, place=self._one_of(PLACES), order_ref=order, details=details)

    def _add(self, kind: Kind, login: str, amount: int = 0, **facts: Any) -> None:
        stamp = Stamp(self.at, self.cast.staff[login], login.title())
        self.balance += amount
        self.entries.append(Entry(kind, self.at, amount, stamp=stamp, **facts))

    @staticmethod
    def _iso(day: date | None) -> str | None:
        return None if day is None else day.isoformat()
