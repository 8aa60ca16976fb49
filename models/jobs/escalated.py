"""Escalations held against the audit, which says what became of each, and the cards that they are about."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from models.desk.escalating import audited
from models.fields import stored_json
from models.rules.escalations import Answer
from models.schema import Audit, Escalation
from models.store import Store

_PAGE: Final = 400
_SUBJECT: Final = "escalation:"
_BEHIND: Final = "escalation;"
"""The first subject that sorts behind those of all escalations."""
_LAST: Final = (
    "SELECT a.subject, a.after FROM audit a WHERE a.subject IN ({marks}) "
    "AND a.number = (SELECT MAX(b.number) FROM audit b WHERE b.subject = a.subject)"
)
_TOLD: Final = "SELECT 1 FROM activity WHERE card_id = ? AND number = ? AND kind = 'escalated'"
_WENT_ON: Final = "SELECT 1 FROM activity WHERE card_id = ? AND number > ? AND recorded_at = ? AND actor_id = ?"


def disputed_escalations(store: Store) -> Iterator[tuple[str, int | None, str]]:
    """What does not add up: the escalation, the card it says it is about, and what is wrong; within a connection."""
    last = ""
    while True:
        rows = list(Escalation.select().where(Escalation.id > last).order_by(Escalation.id).limit(_PAGE))
        if not rows:
            break
        told = _last_told(store, [row.id for row in rows])
        for row in rows:
            wrong = _wrong(store, row, told.get(f"{_SUBJECT}{row.id}"))
            if wrong is not None:
                yield row.id, row.card_id, wrong
        last = rows[-1].id
    for id_ in _missing():
        yield id_, None, "its row is missing"


def _last_told(store: Store, ids: Sequence[str]) -> dict[str, Any]:
    """What the last audit row of each says."""
    marks = ", ".join("?" * len(ids))
    subjects = [f"{_SUBJECT}{id_}" for id_ in ids]
    rows = store.database.execute_sql(_LAST.format(marks=marks), subjects).fetchall()
    return {subject: stored_json(after) or {} for subject, after in rows}


def _wrong(store: Store, row: Escalation, told: dict[str, Any] | None) -> str | None:
    if store.database.execute_sql(_TOLD, (row.card_id, row.number)).fetchone() is None:
        return "no activity of the card says that it was handed over"
    if told is None:
        return None if _is_of_earlier(store, row) else "its row was not written by the desk"
    different = [name for name, value in audited(store.keys, row).items() if value != told.get(name)]
    return f"not set by the desk: {', '.join(name.replace('_', ' ') for name in different)}" if different else None


def _is_of_earlier(store: Store, row: Escalation) -> bool:
    """Whether it is as it was made of an activity from the time when the desk kept no answers."""
    untouched = (row.case_id, row.owner_id, row.taken_at, row.outcome_text) == (None, None, None, None)
    if row.closed_at is None or row.outcome != Answer.EARLIER:
        return untouched and row.closed_at is None and row.seen_at is None
    at = Escalation.closed_at.db_value(row.closed_at)
    went_on = store.database.execute_sql(_WENT_ON, (row.card_id, row.number, at, row.closed_by)).fetchone()
    return untouched and went_on is not None


def _missing() -> Iterator[str]:
    """The escalations that have an audit, but no row."""
    last = _SUBJECT
    while True:
        is_next = (Audit.subject > last) & (Audit.subject < _BEHIND) & (Audit.number == 1)
        rows: Any = Audit.select(Audit.subject).where(is_next).order_by(Audit.subject).limit(_PAGE).tuples()
        subjects = [subject for (subject,) in rows]
        if not subjects:
            return
        ids = [subject.removeprefix(_SUBJECT) for subject in subjects]
        found: Any = Escalation.select(Escalation.id).where(Escalation.id.in_(ids)).tuples()
        there = {id_ for (id_,) in found}
        yield from (id_ for id_ in ids if id_ not in there)
        last = subjects[-1]
