"""When a reactivation needs the approval of a colleague, as a table: just below each threshold, on it, and above."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.rules.facts import CardFacts
from models.rules.policy import RECENTLY_EXPIRED, VIP, Policy, shipped
from models.rules.reactivation import Reactivation
from models.rules.thresholds import why_ask

NOW = datetime(2026, 5, 21, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
CARD = CardFacts(currency="GBP", balance_minor=0, active_from_at=NOW - 300 * DAY, cut_off_at=NOW - timedelta(hours=3))
BACK = Reactivation(grounds=(RECENTLY_EXPIRED,), last_day_on=None, restores_minor=5_000, lifts=False)
A_VIPS = replace(BACK, grounds=(VIP,))
TOGETHER = replace(BACK, grounds=(VIP, RECENTLY_EXPIRED))
SHIPPED = shipped("GBP")

CARD_AGAIN = "This card was reactivated 3 times in 90 days."
HOLDER_AGAIN = "The holder's cards were reactivated 3 times in 90 days."
MUCH = "100.01 GBP is more than 100.00 GBP."
LATE = "A VIP's card that expired more than 30 days ago."
FRESH = "The VIP mark, the link to it or the holder is younger than 24 h, and the only ground."


def days_ago(*days: float) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(days=each) for each in days)


TABLE = {
    "nothing before": (CARD, BACK, ()),
    # The (N + 1)th of a card, and of a holder, within 90 days.
    "card twice": (replace(CARD, reactivated=days_ago(1, 2)), BACK, ()),
    "card three times": (replace(CARD, reactivated=days_ago(1, 2, 89)), BACK, (CARD_AGAIN,)),
    "one of them 90 days ago": (replace(CARD, reactivated=days_ago(1, 2, 90)), BACK, ()),
    "one a moment short of that": (
        replace(CARD, reactivated=(*days_ago(1, 2), NOW - 90 * DAY + MICROSECOND)),
        BACK,
        (CARD_AGAIN,),
    ),
    "holder three times": (replace(CARD, holder_reactivated=days_ago(1, 2, 3)), BACK, (HOLDER_AGAIN,)),
    "holder twice": (replace(CARD, holder_reactivated=days_ago(1, 2)), BACK, ()),
    "card and holder, told once": (
        replace(CARD, reactivated=days_ago(1, 2, 3), holder_reactivated=days_ago(1, 2, 3, 4)),
        BACK,
        (CARD_AGAIN,),
    ),
    # What is on it afterwards, given back or kept.
    "just the amount": (CARD, replace(BACK, restores_minor=10_000), ()),
    "a penny more comes back": (CARD, replace(BACK, restores_minor=10_001), (MUCH,)),
    "a penny more is kept": (replace(CARD, balance_minor=10_001), replace(BACK, restores_minor=0), (MUCH,)),
    "another currency": (replace(CARD, currency="JPY"), replace(BACK, restores_minor=99_999_999), ()),
    # The VIP ground on a card that expired long ago.
    "30 days to the microsecond": (replace(CARD, cut_off_at=NOW - 30 * DAY), A_VIPS, ()),
    "a moment longer": (replace(CARD, cut_off_at=NOW - 30 * DAY - MICROSECOND), A_VIPS, (LATE,)),
    "as long, on hold, no ground": (
        replace(CARD, cut_off_at=NOW - 31 * DAY),
        Reactivation(grounds=(), last_day_on=None, restores_minor=0, lifts=True),
        (),
    ),
    # A VIP ground that is younger than a day, alone and beside another.
    "marked 24 h ago": (replace(CARD, vip_since_at=NOW - DAY), A_VIPS, ()),
    "marked a moment later": (replace(CARD, vip_since_at=NOW - DAY + MICROSECOND), A_VIPS, (FRESH,)),
    "fresh, but expired just now": (replace(CARD, vip_since_at=NOW), TOGETHER, ()),
    "nobody knows since when": (CARD, A_VIPS, ()),
    "all at once": (
        replace(CARD, reactivated=days_ago(1, 2, 3), cut_off_at=NOW - 31 * DAY, vip_since_at=NOW),
        replace(A_VIPS, restores_minor=10_001),
        (CARD_AGAIN, MUCH, LATE, FRESH),
    ),
}


@pytest.mark.parametrize(("card", "planned", "why"), TABLE.values(), ids=TABLE)
def test_each_threshold_of_a_new_desk(card: CardFacts, planned: Reactivation, why: tuple[str, ...]) -> None:
    """The one that would be too many asks, and the last one that is not does not."""
    assert why_ask(card, planned, SHIPPED, NOW) == why


@pytest.mark.parametrize(("card", "planned"), [row[:2] for row in TABLE.values()], ids=TABLE)
def test_a_policy_without_thresholds_asks_nobody(card: CardFacts, planned: Reactivation) -> None:
    """An older desk goes on as it did."""
    assert why_ask(card, planned, Policy(), NOW) == ()


@pytest.mark.parametrize(
    ("off", "left"),
    [
        ({"repeat_limit": None}, (MUCH, LATE, FRESH)),
        ({"approve_above": {}}, (CARD_AGAIN, LATE, FRESH)),
        ({"vip_expired_days": None}, (CARD_AGAIN, MUCH, FRESH)),
        ({"fresh_hours": None}, (CARD_AGAIN, MUCH, LATE)),
    ],
    ids=["repeat", "amount", "late", "fresh"],
)
def test_each_threshold_is_switched_off_by_itself(off: dict[str, object], left: tuple[str, ...]) -> None:
    card, planned, _ = TABLE["all at once"]
    assert why_ask(card, planned, replace(SHIPPED, **off), NOW) == left  # type: ignore[arg-type]
