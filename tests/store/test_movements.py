"""What happened to what the desk owes, and when it counts: told again later, it is the same."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jobs.twins import arrive, leave, twin
from store.counter import BOTH, Counter, plain_sql

from models import desk
from models.jobs.expire import expire
from models.reports.movements import movements
from models.reports.pages import Reading
from models.rules.journal import Kind
from models.stopping import Stopped
from models.store import Store

ENGINES = BOTH
CUT_OFF = datetime(2026, 5, 28, 2, tzinfo=UTC)
"""When a card of a week, issued on 21 May in London, stops."""
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def told(store: Store, until: datetime = LATER, since: datetime | None = None) -> list[tuple[str, datetime, int]]:
    return [(each.kind.value, each.at, each.amount_minor) for each in movements(store, until, since)]


def test_a_balance_breaks_at_its_cut_off_though_the_run_comes_by_late(counter: Counter) -> None:
    """Until somebody books it, the breakage has no number; it counts from the same instant ever after."""
    card = counter.issued("week", 5000)
    bought = counter.clock.now()
    expected = [("issue", bought, 5000), ("breakage", CUT_OFF, -5000)]
    counter.at("2026-06-30")
    assert told(counter.store) == expected
    assert [each.number for each in movements(counter.store, LATER)] == [1, None]
    expire(counter.olaf)
    assert told(counter.store) == expected
    assert [each.number for each in movements(counter.store, LATER)] == [1, 2]
    assert [each.number for each in movements(counter.store, counter.clock.now())] == [1, None]
    assert told(counter.store, CUT_OFF) == expected[:1]
    assert told(counter.store, CUT_OFF + timedelta(microseconds=1), CUT_OFF) == expected[1:]
    assert counter.last(card).kind is Kind.BREAKAGE


def test_what_was_reactivated_before_the_run_came_by_was_broken_meanwhile(counter: Counter) -> None:
    """Though no activity ever says so: it was owed to nobody between its cut-off and the reactivation."""
    card = counter.issued("week", 5000)
    bought = counter.clock.now()
    counter.clock.at = CUT_OFF + timedelta(hours=3)
    before = told(counter.store, counter.clock.now())
    counter.wait(hours=1)
    assert desk.reactivate(counter.sam, card).done
    given_back = counter.clock.now()
    assert told(counter.store, given_back) == before == [("issue", bought, 5000), ("breakage", CUT_OFF, -5000)]
    assert told(counter.store, given_back + timedelta(days=1)) == [*before, ("reinstatement", given_back, 5000)]
    assert {each.number for each in movements(counter.store, given_back + timedelta(days=1))} == {1, None}


def test_a_load_on_a_card_past_its_cut_off_counts_by_itself(counter: Counter) -> None:
    """What was on it broke before, however late that is written down."""
    card = counter.issued("week", 5000)
    bought = counter.clock.now()
    counter.at("2026-06-30")
    assert desk.top_up(counter.mia, card, 700, is_goodwill=True).done
    loaded = counter.clock.now()
    expected = [("issue", bought, 5000), ("breakage", CUT_OFF, -5000), ("top_up", loaded, 700)]
    assert told(counter.store, loaded + timedelta(days=1)) == expected
    assert [each.is_goodwill for each in movements(counter.store, loaded + timedelta(days=1))] == [False, False, True]


def test_a_cancellation_takes_back_what_was_paid_and_what_was_given(counter: Counter) -> None:
    """What was given is spent first, so that who paid gets back what they paid."""
    card = counter.issued("half", 5000)
    assert desk.top_up(counter.mia, card, 1000, is_goodwill=True).done
    assert desk.redeem(counter.sam, card, 400).done
    assert desk.cancel(counter.sue, card, "order returned").done
    back = [each for each in movements(counter.store, LATER) if each.kind is Kind.CANCELLATION]
    assert [(each.is_goodwill, each.amount_minor) for each in back] == [(True, -600), (False, -5000)]


@pytest.mark.files
def test_what_an_import_brought_counts_when_it_came(counter: Counter, folder: Path) -> None:
    """However old its journal is: no figure from before it came is another one for it."""
    spent, _, _ = (counter.issued(product, 5000) for product in ("half", "forever", "week"))
    assert desk.redeem(counter.sam, spent, 4000).done
    leave(counter.mia, folder / "files")
    other = twin(counter.store, folder / "other" / "desk.db")
    counter.at("2026-07-21")
    assert arrive(other, folder / "files", is_commit=True).is_committed
    came = other.store.now()
    assert told(other.store, came) == []
    expected = [("imported", came, 1000), ("imported", came, 5000), ("imported", came, 5000), ("breakage", came, -5000)]
    assert told(other.store, came + timedelta(days=1)) == expected


@pytest.mark.files
def test_an_import_of_before_that_noted_no_cards_is_known_by_its_date(counter: Counter, folder: Path) -> None:
    """Older releases kept only when an import began: what it brought counts from then on."""
    counter.issued("forever", 5000)
    leave(counter.mia, folder / "files")
    other = twin(counter.store, folder / "other" / "desk.db")
    counter.at("2026-07-21")
    assert arrive(other, folder / "files", is_commit=True).is_committed
    with plain_sql(other.store.path, guarded=False) as sql:
        (after,) = sql.execute("SELECT after FROM audit WHERE subject = 'import:1'").fetchone()
        facts = {name: value for name, value in json.loads(after).items() if not name.endswith("_card")}
        assert len(facts) == len(json.loads(after)) - 2
        sql.execute("UPDATE audit SET after = ? WHERE subject = 'import:1'", (json.dumps(facts),))
    assert told(other.store) == [("imported", other.store.now(), 5000)]


def test_cards_that_do_not_add_up_are_left_out_and_counted(counter: Counter) -> None:
    """A figure that somebody slipped in is in none of ours."""
    counter.issued("half", 5000)
    spoiled = counter.issued("half", 700)
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE gift_card SET balance_minor = 900 WHERE id = ?", (spoiled,))
    reading = Reading()
    amounts = [each.amount_minor for each in movements(counter.store, LATER, reading=reading)]
    assert (amounts, reading.left_out) == ([5000, -5000], 1)


def test_a_long_reading_tells_how_far_it_is_and_can_be_stopped(counter: Counter) -> None:
    """Nobody has to wait for the end of what nobody wants any more."""
    counter.issued("half", 5000)
    heard: list[tuple[int, int]] = []
    list(movements(counter.store, LATER, reading=Reading(on_progress=lambda *how_far: heard.append(how_far))))
    assert heard == [(1, 1)]
    with pytest.raises(Stopped):
        list(movements(counter.store, LATER, reading=Reading(is_stopped=lambda: True)))
