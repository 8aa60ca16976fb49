"""What is written is looked at again before it is saved: a write that does not add up is refused, whatever spoiled it.

Each story breaks the desk itself: what it writes of a card, or the judgement that comes before.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from store.counter import BOTH, Counter

from models import desk, ledger
from models.cards import LockedCard
from models.desk import spending, transferring
from models.errors import Fault
from models.hand import Hand
from models.rules.journal import Entry, Kind
from models.schema import GiftCard
from models.unit import Outcome

ENGINES = BOTH

Rows = list[tuple[Any, ...]]
Spoil = Callable[[Rows], Rows]


def another_amount(rows: Rows) -> Rows:
    """The activity takes less than the card's balance says."""
    return [changed(row, "amount_minor", -1) for row in rows]


def no_activity(rows: Rows) -> Rows:
    """The balance goes down for no activity."""
    return rows[1:]


def another_number(rows: Rows) -> Rows:
    """The activity leaves out a number."""
    return [changed(row, "number", row[ledger.SEALED.index("number")] + 1) for row in rows]


def one_more(rows: Rows) -> Rows:
    """An activity comes along that nobody did, though it moves nothing."""
    return [*rows, changed(changed(rows[0], "number", 3), "amount_minor", 0)]


def changed(row: tuple[Any, ...], column: str, value: object) -> tuple[Any, ...]:
    place = ledger.SEALED.index(column)
    return (*row[:place], value, *row[place + 1 :])


def refused(counter: Counter, wish: Callable[[], Outcome], cards: list[int]) -> str:
    """Why a wish would not add up; it changed nothing."""
    before = [counter.kinds(card) for card in cards]
    with pytest.raises(Fault) as caught:
        wish()
    assert [counter.kinds(card) for card in cards] == before
    assert not counter.findings()
    return caught.value.sentence


@pytest.mark.parametrize("spoil", [another_amount, no_activity, another_number, one_more])
def test_activities_that_do_not_come_to_the_balance_are_refused(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, spoil: Spoil
) -> None:
    """The journal and the card belong together, or neither is saved."""
    card, write_down = counter.issued(), ledger._write_down
    monkeypatch.setattr(ledger, "_write_down", lambda rows, texts: write_down(spoil(list(rows)), texts))
    told = refused(counter, lambda: desk.redeem(counter.mia, card, 1000, intent="once"), [card])
    assert told == (
        "This would not add up (activity 2: the card does not hold what its activities come to), so nothing was "
        "changed. Hand the card over to Payments Support."
    )
    monkeypatch.undo()
    assert not desk.redeem(counter.mia, card, 1000, intent="once").repeated


def test_a_balance_that_something_else_changes_is_refused(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be it a trigger that somebody left in the database: what lies there in the end is looked at."""
    card, project = counter.issued(), ledger._project

    def project_more(hand: Hand, before: LockedCard, after: LockedCard) -> None:
        project(hand, before, after)
        GiftCard.update(balance_minor=GiftCard.balance_minor + 1).where(GiftCard.id == card).execute()

    monkeypatch.setattr(ledger, "_project", project_more)
    assert "does not hold what" in refused(counter, lambda: desk.redeem(counter.mia, card, 1000), [card])


def test_more_than_what_left_one_card_comes_to_no_other(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both cards add up, each for itself; the two together would not."""
    source, target = counter.issued(), counter.issued()

    def append_more(hand: Hand, card: LockedCard, entry: Entry) -> LockedCard:
        more = int(entry.kind is Kind.TRANSFER_IN)
        return ledger.append(hand, card, Entry(entry.kind, entry.effective_at, entry.amount_minor + more))

    monkeypatch.setattr(transferring, "append", append_more)
    told = refused(
        counter, lambda: desk.transfer(counter.mia, source, target, 1000, reason="wrong card"), [source, target]
    )
    assert "what came is not what went" in told


def test_what_the_rules_of_money_forbid_is_refused_whatever_was_judged(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody spends what is not on the card, though every check before it should have been passed."""
    card = counter.issued()
    monkeypatch.setattr(spending, "judge", lambda *_facts: SimpleNamespace(passes=True))
    told = refused(counter, lambda: desk.redeem(counter.mia, card, 5001), [card])
    assert "redemption takes more than the balance" in told
