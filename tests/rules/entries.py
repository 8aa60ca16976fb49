"""Activities to fold: what the tests of journals share."""

from datetime import UTC, datetime, timedelta
from typing import Any

from models.rules.journal import Entry, Kind

START = datetime(2026, 5, 21, 12, tzinfo=UTC)


def entry(kind: Kind, amount_minor: int = 0, *, day: int = 0, reverses: int | None = None, **sets: Any) -> Entry:
    """An activity so many days after the card was sold; further names are the facts that it sets."""
    details = {"sets": sets} if sets else {}
    return Entry(kind, START + timedelta(days=day), amount_minor, details=details, reverses=reverses)


ISSUE = entry(Kind.ISSUE, 5000)
BREAKAGE = entry(Kind.BREAKAGE, -5000, day=180)
