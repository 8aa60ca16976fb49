"""What is owed and what happened to it: liability, roll-forward, breakage by month, what was sold and spent.

All of it is told from movements, so that no figure becomes another one later.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from models.reports.counting import CARDS, Count, Key, Part, Sums, by_time, months_between
from models.reports.pages import Reading, pasts
from models.reports.past import Movement, Past
from models.reports.tables import Column, Line, Series, Unit
from models.rules.journal import LOADS, Kind

PRODUCT: Final = Column("product", "Product", Unit.TEXT)
MONTH: Final = Column("month", "Month", Unit.TEXT)
_A_DAY: Final = 86_400_000_000
"""Microseconds."""
_AGES: Final = (
    (30, Column("days_0_30", "0-30", Unit.MONEY)),
    (60, Column("days_31_60", "31-60", Unit.MONEY)),
    (90, Column("days_61_90", "61-90", Unit.MONEY)),
    (365, Column("days_91_365", "91-365", Unit.MONEY)),
)
_OLDEST: Final = Column("days_over_365", "over 365", Unit.MONEY)


class Liability(Count):
    """What the desk owes at an instant, by product and by age."""

    columns = (PRODUCT, CARDS, Column("owed", "Owed", Unit.MONEY), *(column for _, column in _AGES), _OLDEST)
    sentence = (
        "What can be spent, at once or later, or is held by a suspension; a balance past its cut-off counts as broken, "
        "booked or not. Its age is counted in days since the card's latest load; where there is none, since the card "
        "could first be spent."
    )
    counts_cards_once = True

    def parts(self, reading: Reading, after: int) -> Iterator[tuple[int, Sequence[Part]]]:
        """What each card is owed for."""
        setting, end = self.setting, self.setting.end
        for past in pasts(setting.store, end, end, reading, after=after):
            if past.held_minor and setting.wants(past.product_id):
                key = (setting.code_of(past.product_id), past.currency)
                days = (end - (past.aged_from or end)) // _A_DAY
                age = next((column for most, column in _AGES if days <= most), _OLDEST)
                yield past.card_id, (Part(key, "owed", past.held_minor), Part(key, age.name, past.held_minor))

    def texts(self, key: Key) -> tuple[str, ...]:
        """The product's name."""
        return (self.setting.name_of(key[0]),)

    def series(self, sums: Sums) -> tuple[Series, ...]:
        """What is owed by age, the oldest first."""
        ages = [_OLDEST, *reversed([column for _, column in _AGES])]
        titles = tuple(age.title for age in ages)
        return tuple(
            Series(
                "Owed by days since the latest load",
                currency,
                titles,
                tuple(sum(each.get(age.name, 0) for key, each in sums.items() if key[-1] == currency) for age in ages),
            )
            for currency in sorted({key[-1] for key in sums})
        )


_STEPS: Final[Mapping[str, str]] = {
    "opening": "Opening",
    "sold": "Sold",
    "goodwill": "Given as goodwill",
    "redeemed": "Redeemed",
    "refunded": "Refunded",
    "broken": "Broken",
    "given_back": "Given back",
    "moved": "Moved",
    "cancelled": "Cancelled",
    "adjusted": "Adjusted",
    "brought_in": "Brought in",
    "closing": "Closing",
}
_STEP_OF: Final[Mapping[Kind, str]] = {
    Kind.REDEMPTION: "redeemed",
    Kind.REFUND: "refunded",
    Kind.BREAKAGE: "broken",
    Kind.REINSTATEMENT: "given_back",
    Kind.TRANSFER_OUT: "moved",
    Kind.TRANSFER_IN: "moved",
    Kind.CANCELLATION: "cancelled",
    Kind.ADJUSTMENT: "adjusted",
    Kind.IMPORTED: "brought_in",
}


def step_of(movement: Movement) -> str:
    """Which step of a roll-forward a movement belongs to."""
    if movement.kind in LOADS:
        return "goodwill" if movement.is_goodwill else "sold"
    return _STEP_OF[movement.kind]


class RollForward(Count):
    """How what was owed became what is owed."""

    columns = (Column("step", "Step", Unit.TEXT), CARDS, Column("amount", "Amount", Unit.MONEY))
    sentence = (
        "The opening and all that follows add up to the closing. A breakage counts at its cut-off, everything else "
        "when it was written down here; what an import brought counts when it came."
    )
    _MOST_LABELS: Final = 31

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self._changes: dict[tuple[str, date], int] = {}

    def parts(self, reading: Reading, after: int) -> Iterator[tuple[int, Sequence[Part]]]:
        """What each card was owed for, and what happened to that."""
        setting = self.setting
        for past in pasts(setting.store, setting.first, setting.end, reading, after=after):
            parts = list(self._of(past))
            if parts:
                yield past.card_id, parts

    def _of(self, past: Past) -> Iterator[Part]:
        wants, currency = self.setting.wants, past.currency
        if past.opening_minor and wants(past.opening_product_id):
            yield Part(("opening", currency), "amount", past.opening_minor)
        for movement in past.movements:
            if wants(movement.product_id):
                yield Part((step_of(movement), currency), "amount", movement.amount_minor)
                on = (currency, self.setting.business.date_of(movement.at))
                self._changes[on] = self._changes.get(on, 0) + movement.amount_minor
        if past.held_minor and wants(past.product_id):
            yield Part(("closing", currency), "amount", past.held_minor)

    def texts(self, key: Key) -> tuple[str, ...]:
        """The step's name."""
        return (_STEPS[key[0]],)

    def lines(self, sums: Sums) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """All steps of each currency, in their order; the closing is the total."""
        lines = [
            [self.line((step, currency), sums.get((step, currency), {})) for step in _STEPS]
            for currency in sorted({key[-1] for key in sums})
        ]
        return tuple(line for each in lines for line in each[:-1]), tuple(each[-1] for each in lines)

    def series(self, sums: Sums) -> tuple[Series, ...]:
        """What was owed at the end of each day, or of as many stretches as can be shown."""
        business = self.setting.business
        first, last = business.date_of(self.setting.since), business.date_of(self.setting.at)
        days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
        step = -(-len(days) // self._MOST_LABELS)
        shown = days[::-1][::step][::-1]
        made = []
        for currency in sorted({key[-1] for key in sums}):
            owed, values = sums.get(("opening", currency), {}).get("amount", 0), []
            for day in days:
                owed += self._changes.get((currency, day), 0)
                if day in shown:
                    values.append(owed)
            made.append(Series("Owed", currency, tuple(day.isoformat() for day in shown), tuple(values)))
        return tuple(made)


class _Monthly(Count):
    """What happened, month by month."""

    titles: Mapping[str, str]
    """The columns that are plotted."""

    def parts(self, reading: Reading, after: int) -> Iterator[tuple[int, Sequence[Part]]]:
        """What happened to each card."""
        setting = self.setting
        for past in pasts(setting.store, setting.first, setting.end, reading, after=after):
            parts = [
                part
                for movement in past.movements
                if setting.wants(movement.product_id)
                for part in self.told(movement, setting.month_of(movement.at))
            ]
            if parts:
                yield past.card_id, parts

    def told(self, movement: Movement, month: str) -> Sequence[Part]:
        """What a movement is in this report."""
        raise NotImplementedError

    def texts(self, key: Key) -> tuple[str, ...]:
        """The month, and the product's name where lines are of one."""
        return (key[0], *(self.setting.name_of(code) for code in key[1:-1]))

    def series(self, sums: Sums) -> tuple[Series, ...]:
        """Each month's sums."""
        return by_time(sums, months_between(self.setting), self.titles)


class Breakage(_Monthly):
    """What broke by month and product, and what of any breakage was given back in it."""

    columns = (
        MONTH,
        PRODUCT,
        CARDS,
        Column("broken", "Broken", Unit.MONEY),
        Column("given_back", "Given back", Unit.MONEY),
        Column("kept", "Kept", Unit.MONEY),
    )
    sentence = (
        "A balance breaks in the month of its cut-off, whenever that is booked; what is given back counts in the month "
        "in which it was, never in that of the breakage."
    )
    titles = {"broken": "Broken", "given_back": "Given back"}

    def told(self, movement: Movement, month: str) -> Sequence[Part]:
        """Breakages and what was given back of them."""
        if movement.kind not in (Kind.BREAKAGE, Kind.REINSTATEMENT):
            return ()
        key = (month, self.setting.code_of(movement.product_id), movement.currency)
        if movement.kind is Kind.BREAKAGE:
            return (Part(key, "broken", -movement.amount_minor), Part(key, "kept", -movement.amount_minor))
        return (Part(key, "given_back", movement.amount_minor), Part(key, "kept", -movement.amount_minor))


class Sales(_Monthly):
    """What was put on cards and what was spent, month by month."""

    columns = (
        MONTH,
        CARDS,
        Column("sold", "Sold", Unit.MONEY),
        Column("goodwill", "Goodwill", Unit.MONEY),
        Column("redeemed", "Redeemed", Unit.MONEY),
        Column("refunded", "Refunded", Unit.MONEY),
    )
    sentence = (
        "Loads that were paid for, loads as goodwill, what was spent with cards, and what of that was refunded; what "
        "an import brought is not counted, for it happened elsewhere."
    )
    titles = {"sold": "Sold", "redeemed": "Redeemed"}

    def told(self, movement: Movement, month: str) -> Sequence[Part]:
        """Loads, redemptions and refunds."""
        step = step_of(movement)
        if step not in ("sold", "goodwill", "redeemed", "refunded"):
            return ()
        return (Part((month, movement.currency), step, abs(movement.amount_minor)),)
