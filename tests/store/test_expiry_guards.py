"""The expiry run is careful: it asks when something looks wrong, stops when told, and never overtakes a till."""

from pathlib import Path

import pytest
from store.counter import Counter, furnish

from models import desk
from models.cards import look_at_cards
from models.clock import FixedClock
from models.errors import Refused
from models.hand import Hand
from models.jobs import expire as expiry
from models.jobs.expire import expire
from models.ledger import SealedAppends, sealed_appends, write_appends
from models.rules.journal import Entry, Kind
from models.store import open_store


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What holds for hundreds of cards is told with a few."""
    monkeypatch.setattr(expiry, "_BATCH", 2)
    monkeypatch.setattr(expiry, "_JUST_A_FEW", 3)


def issue(counter: Counter, count: int, product: str = "week") -> list[int]:
    return [counter.issued(product) for _ in range(count)]


def test_the_run_stops_between_two_batches(counter: Counter) -> None:
    """What was booked is whole and saved; another run books the rest."""
    issue(counter, 3)
    counter.at("2026-06-28T09:30")
    asked = iter([False, True])
    report = expire(counter.olaf, is_stopped=lambda: next(asked))
    assert (report.cards, report.left) == (2, 1)
    assert not counter.findings()
    rest = expire(counter.olaf)
    assert (rest.cards, rest.left) == (1, None)


def test_a_till_that_is_quicker_keeps_what_it_did(counter: Counter) -> None:
    """While a batch was read and sealed, somebody changed one of its cards: it is read again, and nothing is lost."""
    ids = issue(counter, 2)
    counter.at("2026-06-28T09:30")
    tried = []

    def overtaken(hand: Hand, new: SealedAppends) -> None:
        if not tried:
            tried.append(hand)
            raise Refused("Somebody else changed this card at the same moment.")
        write_appends(hand, new)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(expiry, "write_appends", overtaken)
        assert expire(counter.olaf).cards == 2
    assert [counter.kinds(card) for card in ids] == [["issue", "breakage"]] * 2
    assert not counter.findings()


def test_sealed_before_the_lock_it_is_written_only_on_what_was_read(counter: Counter) -> None:
    """A card that moved on meanwhile refuses the whole batch, and nothing of it is saved."""
    cards = issue(counter, 2)
    store = counter.store
    with store.database.reading():
        hand = Hand(store.keys, store.business, store.now(), 1, "run")
        sealed = sealed_appends(hand, [(card, [Entry(Kind.NOTE, hand.at, text="x")]) for card in look_at_cards(cards)])
    desk.note(counter.sam, cards[1], "I was quicker.")
    with pytest.raises(Refused, match="Somebody else changed this card"), store.database.writing():
        write_appends(hand, sealed)
    assert [counter.kinds(card) for card in cards] == [["issue"], ["issue", "note"]]
    assert not counter.findings()


def test_a_clock_that_jumped_ahead_is_asked_about(folder: Path, clock: FixedClock) -> None:
    """Two days after the last record nobody knows whether the clock or the desk stood still: somebody must be sure."""
    counter = Counter(open_store(furnish(folder / "real.db", is_sandbox=False), clock), clock)
    card = counter.issued("week")
    counter.at("2026-06-28T09:30")
    with pytest.raises(Refused, match=r"The clock is 37 days ahead of the last record.*add --yes"):
        expire(counter.olaf)
    assert counter.kinds(card) == ["issue"]
    assert expire(counter.olaf, is_dry_run=True).doubts == (
        "The clock is 37 days ahead of the last record: check that it is right.",
    )
    assert expire(counter.olaf, is_sure=True).cards == 1
    counter.wait(hours=36)
    assert expire(counter.olaf).doubts == ()


def test_far_more_balances_than_usual_are_asked_about(counter: Counter) -> None:
    """Most of the desk would expire in one night: a dry run tells, and only somebody who is sure goes on."""
    issue(counter, 4)
    counter.at("2026-06-28T09:30")
    doubt = (
        "4 of 4 live balances would expire, and in the last 30 days it was 0: check the clock and what was imported."
    )
    assert expire(counter.olaf, is_dry_run=True).doubts == (doubt,)
    with pytest.raises(Refused, match=r"4 of 4 live balances .* Nothing was changed"):
        expire(counter.olaf)
    assert expire(counter.olaf, is_sure=True).cards == 4


def test_a_few_of_many_are_a_usual_night(counter: Counter) -> None:
    """One in twenty of the balances asks nothing; one more does."""
    issue(counter, 76, "forever")
    issue(counter, 5)
    counter.at("2026-06-28T09:30")
    assert "5 of 81" in str(expire(counter.olaf, is_dry_run=True).doubts)
    issue(counter, 19, "forever")
    assert expire(counter.olaf).doubts == ()


def test_as_many_as_on_other_nights_ask_nothing(counter: Counter) -> None:
    """Up to three times of what a day of the last month brought."""
    issue(counter, 40)
    counter.at("2026-05-29T09:30")
    expire(counter.olaf, is_sure=True)
    issue(counter, 4)
    counter.at("2026-06-08T09:30")
    assert expire(counter.olaf, is_dry_run=True).doubts == ()
    counter.at("2026-07-08T09:30")
    assert "in the last 30 days it was 0" in str(expire(counter.olaf, is_dry_run=True).doubts)
