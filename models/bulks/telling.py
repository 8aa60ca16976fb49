"""What was asked of a bulk, in words: for its sheet, its request, and the command line."""

from datetime import date

from models.bulks.facts import Bulk
from models.rules import wording
from models.rules.validity import BusinessTime
from models.rules.wording import plural

_CHOSEN = {"search": ", chosen by a search", "file": ", chosen by a file", "bulk": ": all that were changed"}


def rows_of(bulk: Bulk, business: BusinessTime) -> list[tuple[str, str]]:
    """A bulk's facts by their labels; dates and instants as the business sees them."""
    by, at = wording.shortened(bulk.by), wording.moment(bulk.at, business)
    rows = [
        ("Does", what_of(bulk)),
        ("Cards", f"{plural(bulk.cards, 'card')}{_CHOSEN.get(bulk.wish.get('chosen', ''), '')}"),
        ("Reason", bulk.reason or "(removed)"),
        ("Asked", f"{at} by {by}"),
    ]
    if bulk.why:
        rows.append(("Approval", " ".join(bulk.why)))
    if bulk.decision is not None and bulk.decided_at is not None:
        who = f" by {wording.shortened(bulk.decided_by)}" if bulk.decided_by else ""
        said = f": {bulk.said}" if bulk.said else ""
        rows.append(("Decided", f"{bulk.decision} {wording.moment(bulk.decided_at, business)}{who}{said}"))
    if bulk.ended_at is not None:
        rows.append(("Ended", wording.moment(bulk.ended_at, business)))
    if bulk.undone_by is not None:
        rows.append(("Undone", f"by bulk {bulk.undone_by}"))
    return rows


def what_of(bulk: Bulk) -> str:
    """What it does to each card: extension until 31 Dec 2026."""
    if bulk.undoes is not None:
        return f"undoes bulk {bulk.undoes} ({bulk.kind.words})"
    wish, parts = bulk.wish, [bulk.kind.words]
    if "product_name" in wish:
        parts.append(f"to {wish['product_name']}")
    if "until" in wish:
        parts.append(f"until {_day(wish['until'])}")
    if "period" in wish:
        parts.append(f"by {wish['period']}")
    if "broken_since" in wish:
        parts.append(f"of what stopped from {_day(wish['broken_since'])} on")
    if "broken_until" in wish:
        parts.append(f"up to {_day(wish['broken_until'])}")
    return " ".join(parts)


def _day(text: str) -> str:
    return wording.day(date.fromisoformat(text))
