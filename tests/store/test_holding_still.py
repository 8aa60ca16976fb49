"""Nobody decides by what somebody else is changing at the same moment: what is held while it is counted, in one order.

A file has one lock for everything; on a server each story would go wrong once in a great many times.
"""

from datetime import timedelta

import pytest
from store import wishes
from store.asking import LIN
from store.calling import opened
from store.counter import BOTH, Counter

from models import desk
from models.cards import LockedCard, lock_card
from models.desk import cases, judging, transferring
from models.engine import SHARED

ENGINES = BOTH


@pytest.fixture
def held(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """By which names something was held, in their order."""
    names, hold = list[str](), counter.store.database.hold

    def note(*held: str) -> None:
        names.extend(held)
        hold(*held)

    monkeypatch.setattr(counter.store.database, "hold", note)
    return names


@pytest.mark.usefixtures("thresholds")
def test_reactivations_of_one_holder_are_counted_one_after_the_other(
    counter: Counter, held: list[str], engine: str
) -> None:
    """Two colleagues with two cards of Lin's: the fourth in ninety days is asked for, whoever comes second."""
    card = counter.issued("week", recipient=LIN)
    nobodys = counter.issued("week")
    counter.clock.at = counter.sheet(card).cut_off_at or counter.clock.at
    holder = counter.sheet(card).holder
    assert holder is not None
    for each, names in ((card, [f"reactivations of customer {holder.id}"]), (nobodys, [])):
        held.clear()
        assert desk.reactivate(counter.sue, each).done
        assert [name for name in held if "reactivations" in name] == (names if engine == "server" else [])


def test_where_nothing_is_counted_nobody_waits(counter: Counter, held: list[str]) -> None:
    """The policy of a small shop has no such threshold."""
    card = counter.issued("week", recipient=LIN)
    counter.clock.at = counter.sheet(card).cut_off_at or counter.clock.at
    assert desk.reactivate(counter.sue, card).done
    assert not [name for name in held if "reactivations" in name]


def test_an_agent_opens_one_case_at_a_time(counter: Counter, held: list[str]) -> None:
    """In two windows of Mia's the same card: one case, in both."""
    opened(counter.mia, counter.issued())
    assert "cases of agent 1" in held


def test_an_intake_names_people_whom_nobody_changes_meanwhile(counter: Counter, held: list[str]) -> None:
    case = opened(counter.mia, counter.issued(recipient=LIN))
    held.clear()
    assert wishes.complete_intake(counter.mia, case, "once").done
    assert SHARED in held


def test_whoever_moves_money_locks_both_cards_in_one_order(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """There and back at the same moment: one waits for the other, and neither for ever."""
    one, other = counter.issued(), counter.issued()
    locked = list[int]()

    def lock(card: int) -> LockedCard:
        locked.append(card)
        return lock_card(card)

    monkeypatch.setattr(transferring, "lock_card", lock)
    for source, target in ((one, other), (other, one)):
        assert desk.transfer(counter.sue, source, target, 1000, reason="asked").done
    assert locked == [one, other] * 2


@pytest.mark.parametrize("module", [judging, cases])
def test_what_waited_for_a_card_happened_after_it_had_it(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, engine: str, module: object
) -> None:
    """A journal goes forward in time, however long each line had to wait; on a file nobody waits for a card alone."""
    card, began_at = counter.issued(), counter.clock.now()

    def wait(card: int) -> LockedCard:
        counter.wait(seconds=3)
        return lock_card(card)

    monkeypatch.setattr(module, "lock_card", wait)
    case = opened(counter.sam, card) if module is cases else None
    assert case is not None or desk.note(counter.sam, card, "called").done
    at = began_at + timedelta(seconds=3 if engine == "server" else 0)
    sql = "SELECT MAX(last_at) FROM support_case" if module is cases else "SELECT MAX(recorded_at) FROM activity"
    with counter.store.database.connected():
        (told,) = counter.store.database.execute_sql(sql).fetchone()
    assert told == int(at.timestamp() * 1_000_000)
