"""Stories of the worklists: who is on them to the microsecond, in which order, page by page."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from conftest import NOON
from store.counter import BOTH, Counter

from models.cards import look_at_cards
from models.fields import canonical_json
from models.rules.policy import Policy
from models.rules.status import Status, holds, is_spendable, status_of
from models.schema import GiftCard, PolicyVersion
from models.store import Store, policy_seal
from models.worklists import (
    EXPIRED,
    EXPIRING,
    INACTIVE,
    Listed,
    Worklist,
    cards_on,
    counts,
    with_more,
)

ENGINES = BOTH
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_WEEK_ON, _DAY_AGO = NOON + 7 * _DAY, NOON - _DAY


def around(at: datetime) -> tuple[datetime, ...]:
    return at - _MICROSECOND, at, at + _MICROSECOND


def rows_of_every_kind() -> list[dict[str, object]]:
    """A row for every combination of what decides about a list, at every side of each boundary."""
    cut_offs = (None, *around(_DAY_AGO), *around(NOON), *around(_WEEK_ON))
    return [
        row(balance, broken, active_from, cut_off, suspended, cancelled)
        for (balance, broken), active_from, cut_off, suspended, cancelled in product(
            ((0, 0), (500, 0), (0, 500)), around(NOON), cut_offs, (None, NOON), (None, NOON)
        )
    ]


def row(
    balance: int,
    broken: int,
    active_from: datetime,
    cut_off: datetime | None,
    suspended: datetime | None = None,
    cancelled: datetime | None = None,
) -> dict[str, object]:
    return {
        "product": 1,
        "currency": "GBP",
        "last_four": "0000",
        "balance_minor": balance,
        "broken_minor": broken,
        "active_from_at": active_from,
        "cut_off_at": cut_off,
        "last_day_on": None if cut_off is None else cut_off.date(),
        "suspended_at": suspended,
        "cancelled_at": cancelled,
        "head_number": 1,
        "head_mac": b"",
        "seal": b"",
        "changed_at": NOON,
    }


def insert(store: Store, rows: list[dict[str, object]]) -> None:
    with store.database.writing():
        GiftCard.insert_many(rows).execute()


def everyone(store: Store, worklist: Worklist, most: int = 200) -> Listed:
    """A whole list, read page by page."""
    listed = cards_on(store, worklist, most=most)
    while listed.next_after is not None:
        more = cards_on(store, worklist, listed.next_after, most)
        assert len(more.lines) <= most
        listed = with_more(listed, more)
    return listed


def belongs(worklist: Worklist, card: GiftCard, now: datetime) -> bool:
    """Whether a card is to be on a list, by the function of its status."""
    if worklist is EXPIRING:
        return is_spendable(card, now) and card.cut_off_at is not None and card.cut_off_at <= now + 7 * _DAY
    if worklist is EXPIRED:
        is_expired = status_of(card, now) is Status.EXPIRED or (
            status_of(card, now) is Status.SUSPENDED and holds(Status.EXPIRED, card, now) and card.active_from_at <= now
        )
        return is_expired and card.cut_off_at is not None and card.cut_off_at >= now - _DAY
    return status_of(card, now) is Status.INACTIVE


@pytest.mark.parametrize("worklist", [EXPIRING, EXPIRED, INACTIVE], ids=lambda each: each.name)
def test_a_list_holds_exactly_the_cards_whose_status_says_so(counter: Counter, worklist: Worklist) -> None:
    """Every combination on either side of each boundary; read in pages of seven, no card is lost or told twice."""
    counter.clock.at = NOON
    insert(counter.store, rows_of_every_kind())
    with counter.store.database.reading():
        cards = look_at_cards([card_id for (card_id,) in GiftCard.select(GiftCard.id).tuples()])
        wanted = sorted(card.id for card in cards if belongs(worklist, card, NOON))
    assert wanted
    listed = everyone(counter.store, worklist, most=7)
    assert sorted(line.card_id for line in listed.lines) == wanted
    (counted,) = (each for each in counts(counter.store) if each.worklist is worklist)
    assert (counted.count, counted.is_capped) == (len(wanted), False)


def last_fours(listed: Listed) -> list[str]:
    return [line.last_four for line in listed.lines]


def named(name: str, **columns: object) -> dict[str, object]:
    """A row of a card worth 5.00, valid since yesterday, that stops in three days."""
    return {**row(500, 0, _DAY_AGO, NOON + 3 * _DAY), "last_four": name, **columns}


def test_what_stops_first_stands_first_also_across_pages(counter: Counter) -> None:
    """Three stop at one instant: they keep the order of their numbers, and a page may end among them."""
    counter.clock.at = NOON
    later, sooner = NOON + 5 * _DAY, NOON + _DAY
    insert(counter.store, [named("late", cut_off_at=later), named("tie1"), named("tie2"), named("tie3")])
    insert(counter.store, [named("soon", cut_off_at=sooner)])
    for most in (1, 2, 3, 200):
        listed = everyone(counter.store, EXPIRING, most)
        assert last_fours(listed) == ["soon", "tie1", "tie2", "tie3", "late"]
        assert not listed.has_more
    first = cards_on(counter.store, EXPIRING, most=2)
    assert (first.has_more, first.sentence) == (
        True,
        "Expiring this week: the first 2 cards of more, the soonest to stop first.",
    )
    assert listed.sentence == "Expiring this week: 5 cards, the soonest to stop first."


def test_booked_breakage_and_balances_past_their_cut_off_stand_in_one_order(counter: Counter) -> None:
    """Whether the expiry run has been by makes no difference; whose window closes first stands first."""
    counter.clock.at = NOON
    ago = [NOON - timedelta(hours=hours) for hours in (23, 22, 2, 1)]
    booked = {"balance_minor": 0, "broken_minor": 500}
    insert(
        counter.store,
        [
            named("h02b", cut_off_at=ago[2], **booked),
            named("h23b", cut_off_at=ago[0], **booked),
            named("h01u", cut_off_at=ago[3]),
            named("h22u", cut_off_at=ago[1]),
        ],
    )
    for most in (1, 200):
        assert last_fours(everyone(counter.store, EXPIRED, most)) == ["h23b", "h22u", "h02b", "h01u"]


def test_the_window_is_that_of_the_policy(counter: Counter) -> None:
    """A manager makes it two days: what stopped a day and an hour ago is listed."""
    counter.clock.at = NOON + _DAY
    insert(counter.store, [named("old1", cut_off_at=NOON - timedelta(hours=1))])
    assert last_fours(cards_on(counter.store, EXPIRED)) == []
    with counter.store.database.writing():
        content = canonical_json(replace(Policy(), window_hours=48, version=2).as_json())
        sealed = policy_seal(counter.store.keys, 2, content)
        PolicyVersion.insert(version=2, content=content, recorded_at=NOON, seal=sealed).execute()
    assert last_fours(cards_on(counter.store, EXPIRED)) == ["old1"]


def test_a_list_with_nothing_on_it_says_so_and_no_list_is_counted_to_its_end(counter: Counter) -> None:
    counter.clock.at = NOON
    assert [(each.worklist.name, each.in_words) for each in counts(counter.store)][:3] == [
        ("expiring", "0"),
        ("expired", "0"),
        ("inactive", "0"),
    ]
    assert cards_on(counter.store, EXPIRING).sentence == "No balance stops within the next 7 days."
    insert(counter.store, [named("more") for _ in range(201)])
    assert counts(counter.store)[0].in_words == "200+"
    assert len(cards_on(counter.store, EXPIRING).lines) == 200
