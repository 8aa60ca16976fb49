"""The expiry run: books the breakage of every balance whose cut-off has passed.

Nothing depends on when it comes by: a card is expired from its cut-off, and whoever touches it first
books its breakage. So it may run late, twice, or on two machines at once. Each batch is read, judged
and sealed while nobody waits; the lock is held for the writing alone, which goes through only for
cards that are still what was read. So tills come to their turn between two batches.
"""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from models.anchors import TAKEN, last_anchor_at
from models.cards import lock_cards
from models.errors import Refused, faults
from models.hand import Hand
from models.jobs.batches import carry_out
from models.jobs.breakages import Breakages, read_breakages, write_breakages
from models.jobs.doubts import doubts
from models.rules.roles import Action
from models.rules.status import BREAKAGE_DUE
from models.rules.wording import plural
from models.schema import Activity, GiftCard, Product
from models.standing import all_hold
from models.store import Store
from models.unit import Session, begin, begin_reading, instant, written

# Fewer make the run slower for its commits, more let a till wait longer.
_BATCH: Final = 500
_MOST_SKIPPED: Final = 1_000
NAME: Final = "expiry run"
_NOTHING: Final = "Nothing was changed."
_UNKNOWN: Final = (
    "The answer to the last change was lost. Run it again: what has expired is saved, and no balance expires twice."
)


@dataclass(frozen=True, slots=True)
class ProductBreakage:
    """What broke, or would break, of one product's cards in one currency."""

    code: str
    """The product's id at the desk."""
    name: str
    currency: str
    cards: int
    broken_minor: int


@dataclass
class ExpiryReport:
    """What an expiry run did, or would do."""

    products: tuple[ProductBreakage, ...] = ()
    """In the order of their names."""
    skipped: int = 0
    """Cards that do not add up: they wait for Payments Support."""
    skipped_cards: list[int] = field(default_factory=list)
    """The ids of the first of them."""
    doubts: tuple[str, ...] = ()
    """Why somebody should look before it is done; nothing for one who said to be sure."""
    left: int | None = None
    """How many of the cards that were due nobody looked at, because the run was stopped."""

    @property
    def cards(self) -> int:
        """How many balances broke."""
        return sum(each.cards for each in self.products)

    @property
    def broken_minor(self) -> Mapping[str, int]:
        """Currency -> minor units."""
        sums: dict[str, int] = {}
        for each in self.products:
            sums[each.currency] = sums.get(each.currency, 0) + each.broken_minor
        return sums


def expire(
    session: Session,
    *,
    is_dry_run: bool = False,
    is_sure: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> ExpiryReport:
    """Book every breakage that is due, until somebody asks for a stop.

    Raises Refused for a role that may not, and for a run that looks wrong unless somebody is sure: a clock
    far ahead of the last record, or far more cards than usual. Raises Fault for a broken store. Progress is
    told as cards looked at and cards due when the run began.
    """
    store = session.store
    report, sums = ExpiryReport(), _Sums()
    with faults(store.path, lambda: _so_far(sums.cards)), store.database.connected():
        hand, due = _begin(session, report, is_dry_run=is_dry_run, is_sure=is_sure)
        for first in range(0, len(due), _BATCH):
            if is_stopped is not None and is_stopped():
                report.left = len(due) - first
                break
            batch = due[first : first + _BATCH].tolist()
            found = _look(store, hand, batch) if is_dry_run else _book(store, hand, batch, _so_far(sums.cards))
            sums.add(found)
            report.skipped += len(found.unsound)
            report.skipped_cards += found.unsound[: _MOST_SKIPPED - len(report.skipped_cards)]
            if on_progress is not None:
                on_progress(first + len(batch), len(due))
        with store.database.connected():  # the one that it began with may have been lost
            report.products = sums.by_product()
    return report


def _begin(session: Session, report: ExpiryReport, *, is_dry_run: bool, is_sure: bool) -> tuple[Hand, "array[int]"]:
    """Whose hand writes, and the ids of all cards that are due; refused when there are doubts and nobody is sure."""
    database = session.store.database
    with database.reading():
        unit = begin_reading(session, Action.EXPIRE)
        due = _due_ids(unit.now)
        if not is_sure:
            report.doubts = doubts(session.store, len(due), unit.now)
    if not is_dry_run:
        if report.doubts:
            raise Refused(f"{' '.join(report.doubts)} Nothing was changed; if all of this is right, add --yes.")
        unit = written(session.store, lambda: begin(session, Action.EXPIRE))
    return replace(unit.hand, actor_name=NAME), due


def _due_ids(now: datetime) -> "array[int]":
    due = GiftCard.select(GiftCard.id).where(all_hold(BREAKAGE_DUE, now)).order_by(GiftCard.id)
    return array("q", (card_id for (card_id,) in GiftCard._meta.database.execute_sql(*due.sql())))


def _look(store: Store, hand: Hand, ids: Sequence[int]) -> Breakages:
    """What would be booked of a batch."""
    with store.database.reading():
        return read_breakages(store.database, replace(hand, at=store.now()), ids)


def _book(store: Store, hand: Hand, ids: Sequence[int], so_far: str) -> Breakages:
    """Book the breakages of a batch; what was booked. Raises Fault that tells what came of the run so far."""
    found = _look(store, hand, ids)

    def write() -> None:
        instant(store)
        _check_anchors(store, found)
        write_breakages(found)

    def write_behind_others() -> None:
        nonlocal found
        lock_cards(ids)
        found = read_breakages(store.database, replace(hand, at=instant(store)), ids)
        write_breakages(found)

    def are_there() -> bool:
        return not found.broken or _is_there(*found.activities[0])

    try:
        carry_out(store, write, are_there, aftermath=so_far, unknown=_UNKNOWN)
    except Refused:
        # Somebody was quicker on one of the cards, or took an anchor: lock them before they are read again.
        carry_out(store, write_behind_others, are_there, aftermath=so_far, unknown=_UNKNOWN)
    return found


def _check_anchors(store: Store, found: Breakages) -> None:
    """Raise Refused when an anchor was taken since a batch was sealed: it covers that instant, and knows none of it."""
    taken_at = last_anchor_at(store.database, TAKEN)
    if taken_at is not None and found.at <= taken_at:
        raise Refused("An anchor was taken meanwhile.")


def _is_there(_format: int, card_id: int, number: int, *rest: Any) -> bool:
    """Whether an activity that was to be written is in the journal; whoever still writes on its card is waited for."""
    lock_cards([card_id])
    mac = Activity.select(Activity.mac).where((Activity.card == card_id) & (Activity.number == number)).scalar()
    return mac is not None and bytes(mac) == rest[-1]


def _so_far(cards: int) -> str:
    return f"{plural(cards, 'balance')} expired before that; run it again for the rest." if cards else _NOTHING


class _Sums:
    """Counts what broke, by product and currency."""

    def __init__(self) -> None:
        self._cards: dict[tuple[int, str], int] = {}
        self._minor: dict[tuple[int, str], int] = {}

    @property
    def cards(self) -> int:
        """How many balances broke so far."""
        return sum(self._cards.values())

    def add(self, found: Breakages) -> None:
        """Add a batch."""
        for product_id, currency, minor in found.broken:
            kind = (product_id, currency)
            self._cards[kind] = self._cards.get(kind, 0) + 1
            self._minor[kind] = self._minor.get(kind, 0) + minor

    def by_product(self) -> tuple[ProductBreakage, ...]:
        """The sums under the products' names; within a connection."""
        named = {row.id: (row.code, row.name) for row in Product.select(Product.id, Product.code, Product.name)}
        sums = [ProductBreakage(*named[kind[0]], kind[1], self._cards[kind], self._minor[kind]) for kind in self._cards]
        return tuple(sorted(sums, key=lambda each: (each.name, each.code, each.currency)))
