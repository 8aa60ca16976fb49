"""Holding a desk against an anchor: what it knew is still there, and nothing came in between.

Verification alone sees what was changed without the desk's key. With the key a journal can be written anew, from any
activity on; but not so that it ends, at the instant of an anchor, where that knew it to end.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from models.acceptances import acceptances, spans_ahead
from models.anchors import SUBJECT, TAKEN, desk_mark, newest_migration
from models.clock import to_microseconds
from models.errors import faults
from models.fields import stored_instant
from models.heads import Cut
from models.jobs.differing import audit, codes, differences, journals
from models.jobs.verify import Finding
from models.rules.anchors import Anchor
from models.rules.wording import moment
from models.schema import Audit
from models.store import Store

_LAST: Final = "SELECT MAX(recorded_at) FROM {} WHERE recorded_at <= ?"


def compare(store: Store, anchor: Anchor) -> list[Finding]:
    """What is not as an anchor of this desk knew it, each by its name; changes nothing."""
    when = moment(anchor.taken_at, store.business)
    with faults(store.path), store.database.connected():
        reason = _why_not(store, anchor)
        if reason is not None:
            return [Finding(f"the anchor of {when}", reason)]
        at = to_microseconds(anchor.taken_at)
        cut = Cut(at, anchor.moment, spans_ahead(anchor.taken_at))
        found = [*_ages(store, anchor, at, when), *differences(journals(store, anchor, cut), when)]
        named = {finding.subject for finding in found}
        found += [each for each in differences(codes(store, anchor), when) if each.subject not in named]
        return [*found, *differences(audit(store, anchor, cut), when)]


def is_of(store: Store, anchor: Anchor) -> bool:
    """Whether an anchor is one of this desk."""
    with faults(store.path), store.database.connected():
        return desk_mark() == anchor.desk


def _why_not(store: Store, anchor: Anchor) -> str | None:
    """Why nothing can be held against an anchor; None when it can."""
    if desk_mark() != anchor.desk:
        return "it is of another desk"
    newest = newest_migration(store.database)
    if anchor.migration > newest:
        return f"the desk had {anchor.migration} then, and now its newest migration is {newest}: an older desk"
    for each in acceptances():
        if each.first_ahead_at <= anchor.taken_at <= each.reached_at:
            return (
                f"it was taken while the clock was ahead. On {moment(each.at, store.business)} {each.who} took the "
                f"desk's time back, and what was recorded since can't be told from what was recorded before"
            )
    return None


def _ages(store: Store, anchor: Anchor, at: int, when: str) -> Iterator[Finding]:
    """Whether the database is older than the anchor, which its audit does not know then."""
    is_it = (Audit.subject == SUBJECT) & (Audit.action == TAKEN) & (Audit.recorded_at == anchor.taken_at)
    if any(row.after == {"mark": anchor.mark} for row in Audit.select().where(is_it)):
        return
    recorded = [store.database.execute_sql(_LAST.format(table), (at,)).fetchone()[0] for table in ("activity", "audit")]
    last = max((each for each in recorded if each is not None), default=None)
    known = "nothing" if last is None else f"nothing after {moment(stored_instant(last), store.business)}"
    restored = _restored_before(anchor.taken_at)
    if restored is None:
        yield Finding(
            "this desk", f"it is older than the anchor of {when}, and has {known}: as if a backup was put here"
        )
        return
    row, ended_at = restored
    yield Finding(
        "this desk",
        f"it was restored on {moment(row.recorded_at, store.business)} by {row.actor_name} from a backup that ends at "
        f"{moment(ended_at, store.business)}, so it is older than the anchor of {when} and has {known} until then",
    )


def _restored_before(at: datetime) -> tuple[Audit, datetime] | None:
    """The last time that the desk was restored from a backup that ends before an instant (UTC), and where it ends."""
    is_one = (Audit.subject == "desk") & (Audit.action == "restore")
    for row in Audit.select().where(is_one).order_by(Audit.number.desc()):
        with suppress(KeyError, TypeError, ValueError):  # somebody spoiled it, which its chain shows
            ended_at = datetime.fromisoformat(row.after["last_record_at"])
            if ended_at < at:
                return row, ended_at
    return None
