"""What happened to what is owed for one card, told from its journal: the cases that a desk has once in a year."""

from datetime import date
from typing import Any

import pytest

from models.reports.past import Past, Told, arrived_with, past_of

DAY = 86_400_000_000


def entry(number: int, day: int, kind: str, amount: int = 0, details: str = "{}", **other: object) -> Told:
    facts = {"effective_at": day * DAY, "recorded_at": day * DAY, "actor_id": 1, "actor_name": "Sam", **other}
    told = {"card_id": 7, "number": number, "kind": kind, "amount_minor": amount, "place": None, "order_ref": None}
    return Told(**told, **facts, details=details)  # type: ignore[arg-type]


def last_day(day: int) -> str:
    """Details that set a last day, given by the day on which it ends."""
    return f'{{"sets":{{"last_day":"{date.fromordinal(719_163 + day - 1).isoformat()}"}}}}'


def begun(day: int, until: int, amount: int = 100, **other: object) -> Told:
    told = last_day(until).replace('"sets":{', '"sets":{"active_from":"1970-01-01T00:00:00+00:00","product":1,')
    return entry(1, day, "issue", amount, told, **other)


def told(*journal: Told, until: int = 1000, arrived: int = 0) -> Past:
    def cut_off_of(day: str) -> int:
        return (date.fromisoformat(day).toordinal() - 719_163 + 1) * DAY

    return past_of(7, "GBP", journal, 0, until * DAY, lambda _: arrived * DAY, cut_off_of)


def steps(past: Past) -> list[tuple[str, int, int, int | None, int]]:
    """Kind, day, amount, the activity that booked it, and the product of each movement."""
    return [
        (each.kind.value, (each.at.toordinal() - 719_163), each.amount_minor, each.number, each.product_id)
        for each in past.movements
    ]


def test_a_change_of_product_moves_what_is_owed() -> None:
    """Out of the one and into the other, when it was written down; what is spent later is the other's."""
    past = told(
        begun(1, 50), entry(2, 9, "product_changed", 0, '{"sets":{"product":2}}'), entry(3, 10, "redemption", -30)
    )
    assert steps(past) == [
        ("issue", 1, 100, 1, 1),
        ("transfer_out", 9, -100, 2, 1),
        ("transfer_in", 9, 100, 2, 2),
        ("redemption", 10, -30, 3, 2),
        ("breakage", 50, -70, None, 2),
    ]


def test_an_extension_that_is_undone_breaks_the_balance_again() -> None:
    """When that was written down, though its cut-off was long before: it could be spent meanwhile."""
    past = told(
        begun(1, 50),
        entry(2, 60, "breakage", -100, effective_at=50 * DAY),
        entry(3, 60, "reinstatement", 100),
        entry(4, 60, "expiry_changed", 0, last_day(90)),
        entry(5, 70, "breakage", -100),
        entry(6, 70, "expiry_changed", 0, last_day(50)),
    )
    assert steps(past) == [
        ("issue", 1, 100, 1, 1),
        ("breakage", 50, -100, 2, 1),
        ("reinstatement", 60, 100, 3, 1),
        ("breakage", 70, -100, 5, 1),
    ]


def test_a_correction_of_an_expired_balance_owes_nobody_anything() -> None:
    """What is added breaks at once, what is taken away gives as much of the breakage back; the run books the rest."""
    past = told(
        begun(1, 50),
        entry(2, 60, "adjustment", 20),
        entry(3, 61, "adjustment", -50),
        entry(4, 70, "breakage", -70, effective_at=50 * DAY),
    )
    assert steps(past) == [
        ("issue", 1, 100, 1, 1),
        ("breakage", 50, -100, 4, 1),
        ("adjustment", 60, 20, 2, 1),
        ("breakage", 60, -20, 4, 1),
        ("adjustment", 61, -50, 3, 1),
        ("reinstatement", 61, 50, 4, 1),
    ]
    assert past.held_minor == 0


def test_what_another_desk_wrote_counts_when_it_came() -> None:
    """What is written here afterwards, by its own date."""
    past = told(
        begun(1, 1500, actor_id=-3),
        entry(2, 9, "redemption", -30, actor_id=0),
        entry(3, 80, "redemption", -20),
        arrived=40,
    )
    assert steps(past) == [("imported", 40, 70, 2, 1), ("redemption", 80, -20, 3, 1)]
    assert told(begun(1, 500, actor_id=-3), arrived=40, until=40).movements == ()


@pytest.mark.parametrize(
    ("first", "brought"),
    [
        ({"actor_id": -3}, 1),
        ({"actor_name": "import", "recorded_at": 9 * DAY}, 1),
        ({"actor_name": "import"}, 0),
        ({}, 0),
    ],
)
def test_a_colleague_called_import_brings_nothing(first: dict[str, Any], brought: int) -> None:
    """Who sold a card this minute sold it, whatever their name."""
    assert arrived_with([begun(1, 50, **first)]) == brought
