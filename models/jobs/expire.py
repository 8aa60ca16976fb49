"""The expiry run: books the breakage of every balance whose cut-off has passed.

Nothing depends on when it comes by: a card is expired from its cut-off, and whoever touches it first
books its breakage. So it may run late, twice, or on two machines at once. Each batch is read, checked
against its journals and sealed while nobody waits; the lock is held for the writing alone, which goes
through only for cards that are still what was read. So tills come to their turn between two batches.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from peewee import SQL, fn

from models.cards import LockedCard, lock_cards
from models.desk.breakage import breakage_of
from models.errors import Refused, faults
from models.hand import Hand
from models.ledger import sealed_appends, write_appends
from models.rules import wording
from models.rules.journal import Entry
from models.rules.roles import Action
from models.rules.status import BREAKAGE_DUE
from models.schema import GiftCard
from models.soundness import read_sound
from models.standing import all_hold
from models.store import Store
from models.unit import Session, begin, begin_reading, instant

_BATCH: Final = 200
_MOST_SKIPPED: Final = 1_000
NAME: Final = "expiry run"

FURTHEST_AHEAD: Final = timedelta(hours=36)
"""How far the clock may be ahead of the last record before somebody is asked."""
# More than one in so many of the live cards, and more than so many usual days' worth, and not just a few: asks.
_SHARE: Final = 20
_USUAL_DAYS: Final = 3
_MONTH_DAYS: Final = 30
_JUST_A_FEW: Final = 250


@dataclass
class ExpiryReport:
    """What an expiry run did, or would do."""

    cards: int = 0
    broken_minor: dict[str, int] = field(default_factory=dict)
    """Currency -> minor units."""
    skipped: int = 0
    """Cards that do not add up: they wait for Payments Support."""
    skipped_cards: list[int] = field(default_factory=list)
    """The ids of the first of them."""
    doubts: tuple[str, ...] = ()
    """Why somebody should look before it is done: only who is sure may carry it out."""
    left: int | None = None
    """How many of the cards that were due nobody looked at, because the run was stopped."""

    def count(self, cards: Iterable[LockedCard], skipped: Sequence[int]) -> None:
        """Add a batch."""
        for card in cards:
            self.cards += 1
            self.broken_minor[card.currency] = self.broken_minor.get(card.currency, 0) + card.balance_minor
        self.skipped += len(skipped)
        self.skipped_cards += skipped[: _MOST_SKIPPED - len(self.skipped_cards)]


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
    report = ExpiryReport()
    with faults(store.path, "What was expired before is saved; run it again."), store.database.connected():
        hand, due = _begin(session, report, is_dry_run=is_dry_run, is_sure=is_sure)
        for first in range(0, len(due), _BATCH):
            if is_stopped is not None and is_stopped():
                report.left = len(due) - first
                break
            batch = due[first : first + _BATCH].tolist()
            report.count(*(_look if is_dry_run else _book)(store, hand, batch))
            if on_progress is not None:
                on_progress(first + len(batch), len(due))
    return report


def _begin(session: Session, report: ExpiryReport, *, is_dry_run: bool, is_sure: bool) -> tuple[Hand, "array[int]"]:
    """Whose hand writes, and the ids of all cards that are due; refused when there are doubts and nobody is sure."""
    database = session.store.database
    with database.reading():
        unit = begin_reading(session, Action.EXPIRE)
        due = _due_ids(unit.now)
        doubts = (_clock_doubt(-session.store.how_far_behind()), _number_doubt(len(due), unit.now))
    report.doubts = tuple(doubt for doubt in doubts if doubt is not None)
    if not is_dry_run:
        if report.doubts and not is_sure:
            raise Refused(f"{' '.join(report.doubts)} Nothing was changed; if all of this is right, add --yes.")
        with database.writing():
            unit = begin(session, Action.EXPIRE)
    return replace(unit.hand, actor_name=NAME), due


def _due_ids(now: datetime) -> "array[int]":
    due = GiftCard.select(GiftCard.id).where(all_hold(BREAKAGE_DUE, now)).order_by(GiftCard.id)
    return array("q", (card_id for (card_id,) in due.tuples().iterator()))


def _clock_doubt(ahead: timedelta) -> str | None:
    if ahead <= FURTHEST_AHEAD:
        return None
    return f"The clock is {wording.span(ahead)} ahead of the last record: check that it is right."


def _number_doubt(due: int, now: datetime) -> str | None:
    """Whether far more balances would go than on other days; a desk that was just filled may well have reason."""
    if due <= _JUST_A_FEW:
        return None
    is_live = (GiftCard.balance_minor > 0) & GiftCard.cancelled_at.is_null()
    month_ago = now - timedelta(days=_MONTH_DAYS)
    was_broken = (GiftCard.broken_minor > 0) & (GiftCard.cut_off_at > month_ago) & (GiftCard.cut_off_at <= now)
    one = SQL("1")
    live, broken = GiftCard.select(fn.COUNT(one).filter(is_live), fn.COUNT(one).filter(was_broken)).tuples().first()
    if due * _SHARE <= live or due * _MONTH_DAYS <= _USUAL_DAYS * broken:
        return None
    return (
        f"{due:,} of {live:,} live balances would expire, and in the last {_MONTH_DAYS} days it was {broken:,}: check "
        f"the clock and what was imported."
    )


def _look(store: Store, hand: Hand, ids: Sequence[int]) -> tuple[list[LockedCard], list[int]]:
    """The cards of a batch whose breakage would be booked, and the ids of those left out."""
    with store.database.reading():
        sound, unsound = read_sound(store.database, store.keys, ids)
    return [card for card, _ in _breakages(hand, sound)], unsound


def _book(store: Store, hand: Hand, ids: Sequence[int]) -> tuple[list[LockedCard], list[int]]:
    """Book the breakages of a batch; the cards as they were, and the ids of those left out."""
    try:
        with store.database.reading():
            hand = replace(hand, at=store.now())
            sound, unsound = read_sound(store.database, store.keys, ids)
        broken = _breakages(hand, sound)
        sealed = sealed_appends(hand, broken)
        with store.database.writing():
            instant(store)
            write_appends(hand, sealed)
    except Refused:
        # Somebody was quicker on one of the cards: lock them before they are read again.
        with store.database.writing():
            lock_cards(ids)
            hand = replace(hand, at=instant(store))
            sound, unsound = read_sound(store.database, store.keys, ids)
            broken = _breakages(hand, sound)
            write_appends(hand, sealed_appends(hand, broken))
    return [card for card, _ in broken], unsound


def _breakages(hand: Hand, cards: Iterable[LockedCard]) -> list[tuple[LockedCard, list[Entry]]]:
    """Of some cards those whose breakage is due, each with the entry that books it."""
    due = ((card, breakage_of(card, hand.at)) for card in cards)
    return [(card, [entry]) for card, entry in due if entry is not None]
