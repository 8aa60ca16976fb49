"""Requests for approvals and the limits of a day, held against the audit and the reactivations that name them."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from models.approvals import COLUMNS, approval_seal, as_asked, digest_of
from models.clock import from_microseconds
from models.desk.quotas import subject_of
from models.keys import Keys
from models.rules.asked import Asked, Decision
from models.rules.journal import Kind
from models.store import Store

_PAGE: Final = 400
_ROWS: Final = f"SELECT {', '.join(COLUMNS)}, decided_by, number, seal FROM approval WHERE id > ? ORDER BY id LIMIT ?"
_TOLD: Final = "SELECT subject, after, actor_id FROM audit WHERE subject IN ({marks}) ORDER BY subject, number"
_SUBJECTS: Final = "SELECT subject FROM audit WHERE subject > ? AND subject < ? AND number = 1 ORDER BY subject LIMIT ?"
_QUOTAS: Final = (
    "SELECT agent_id, on_day, used, most FROM quota WHERE (agent_id, on_day) > (?, ?) ORDER BY agent_id, on_day LIMIT ?"
)
# What another desk approved says nothing about the requests of this one.
_REACTIVATED: Final = (
    f"SELECT card_id, number, details, recorded_at, actor_id FROM activity WHERE kind = '{Kind.REACTIVATED}' "
    "AND actor_id > 0 ORDER BY recorded_at"
)
_BY_SOMEBODY_ELSE: Final = frozenset({Decision.APPROVED, Decision.REFUSED})

# What a fresh VIP ground is told by: an instant at which the audit says something of whom it is about.
_SINCE: Final = (
    (
        "SELECT o.id FROM organisation o WHERE (o.vip_changed_at IS NOT NULL OR o.is_vip = 1) AND NOT EXISTS "
        "(SELECT 1 FROM audit a WHERE a.subject = 'organisation:' || o.id AND a.recorded_at = o.vip_changed_at)",
        "organisation",
        "since when it is a VIP was not set by the desk",
    ),
    (
        "SELECT c.id FROM customer c WHERE (c.linked_at IS NOT NULL OR c.organisation_id IS NOT NULL) AND NOT EXISTS "
        "(SELECT 1 FROM audit a WHERE a.subject = 'customer:' || c.id AND a.recorded_at = c.linked_at)",
        "customer",
        "since when the link to an organisation is there was not set by the desk",
    ),
)

Place = tuple[int, int]
"""A card and the number of an activity."""
Finding = tuple[str, str]
"""What it is about, and what does not add up."""


def disputed_approvals(store: Store) -> Iterator[Finding]:
    """What does not add up about requests and limits; within a connection."""
    told, counted = _reactivations(store)
    yield from _requests(store, told)
    for id_ in sorted(told):
        yield f"request {id_}", f"card {told[id_][0]} was reactivated for it, and it is no request that was approved"
    yield from _missing(store)
    yield from _limits(store, counted)
    for query, name, what in _SINCE:
        yield from ((f"{name} {id_}", what) for (id_,) in store.database.execute_sql(query))


def _reactivations(store: Store) -> tuple[dict[int, Place], Counter[tuple[int, date]]]:
    """The reactivation that names each request; and how many each agent was counted on each day."""
    told: dict[int, Place] = {}
    counted: Counter[tuple[int, date]] = Counter()
    for card_id, number, details, at, actor_id in store.database.execute_sql(_REACTIVATED):
        facts = _read(details)
        if isinstance(facts.get("approval"), int):
            told[facts["approval"]] = (card_id, number)
        if isinstance(facts.get("nth"), int):
            day = store.business.date_of(from_microseconds(at))
            counted[facts.get("asked_by", actor_id), day] += 1
    return told, counted


def _read(details: str) -> Mapping[str, Any]:
    """The facts of an activity; none of one that is spoiled, which is said of its card."""
    try:
        facts = json.loads(details)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _requests(store: Store, told: dict[int, Place]) -> Iterator[Finding]:
    """Whether each row is what the audit says; takes what belongs to an approved one from the reactivations."""
    last = 0
    while rows := store.database.execute_sql(_ROWS, (last, _PAGE)).fetchall():
        last = rows[-1][0]
        audits = _audits(store, [f"approval:{row[0]}" for row in rows])
        for row in rows:
            asked, (decided_by, number, seal) = as_asked(row[:-3]), row[-3:]
            audit = audits.get(f"approval:{row[0]}", [])
            wrong = "its row is not as it was written"
            if asked is not None:
                wrong = _wrong(store.keys, asked, audit, (decided_by, number, bytes(seal))) or ""
                is_approved = asked.decision is Decision.APPROVED
                if is_approved and told.get(asked.id) != (asked.card_id, number):
                    wrong = wrong or f"it is approved, and no reactivation of card {asked.card_id} names it"
                elif is_approved:
                    del told[asked.id]
            if wrong:
                yield f"request {row[0]}", wrong


Audited = list[tuple[Mapping[str, Any], int]]
"""What each row of a subject's audit says, and who wrote it."""


def _audits(store: Store, subjects: Sequence[str]) -> dict[str, Audited]:
    found: dict[str, Audited] = {}
    query = _TOLD.format(marks=", ".join("?" * len(subjects)))
    for subject, after, actor_id in store.database.execute_sql(query, tuple(subjects)):
        found.setdefault(subject, []).append((_read(after or "{}"), actor_id))
    return found


def _wrong(keys: Keys, asked: Asked, audit: Audited, row: tuple[int | None, int | None, bytes]) -> str | None:
    if not audit:
        return "nobody at the desk asked for it"
    decided_by, number, seal = row
    first, _ = audit[0]
    if approval_seal(keys, asked, [first.get("note"), first.get("reason")]) != seal:
        return "what was asked for is not as it was written"
    last, by = audit[-1]
    for fact in ("note", "reason", "said"):
        if getattr(asked, fact) is not None and digest_of(keys, asked, fact) != last.get(fact):
            return f"its {fact} is not as it was written"
    is_alone = asked.decision is None or asked.decision is Decision.LAPSED
    told = (last.get("decision"), last.get("number"), None if is_alone else by)
    if (asked.decision, number, decided_by) != told:
        return "what was decided was not decided at the desk"
    return "who asked decided it" if asked.decision in _BY_SOMEBODY_ELSE and by == asked.by_id else None


def _missing(store: Store) -> Iterator[Finding]:
    """Requests that the audit knows, and of which no row is left."""
    last = "approval:"
    while rows := store.database.execute_sql(_SUBJECTS, (last, "approval;", _PAGE)).fetchall():
        last = rows[-1][0]
        ids = {int(subject.partition(":")[2]) for (subject,) in rows}
        query = f"SELECT id FROM approval WHERE id IN ({', '.join('?' * len(ids))})"
        there = {id_ for (id_,) in store.database.execute_sql(query, tuple(ids))}
        for id_ in sorted(ids - there):
            yield f"request {id_}", "its row is missing"


def _limits(store: Store, counted: Counter[tuple[int, date]]) -> Iterator[Finding]:
    """Whether each day's row has counted what was done, and its limit was raised at the desk."""
    left, last = dict(counted), (0, "")
    while rows := store.database.execute_sql(_QUOTAS, (*last, _PAGE)).fetchall():
        last = rows[-1][:2]
        audits = _audits(store, [subject_of(agent_id, date.fromisoformat(day)) for agent_id, day, _, _ in rows])
        for agent_id, on_day, used, most in rows:
            name, day = f"day {on_day} of agent {agent_id}", date.fromisoformat(on_day)
            if used != left.pop((agent_id, day), 0):
                yield name, f"{used} reactivations are counted, and {counted[agent_id, day]} were done"
            audit = audits.get(subject_of(agent_id, day), [({}, 0)])
            if most != audit[-1][0].get("most"):
                yield name, "its limit was not raised at the desk"
    for agent_id, day in sorted(left):
        yield f"day {day} of agent {agent_id}", "its row is missing"
