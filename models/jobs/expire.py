"""The expiry run: books the breakage of every balance whose cut-off has passed.

Nothing depends on when it comes by: a card is expired from its cut-off, and whoever touches it first
books its breakage. So it may run late, twice, or on two machines at once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Final

from models.clock import pause
from models.desk.breakage import break_balance
from models.errors import faults
from models.journals import StoredActivity, read_journals, what_is_wrong
from models.ledger import LockedCard, lock_cards, look_at_cards
from models.rules.roles import Action
from models.rules.status import BREAKAGE_DUE, is_breakage_due
from models.schema import Flag, GiftCard
from models.standing import all_hold
from models.store import Store
from models.unit import Session, Unit, begin, begin_reading

_BATCH: Final = 100
_PAUSE_SECONDS: Final = 0.003
NAME: Final = "expiry run"


@dataclass
class ExpiryReport:
    """What an expiry run did, or would do."""

    cards: int = 0
    broken_minor: dict[str, int] = field(default_factory=dict)
    """Currency -> minor units."""
    skipped: int = 0
    """Cards that do not add up: they wait for Payments Support."""

    def count(self, currency: str, minor: int) -> None:
        """Add one card."""
        self.cards += 1
        self.broken_minor[currency] = self.broken_minor.get(currency, 0) + minor


def expire(
    session: Session, *, is_dry_run: bool = False, on_progress: Callable[[int, int], None] | None = None
) -> ExpiryReport:
    """Book every breakage that is due. Raises Refused for a role that may not, Fault for a broken store.

    Progress is told as cards looked at and cards due when the run began.
    """
    store = session.store
    report = ExpiryReport()
    with faults(store.path, "What was expired before is saved; run it again."):
        transaction, start = (store.database.reading, begin_reading) if is_dry_run else (store.database.writing, begin)
        with transaction():
            now = start(session, Action.EXPIRE).now
        due = _due_ids(store, now)
        for done, batch in enumerate(_batches(due), start=1):
            with transaction():
                _expire_batch(start(session, Action.EXPIRE), batch, report, is_dry_run=is_dry_run)
            if on_progress is not None:
                on_progress(min(done * _BATCH, len(due)), len(due))
            pause(_PAUSE_SECONDS)
    return report


def _due_ids(store: Store, now: datetime) -> list[int]:
    with store.database.reading():
        due = GiftCard.select(GiftCard.id).where(all_hold(BREAKAGE_DUE, now))
        return sorted(row.id for row in due)


def _batches(ids: Sequence[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _expire_batch(unit: Unit, ids: list[int], report: ExpiryReport, *, is_dry_run: bool) -> None:
    if is_dry_run:
        cards = look_at_cards(ids)
    else:
        cards = lock_cards(ids)
        unit.has_waited()
    hand = replace(unit.hand, actor_name=NAME)
    journals = read_journals(unit.store.database, ids)
    flags: dict[int, set[int]] = {card_id: set() for card_id in ids}
    for flag in Flag.select().where(Flag.card.in_(ids) & Flag.cleared_number.is_null()):
        flags[flag.__data__["card"]].add(flag.number)
    for card in cards:
        if not is_breakage_due(card, unit.now):
            continue
        if _does_not_add_up(unit, card, journals, flags):
            report.skipped += 1
            continue
        report.count(card.currency, card.state.balance_minor)
        if not is_dry_run:
            break_balance(hand, card)


def _does_not_add_up(
    unit: Unit, card: LockedCard, journals: dict[int, list[StoredActivity]], flags: dict[int, set[int]]
) -> bool:
    wrong = what_is_wrong(unit.store.keys, card, journals[card.id], frozenset(flags[card.id]))
    return wrong is not None
