"""Requests for the approval of a reactivation, read from their rows; and the seal that belongs on each."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from models.chain import START, seal, text_digest
from models.clock import to_microseconds
from models.errors import Refused, faults
from models.fields import LARGEST_ID, canonical_json, stored_instant
from models.keys import Keys
from models.paging import page
from models.rules.asked import LAPSE, Asked, Decision
from models.store import Store

COLUMNS: Final = (
    "id",
    "card_id",
    "case_id",
    "asked_by",
    "asked_by_name",
    "asked_at",
    "why",
    "grounds",
    "policy",
    "note",
    "reason",
    "ref",
    "decision",
    "decided_at",
    "decided_by_name",
    "said",
)
"""The columns of a request, in the order in which as_asked takes them."""
_ROWS: Final = f"SELECT {', '.join(COLUMNS)} FROM approval"

Key = tuple[datetime, int]
"""Where a request stands in a list: an instant (UTC) of it and its number."""


def as_asked(row: Sequence[Any]) -> Asked | None:
    """A request from the columns of its row as they are stored; None for no row, and for one that means nothing."""
    if row[0] is None:
        return None
    id_, card_id, case_id, by_id, by, at, why, grounds, policy, note, reason, ref, *decided = row
    decision, decided_at, decided_by, said = decided
    try:
        about = json.loads(grounds)
        return Asked(
            id=id_,
            card_id=card_id,
            case_id=case_id,
            by_id=by_id,
            by=by,
            at=stored_instant(at),
            why=tuple(map(str, json.loads(why))),
            grounds=tuple(map(str, about["held"])),
            cut_off_at=_instant(about["cut_off"]),
            suspended_at=_instant(about["suspended"]),
            policy=policy,
            note=note,
            reason=reason,
            ref=ref,
            decision=None if decision is None else Decision(decision),
            decided_at=None if decided_at is None else stored_instant(decided_at),
            decided_by=decided_by,
            said=said,
        )
    except (ValueError, KeyError, TypeError):
        return None


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def grounds_as_stored(asked: Asked) -> str:
    """What a request rests on, as its row keeps it: the grounds, and the cut-off and the hold that they are about."""
    return canonical_json(
        {
            "held": list(asked.grounds),
            "cut_off": asked.cut_off_at and asked.cut_off_at.isoformat(),
            "suspended": asked.suspended_at and asked.suspended_at.isoformat(),
        }
    )


def approval_seal(keys: Keys, asked: Asked, texts: Sequence[str | None]) -> bytes:
    """The seal that belongs on a request: over what was asked, its free texts by their digests."""
    what = [asked.id, asked.card_id, asked.case_id, list(asked.why), grounds_as_stored(asked), asked.policy, asked.ref]
    return seal(keys, START, ["approval", *what, to_microseconds(asked.at), asked.by_id, asked.by, *texts])


def digest_of(keys: Keys, asked: Asked, fact: str) -> str | None:
    """What the audit keeps of a free text of a request: it recognises the text and tells nothing of it."""
    text: str | None = getattr(asked, fact)
    return None if text is None else text_digest(keys, asked.card_id, asked.id, f"{fact}/{text}").hex()


def audited(keys: Keys, asked: Asked) -> dict[str, Any]:
    """What the audit keeps of a request as it stands."""
    return {
        "card": asked.card_id,
        "case": asked.case_id,
        "asked_by": asked.by_id,
        "grounds": list(asked.grounds),
        "policy": asked.policy,
        "decision": asked.decision,
        **{fact: digest_of(keys, asked, fact) for fact in ("note", "reason", "said")},
    }


def request_numbered(store: Store, approval_id: int) -> Asked:
    """A request by its number, within a connection. Raises Refused when there is none, or its row is spoiled."""
    row = None
    if 0 < approval_id <= LARGEST_ID:
        row = store.database.execute_sql(f"{_ROWS} WHERE id = ?", (approval_id,)).fetchone()
    if row is None:
        raise Refused(f"There is no request {approval_id} for an approval.")
    asked = as_asked(row)
    if asked is None:
        raise Refused(SPOILED)
    return asked


SPOILED: Final = "The request was changed with another tool. Nothing was changed; let it lapse, and tell the manager."


def waiting(store: Store, now: datetime, after: Key | None, most: int) -> list[Asked]:
    """The requests that wait at an instant (UTC), the oldest first, so many behind a key; within a connection."""
    still = [to_microseconds(now - LAPSE)]
    where, values = page("decision IS NULL AND asked_at > ?", still, ("asked_at", "id"), after, most)
    return _read(store, where, values)


def decided(
    store: Store, now: datetime, since: datetime, after: Key | None, most: int, *, by_id: int | None = None
) -> list[Asked]:
    """The requests that were decided, or lapsed, between two instants (UTC), the latest first, behind a key: all, or
    those of one agent; within a connection."""
    lapsed = f"decision IS NULL AND asked_at <= {to_microseconds(now - LAPSE)}"
    whose = "" if by_id is None else f" AND asked_by = {by_id}"
    found = [
        *_latest(store, f"decision IS NOT NULL{whose}", "decided_at", (since, after), timedelta(), most),
        *_latest(store, f"{lapsed}{whose}", "asked_at", (since, after), LAPSE, most),
    ]
    return sorted(found, key=settled_key, reverse=True)[:most]


def settled_key(asked: Asked) -> Key:
    """Where a request that waits no more stands among others: when that was, and its number."""
    return asked.decided_at or asked.lapses_at, asked.id


def asked_between(
    store: Store, since: datetime, until: datetime, after: int, most: int
) -> list[tuple[int, Asked | None, int | None]]:
    """The requests made between two instants (UTC, the later one left out) whose numbers are behind one: the number,
    the request (None for one that means nothing), and the last activity of what came of it; within a connection."""
    which = f"SELECT {', '.join(COLUMNS)}, number FROM approval WHERE asked_at >= ? AND asked_at < ? AND id > ?"
    values = (to_microseconds(since), to_microseconds(until), after, most)
    rows = store.database.execute_sql(f"{which} ORDER BY id LIMIT ?", values).fetchall()
    return [(row[0], as_asked(row[:-1]), row[-1]) for row in rows]


_REQUEST: Final = re.compile(r"approval:[0-9]{1,15}")


def lapsed_among(store: Store, awaited: Iterable[str]) -> dict[str, datetime]:
    """Of what cases wait for ('approval:5'), the requests that nobody decided about in time, and until when (UTC) they
    could; within a connection."""
    ids = sorted({int(each.removeprefix("approval:")) for each in awaited if _REQUEST.fullmatch(each)})
    if not ids:
        return {}
    found = _read(
        store,
        f"id IN ({', '.join('?' * len(ids))}) AND decision IS NULL AND asked_at <= ?",
        (*ids, to_microseconds(store.now() - LAPSE)),
    )
    return {f"approval:{each.id}": each.lapses_at for each in found}


def _latest(
    store: Store, which: str, column: str, bounds: tuple[datetime, Key | None], later: timedelta, most: int
) -> list[Asked]:
    """Some requests by a column, which an instant of theirs follows so much later."""
    since, after = bounds
    behind = None if after is None else (after[0] - later, after[1])
    given = [to_microseconds(since - later)]
    condition, values = page(f"{which} AND {column} > ?", given, (column, "id"), behind, most, is_latest_first=True)
    return _read(store, condition, values)


def _read(store: Store, condition: str, values: Sequence[int]) -> list[Asked]:
    rows = store.database.execute_sql(f"{_ROWS} WHERE {condition}", values).fetchall()
    return [asked for row in rows if (asked := as_asked(row)) is not None]


def standing_of_requests(store: Store, agent_id: int) -> str | None:
    """How much waits for whoever may approve it but did not ask for it, as a sentence; None when nothing does.

    Raises Fault for a broken store.
    """
    with faults(store.path), store.database.reading():
        count = sum(each.by_id != agent_id for each in waiting(store, store.now(), None, _MOST_TOLD + 1))
    if not count:
        return None
    many = f"More than {_MOST_TOLD} reactivations wait" if count > _MOST_TOLD else f"{count} reactivations wait"
    return f"{'1 reactivation waits' if count == 1 else many} for your approval."


_MOST_TOLD: Final = 200


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests of a desk at one instant."""

    now: datetime
    """UTC."""
    waiting: tuple[Asked, ...]
    """The oldest first."""
    decided: tuple[Asked, ...]
    """Decided within some days before, the newest first."""


def requests(store: Store, decided_since: datetime | None = None, most: int = 200) -> Requests:
    """What waits for an approval, and what was decided since an instant (UTC), at most so many of each.

    Raises Fault for a broken store.
    """
    with faults(store.path), store.database.reading():
        now = store.now()
        past = () if decided_since is None else tuple(decided(store, now, decided_since, None, most))
        return Requests(now, tuple(waiting(store, now, None, most)), past)
