"""What the agent of a case did to its cards while each was in it; within a connection."""

from datetime import datetime
from typing import Any, Final

from peewee import SQL, fn

from models.rules.cases import Deeds
from models.rules.journal import Kind
from models.rules.roles import Action
from models.schema import Activity, CaseCard, Intent, SupportCase

_KINDS: Final = frozenset(Kind)
"""What somebody wrote into a journal by hand is no deed."""


def deeds_in(row: SupportCase) -> Deeds:
    """What the agent of a case did to its cards since each came to it."""
    done = _done_in(row)
    since = frozenset(kind for kind, at in done if row.said_at is None or at > row.said_at)
    return Deeds(frozenset(kind for kind, _ in done), since)


def last_deed_at(row: SupportCase) -> datetime:
    """When the agent of a case last did anything in it, or to its cards, UTC."""
    last_at: datetime = row.last_at
    return max([last_at, *(at for _, at in _done_in(row))])


def _done_in(row: SupportCase) -> list[tuple[Kind, datetime]]:
    is_later = (Activity.number > CaseCard.number) & (Activity.actor_id == row.agent_id)
    # What was approved for a colleague is the colleague's to tell.
    is_approved = (Intent.key == Activity.intent) & (Intent.action == Action.APPROVE.value)
    is_own = ~fn.EXISTS(Intent.select(SQL("1")).where(is_approved))
    query: Any = (
        Activity.select(Activity.kind, Activity.recorded_at)
        .join(CaseCard, on=(CaseCard.card == Activity.card))
        .where((CaseCard.case == row.id) & is_later & is_own & Activity.kind.not_in([Kind.REPLIED, Kind.REMINDER_SENT]))
        .tuples()
    )
    return [(Kind(kind), at) for kind, at in query if kind in _KINDS]
