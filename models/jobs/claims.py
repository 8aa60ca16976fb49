"""Reminders as they are taken in hand and recorded: each once, however many machines send them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from peewee import SQL, fn

from models.candidates import Candidate, products_by_id, read_candidates
from models.cards import LockedCard, lock_cards
from models.clock import to_microseconds
from models.engine import DeskDatabase
from models.errors import faults
from models.hand import Hand
from models.jobs.answers import patiently, standing_after
from models.jobs.delivery import Answered
from models.ledger import append
from models.mail import Answer, ReminderTold, Verdict, told_of
from models.products import ProductSheet
from models.records import read_record
from models.reminding import row_of
from models.rows import insert_values
from models.rules.reminders import Call, State, address_refusal, sent_entry
from models.schema import GiftCard, Reminder
from models.soundness import read_sound
from models.store import Store
from models.unit import Unit, instant

AFTERMATH: Final = (
    "What was sent before is recorded; what was in hand is listed with: giftdesk reminder list. Run it again for the "
    "rest."
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A reminder that this run has in hand."""

    card_id: int
    call: Call
    tries: int
    """How often it was taken in hand, this time included."""
    claimed_at: datetime
    """UTC."""
    told: ReminderTold


@dataclass(frozen=True)
class Claims:
    """Takes reminders in hand and records what came of them, for one run."""

    store: Store
    hand: Hand
    hour: int
    products: Mapping[int, ProductSheet]

    @classmethod
    def of(cls, unit: Unit, name: str) -> "Claims":
        """For a run that begins, by its name in journals; within a transaction."""
        return cls(unit.store, replace(unit.hand, actor_name=name), unit.policy.reminder_hour, products_by_id())

    def exchange(self, answered: Sequence[Answered[Claim]], card_ids: Sequence[int]) -> tuple[list[Claim], list[int]]:
        """Record what came of some claims and claim what is due of other cards, in one transaction.

        Returns the new claims, and which of the cards do not add up. Whoever is in the way is waited for a few
        times. Raises Fault for a broken store: what was answered is then of unknown outcome.
        """
        return patiently(lambda: self._exchanged(answered, card_ids))

    def _exchanged(self, answered: Sequence[Answered[Claim]], card_ids: Sequence[int]) -> tuple[list[Claim], list[int]]:
        ids = sorted({*card_ids, *(claim.card_id for claim, _ in answered)})
        if not ids:
            return [], []
        store = self.store
        with faults(store.path, AFTERMATH), store.database.writing():
            if store.database.for_update:
                lock_cards(ids)
            hand = replace(self.hand, at=instant(store))
            sound, unsound = read_sound(store.database, store.keys, ids)
            self._record(hand, {card.id: card for card in sound}, answered)
            wanted = set(card_ids)
            claims = self._claim(hand.at, [card for card in sound if card.id in wanted])
        return claims, [card for card in unsound if card in wanted]

    def _record(self, hand: Hand, sound: Mapping[int, LockedCard], answered: Sequence[Answered[Claim]]) -> None:
        """Write down what came of claims, but for those about which somebody decided meanwhile."""
        for claim, answer in answered:
            is_recorded = _write_down(self.store.database, claim, answer, hand.at)
            if is_recorded and answer is not None and answer.verdict is Verdict.DELIVERED:
                card = sound.get(claim.card_id) or read_record(self.store, claim.card_id).card
                append(hand, card, sent_entry(claim.call, hand.at))

    def _claim(self, at: datetime, cards: Sequence[LockedCard]) -> list[Claim]:
        """Claim what is due of some locked cards at an instant (UTC)."""
        claims, fresh = [], []
        for candidate in read_candidates(self.store.database, cards, self.products):
            call = candidate.outlook(self.hour, at, self.store.business).due
            if call is None or candidate.is_put_off(call.key, at) or address_refusal(candidate.addressee) is not None:
                continue
            claim = self._claim_of(candidate, call, at)
            claims.append(claim)
            assert candidate.addressee is not None
            row = (candidate.addressee.id, State.CLAIMED, call.is_late, claim.tries, at, None, None, None)
            key = (claim.card_id, *call.key)
            if call.key in candidate.waiting:
                changes = dict(zip(_CHANGED, row, strict=True))
                Reminder.update(**changes).where(row_of(*key)).execute()
            else:
                fresh.append((*key, *row))
        insert_values(Reminder, (*_KEY, *_CHANGED), fresh)
        return claims

    def _claim_of(self, candidate: Candidate, call: Call, at: datetime) -> Claim:
        before = candidate.waiting.get(call.key)
        told = told_of(candidate, call.lead_days, self.store.business.date_of(at))
        return Claim(candidate.card.id, call, 1 if before is None else before.tries + 1, at, told)


_KEY: Final = ("card", "last_day_on", "lead_days")
_CHANGED: Final = ("customer", "state", "is_late", "tries", "claimed_at", "next_try_at", "settled_at", "said")
_SETTLE: Final = (
    "UPDATE reminder SET state = ?, tries = ?, next_try_at = ?, settled_at = ?, said = ? "
    "WHERE card_id = ? AND last_day_on = ? AND lead_days = ? AND state = 'claimed' AND claimed_at = ?"
)


def _write_down(database: DeskDatabase, claim: Claim, answer: Answer | None, at: datetime) -> bool:
    """Write down what came of a claim, unless somebody decided about it meanwhile: then False."""
    after = standing_after(answer, claim.tries, at)
    instants = [None if each is None else to_microseconds(each) for each in (after.next_try_at, after.settled_at)]
    key = (claim.card_id, claim.call.last_day_on.isoformat(), claim.call.lead_days, to_microseconds(claim.claimed_at))
    row = (after.state.value, after.tries, *instants, after.said, *key)
    touched: int = database.execute_sql(_SETTLE, row).rowcount
    return touched == 1


def close_what_is_over(now: datetime) -> int:
    """Close what waits for a last day that moved or is over at an instant (UTC), or behind a nearer reminder.

    Within a transaction; how many were closed. What is of unknown outcome stays: only a person closes that.
    """
    nearer: Any = Reminder.alias()
    is_same = (GiftCard.id == Reminder.card) & (GiftCard.last_day_on == Reminder.last_day_on)
    is_overtaken = (nearer.card == Reminder.card) & (nearer.last_day_on == Reminder.last_day_on)
    is_overtaken &= (nearer.lead_days < Reminder.lead_days) & (nearer.state != State.WAITING)
    is_open = fn.EXISTS(GiftCard.select(SQL("1")).where(is_same & (GiftCard.cut_off_at > now)))
    is_over = ~is_open | fn.EXISTS(nearer.select(SQL("1")).where(is_overtaken))
    closed = 0
    for state, becomes in ((State.WAITING, State.DROPPED), (State.REFUSED, State.REFUSED)):
        is_meant = Reminder.settled_at.is_null() & (Reminder.state == state) & is_over
        closed += Reminder.update(state=becomes, settled_at=now).where(is_meant).execute()
    return closed
