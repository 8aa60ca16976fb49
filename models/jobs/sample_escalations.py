"""What Payments Support made of a sample's escalations: most were answered within days, the last ones wait."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from models.desk.escalating import audited
from models.jobs.sample_lives import END
from models.keys import Keys
from models.rules.escalations import ANSWERS
from models.rules.journal import Entry, Kind
from models.schema import Escalation

_TAKEN_AFTER: Final = timedelta(hours=4)
_ANSWERED_AFTER: Final = timedelta(days=2)
_SAID: Final = "The till's log says so."

Told = tuple[str, str, None, dict[str, Any]]
"""What the audit keeps of one."""


def escalations_of(
    keys: Keys, card_id: int, entries: Sequence[Entry], staff: Mapping[str, int]
) -> Iterator[tuple[dict[str, Any], Told]]:
    """The row of each escalation of a card's life, and what the audit keeps of it."""
    for number, entry in enumerate(entries, start=1):
        if entry.kind is not Kind.ESCALATED:
            continue
        row = {
            "id": entry.details["escalation"],
            "card_id": card_id,
            "number": number,
            "why": entry.details["why"],
            "opened_at": entry.effective_at,
            "opened_by": staff["sam"],
            **_what_became_of_it(card_id, entry, staff["olu"]),
        }
        yield row, (f"escalation:{row['id']}", "open", None, audited(keys, Escalation(**row)))


def _what_became_of_it(card_id: int, entry: Entry, owner_id: int) -> dict[str, Any]:
    taken_at, closed_at = entry.effective_at + _TAKEN_AFTER, entry.effective_at + _ANSWERED_AFTER
    answer = ANSWERS[card_id % len(ANSWERS)]
    is_answered = closed_at <= END
    return {
        "owner_id": owner_id if taken_at <= END else None,
        "taken_at": taken_at if taken_at <= END else None,
        "outcome": answer.value if is_answered else None,
        "outcome_text": _SAID if is_answered else None,
        "closed_at": closed_at if is_answered else None,
        "closed_by": owner_id if is_answered else None,
        "seen_at": closed_at if is_answered else None,
    }
