"""How a report is counted: each card says what it has in which figure, and the figures of a line are added up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from models.clock import to_microseconds
from models.errors import Refused
from models.reports.pages import Reading
from models.reports.tables import Cell, Column, Line, Series, Unit
from models.rules.validity import BusinessTime
from models.store import Store

Key = tuple[str, ...]
"""What makes a line: short names, the currency last."""
Sums = Mapping[Key, Mapping[str, int]]
CARDS: Final = Column("cards", "Cards", Unit.COUNT)
"""How many cards have something in a line: that counts itself."""
TOTAL: Final = "Total"


class Part(NamedTuple):
    """What one card has in one figure."""

    key: Key
    column: str
    value: int
    """Minor units of the key's currency, or a count."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a report is counted from."""

    store: Store
    now: datetime
    """UTC."""
    since: datetime
    """The first instant that counts, UTC."""
    at: datetime
    """The last instant that counts, UTC."""
    products: Mapping[int, tuple[str, str]]
    """Each product's short name and its name."""
    product_id: int | None
    """The only one that is told of; None: all are."""

    @property
    def business(self) -> BusinessTime:
        """The time of the business."""
        return self.store.business

    @property
    def first(self) -> int:
        """The first instant that counts, microseconds."""
        return to_microseconds(self.since)

    @property
    def end(self) -> int:
        """The first instant that counts no more, microseconds."""
        return to_microseconds(self.at) + 1

    def wants(self, product_id: int | None) -> bool:
        """Whether a product is told of."""
        return self.product_id is None or self.product_id == product_id

    def code_of(self, product_id: int | None) -> str:
        """A product's short name."""
        return self.products.get(product_id or 0, ("?", ""))[0]

    def month_of(self, at: datetime) -> str:
        """The month of an instant, in the business zone: 2026-05."""
        return f"{self.business.date_of(at):%Y-%m}"

    def name_of(self, code: str) -> str:
        """The name of a product by its short name."""
        return next((name for short, name in self.products.values() if short == code), code)


def product_id_of(products: Mapping[int, tuple[str, str]], code: str | None) -> int | None:
    """The product with a short name. Raises Refused when there is none."""
    if code is None:
        return None
    for id_, (short, _) in products.items():
        if short == code:
            return id_
    raise Refused(f"There is no product {code!r}. See: giftdesk product list")


class Count:
    """One report while it is counted."""

    columns: tuple[Column, ...]
    """Those of texts first, one for each part of a key that is shown."""
    sentence: str
    """How it is counted."""
    counts_cards_once = False
    """Whether a card is in one line only, so that a total may say how many there are."""

    def __init__(self, setting: Setting) -> None:
        """Count what a setting says."""
        self.setting = setting

    def parts(self, reading: Reading, after: int) -> Iterator[tuple[int, Sequence[Part]]]:
        """What each card has, behind a record number and in their order; within a connection."""
        raise NotImplementedError

    def texts(self, key: Key) -> tuple[str, ...]:
        """The cells with which a line begins."""
        raise NotImplementedError

    def lines(self, sums: Sums) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """The lines and the totals."""
        return tuple(self.line(key, sums[key]) for key in sorted(sums, key=self.order)), tuple(self._totals(sums))

    def order(self, key: Key) -> tuple[str, ...]:
        """What lines are sorted by: the currency first."""
        return (key[-1], *key[:-1])

    def line(self, key: Key, sums: Mapping[str, int]) -> Line:
        """One line, which opens down to its cards."""
        return Line(":".join(key), key[-1], (*self.texts(key), *self._figures(sums)), opens=True)

    def _figures(self, sums: Mapping[str, int], cards: int | None = 0) -> Iterable[Cell]:
        for column in self.columns:
            if column.unit is not Unit.TEXT:
                yield sums.get(column.name, cards if column is CARDS else 0)

    def _totals(self, sums: Sums) -> Iterator[Line]:
        texts = sum(column.unit is Unit.TEXT for column in self.columns)
        for currency in sorted({key[-1] for key in sums}):
            total: dict[str, int] = {}
            for key, of_line in sums.items():
                if key[-1] == currency:
                    for name, value in of_line.items():
                        total[name] = total.get(name, 0) + value
            if not self.counts_cards_once:
                total.pop(CARDS.name, None)
            yield Line("", currency, (TOTAL, *[""] * (texts - 1), *self._figures(total, None)), opens=False)

    def series(self, sums: Sums) -> tuple[Series, ...]:
        """What is plotted."""
        raise NotImplementedError


@dataclass(slots=True)
class Counted:
    """What a report's figures came to."""

    sums: dict[Key, dict[str, int]] = field(default_factory=dict)

    def add(self, parts: Sequence[Part]) -> None:
        """Add what one card has; it counts once in each line in which it has something."""
        for part in parts:
            of_line = self.sums.setdefault(part.key, {})
            of_line[part.column] = of_line.get(part.column, 0) + part.value
        for key in {part.key for part in parts}:
            of_line = self.sums[key]
            of_line[CARDS.name] = of_line.get(CARDS.name, 0) + 1


def by_time(sums: Sums, months: Sequence[str], titles: Mapping[str, str]) -> tuple[Series, ...]:
    """A series of each currency for each column, by the month or week with which keys begin."""
    made = []
    for currency in sorted({key[-1] for key in sums}):
        for column, title in titles.items():
            values = dict.fromkeys(months, 0)
            for key, of_line in sums.items():
                if key[-1] == currency:
                    values[key[0]] = values.get(key[0], 0) + of_line.get(column, 0)
            made.append(Series(title, currency, tuple(values), tuple(values.values())))
    return tuple(made)


def months_between(setting: Setting) -> list[str]:
    """The months of the time that is asked about, oldest first."""
    first, last = (setting.business.date_of(at) for at in (setting.since, setting.at))
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]
