"""What every import does with its plan: looks it up in the store, reports, and writes it down.

First everything is read and checked with nothing written. Then a short plan is written in one transaction, a long one
in batches, each a transaction of its own with a pause behind it. Until its last batch an import is marked as
unfinished; what is in by then is real and correct, and the same files bring in the rest.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Final

from models import audit
from models.chain import files_digest
from models.clock import pause
from models.engine import SHARED
from models.errors import Refused, faults
from models.jobs.arriving import NAME, write_cards
from models.jobs.batches import carry_out
from models.jobs.plans import ImportReport, Plan, PlannedCard, PlannedProduct, compared
from models.jobs.recognising import ProductKey, Recogniser, person_key
from models.jobs.remarks import Remarks
from models.jobs.spool import CHUNK
from models.jobs.stage import staged
from models.jobs.steps import Steps
from models.jobs.tally import Tally
from models.rules.roles import Action
from models.schema import ImportBatch
from models.store import Store
from models.unit import Session, Unit, begin

SHORT: Final = 2_000
"""Up to so many cards come in as one transaction."""
_PAUSE_SECONDS: Final = 0.003
_OBJECTS_BETWEEN_LOOKS: Final = 10_000
_UNKNOWN: Final = (
    "The answer to the last change was lost. Import the same files again: what is in stays, and no card comes in twice."
)


def bring_in(
    session: Session,
    plan: Plan,
    read: Callable[[], None],
    *,
    is_commit: bool,
    control: Mapping[str, int] | None,
    steps: Steps,
) -> ImportReport:
    """Read a plan, report what it means for the store, and with a commit write it down.

    Nothing is written while there is a problem or a control total (minor units by currency) is wrong,
    nor when the same files were imported before. Raises Refused for a role that may not import, and when
    somebody stops it before anything is written.
    """
    store = session.store
    with _looking_for_garbage_seldom(), _connected(store):
        with faults(store.path), store.database.reading():
            earlier = _earlier(store, plan)
        looking = _Looking(store, 0 if earlier is None else earlier.watermark)
        plan.cards.watch(looking.look_up)
        with staged():
            read()
            plan.cards.close()
        if earlier is not None and earlier.watermark is None:
            steps.finished()
            return replace(_report(plan, looking.found, control), imported_at=earlier.recorded_at)
        report = replace(_report(plan, looking.found, control), in_before=looking.in_before)
        if not is_commit or report.refusal is not None:
            steps.finished()
            return report
        return _write(session, plan, report, steps)


@contextmanager
def _looking_for_garbage_seldom() -> Iterator[None]:
    """Cards are no cycles: to look for some whenever a few hundred more are at hand costs a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _connected(store: Store) -> Iterator[None]:
    """One connection for the whole import. Raises Fault when there is none; what fails later says so itself."""
    with ExitStack() as connection:
        with faults(store.path):
            connection.enter_context(store.database.connected())
        yield


@dataclass
class _Found:
    """What looking cards up has told."""

    problems: Remarks = field(default_factory=Remarks)
    warnings: Remarks = field(default_factory=Remarks)
    new_cards: int = 0
    new_products: dict[ProductKey, PlannedProduct] = field(default_factory=dict)
    people: Tally = field(default_factory=Tally)
    """Who comes with the cards."""


class _Looking:
    """Compares planned cards with the store while they are read, some hundreds at a time."""

    def __init__(self, store: Store, in_before: int | None) -> None:
        """The first cards were brought in before; None: all were."""
        self._store = store
        self._is_needed = in_before is not None
        self.in_before = in_before or 0
        self._seen = 0
        self.found = _Found()

    def look_up(self, cards: list[PlannedCard]) -> None:
        """Look up the next cards."""
        self._seen += len(cards)
        if not cards or not self._is_needed:
            return
        if self._seen <= self.in_before:
            self._see_that_they_came(cards)
            return
        with faults(self._store.path), self._store.database.reading():
            known = Recogniser(self._store, self.found.problems, self.found.warnings).look_up(cards)
        self.found.new_cards += len(known.new_cards)
        self.found.new_products = {**known.new_products, **self.found.new_products}
        for card in known.new_cards:
            for place, person in enumerate(card.people):
                key = person_key(person)
                if key is None or key not in known.people:
                    self.found.people.add((card.line, place) if key is None else key)

    def _see_that_they_came(self, cards: list[PlannedCard]) -> None:
        """Cards that came in before the import was stopped are here, whatever became of them since."""
        with faults(self._store.path), self._store.database.reading():
            missing = Recogniser(self._store, Remarks(), Remarks()).look_up(cards).new_cards
        for card in missing:
            self.found.problems.add(card.remark(_NEVER_CAME))


_NEVER_CAME: Final = (
    "This card is not here, though the desk's record of this import says that it is: the record was changed with "
    "another tool. Import what is missing in a file of its own."
)


def _batches(plan: Plan, done: int) -> Iterator[list[PlannedCard]]:
    """The planned cards after the first ones, as they are written."""
    if len(plan.cards) > SHORT:
        yield from islice(plan.cards.chunks(), done // CHUNK, None)
    elif len(plan.cards):
        yield list(plan.cards)


def _report(plan: Plan, found: _Found, control: Mapping[str, int] | None) -> ImportReport:
    problems, warnings = plan.problems.joined(found.problems), plan.warnings.joined(found.warnings)
    return ImportReport(
        format=plan.format,
        cards=len(plan.cards),
        new_cards=found.new_cards,
        activities=plan.kinds.total(),
        kinds=dict(plan.kinds),
        aliases=plan.aliases,
        with_balance=plan.with_balance,
        skipped=dict(plan.skipped),
        totals=plan.totals,
        new_products=tuple(product.name for product in found.new_products.values()),
        new_people=found.people.count(),
        expiry_meaning=plan.expiry_meaning,
        warnings=tuple(warnings.listed),
        warning_count=warnings.count,
        problems=tuple(problems.listed),
        problem_count=problems.count,
        control=compared(control, plan.totals),
    )


def _write(session: Session, plan: Plan, report: ImportReport, steps: Steps) -> ImportReport:
    """Write down what is not here yet, batch by batch."""
    store, done, total = session.store, report.in_before, len(plan.cards)
    for cards in _batches(plan, done):
        mark = None if done + len(cards) == total else done + len(cards)
        ended = carry_out(
            store,
            partial(_write_batch, session, plan, report, cards, done, mark),
            partial(_is_in, store, plan, mark),
            aftermath=f"{_how_far(done, total)}{' The same files bring in the rest.' if done else ''}",
            unknown=_UNKNOWN,
        )
        if ended is not None:
            return ended
        done += len(cards)
        steps.made(steps.share(len(cards), total))
        if done < total:
            if steps.is_stopped:
                return replace(report, stopped_after=done)
            pause(_PAUSE_SECONDS)
    steps.finished()
    return replace(report, is_committed=True)


def _write_batch(
    session: Session, plan: Plan, report: ImportReport, cards: list[PlannedCard], done: int, mark: int | None
) -> ImportReport | None:
    """Write down some cards, behind those that are done, and how far that is; within a transaction.

    Returns what ends the import instead: somebody else was quicker, or something is wrong with them by now.
    """
    store, total = session.store, len(plan.cards)
    unit = begin(session, Action.IMPORT)
    batch = _earlier(store, plan)
    if batch is not None and batch.watermark is None:
        return replace(report, imported_at=batch.recorded_at)
    _refuse_a_second_hand(batch, done)
    problems, warnings = Remarks(), Remarks()
    known = Recogniser(store, problems, warnings).look_up(cards)
    if problems.count and not done:
        return replace(_report(plan, _Found(problems, warnings), None), new_cards=len(known.new_cards))
    _refuse_strangers(problems, done, total)
    ids = write_cards(unit, known)
    _note_batch(unit, plan, report, batch, mark, ids)
    return None


def _is_in(store: Store, plan: Plan, mark: int | None) -> bool:
    """Whether the import has come as far as a mark, or to its end; whoever still writes is waited for."""
    store.database.hold(SHARED)
    batch = _earlier(store, plan)
    return batch is not None and batch.watermark == mark


def _how_far(done: int, total: int) -> str:
    return f"{done:,} of {total:,} cards are in." if done else "Nothing was changed."


def _earlier(store: Store, plan: Plan) -> ImportBatch | None:
    """An import of the same files, by their digest; older desks kept it without a key."""
    kept = (files_digest(store.keys, plan.digest), plan.digest)
    found: ImportBatch | None = ImportBatch.get_or_none(ImportBatch.digest.in_(kept))
    return found


def _refuse_a_second_hand(batch: ImportBatch | None, done: int) -> None:
    """One at a time: whoever finds the watermark moved leaves the import to the other."""
    if (0 if batch is None else batch.watermark) != done:
        raise Refused("Somebody else is importing the same files at this moment. Leave it to them.")


def _refuse_strangers(problems: Remarks, done: int, total: int) -> None:
    """What came in by another way since everything was checked stops the import where it is."""
    if problems.count:
        raise Refused(f"{problems.listed[0]} {_how_far(done, total)} Settle it, then import the same files again.")


def _forms(plan: Plan) -> dict[str, bool | None]:
    """Which forms its codes have that decide what is said of a text that may be a code."""
    return {"has_codes_like_ours": plan.has_codes_like_ours, "has_codes_of_letters": plan.has_codes_of_letters}


def _came(ids: Sequence[int]) -> dict[str, int]:
    """Which cards came, for the audit: their journals may tell of another desk's days, and this when they came here."""
    return {"first_card": ids[0], "last_card": ids[-1]} if ids else {}


def _note_batch(
    unit: Unit,
    plan: Plan,
    report: ImportReport,
    batch: ImportBatch | None,
    watermark: int | None,
    ids: Sequence[int],
) -> None:
    """Remember these files, so that they are not imported twice, how far they are, who brings them in, and which cards
    came with this transaction."""
    if batch is not None:
        marks = {"watermark": watermark, **_forms(plan)}
        ImportBatch.update(marks).where(ImportBatch.id == batch.id).execute()
        subject = f"import:{batch.id}"
        if watermark is None:
            audit.record(unit.hand, subject, "finish_import", None, {"cards": report.cards, **_came(ids)})
        else:
            audit.record(unit.hand, subject, "go_on_importing", None, {"is_unfinished": True, **_came(ids)})
        return
    outcome = {
        "cards": report.cards,
        "new_cards": report.new_cards,
        "activities": report.activities,
        "outstanding": {currency: totals.outstanding_minor for currency, totals in plan.totals.items()},
    }
    batch_id: int = ImportBatch.insert(
        format=plan.format,
        digest=files_digest(unit.store.keys, plan.digest),
        outcome=outcome,
        recorded_at=unit.now,
        actor_id=unit.agent.id,
        watermark=watermark,
        **_forms(plan),
    ).execute()
    facts = {"format": plan.format, **outcome, "is_unfinished": watermark is not None, **_came(ids)}
    audit.record(unit.hand, f"import:{batch_id}", NAME, None, facts)
