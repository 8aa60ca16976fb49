"""Carrying a bulk out: batch by batch, each whole or not at all, while tills go on.

Each batch is read, judged and sealed while nobody waits; the lock is held for the writing alone, which goes through
only for cards that are still what was read, and says in the same transaction on the list what was done. Where somebody
was quicker the cards are locked, read and judged again. So a bulk that was stopped or killed goes on where it was, two
that carry out the same one do each card once, and what is done twice changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from models.anchors import TAKEN, last_anchor_at
from models.bulks.facts import Bulk, BulkReport, BulkState, Progress, Stop
from models.bulks.judging import Given, Judged, judge, money_of, own_people, skips_of
from models.bulks.keeping import bulk_numbered_in, check_list, deed_of, end, listed
from models.bulks.outcomes import first_skipped, outcome_of
from models.bulks.unmaking import undone
from models.cards import lock_cards
from models.desk.people import change_person
from models.engine import SHARED
from models.errors import Refused, faults
from models.hand import Hand
from models.jobs.batches import carry_out as in_one_transaction
from models.ledger import Continued, sealed_onto, write_onto
from models.rules.bulk import BulkKind, Skip
from models.rules.bulk_deeds import Change
from models.rules.roles import Action, role_refusal
from models.rules.texts import email_key
from models.rules.wording import plural
from models.schema import Agent, Customer
from models.store import Store
from models.unit import Session, Unit, begin, begin_reading

_BATCH: Final = 500
_UNKNOWN: Final = (
    "The answer to the last change was lost. Resume it: what is done is saved, and no card is changed twice."
)
_ON_THE_LIST: Final = (
    "UPDATE bulk_card SET first_number = ?, last_number = ?, moved_minor = ?, skipped = ? "
    "WHERE bulk_id = ? AND card_id = ? AND first_number IS NULL AND skipped IS NULL"
)
_LEFT: Final = (
    "SELECT COUNT(*) FROM bulk_card WHERE bulk_id = ? AND first_number IS NULL AND skipped IS NULL "
    "AND card_id IN ({marks})"
)


def carry_out(
    session: Session,
    bulk_id: int,
    *,
    on_progress: Progress | None = None,
    is_stopped: Stop | None = None,
) -> BulkReport:
    """Do what is left of a bulk that nobody has to approve any more, until somebody asks for a stop.

    Raises Refused for a role that may not, and for a bulk that waits, was refused, or was changed behind the desk's
    back; Fault for a broken store. Progress is told as cards done and cards on the list.
    """
    store = session.store
    with faults(store.path), store.database.connected():
        carrying = _begin(session, bulk_id)
        bulk = carrying.bulk
        check_list(store, bulk)
        done = bulk.cards - bulk.left
        while True:
            if is_stopped is not None and is_stopped():
                break
            with store.database.reading():
                given = listed(store, bulk.id, carrying.after, _BATCH, only_left=True)
            if not given:
                _end(session, carrying)
                break
            try:
                carrying.carry_out(given)
            except Refused:
                with store.database.reading():
                    if bulk_numbered_in(store, bulk.id).ended_at is None:
                        raise
                break
            carrying.after = given[-1].card_id
            done += len(given)
            if on_progress is not None:
                on_progress(min(done, bulk.cards), bulk.cards)
    return report(store, bulk_id)


def _begin(session: Session, bulk_id: int) -> "_Carrying":
    store = session.store
    with store.database.reading():
        unit = begin_reading(session, Action.BULK)
        bulk = bulk_numbered_in(store, bulk_id)
        state = bulk.state(unit.now)
        if state is not BulkState.BEGUN:
            raise Refused(f"Bulk {bulk.id} can't be carried out: it {_IS[state]}.")
        own = own_people(store, _emails(unit, bulk))
    return _Carrying(session, bulk, own)


_IS: Final[Mapping[BulkState, str]] = {
    BulkState.BROKEN_OFF: "was broken off before its list was complete; begin it anew",
    BulkState.WAITING: "waits for a second person",
    BulkState.LAPSED: "lapsed; begin it anew",
    BulkState.REFUSED: "was refused",
    BulkState.WITHDRAWN: "was withdrawn",
    BulkState.DONE: "is done",
    BulkState.UNDONE: "is undone",
}


def _emails(unit: Unit, bulk: Bulk) -> set[str]:
    """The addresses of who asked, who approved and who carries it out, as they are compared."""
    ids = [id_ for id_ in (bulk.by_id, bulk.decided_by_id) if id_ is not None]
    rows = Agent.select(Agent.email).where(Agent.id.in_(ids) & Agent.email.is_null(False))
    mine = {unit.actor.email} if unit.actor.email else set()
    return mine | {email_key(row.email) for row in rows if row.email}


@dataclass(slots=True)
class _Batch:
    """What is to be written down of some cards."""

    at: datetime
    """As of when they are judged, UTC."""
    judged: list[Judged]
    continued: Continued
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    """What the list says of each."""


@dataclass(slots=True)
class _Carrying:
    """A bulk that is carried out."""

    session: Session
    bulk: Bulk
    own: frozenset[int]
    after: int = 0
    """The last card that was looked at."""

    @property
    def store(self) -> Store:
        """The desk."""
        return self.session.store

    def carry_out(self, given: Sequence[Given]) -> None:
        """One batch. Raises Fault that tells what came of the bulk so far."""
        with self.store.database.reading():
            unit = begin_reading(self.session, Action.BULK)
            batch = self._judged(unit.hand, given)
        left = _aftermath(self.bulk)

        def write() -> None:
            unit = self._unit()
            taken_at = last_anchor_at(self.store.database, TAKEN)
            if taken_at is not None and batch.at <= taken_at:
                raise Refused("An anchor was taken meanwhile.")
            self._write(unit, batch)

        def write_behind_others() -> None:
            unit = self._unit()
            lock_cards([each.card_id for each in given])
            unit.has_waited()
            left_of = listed(self.store, self.bulk.id, given[0].card_id - 1, len(given), only_left=True)
            still = {each.card_id for each in left_of}
            mine = [each for each in given if each.card_id in still]
            if mine:
                self._write(unit, self._judged(unit.hand, mine))

        def is_there() -> bool:
            return self._left(given) == 0

        try:
            in_one_transaction(self.store, write, is_there, aftermath=left, unknown=_UNKNOWN)
        except Refused:
            # Somebody was quicker on one of the cards, or took an anchor: lock them before they are read again.
            in_one_transaction(self.store, write_behind_others, is_there, aftermath=left, unknown=_UNKNOWN)

    def _unit(self) -> Unit:
        """The unit of a batch. Raises Refused for a bulk that somebody ended, and for who may not any more."""
        unit = begin(self.session, Action.BULK)
        if self.bulk.kind is BulkKind.REGISTER:
            self.store.database.hold(SHARED)
        refused = None if self.bulk.decision == "approved" else role_refusal(unit.agent.role, self.bulk.kind.action)
        if refused is not None:
            raise Refused(refused)
        row = self.store.database.execute_sql("SELECT ended_at FROM bulk WHERE id = ?", (self.bulk.id,)).fetchone()
        if row[0] is not None:
            raise Refused(f"Bulk {self.bulk.id} was ended meanwhile.")
        return unit

    def _left(self, given: Sequence[Given]) -> int:
        ids = [each.card_id for each in given]
        query = _LEFT.format(marks=", ".join("?" * len(ids)))
        return int(self.store.database.execute_sql(query, (self.bulk.id, *ids)).fetchone()[0])

    def _judged(self, hand: Hand, given: Sequence[Given]) -> _Batch:
        """What becomes of some cards at the hand's instant, sealed; within a transaction."""
        store, deed = self.store, deed_of(self.bulk)
        if self.bulk.undoes is None:
            judged = judge(store, deed, given, self.own, hand.at)
        else:
            judged = undone(store, self.bulk.undoes, deed, given, self.own, hand.at)
        journals = [
            (each.card, each.verdict.entries)
            for each in judged
            if each.card is not None and isinstance(each.verdict, Change)
        ]
        batch = _Batch(hand.at, judged, sealed_onto(hand, journals))
        batch.rows = [self._row(each) for each in judged]
        return batch

    def _row(self, judged: Judged) -> tuple[Any, ...]:
        where = self.bulk.id, judged.given.card_id
        if isinstance(judged.verdict, Skip) or judged.card is None:
            return (None, None, None, str(judged.verdict), *where)
        first = judged.card.number + 1
        return (first, judged.card.number + len(judged.verdict.entries), judged.verdict.moves_minor, None, *where)

    def _write(self, unit: Unit, batch: _Batch) -> None:
        """Write a batch down; within a transaction. Raises Refused when one of the cards has changed meanwhile."""
        database = self.store.database
        write_onto(batch.continued)
        if database.execute_many(_ON_THE_LIST, batch.rows) != len(batch.rows):
            raise Refused("Somebody else came to these cards at the same moment.")
        self._link(unit, batch)

    def _link(self, unit: Unit, batch: _Batch) -> None:
        """Link whom cards are registered to with their organisations."""
        given = [each.given for each in batch.judged if isinstance(each.verdict, Change)]
        links = {each.person_id: each.organisation_id for each in given if each.organisation_id is not None}
        if not links or self.bulk.undoes is not None:
            return
        for person_id, organisation_id in links.items():
            before = Customer.get_by_id(person_id)
            if before.__data__["organisation"] != organisation_id:
                change_person(unit, before, "link", organisation=organisation_id, linked_at=unit.now)


def _aftermath(bulk: Bulk) -> str:
    return f"What is done of bulk {bulk.id} is saved; resume it for the rest."


def _end(session: Session, carrying: _Carrying) -> None:
    """Write down what came of a bulk of which nothing is left."""
    store, bulk = session.store, carrying.bulk
    outcome = outcome_of(store, bulk.id)

    def write() -> None:
        unit = begin(session, Action.BULK)
        end(unit.hand, bulk, outcome)

    in_one_transaction(store, write, lambda: True, aftermath=_aftermath(bulk), unknown=_UNKNOWN)


def report(store: Store, bulk_id: int, sentence: str | None = None) -> BulkReport:
    """Where a bulk stands, and what came of it so far. Raises Refused for none, Fault for a broken store."""
    with faults(store.path):
        with store.database.reading():
            bulk, now = bulk_numbered_in(store, bulk_id), store.now()
        outcome = bulk.outcome if bulk.ended_at is not None else outcome_of(store, bulk_id)
        with store.database.reading():
            money = money_of(outcome["money"])
            skipped = skips_of(outcome["skipped"], first_skipped(store, bulk_id, outcome["skipped"]))
    state = bulk.state(now)
    return BulkReport(
        bulk.id,
        bulk.kind,
        state,
        sentence or _sentence(bulk, state, outcome["cards"]),
        outcome["cards"],
        skipped,
        money,
        bulk.left,
        bulk.why,
        bulk.undoes,
    )


def _sentence(bulk: Bulk, state: BulkState, done: int) -> str:
    name = f"Bulk {bulk.id}" if bulk.undoes is None else f"Bulk {bulk.id}, which undoes bulk {bulk.undoes},"
    if state is BulkState.BEGUN:
        return f"{name} has changed {plural(done, 'card')}, and {plural(bulk.left, 'card')} are left: resume it."
    if state in (BulkState.DONE, BulkState.UNDONE):
        return f"{name} {_IS[state]}: {plural(done, 'card')} changed."
    return f"{name} {_IS[state]}."
