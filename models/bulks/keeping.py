"""Bulks as rows: what was asked under a seal, the list of cards under a digest, and the audit that bears both out."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from models import audit
from models.bulks.facts import Bulk
from models.bulks.judging import Given
from models.chain import START, seal, text_digest
from models.clock import to_microseconds
from models.errors import Refused
from models.fields import LARGEST_ID, canonical_json, stored_day, stored_instant
from models.hand import Hand
from models.keys import Keys
from models.rules.asked import Decision
from models.rules.bulk import BulkKind
from models.rules.bulk_deeds import Deed
from models.rules.periods import read_period
from models.schema import Audit
from models.schema import Bulk as BulkRow
from models.store import Store

COLUMNS: Final = (
    *("id", "kind", "undoes", "wish", "reason", "ref", "policy", "asked_at", "asked_by", "asked_by_name", "ready_at"),
    *("cards", "told", "why", "decision", "decided_at", "decided_by", "decided_by_name", "said", "ended_at", "outcome"),
    *("digest", "seal"),
)
_LEFT: Final = "first_number IS NULL AND skipped IS NULL"
_UNDONE: Final = (
    "SELECT MAX(u.id) FROM bulk u WHERE u.undoes = b.id AND u.ready_at IS NOT NULL "
    "AND (u.why = '[]' OR u.decision = 'approved')"
)
ROWS: Final = (
    f"SELECT {', '.join(f'b.{name}' for name in COLUMNS)}, ({_UNDONE}), "
    f"(SELECT COUNT(*) FROM bulk_card c WHERE c.bulk_id = b.id AND {_LEFT}) FROM bulk b"
)
"""A bulk with the one that undoes it, and how many of its cards are left, as as_bulk takes them."""
_LIST: Final = (
    "SELECT card_id, until_on, customer_id, organisation_id FROM bulk_card "
    "WHERE bulk_id = ? AND card_id > ? {which}ORDER BY card_id LIMIT ?"
)
_PAGE: Final = 5_000


def subject(bulk_id: int) -> str:
    """How the audit calls a bulk."""
    return f"bulk:{bulk_id}"


def bulk_numbered_in(store: Store, bulk_id: int) -> Bulk:
    """A bulk by its number, within a connection. Raises Refused when there is none, or its row is spoiled."""
    row = None
    if 0 < bulk_id <= LARGEST_ID:
        row = store.database.execute_sql(f"{ROWS} WHERE b.id = ?", (bulk_id,)).fetchone()
    if row is None:
        raise Refused(f"There is no bulk {bulk_id}.")
    return as_bulk(row)


def as_bulk(row: Sequence[Any]) -> Bulk:
    """A bulk from the columns of its row as they are stored. Raises Refused for one that means nothing."""
    *values, undone_by, left = row
    named = dict(zip(COLUMNS, values, strict=True))
    try:
        return Bulk(
            id=named["id"],
            kind=BulkKind(named["kind"]),
            wish=json.loads(named["wish"]),
            reason=named["reason"],
            by_id=named["asked_by"],
            by=named["asked_by_name"],
            at=stored_instant(named["asked_at"]),
            cards=named["cards"] or 0,
            undoes=named["undoes"],
            undone_by=undone_by,
            told=json.loads(named["told"] or "{}"),
            why=tuple(map(str, json.loads(named["why"] or "[]"))),
            policy=named["policy"],
            ref=named["ref"],
            is_ready=named["ready_at"] is not None,
            decision=named["decision"],
            decided_at=_instant(named["decided_at"]),
            decided_by_id=named["decided_by"],
            decided_by=named["decided_by_name"],
            said=named["said"],
            ended_at=_instant(named["ended_at"]),
            outcome=json.loads(named["outcome"] or "{}"),
            left=left,
            digest=bytes(named["digest"] or b""),
            seal=bytes(named["seal"] or b""),
        )
    except (ValueError, KeyError, TypeError):
        raise Refused(SPOILED) from None


SPOILED: Final = "The bulk was changed with another tool. Nothing was changed; begin it anew, and tell the manager."


def _instant(stored: int | None) -> datetime | None:
    return None if stored is None else stored_instant(stored)


def listed(store: Store, bulk_id: int, after: int, most: int, *, only_left: bool = False) -> list[Given]:
    """The next cards on a bulk's list behind the id of one, all or those that nobody came to yet; within a
    connection."""
    query = _LIST.format(which=f"AND {_LEFT} " if only_left else "")
    rows = store.database.execute_sql(query, (bulk_id, after, most)).fetchall()
    return [
        Given(card_id, None if until is None else stored_day(until), person, organisation)
        for card_id, until, person, organisation in rows
    ]


def pages(store: Store, bulk_id: int) -> Iterator[list[Given]]:
    """A bulk's whole list, page by page, each in a look of its own."""
    after = 0
    while True:
        with store.database.reading():
            page = listed(store, bulk_id, after, _PAGE)
        if not page:
            return
        yield page
        after = page[-1].card_id


def list_digest(keys: Keys, previous: bytes, given: Sequence[Given]) -> bytes:
    """The digest of a list so far: it covers each card and what is said of it alone, one after the other."""
    digest = previous
    for each in given:
        day = None if each.until is None else each.until.isoformat()
        digest = seal(keys, digest, [each.card_id, day, each.person_id, each.organisation_id])
    return digest


def check_list(store: Store, bulk: Bulk) -> None:
    """Raise Refused unless what is to be done, and every card on the list, are what was asked for."""
    with store.database.reading():
        digest = reason_in_audit(store, bulk.id)
        is_approved = bulk.decision != Decision.APPROVED or _was_approved(store, bulk)
    if bulk_seal(store.keys, bulk, digest) != bulk.seal or not is_approved:
        raise Refused(SPOILED)
    digest_of_list, cards = START, 0
    for page in pages(store, bulk.id):
        digest_of_list = list_digest(store.keys, digest_of_list, page)
        cards += len(page)
    if digest_of_list != bulk.digest or cards != bulk.cards:
        raise Refused(SPOILED)


def _was_approved(store: Store, bulk: Bulk) -> bool:
    """Whether somebody else approved it at the desk, by its audit; within a connection."""
    chain, by = audit.Chain(store.keys), None
    for row in Audit.select().where(Audit.subject == subject(bulk.id)).order_by(Audit.number):
        if chain.add(row) is not None:
            return False
        by = row.actor_id if row.action == Decision.APPROVED else by
    return by is not None and by == bulk.decided_by_id != bulk.by_id


def bulk_seal(keys: Keys, bulk: Bulk, reason_digest: str | None) -> bytes:
    """The seal that belongs on a bulk whose list is complete: over what was asked, its reason by its digest."""
    asked = [bulk.id, bulk.kind.value, bulk.undoes, canonical_json(bulk.wish), reason_digest, bulk.ref, bulk.policy]
    by = [to_microseconds(bulk.at), bulk.by_id, bulk.by]
    list_ = [bulk.cards, canonical_json(bulk.told), canonical_json(list(bulk.why)), bulk.digest]
    return seal(keys, START, ["bulk", *asked, *by, *list_])


def text_of(keys: Keys, bulk_id: int, fact: str, text: str | None) -> str | None:
    """What the audit keeps of a free text of a bulk: it recognises the text and tells nothing of it."""
    return None if text is None else text_digest(keys, 0, bulk_id, f"bulk {fact}/{text}").hex()


def reason_in_audit(store: Store, bulk_id: int) -> str | None:
    """The digest of a bulk's reason as the audit has it; within a connection."""
    row = store.database.execute_sql(
        "SELECT after FROM audit WHERE subject = ? AND number = 1", (subject(bulk_id),)
    ).fetchone()
    try:
        after = json.loads(row[0]) if row is not None and row[0] else {}
        return after.get("reason") if isinstance(after, dict) else None
    except ValueError:
        return None


def audited(keys: Keys, bulk: Bulk) -> dict[str, Any]:
    """What the audit keeps of a bulk as it stands."""
    return {
        "kind": bulk.kind.value,
        "undoes": bulk.undoes,
        "wish": dict(bulk.wish),
        "cards": bulk.cards,
        "list": bulk.digest.hex(),
        "asked_by": bulk.by_id,
        "policy": bulk.policy,
        "decision": bulk.decision,
        "reason": text_of(keys, bulk.id, "reason", bulk.reason),
        "said": text_of(keys, bulk.id, "said", bulk.said),
    }


def end(hand: Hand, bulk: Bulk, outcome: Mapping[str, Any]) -> None:
    """Write down that a bulk is over and what came of it, within the transaction."""
    changed = (
        BulkRow.update(ended_at=hand.at, outcome=dict(outcome))
        .where((BulkRow.id == bulk.id) & BulkRow.ended_at.is_null())
        .execute()
    )
    if changed == 1:
        audit.record(hand, subject(bulk.id), "end", None, outcome)


def deed_of(bulk: Bulk) -> Deed:
    """What a bulk does to every card on its list."""
    wish = bulk.wish
    about: dict[str, Any] = {"bulk": bulk.id}
    if bulk.undoes is not None:
        about["undoes"] = bulk.undoes
    if bulk.ref is not None:
        about["ref"] = bulk.ref
    if bulk.decision == "approved":
        about |= {"asked_by": bulk.by_id, "asked_by_name": bulk.by}
    return Deed(
        kind=bulk.kind,
        reason=bulk.reason,
        until=_day(wish.get("until")),
        period=None if wish.get("period") is None else read_period(wish["period"]),
        broken_since=_day(wish.get("broken_since")),
        broken_until=_day(wish.get("broken_until")),
        extension_days=wish.get("extension_days", 7),
        product_id=wish.get("product"),
        may_give_back=wish.get("gives_back", False),
        about=about,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
