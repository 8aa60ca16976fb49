"""Letters of the outbox, held against what their audit says: each was laid in by the desk and stands where it says."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from models.chain import letter_digest
from models.outbox import ABOUT, subject_of
from models.rules.reminders import State
from models.schema import Audit, Outbox
from models.store import Store

_PAGE: Final = 400


def disputed_letters(store: Store) -> Iterator[tuple[int, str]]:
    """Letters on which the two disagree, and how; within a connection. Rows of the audit were checked before."""
    last = 0
    while rows := list(Outbox.select().where(Outbox.id > last).order_by(Outbox.id).limit(_PAGE)):
        told: dict[str, list[Audit]] = defaultdict(list)
        for each in _told_of(rows):
            told[each.subject].append(each)
        for row in rows:
            wrong = _wrong(store, row, told[subject_of(row.id)])
            if wrong is not None:
                yield row.id, wrong
        last = rows[-1].id


def _told_of(rows: list[Outbox]) -> Iterator[Audit]:
    subjects = [subject_of(row.id) for row in rows]
    yield from Audit.select().where(Audit.subject.in_(subjects)).order_by(Audit.subject, Audit.number)


def _wrong(store: Store, row: Outbox, told: list[Audit]) -> str | None:
    if not told:
        return "it was not written by the desk"
    first, last = told[0].after, told[-1].after
    if any(getattr(row, fact) != first.get(fact) for fact in ABOUT):
        return "it is not about what it was written for"
    if (row.written_at, row.written_by) != (told[0].recorded_at, told[0].actor_id):
        return "who wrote it, or when, was not set by the desk"
    if row.settled_at is None and row.state in (State.SENT, State.DROPPED):
        return "where it stands was not set by the desk"
    expected = State(row.state) if row.settled_at is not None else State.WAITING
    if last.get("state") != expected:
        return "where it stands was not set by the desk"
    digest = letter_digest(store.keys, row.id, row.subject, row.text, row.html)
    return None if row.text is None or digest == first.get("digest") else "it does not say what was written"
