"""When a run asks before it begins: the clock may have jumped, or an import may have gone wrong."""

from datetime import datetime, timedelta
from typing import Any, Final

from peewee import SQL, fn

from models.rules import wording
from models.schema import GiftCard
from models.store import Store

FURTHEST_AHEAD: Final = timedelta(hours=36)
"""How far the clock may be ahead of the last record before somebody is asked."""
JUST_A_FEW: Final = 50
"""So many balances at a time are never too many: a small desk is not asked about each of its cards."""
# More than one in so many of the live balances, or more than so many usual days' worth, and somebody is asked.
_SHARE: Final = 20
_USUAL_DAYS: Final = 3
_MONTH_DAYS: Final = 30

# Word for word the conditions of the indexes over such balances, so that these are used.
_IS_LIVE: Final = (GiftCard.balance_minor > SQL("0")) & GiftCard.cancelled_at.is_null()
_HAS_A_DAY: Final = GiftCard.cut_off_at.is_null(False)
_IS_BROKEN: Final = (GiftCard.broken_minor > SQL("0")) & _HAS_A_DAY & GiftCard.cancelled_at.is_null()


def doubts(store: Store, due: int, now: datetime) -> tuple[str, ...]:
    """Why somebody should look before so many balances expire at an instant (UTC), a sentence each; within a
    transaction."""
    asked = (clock_doubt(store), _number_doubt(due, now))
    return tuple(doubt for doubt in asked if doubt is not None)


def clock_doubt(store: Store) -> str | None:
    """Why somebody should look at the clock before it is believed, a sentence; None when it goes with what is recorded;
    within a connection."""
    ahead = -store.how_far_behind()
    if ahead <= FURTHEST_AHEAD:
        return None
    return f"The clock is {wording.span(ahead)} ahead of the last record: check that it is right."


def _number_doubt(due: int, now: datetime) -> str | None:
    """Whether more balances would go than on other days; a desk that was just filled may well have reason."""
    if due <= JUST_A_FEW:
        return None
    month_ago = now - timedelta(days=_MONTH_DAYS)
    broken = _count(_IS_BROKEN & (GiftCard.cut_off_at > month_ago) & (GiftCard.cut_off_at <= now))
    is_unusual = due * _MONTH_DAYS > _USUAL_DAYS * broken
    # Those with a last day stand in an index, and on most nights that settles it: to count all is to look at each card.
    live = _count(_IS_LIVE & _HAS_A_DAY)
    if due * _SHARE <= live and not is_unusual:
        return None
    live = _count(_IS_LIVE)
    reasons = []
    if due * _SHARE > live:
        reasons.append(f"more than one in {_SHARE}")
    if is_unusual:
        reasons.append(f"more than three usual days' worth (in the last {_MONTH_DAYS} days it was {broken:,} in all)")
    if not reasons:
        return None
    told = f"{due:,} of {live:,} live balances would expire, {' and '.join(reasons)}"
    return f"{told}: check the clock and what was imported."


def _count(condition: Any) -> int:
    return int(GiftCard.select(fn.COUNT(SQL("1"))).where(condition).scalar())
