"""The runs are careful: they ask when something looks wrong, stop when told, and never overtake a till."""

from pathlib import Path

import pytest
from store.counter import PRODUCTS, Counter, furnish
from store.letterbox import Letterbox

from models import desk
from models.clock import FixedClock
from models.errors import Refused
from models.hand import Hand
from models.jobs import doubts
from models.jobs import expire as expiry
from models.jobs.breakages import Breakages, read_breakages, write_breakages
from models.jobs.expire import expire
from models.jobs.remind import remind
from models.rules.validity import Period
from models.store import open_store


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What holds for hundreds of cards is told with a few."""
    monkeypatch.setattr(expiry, "_BATCH", 2)
    monkeypatch.setattr(doubts, "JUST_A_FEW", 3)


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
    tried: list[object] = []

    def overtaken(found: Breakages) -> None:
        if not tried:
            tried.append(found)
            raise Refused("Somebody else changed this card at the same moment.")
        write_breakages(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(expiry, "write_breakages", overtaken)
        assert expire(counter.olaf).cards == 2
    assert [counter.kinds(card) for card in ids] == [["issue", "breakage"]] * 2
    assert not counter.findings()


def test_sealed_before_the_lock_it_is_written_only_on_what_was_read(counter: Counter) -> None:
    """A card that moved on meanwhile refuses the whole batch, and nothing of it is saved."""
    cards = issue(counter, 2)
    counter.at("2026-06-28T09:30")
    store = counter.store
    with store.database.reading():
        found = read_breakages(store.database, Hand(store.keys, store.business, store.now(), 1, "run"), cards)
    assert len(found.broken) == 2
    desk.note(counter.sam, cards[1], "I was quicker.")
    with pytest.raises(Refused, match="Somebody else changed this card"), store.database.writing():
        write_breakages(found)
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


def test_nobody_is_written_to_by_a_clock_that_jumped_ahead(folder: Path, clock: FixedClock) -> None:
    """A letter can't be called back: with one due, somebody must be sure of the date that decides about it."""
    counter = Counter(open_store(furnish(folder / "real.db", is_sandbox=False), clock), clock)
    assert desk.set_product(counter.mia, "week", rules=PRODUCTS["week"], reminders=[Period(1, "days")]).done
    counter.issued("week", recipient=desk.PersonGiven("Lin", "lin@example.org"))
    box = Letterbox()
    counter.at("2026-05-25T09:00")
    assert remind(counter.olaf, box).sent == 0
    counter.at("2026-05-27T09:30")
    with pytest.raises(Refused, match=r"The clock is 2 days ahead of the last record.*add --yes"):
        remind(counter.olaf, box)
    assert remind(counter.olaf, None, is_dry_run=True).doubt is not None
    assert remind(counter.olaf, box, is_sure=True).sent == 1


def test_most_of_the_desk_in_one_night_is_asked_about(counter: Counter) -> None:
    """A dry run tells it, and only somebody who is sure goes on."""
    issue(counter, 4)
    counter.at("2026-06-28T09:30")
    doubt = (
        "4 of 4 live balances would expire, more than one in 20 and more than three usual days' worth (in the last 30 "
        "days it was 0 in all): check the clock and what was imported."
    )
    assert expire(counter.olaf, is_dry_run=True).doubts == (doubt,)
    with pytest.raises(Refused, match=r"4 of 4 live balances .* Nothing was changed"):
        expire(counter.olaf)
    assert expire(counter.olaf, is_sure=True).cards == 4


def test_just_a_few_are_never_asked_about(counter: Counter) -> None:
    """All three cards of a small desk stop in one night, and nobody is woken."""
    issue(counter, 3)
    counter.at("2026-06-28T09:30")
    assert expire(counter.olaf).cards == 3


def seasoned(counter: Counter, forever: int) -> None:
    """A desk on which forty balances broke in the last month, with some more that live for ever."""
    issue(counter, forever, "forever")
    issue(counter, 40)
    counter.at("2026-05-29T09:30")
    expire(counter.olaf, is_sure=True)


def test_more_than_one_in_twenty_is_asked_about(counter: Counter) -> None:
    """Though as many broke on other days: four of 79 live balances ask, four of 80 do not."""
    seasoned(counter, 75)
    issue(counter, 4)
    counter.at("2026-06-08T09:30")
    (doubt,) = expire(counter.olaf, is_dry_run=True).doubts
    assert doubt == "4 of 79 live balances would expire, more than one in 20: check the clock and what was imported."
    issue(counter, 1, "forever")
    assert expire(counter.olaf).cards == 4


def test_more_than_three_usual_days_are_asked_about(counter: Counter) -> None:
    """Though there are plenty of others: three times the daily mean of 40 in a month is 4, and the fifth asks."""
    seasoned(counter, 96)
    issue(counter, 5)
    counter.at("2026-06-08T09:30")
    (doubt,) = expire(counter.olaf, is_dry_run=True).doubts
    assert doubt == (
        "5 of 101 live balances would expire, more than three usual days' worth (in the last 30 days it was 40 in "
        "all): check the clock and what was imported."
    )
    assert expire(counter.olaf, is_sure=True).cards == 5


def test_four_of_many_are_a_usual_night(counter: Counter) -> None:
    """Neither more than one in twenty nor more than three usual days' worth; a month later it is."""
    seasoned(counter, 96)
    issue(counter, 4)
    counter.at("2026-06-08T09:30")
    assert expire(counter.olaf, is_dry_run=True).doubts == ()
    counter.at("2026-07-08T09:30")
    assert "in the last 30 days it was 0 in all" in str(expire(counter.olaf, is_dry_run=True).doubts)
