"""Lists and jobs ask the database for a status; a screen asks the function. They must never disagree."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from conftest import NOON
from store.counter import card_row

from models.cards import LockedCard, look_at_cards
from models.rules.status import BREAKAGE_DUE, Status, is_breakage_due, status_of
from models.schema import GiftCard, Product
from models.standing import all_hold, status_in_sql, status_is, status_told
from models.store import Store

_MICROSECOND = timedelta(microseconds=1)
_AROUND = (NOON - _MICROSECOND, NOON, NOON + _MICROSECOND)


@pytest.fixture
def every_card(store: Store) -> Store:
    """A row for every combination of what a status depends on, at every side of each boundary."""
    with store.database.writing():
        sold_as = Product.insert(code="any", name="Any", reminders=[], changed_at=NOON).execute()
        rows = [
            {**card_row(balance, broken, active_from, cut_off, suspended, cancelled), "product": sold_as}
            for (balance, broken), active_from, cut_off, suspended, cancelled in product(
                ((0, 0), (500, 0), (0, 500)), _AROUND, (None, *_AROUND), (None, NOON), (None, NOON)
            )
        ]
        GiftCard.insert_many(rows).execute()
    return store


def every_one() -> list[LockedCard]:
    return look_at_cards([row.id for row in GiftCard.select(GiftCard.id)])


@pytest.mark.parametrize("status", Status)
def test_the_database_finds_exactly_the_cards_that_have_the_status(every_card: Store, status: Status) -> None:
    with every_card.database.reading():
        found = {card.id for card in GiftCard.select().where(status_is(status, NOON))}
        judged = {card.id for card in every_one() if status_of(card, NOON) is status}
    assert found == judged
    assert found


@pytest.mark.parametrize("status", Status)
def test_written_out_it_is_the_same(every_card: Store, status: Status) -> None:
    """As a condition, and as what a list shows."""
    holds, params = status_in_sql(status, NOON)
    told, at = status_told(NOON)
    with every_card.database.reading():
        judged = {card.id for card in every_one() if status_of(card, NOON) is status}
        for condition, given in ((holds, params), (f"{told} = ?", (*at, status.value))):
            rows = every_card.database.execute_sql(f"SELECT id FROM gift_card WHERE {condition}", given)
            assert {card for (card,) in rows.fetchall()} == judged


def test_every_card_has_one_status(every_card: Store) -> None:
    count: Callable[[Status], int] = lambda status: GiftCard.select().where(status_is(status, NOON)).count()  # noqa: E731
    with every_card.database.reading():
        assert sum(count(status) for status in Status) == GiftCard.select().count()


def test_the_run_collects_exactly_the_balances_that_are_due(every_card: Store) -> None:
    with every_card.database.reading():
        collected = {card.id for card in GiftCard.select().where(all_hold(BREAKAGE_DUE, NOON))}
        due = {card.id for card in every_one() if is_breakage_due(card, NOON)}
    assert collected == due
    assert due
