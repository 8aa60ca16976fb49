"""Bulks held against the audit: what was asked for, the list of cards, and what its cards and journals say was done."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from models.bulks.facts import Bulk
from models.bulks.judging import Given
from models.bulks.keeping import ROWS, as_bulk, bulk_seal, list_digest, subject, text_of
from models.chain import START
from models.errors import Refused
from models.fields import stored_day
from models.keys import Keys
from models.store import Store

_PAGE: Final = 400
_CARDS: Final = 5_000
_TOLD: Final = "SELECT action, after, actor_id FROM audit WHERE subject = ? ORDER BY number"
_SUBJECTS: Final = "SELECT subject FROM audit WHERE subject > ? AND subject < ? AND number = 1 ORDER BY subject LIMIT ?"
# The activities that the list names, and whether they name the bulk.
_LIST: Final = """
    SELECT b.card_id, b.until_on, b.customer_id, b.organisation_id, b.first_number, b.skipped, a.details
    FROM (SELECT * FROM bulk_card WHERE bulk_id = ? AND card_id > ? ORDER BY card_id LIMIT ?) AS b
    LEFT JOIN activity a ON a.card_id = b.card_id AND a.number = b.last_number ORDER BY b.card_id
"""
_DECISIONS: Final = ("approved", "refused", "withdrawn", "lapsed")

Finding = tuple[str, str]
"""What it is about, and what does not add up."""


def disputed_bulks(store: Store) -> Iterator[Finding]:
    """What does not add up about bulks, read in short looks."""
    last = 0
    while True:
        with store.database.reading():
            rows = store.database.execute_sql(f"{ROWS} WHERE b.id > ? ORDER BY b.id LIMIT ?", (last, _PAGE)).fetchall()
        if not rows:
            break
        last = rows[-1][0]
        for row in rows:
            yield from ((f"bulk {row[0]}", wrong) for wrong in _wrong(store, row))
    with store.database.reading():
        yield from _missing(store)


def _wrong(store: Store, row: Sequence[Any]) -> Iterator[str]:
    """What is wrong with one; one whose list was never complete was not asked for, and counts for nothing."""
    try:
        bulk = as_bulk(row)
    except Refused:
        yield "its row is not as it was written"
        return
    with store.database.reading():
        told = [
            (action, _read(after), by) for action, after, by in store.database.execute_sql(_TOLD, (subject(bulk.id),))
        ]
    if not bulk.is_ready:
        if told:
            yield "it was asked for, and its row says that its list was never complete"
        return
    if not told:
        yield "nobody at the desk asked for it"
        return
    yield from _asked(store.keys, bulk, told[0][1])
    yield from _decided(bulk, told)
    yield from _done(store, bulk, told)


Told = list[tuple[str, Mapping[str, Any], int]]
"""The rows of its audit: the action, what it says, and who wrote it."""


def _read(stored: str | None) -> Mapping[str, Any]:
    try:
        facts = json.loads(stored or "{}")
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _asked(keys: Keys, bulk: Bulk, first: Mapping[str, Any]) -> Iterator[str]:
    if bulk_seal(keys, bulk, first.get("reason")) != bulk.seal or first.get("list") != bulk.digest.hex():
        yield "what was asked for is not as it was written"
    if bulk.reason is not None and text_of(keys, bulk.id, "reason", bulk.reason) != first.get("reason"):
        yield "its reason is not as it was written"


def _decided(bulk: Bulk, told: Told) -> Iterator[str]:
    decisions = [(action, by) for action, _, by in told if action in _DECISIONS]
    by = None if bulk.decision == "lapsed" else bulk.decided_by_id
    if bulk.decision is None:
        if decisions:
            yield "what was decided is not in its row"
    elif not decisions or decisions[-1][0] != bulk.decision or (by is not None and decisions[-1][1] != by):
        yield "what was decided was not decided at the desk"
    elif bulk.decision in ("approved", "refused") and by == bulk.by_id:
        yield "who asked decided it"


def _done(store: Store, bulk: Bulk, told: Told) -> Iterator[str]:
    """Whether the list is the one that was asked for, and what it says was done stands in the journals."""
    digest, cards, done, after = START, 0, 0, 0
    while True:
        with store.database.reading():
            rows = store.database.execute_sql(_LIST, (bulk.id, after, _CARDS)).fetchall()
        if not rows:
            break
        after = rows[-1][0]
        given = [Given(row[0], None if row[1] is None else stored_day(row[1]), row[2], row[3]) for row in rows]
        digest, cards = list_digest(store.keys, digest, given), cards + len(rows)
        changed = [row for row in rows if row[4] is not None]
        done += len(changed)
        strange = next((row[0] for row in changed if _read(row[6]).get("bulk") != bulk.id), None)
        if strange is not None:
            yield f"it has changed card {strange}, whose journal says nothing of it"
            return
    if digest != bulk.digest or cards != bulk.cards:
        yield "its list is not the one that was asked for"
    if done and bulk.why and bulk.decision != "approved":
        yield "it has changed cards, and nobody approved it"
    ends = [after for action, after, _ in told if action == "end"]
    if (bulk.ended_at is not None) != bool(ends) or (ends and ends[0] != dict(bulk.outcome)):
        yield "what came of it is not as it was written"
    elif ends and ends[0].get("cards") != done:
        yield f"{done} cards were changed, and its end says {ends[0].get('cards')}"


def _missing(store: Store) -> Iterator[Finding]:
    """Bulks that the audit knows, and of which no row is left."""
    last = "bulk:"
    while rows := store.database.execute_sql(_SUBJECTS, (last, "bulk;", _PAGE)).fetchall():
        last = rows[-1][0]
        ids = {int(name.partition(":")[2]) for (name,) in rows}
        query = f"SELECT id FROM bulk WHERE id IN ({', '.join('?' * len(ids))})"
        there = {id_ for (id_,) in store.database.execute_sql(query, tuple(ids))}
        yield from ((f"bulk {id_}", "its row is missing") for id_ in sorted(ids - there))
