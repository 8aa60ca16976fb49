"""What somebody typed of a bulk, read: the same on screens and at the command line."""

from models.rules.bulk import BulkKind, BulkWish
from models.rules.dates import read_day
from models.rules.periods import read_period


def read_wish(
    kind: BulkKind,
    *,
    reason: str,
    until: str = "",
    period: str = "",
    broken_since: str = "",
    broken_until: str = "",
    product: str = "",
    name: str = "",
    email: str = "",
    organisation: str = "",
    ref: str = "",
) -> BulkWish:
    """A wish from texts as they were typed; an empty one is not given. Raises RuleError with one sentence."""
    days = [read_day(text) if text.strip() else None for text in (until, broken_since, broken_until)]
    texts = [text.strip() or None for text in (product, name, email, organisation, ref)]
    return BulkWish(
        kind,
        reason,
        days[0],
        read_period(period) if period.strip() else None,
        days[1],
        days[2],
        *texts,
    )
