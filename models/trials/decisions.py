"""Decisions about reactivating cards that left a trace at this desk: read page by page, every page in a short reading.

A card was reactivated, or a colleague was asked; or the customer was told that it expired for good, it was handed over
to Payments Support, or its case was closed as explained. Of the last three a policy decided only where it refused.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from models.approvals import asked_between
from models.clock import to_microseconds
from models.fields import stored_instant
from models.paging import page
from models.rules.asked import Decision as Settled
from models.rules.cases import CaseOutcome, Step
from models.store import Store

PAGE: Final = 200
Page = Sequence["Decision"]


class Kind(StrEnum):
    """What was decided."""

    REACTIVATED = "reactivated"
    ASKED = "asked"
    DECLINED = "declined"
    ESCALATED = "escalated"
    EXPLAINED = "explained"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about a card."""

    kind: Kind
    card_id: int
    at: datetime
    """UTC."""
    number: int | None
    """The activity that it left on the card; None when it left none."""
    agent: str | None = None
    """Who took it, by name; None: whoever wrote the activity."""
    agent_id: int | None = None
    policy: int | None = None
    """The version of the policy that it was taken under; None: the one in force then."""
    grounds: tuple[str, ...] | None = None
    """The grounds that held, where they were kept."""
    was_vip: bool | None = None
    """Whether the holder's organisation was a VIP; None where that was not kept."""
    came: Settled | None = None
    """What came of a request; None while nobody decided, and for everything else."""
    lasted: int | None = None
    """The last activity of the reactivation, if one followed."""


class Decisions:
    """The decisions of one desk between two instants (UTC), the later one left out."""

    def __init__(self, store: Store, since: datetime, until: datetime) -> None:
        """Nothing is read before it is asked for."""
        self._store = store
        self._since = since
        self._until = until
        self._between = (to_microseconds(since), to_microseconds(until))

    def count(self) -> int:
        """How many rows will be looked at; within a connection."""
        counted = self._store.database.execute_sql(
            f"SELECT ({') + ('.join(_COUNTS)})", (*self._between * 3, *(self._between[0],) * 2)
        )
        return int(counted.fetchone()[0])

    def pages(self) -> Iterator[tuple[Page, int]]:
        """Some decisions at a time, and how many rows were looked at for them; each page is a reading of its own."""
        for read in (self._reactivated, self._asked, self._escalated, self._in_cases):
            after: Any = None
            while True:
                with self._store.database.reading():
                    found, looked_at, after = read(after)
                yield found, looked_at
                if looked_at < PAGE:
                    break

    def _reactivated(self, after: Any) -> tuple[Page, int, Any]:
        by = ("recorded_at", "card_id", "number")
        condition, values = page(_REACTIVATED, self._between, by, after, PAGE)
        rows = self._store.database.execute_sql(
            f"SELECT recorded_at, card_id, number, actor_id, details FROM activity WHERE {condition}", values
        ).fetchall()
        # What was approved is told by its request.
        found = [_reactivation(*row) for row in rows if '"approval"' not in row[4]]
        return found, len(rows), None if not rows else rows[-1][:3]

    def _asked(self, after: int | None) -> tuple[Page, int, Any]:
        rows = asked_between(self._store, self._since, self._until, after or 0, PAGE)
        found = [
            Decision(
                kind=Kind.ASKED,
                card_id=asked.card_id,
                at=asked.at,
                number=None,
                agent=asked.by,
                agent_id=asked.by_id,
                policy=asked.policy,
                grounds=asked.grounds,
                came=asked.decision,
                lasted=number,
            )
            for _, asked, number in rows
            if asked is not None
        ]
        return found, len(rows), None if not rows else rows[-1][0]

    def _escalated(self, after: Any) -> tuple[Page, int, Any]:
        condition, values = page("opened_at >= ? AND opened_at < ?", self._between, ("id",), after, PAGE)
        rows = self._store.database.execute_sql(
            f"SELECT id, card_id, number, opened_at, opened_by FROM escalation WHERE {condition}", values
        ).fetchall()
        found = [
            Decision(Kind.ESCALATED, card_id, stored_instant(at), number, agent_id=by)
            for _, card_id, number, at, by in rows
        ]
        return found, len(rows), None if not rows else rows[-1][:1]

    def _in_cases(self, after: Any) -> tuple[Page, int, Any]:
        # A case is touched by whatever is said in it, or closed by a colleague.
        since, _ = self._between
        condition, values = page("last_at >= ? OR closed_at >= ?", (since, since), ("id",), after, PAGE)
        rows = self._store.database.execute_sql(f"SELECT id FROM support_case WHERE {condition}", values).fetchall()
        found = [each for (case_id,) in rows for each in self._of_case(case_id)]
        return found, len(rows), None if not rows else rows[-1]

    def _of_case(self, case_id: int) -> Iterator[Decision]:
        entries = self._store.database.execute_sql(
            "SELECT action, after, recorded_at, actor_id, actor_name FROM audit WHERE subject = ? "
            f"AND action IN ('{Step.REPLIED}', '{Step.CLOSED}') ORDER BY number",
            (f"case:{case_id}",),
        ).fetchall()
        told: set[int] = set()
        for action, after, at, by_id, by in entries:
            facts = json.loads(after).get("facts", {})
            who = {"at": stored_instant(at), "agent": by, "agent_id": by_id}
            is_within = self._between[0] <= at < self._between[1]
            if action == Step.REPLIED:
                told.add(facts.get("card"))
                if is_within and facts.get("reply") == "expired":
                    yield Decision(Kind.DECLINED, facts["card"], number=facts["number"], **who)
            elif is_within and facts.get("outcome") == CaseOutcome.EXPLAINED:
                for card_id in self._cards_of(case_id):
                    if card_id not in told:
                        yield Decision(Kind.EXPLAINED, card_id, number=None, **who)

    def _cards_of(self, case_id: int) -> list[int]:
        rows = self._store.database.execute_sql(
            "SELECT card_id FROM case_card WHERE case_id = ? ORDER BY card_id", (case_id,)
        ).fetchall()
        return [card_id for (card_id,) in rows]


# What another desk did was decided under another policy.
_REACTIVATED: Final = "kind = 'reactivated' AND recorded_at >= ? AND recorded_at < ? AND actor_id > 0"
_COUNTS: Final = (
    f"SELECT COUNT(*) FROM activity WHERE {_REACTIVATED}",
    "SELECT COUNT(*) FROM approval WHERE asked_at >= ? AND asked_at < ?",
    "SELECT COUNT(*) FROM escalation WHERE opened_at >= ? AND opened_at < ?",
    "SELECT COUNT(*) FROM support_case WHERE last_at >= ? OR closed_at >= ?",
)


def _reactivation(at: int, card_id: int, number: int, by_id: int, details: str) -> Decision:
    facts = json.loads(details)
    grounds, version, was_vip = (facts.get(name) for name in ("grounds", "policy", "was_vip"))
    return Decision(
        kind=Kind.REACTIVATED,
        card_id=card_id,
        at=stored_instant(at),
        number=number,
        agent_id=by_id,
        policy=version if isinstance(version, int) else None,
        grounds=tuple(map(str, grounds)) if isinstance(grounds, list) else None,
        was_vip=was_vip if isinstance(was_vip, bool) else None,
        lasted=number,
    )
