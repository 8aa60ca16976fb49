"""What a card is at an instant: derived from its facts in a fixed order, whether or not the expiry run came by."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from models.rules.facts import CardFacts
from models.rules.status import CONDITIONS, Status, holds, is_breakage_due, status_of

ACTIVE_FROM = datetime(2026, 5, 21, tzinfo=UTC)
CUT_OFF = datetime(2026, 11, 21, 3, tzinfo=UTC)
MIDWAY = datetime(2026, 8, 1, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HELD = MIDWAY - timedelta(days=1)

CARD = CardFacts("GBP", 5000, active_from_at=ACTIVE_FROM, cut_off_at=CUT_OFF)
SPENT = replace(CARD, balance_minor=0)
BROKEN = replace(CARD, balance_minor=0, broken_minor=5000)


def test_the_order_is_cancelled_suspended_inactive_expired_active() -> None:
    assert [status for status, _ in CONDITIONS] == ["cancelled", "suspended", "inactive", "expired", "active"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (ACTIVE_FROM - MICROSECOND, "inactive"),
        (ACTIVE_FROM, "active"),
        (CUT_OFF - MICROSECOND, "active"),
        (CUT_OFF, "expired"),
        (CUT_OFF + timedelta(days=900), "expired"),
    ],
)
def test_a_card_is_active_from_its_first_instant_to_before_its_cut_off(at: datetime, expected: str) -> None:
    assert status_of(CARD, at) == expected


@pytest.mark.parametrize("at", [CUT_OFF, CUT_OFF + timedelta(days=30)])
def test_a_card_is_expired_whether_or_not_the_expiry_run_came_by(at: datetime) -> None:
    assert status_of(CARD, at) is Status.EXPIRED
    assert status_of(BROKEN, at) is Status.EXPIRED


@pytest.mark.parametrize("at", [MIDWAY, CUT_OFF - MICROSECOND, CUT_OFF, CUT_OFF + timedelta(days=900)])
def test_a_card_spent_to_zero_stays_active_with_nothing_on_it(at: datetime) -> None:
    assert status_of(SPENT, at) is Status.ACTIVE


def test_a_balance_that_never_expires_stays_active() -> None:
    never = replace(CARD, cut_off_at=None)
    assert status_of(never, ACTIVE_FROM - MICROSECOND) is Status.INACTIVE
    assert status_of(never, CUT_OFF + timedelta(days=36_500)) is Status.ACTIVE


def test_a_load_on_an_expired_card_makes_it_active_until_its_own_cut_off() -> None:
    topped_up = replace(BROKEN, balance_minor=2000, broken_minor=0, cut_off_at=CUT_OFF + timedelta(days=180))
    assert status_of(topped_up, CUT_OFF) is Status.ACTIVE
    assert status_of(topped_up, CUT_OFF + timedelta(days=180)) is Status.EXPIRED


@pytest.mark.parametrize("at", [ACTIVE_FROM - MICROSECOND, MIDWAY, CUT_OFF])
def test_a_hold_hides_everything_but_a_cancellation(at: datetime) -> None:
    held = replace(CARD, suspended_at=HELD)
    assert status_of(held, at) is Status.SUSPENDED
    assert status_of(replace(held, cancelled_at=HELD), at) is Status.CANCELLED


def expected_status(*, cancelled: bool, suspended: bool, inactive: bool, over: bool, balance: int, broken: int) -> str:
    if cancelled:
        return "cancelled"
    if suspended:
        return "suspended"
    if inactive:
        return "inactive"
    return "expired" if over and (balance > 0 or broken > 0) else "active"


INSTANTS = [
    ACTIVE_FROM - timedelta(days=9),
    ACTIVE_FROM - MICROSECOND,
    ACTIVE_FROM,
    ACTIVE_FROM + MICROSECOND,
    CUT_OFF - MICROSECOND,
    CUT_OFF,
    CUT_OFF + MICROSECOND,
    CUT_OFF + timedelta(days=900),
]


def test_every_combination_at_every_boundary() -> None:
    """Cancelled x suspended x with or without a cut-off x full, spent, broken or topped up x instant."""
    purses = [(5000, 0), (1, 0), (0, 0), (0, 5000)]
    combinations = product((False, True), (False, True), (None, CUT_OFF), purses, INSTANTS)
    for cancelled, suspended, cut_off_at, (balance, broken), at in combinations:
        card = CardFacts(
            "GBP",
            balance,
            active_from_at=ACTIVE_FROM,
            cut_off_at=cut_off_at,
            broken_minor=broken,
            suspended_at=HELD if suspended else None,
            cancelled_at=HELD if cancelled else None,
        )
        inactive, over = at < ACTIVE_FROM, cut_off_at is not None and at >= cut_off_at
        expected = expected_status(
            cancelled=cancelled, suspended=suspended, inactive=inactive, over=over, balance=balance, broken=broken
        )
        assert status_of(card, at) == expected, (card, at)
        assert holds(Status.EXPIRED, card, at) is (over and balance + broken > 0), (card, at)
        assert is_breakage_due(card, at) is (over and balance > 0 and not cancelled), (card, at)


def test_a_status_own_conditions_leave_the_others_aside() -> None:
    everything = replace(CARD, cancelled_at=HELD, suspended_at=HELD)
    assert {status for status in Status if holds(status, everything, CUT_OFF)} == {
        Status.CANCELLED,
        Status.SUSPENDED,
        Status.EXPIRED,
        Status.ACTIVE,
    }
