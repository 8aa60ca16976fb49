"""Bringing in people from a CRM: a dry run, or a change in batches; what is as the table says stays untouched.

Nothing has to be remembered of a table: whoever stops on the way brings in the rest with the same one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final, TypeVar

from peewee import chunked

from models import audit
from models.clock import pause
from models.crm.judging import Judge, Judged
from models.crm.mapping import PeopleMapping
from models.crm.marks import Marked, judge_marks, marks_of_the_crm, still_of_the_crm, turn_mark, write_marks
from models.crm.report import PeopleReport
from models.crm.told import PeopleReader, Told, ToldPerson
from models.crm.writing import write_judged
from models.engine import SHARED
from models.errors import faults
from models.jobs.batches import carry_out
from models.jobs.stage import staged
from models.jobs.steps import Steps
from models.jobs.tables import survey
from models.rules.roles import Action
from models.schema import Organisation
from models.store import Store
from models.unit import Session, Unit, begin, begin_reading

T = TypeVar("T")
J = TypeVar("J")

_AT_ONCE: Final = 500
_REASON: Final = "CRM import"
_PAUSE_SECONDS: Final = 0.003
_AFTERMATH: Final = "What was brought in before stays; the same file brings in the rest."
_UNKNOWN: Final = "The answer to the last change was lost. Import the same file again: what is in stays as it is."


def import_people(
    session: Session,
    path: Path,
    mapping: PeopleMapping,
    *,
    is_complete: bool = False,
    is_commit: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> PeopleReport:
    """Bring in people and organisations; without a commit only tell what that would do.

    A complete table names every VIP that the CRM knows: whom it does not name loses a mark that came from there.
    While there is a problem in the file nothing is changed. Raises Fault for a file that can't be read, Refused for
    a role that may not import.
    """
    store, source = session.store, survey(path)
    steps = Steps(source.lines, on_progress, is_stopped, is_commit=is_commit)
    with faults(store.path), store.database.connected(), staged():
        with store.database.reading():
            begin_reading(session, Action.IMPORT)
        told = PeopleReader(mapping, source, steps).read(is_complete=is_complete)
        report = _looked(session, told, is_complete=is_complete)
        if is_commit and report.refusal is None:
            if report.counts.is_any_change:
                report = _Writing(session, told, steps).write(is_complete=is_complete)
            report.is_committed = report.stopped_after is None
    steps.finished()
    return report


def _looked(session: Session, told: Told, *, is_complete: bool) -> PeopleReport:
    """What the table would change."""
    report, database = PeopleReport(told), session.store.database
    judge = Judge(database)
    for organisations in chunked(told.organisations.each(), _AT_ONCE):
        with database.reading():
            for marked in judge_marks(organisations):
                report.count_mark(marked)
    for people in told.people.chunks():
        with database.reading():
            for judged in judge.judge(people):
                report.count_person(judged)
    for missing in _missing(session.store, told) if is_complete else ():
        for row in missing:
            report.count_missing(row.name)
    return report


def _missing(store: Store, told: Told) -> Iterator[list[Organisation]]:
    """The organisations that are VIPs by the CRM and that the table does not name, some at a time."""
    last: int | None = 0
    while last is not None:
        with store.database.reading():
            page = marks_of_the_crm(last)
        yield [row for row in page if told.organisations.get(row.name_key) is None]
        last = page[-1].id if page else None


class _Writing:
    """Carries out what a table says, batch by batch; each is judged again in its transaction."""

    def __init__(self, session: Session, told: Told, steps: Steps) -> None:
        self._session = session
        self._store = session.store
        self._told = told
        self._steps = steps
        self._judge = Judge(session.store.database)
        self._report = PeopleReport(told)

    def write(self, *, is_complete: bool) -> PeopleReport:
        """Bring everything in, or as much as there is time for."""
        report, done = self._report, 0
        for organisations in chunked(self._told.organisations.each(), _AT_ONCE):
            for marked in self._batch(organisations, judge_marks, _is_marked, self._write_marks):
                report.count_mark(marked)
        for people in self._told.people.chunks():
            if self._steps.is_stopped:
                report.stopped_after = done
                break
            for judged in self._batch(people, self._judged, _is_other, self._write_people):
                report.count_person(judged)
            done += len(people)
            self._steps.made(self._steps.share(len(people), len(self._told.people)))
        if is_complete and report.stopped_after is None:
            for missing in _missing(self._store, self._told):
                for row in self._batch(missing, still_of_the_crm, lambda _: True, self._take_marks_away):
                    report.count_missing(row.name)
        self._tell_the_audit(is_complete=is_complete)
        return report

    def _batch(
        self,
        some: Sequence[T],
        judge: Callable[[Sequence[T]], list[J]],
        is_change: Callable[[J], bool],
        write: Callable[[Unit, list[J]], object],
    ) -> list[J]:
        """Judge some lines, and where anything becomes another, judge them again under the lock and write it down."""
        with self._store.database.reading():
            judged = judge(some)
        if not any(map(is_change, judged)):
            return judged

        def work() -> list[J]:
            unit = begin(self._session, Action.IMPORT)
            again = judge(some)
            write(unit, again)
            return again

        def is_there() -> bool:
            self._store.database.hold(SHARED)
            return not any(map(is_change, judge(some)))

        found = carry_out(self._store, work, is_there, aftermath=_AFTERMATH, unknown=_UNKNOWN)
        pause(_PAUSE_SECONDS)
        return found

    def _judged(self, people: Sequence[ToldPerson]) -> list[Judged]:
        return list(self._judge.judge(people))

    def _write_marks(self, unit: Unit, marked: list[Marked]) -> None:
        write_marks(unit, marked, _REASON)

    def _write_people(self, unit: Unit, judged: list[Judged]) -> None:
        write_judged(unit, judged, _REASON)

    def _take_marks_away(self, unit: Unit, rows: list[Organisation]) -> None:
        for row in rows:
            turn_mark(unit, row, is_vip=False, reason=_REASON)

    def _tell_the_audit(self, *, is_complete: bool) -> None:
        """What was brought in, by whom and when, as far as it came."""
        facts = {**asdict(self._report.counts), "people": len(self._told.people), "is_complete": is_complete}
        facts["is_stopped"] = self._report.stopped_after is not None
        carry_out(
            self._store,
            lambda: audit.record(begin(self._session, Action.IMPORT).hand, "people", "import", None, facts),
            lambda: True,
            aftermath="Everything was brought in.",
            unknown=_UNKNOWN,
        )


def _is_marked(marked: Marked) -> bool:
    return marked.turns is not None or marked.id is None


def _is_other(judged: Judged) -> bool:
    return judged.is_new or judged.is_changed
