"""The cards of the desk with their pasts, page by page by their record numbers: every read is short, memory is flat.

A card whose journal has a gap, or does not come to its balance, is left out and counted; that nobody changed what is
stored is for verification to say. The journals are read of those cards alone to which something happened in the time
that is asked about: of all others the row tells the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from models.clock import to_microseconds
from models.reports.arrivals import Arrivals
from models.reports.past import Past, Told, past_of, quiet_past
from models.stopping import Stopped
from models.store import Store

_PAGE: Final = 1_000
_CARDS: Final = (
    "SELECT id, currency, product_id, balance_minor, cut_off_at, COALESCE(loaded_at, active_from_at), head_number "
    "FROM gift_card WHERE id > ? AND {} ORDER BY id LIMIT ?"
)
_COUNT: Final = "SELECT COUNT(*) FROM gift_card"
_LAST: Final = "SELECT COALESCE(MAX(id), 0) FROM gift_card"
_ALL: Final = ("1 = 1", ())
_SUMS: Final = (
    "SELECT card_id, COUNT(*), MAX(number), SUM(amount_minor), MAX(recorded_at), MIN(actor_id) "
    "FROM activity WHERE {} GROUP BY card_id"
)
_JOURNALS: Final = f"SELECT {', '.join(Told._fields)} FROM activity WHERE {{}} ORDER BY card_id, number"
_SPOILED: Final = (AssertionError, ValueError, KeyError, TypeError, AttributeError, OverflowError)

OnProgress = Callable[[int, int], None] | None
IsStopped = Callable[[], bool] | None


@dataclass(slots=True)
class Reading:
    """How far the cards are read."""

    on_progress: OnProgress = None
    """Is told how many cards are read, and how many there are."""
    is_stopped: IsStopped = None
    left_out: int = 0
    """Cards that do not add up."""
    cards: int = 0
    total: int = 0

    def came_to(self, cards: int) -> None:
        """Tell that so many cards are read. Raises Stopped when nobody waits any more."""
        self.cards = cards
        if self.on_progress is not None:
            self.on_progress(self.cards, self.total)
        if self.is_stopped is not None and self.is_stopped():
            raise Stopped


def pasts(
    store: Store,
    since: int,
    until: int,
    reading: Reading,
    *,
    after: int = 0,
    which: tuple[str, Sequence[Any]] = _ALL,
    has_journals: bool = False,
) -> Iterator[Past]:
    """The past of each card from an instant until before another one (microseconds UTC), behind a record number; within
    a connection. Raises Stopped.

    Which cards, a condition on their rows says with the values of its marks. Their journals may be wanted of all.
    """
    condition, values = which
    with store.database.reading():
        pages = _Pages(store, since, until, reading, is_sparse=which != _ALL, has_journals=has_journals)
    while True:
        with store.database.reading():
            if which != _ALL:
                store.database.read_along_indexes()
            rows = store.database.execute_sql(_CARDS.format(condition), (after, *values, _PAGE)).fetchall()
            told = pages.told(rows) if rows else []
        yield from told
        if len(rows) < _PAGE:
            if reading.cards < reading.total:
                reading.came_to(reading.total)
            return
        after = rows[-1][0]


class _Pages:
    """Tells the pasts of some cards at a time."""

    def __init__(
        self, store: Store, since: int, until: int, reading: Reading, *, is_sparse: bool, has_journals: bool
    ) -> None:
        self._database = store.database
        self._arrivals = Arrivals(store.database)
        self._since, self._until = since, until
        self._reading = reading
        self._is_sparse, self._has_journals = is_sparse, has_journals
        # Of some cards alone nobody knows how many there are before the last was found: how far the reading is counts.
        reading.total = store.database.execute_sql(_LAST if is_sparse else _COUNT).fetchone()[0]

        @lru_cache(maxsize=4096)
        def cut_off_of(day: str) -> int:
            return to_microseconds(store.business.cut_off(date.fromisoformat(day)))

        self._cut_off_of = cut_off_of

    def told(self, rows: Sequence[Any]) -> list[Past]:
        """The pasts of some cards that follow each other, given their rows; within a transaction."""
        sums = self._sums([row[0] for row in rows])
        found: dict[int, Past] = {}
        busy: dict[int, str] = {}
        for card_id, currency, product, balance, cut_off, aged_from, number in rows:
            count, highest, total, newest, lowest_actor = sums.get(card_id) or (0, 0, 0, 0, 0)
            if not count == highest == number or total != balance or not count:
                continue
            if not self._has_journals and self._is_quiet(card_id, newest, lowest_actor):
                facts = (card_id, currency, product, balance, cut_off, aged_from)
                found[card_id] = quiet_past(*facts, self._since, self._until)
            else:
                busy[card_id] = currency
        for card_id, journal in self._journals(list(busy)):
            try:
                found[card_id] = past_of(
                    card_id, busy[card_id], journal, self._since, self._until, self._arrivals.of, self._cut_off_of
                )
            except _SPOILED:
                continue
        self._reading.left_out += len(rows) - len(found)
        self._reading.came_to(rows[-1][0] if self._is_sparse else self._reading.cards + len(rows))
        return [found[card_id] for card_id in sorted(found)]

    def _is_quiet(self, card_id: int, newest: int, lowest_actor: int) -> bool:
        """Whether nothing was written down since about a card, and it was here before."""
        noted = 0 if lowest_actor > 0 else self._arrivals.noted(card_id)
        return noted is not None and max(newest, noted) < self._since

    def _sums(self, card_ids: list[int]) -> dict[int, list[int]]:
        """What the activities of some cards come to."""
        which: tuple[str, Sequence[int]] = ("card_id BETWEEN ? AND ?", (card_ids[0], card_ids[-1]))
        if self._is_sparse:
            which = self._database.among("card_id", card_ids)
        rows = self._database.execute_sql(_SUMS.format(which[0]), which[1])
        return {card_id: told for card_id, *told in rows}

    def _journals(self, card_ids: list[int]) -> Iterator[tuple[int, list[Told]]]:
        if card_ids:
            which, values = self._database.among("card_id", card_ids)
            rows = self._database.execute_sql(_JOURNALS.format(which), values)
            for card_id, journal in groupby(map(Told._make, rows), attrgetter("card_id")):
                yield card_id, list(journal)
