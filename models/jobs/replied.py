"""Replies in the journals of cards, held against the cases that keep their words: each remembers the other."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from models.casebook import subject
from models.jobs.case_pages import SUBJECTS
from models.rules.cases import Step
from models.rules.journal import Kind
from models.schema import Activity, Audit
from models.store import Store

_PAGE: Final = 400
# What another desk said is with the cases of that desk.
_OURS: Final = (Activity.kind == Kind.REPLIED) & (Activity.actor_id > 0)
_ENTRIES: Final = (Audit.action == Step.REPLIED) & (Audit.subject > SUBJECTS[0]) & (Audit.subject < SUBJECTS[1])

Place = tuple[int, int, int, int, str]
"""A reply by its card, its activity, its case, the entry there, and its name."""


def disputed_replies(store: Store) -> Iterator[tuple[int, str]]:
    """Cards on which the two disagree, and how; each page is read in a transaction of its own."""
    at: Any = (0, 0)
    while at is not None:
        with store.database.reading():
            told, at = _told_behind(*at)
            kept = _kept_in({case for _, _, case, _, _ in told})
        for card_id, number, case, *_ in (place for place in told if place not in kept):
            yield card_id, f"activity {number} is a reply that case {case} does not keep"
    behind: Any = ("", 0)
    while behind is not None:
        with store.database.reading():
            kept_here, behind = _kept_behind(*behind)
            told_there = _told_on({card_id for card_id, *_ in kept_here})
        for card_id, _, case, entry, _ in (place for place in kept_here if place not in told_there):
            yield card_id, f"case {case} keeps a reply as entry {entry} that no activity says"


def _told_behind(card_id: int, number: int) -> tuple[list[Place], tuple[int, int] | None]:
    """The next replies of the journals, and where to go on; None at the end."""
    is_behind = (Activity.card > card_id) | ((Activity.card == card_id) & (Activity.number > number))
    rows = _activities(_OURS & is_behind).order_by(Activity.card, Activity.number).limit(_PAGE)
    found = list(rows.tuples())
    return [_told(*row) for row in found], (found[-1][0], found[-1][1]) if found else None


def _told_on(card_ids: set[int]) -> set[Place]:
    return {_told(*row) for row in _activities(_OURS & Activity.card.in_(sorted(card_ids))).tuples()}


def _activities(condition: Any) -> Any:
    return Activity.select(Activity.card, Activity.number, Activity.details).where(condition)


def _told(card_id: int, number: int, details: Any) -> Place:
    facts: Mapping[str, Any] = json.loads(details) if isinstance(details, str) else details
    return card_id, number, facts.get("case", 0), facts.get("entry", 0), str(facts.get("reply"))


def _kept_behind(name: str, number: int) -> tuple[list[Place], tuple[str, int] | None]:
    """The next replies of the cases, and where to go on; None at the end."""
    is_behind = (Audit.subject > name) | ((Audit.subject == name) & (Audit.number > number))
    found = list(Audit.select().where(_ENTRIES & is_behind).order_by(Audit.subject, Audit.number).limit(_PAGE))
    return _places(found), (found[-1].subject, found[-1].number) if found else None


def _kept_in(cases: set[int]) -> set[Place]:
    subjects = [subject(case) for case in sorted(cases)]
    return set(_places(list(Audit.select().where(_ENTRIES & Audit.subject.in_(subjects)))))


def _places(rows: Sequence[Audit]) -> list[Place]:
    found = []
    for row in rows:
        facts = (row.after or {}).get("facts", {})
        case = int(row.subject.removeprefix(SUBJECTS[0]))
        found.append((facts.get("card", 0), facts.get("number", 0), case, row.number, str(facts.get("reply"))))
    return found
