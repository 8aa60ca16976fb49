"""Updating cards by a table of another system: a dry run, or a change in batches; what is as it says stays as it is."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from models.cards import lock_cards
from models.clock import pause
from models.engine import SHARED
from models.errors import Fault, faults
from models.exits import BAD_INPUT
from models.jobs.batches import carry_out
from models.jobs.mapping import Mapping
from models.jobs.remarks import Remarks
from models.jobs.shelf import Shelf
from models.jobs.stage import staged
from models.jobs.steps import Steps
from models.jobs.tables import survey
from models.journals import ALL
from models.ledger import append
from models.records import read_record
from models.rules.journal import Kind
from models.rules.money import check_currency
from models.rules.roles import Action
from models.unit import Session, Unit, begin, begin_reading
from models.updates.finding import cards_meant
from models.updates.judging import Judged, judge_update
from models.updates.told import Told, ToldUpdate, UpdateReader

Meant = tuple[ToldUpdate, int]
"""A line with the id of the card that it means."""

_AT_ONCE: Final = 100
_PAUSE_SECONDS: Final = 0.003
_AFTERMATH: Final = "What was changed before stays; the same file brings the rest."
_UNKNOWN: Final = "The answer to the last change was lost. Import the same file again: what is done is not done twice."


@dataclass
class UpdateReport:
    """What an update did, or would do."""

    told: Told
    expiry_meaning: str
    found: int = 0
    """Lines whose card is here."""
    unknown: int = 0
    """Lines whose card is not: they are left out, for an update makes no cards."""
    kinds: Counter[Kind] = field(default_factory=Counter)
    unchanged: int = 0
    is_committed: bool = False
    stopped_after: int | None = None
    """How many lines are done, when somebody stopped the update before its end."""

    @property
    def problems(self) -> Remarks:
        """What is wrong in the file; while there is any, nothing is changed."""
        return self.told.problems

    @property
    def refusal(self) -> str | None:
        """Why this file can't be committed, as a sentence; None when it can."""
        count = self.problems.count
        if not count:
            return None
        return f"There {'is 1 problem' if count == 1 else f'are {count:,} problems'} in the file. Nothing was changed."

    def count(self, judged: Judged) -> None:
        """Count what a line comes to."""
        self.kinds.update(entry.kind for entry in judged.entries)
        self.unchanged += not judged.entries


def update_cards(
    session: Session,
    path: Path,
    mapping: Mapping,
    *,
    currency: str | None = None,
    is_commit: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> UpdateReport:
    """Update cards by a table; without a commit only tell what that would do.

    A line that may mean several cards, or the card of another line, is a problem, and nothing is changed while there
    is any. Raises BadAmount for a currency that does not exist, Fault for a file that can't be read or a mapping that
    brings something else, Refused for a role that may not import.
    """
    if mapping.brings != "updates":
        raise Fault(f"The mapping {mapping.name} brings no updates. Nothing was changed.", BAD_INPUT)
    store, source = session.store, survey(path)
    money = mapping.currency if currency is None else check_currency(currency)
    steps = Steps(source.lines, on_progress, is_stopped, is_commit=is_commit)
    with faults(store.path), store.database.connected(), staged():
        with store.database.reading():
            unit = begin_reading(session, Action.IMPORT)
        told = UpdateReader(mapping, money, store, source, steps).read()
        report = UpdateReport(told, mapping.expiry_meaning)
        job = _Job(session, report, mapping.title, steps)
        job.look(unit)
        if is_commit and report.refusal is None:
            job.write()
    steps.finished()
    return report


class _Job:
    """Finds the cards of a table's lines, judges them, and writes down what changes."""

    def __init__(self, session: Session, report: UpdateReport, source: str, steps: Steps) -> None:
        self._session = session
        self._store = session.store
        self._report = report
        self._source = source
        self._steps = steps

    def look(self, unit: Unit) -> None:
        """What the table would change."""
        told, taken = self._report.told, Shelf[int]()
        for updates in told.updates.chunks():
            with self._store.database.reading():
                meant = self._meant(updates, taken)
                for judged in self._judged(unit, meant):
                    self._report.count(judged)
                    for sentence in judged.warnings:
                        told.warnings.add(told.remark(judged.told.line, sentence))
        if not len(told.updates) and not told.problems.count:
            told.problems.add(told.remark(1, "There are no cards in the file."))

    def _meant(self, updates: Sequence[ToldUpdate], taken: Shelf[int]) -> list[Meant]:
        """The lines that mean one card each; what is wrong with the others is told."""
        told, meant = self._report.told, []
        for update, cards in zip(updates, cards_meant(self._store.database, updates), strict=True):
            if not cards:
                self._report.unknown += 1
                told.warnings.add(told.remark(update.line, "Left out: no card here fits this line."))
                continue
            earlier = taken.get(str(cards[0]))
            if len(cards) > 1:
                numbers = ", ".join(map(str, cards[:3]))
                told.problems.add(told.remark(update.line, f"Several cards fit this line: records {numbers}."))
            elif earlier is not None:
                told.problems.add(told.remark(update.line, f"Line {earlier:,} means the same card, record {cards[0]}."))
            else:
                taken.put(str(cards[0]), update.line)
                self._report.found += 1
                meant.append((update, cards[0]))
        return meant

    def _judged(self, unit: Unit, meant: Sequence[Meant]) -> list[Judged]:
        return [
            judge_update(update, read_record(self._store, card, ALL), self._source, unit.actor, unit.now)
            for update, card in meant
        ]

    def write(self) -> None:
        """Write down what changes; each card is found and judged again under its lock."""
        report, done = self._report, 0
        if not report.kinds:
            report.is_committed = True
            return
        report.kinds, report.unchanged = Counter(), 0
        for updates in report.told.updates.chunks():
            for start in range(0, len(updates), _AT_ONCE):
                if self._steps.is_stopped:
                    report.stopped_after = done
                    return
                some = updates[start : start + _AT_ONCE]
                written = carry_out(
                    self._store,
                    partial(self._written, some),
                    partial(self._is_in, some),
                    aftermath=_AFTERMATH,
                    unknown=_UNKNOWN,
                )
                for judged in written:
                    report.count(judged)
                done += len(some)
                self._steps.made(self._steps.share(len(some), len(report.told.updates)))
                pause(_PAUSE_SECONDS)
        report.is_committed = True

    def _written(self, updates: Sequence[ToldUpdate]) -> list[Judged]:
        unit = begin(self._session, Action.IMPORT)
        meant = self._found_again(updates)
        if not meant:
            return []
        locked = {card.id: card for card in lock_cards(sorted(card for _, card in meant))}
        unit.has_waited()
        judged = self._judged(unit, meant)
        for each, (_, card) in zip(judged, meant, strict=True):
            if each.entries:
                append(unit.hand, locked[card], *each.entries)
        return judged

    def _found_again(self, updates: Sequence[ToldUpdate]) -> list[Meant]:
        cards = cards_meant(self._store.database, updates)
        return [(update, found[0]) for update, found in zip(updates, cards, strict=True) if len(found) == 1]

    def _is_in(self, updates: Sequence[ToldUpdate]) -> bool:
        self._store.database.hold(SHARED)
        unit = begin_reading(self._session, Action.IMPORT)
        return not any(judged.entries for judged in self._judged(unit, self._found_again(updates)))
