"""Bulk work beside others: twelve who do the same, tills and the expiry run that go on meanwhile, and sudden ends.

The default run takes some hundred cards; the long proof fifty thousand, half of them expired, and tells how long:

    pytest tests/store/test_bulk_races.py -m slow -s
"""

import os
import random
import signal
import time
from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from store import bulk_wishes
from store.bulk_wishes import EXTENSION, HELD
from store.counter import BOTH, Counter
from store.crew import Crew, Job

from models import bulks, desk
from models.bulks import BulkReport, BulkState
from models.clock import Stopwatch
from models.jobs.own import import_own
from models.reports.catalogue import make_report
from models.reports.wishes import ReportWish
from models.rules import wording
from models.rules.validity import Period, ValidityRules

ENGINES = BOTH


def stock(counter: Counter, folder: Path, cards: int) -> None:
    """Bring in so many cards of one product, every second one past its last day and not yet booked as broken."""
    assert desk.set_product(counter.mia, "held", name="Held", rules=ValidityRules(period=Period(6, "months"))).done
    file = folder / "held.csv"
    today = counter.clock.at.date()
    days = (today - timedelta(days=20), today + timedelta(days=20))
    lines = (
        f"HELD{number:012},GBP,{10 + number % 40}.00,Held,2026-01-01T00:00:00Z,{days[number % 2]}\n"
        for number in range(cards)
    )
    file.write_text("code,currency,balance,product_name,active_from,last_day\n" + "".join(lines))
    report = import_own(counter.mia, [file], is_commit=True)
    assert report.refusal is None, report.refusal


Held = tuple[str | None, int]


def held(counter: Counter) -> dict[int, Held]:
    """The last day of every card of the bulk, and what can be spent of it."""
    now = int(counter.clock.at.timestamp() * 1_000_000)
    query = (
        "SELECT g.id, g.last_day_on, CASE WHEN g.cut_off_at <= ? THEN 0 ELSE g.balance_minor END FROM gift_card g "
        "JOIN product p ON p.id = g.product_id WHERE p.name = 'Held'"
    )
    with counter.store.database.reading():
        rows = counter.store.database.execute_sql(query, (now,)).fetchall()
    return {id_: (day, minor) for id_, day, minor in rows}


def liability(counter: Counter, at: datetime) -> list[Any]:
    """What was owed at an instant, as the report has it."""
    made = make_report(counter.store, "liability", ReportWish(at=at))
    return [(line.key, line.cells[:3]) for line in made.lines]


def entries(counter: Counter) -> Tally[int]:
    """How many activities of a bulk each card has."""
    query = "SELECT card_id FROM activity WHERE kind = 'expiry_changed'"
    with counter.store.database.reading():
        return Tally(card_id for (card_id,) in counter.store.database.execute_sql(query))


Deed = tuple[str, Callable[..., Any], tuple[Any, ...]]


def at_once(crew: Crew, counter: Counter, deeds: list[Deed]) -> list[Any]:
    """Everybody does theirs at the counter's instant."""
    at, place = counter.clock.at, counter.store.path
    return crew.at_once([Job(place, login, at, deed, given) for login, deed, given in deeds])


def work_beside(crew: Crew, counter: Counter, cards: list[int], deeds: int, batch: int) -> BulkReport:
    """A bulk of all these cards, the expiry run, and ten tills, at the same time; what came of the bulk."""
    live = [card for card, (_, minor) in held(counter).items() if minor]
    others = tuple(counter.issued("forever") for _ in range(5))
    talked_about = tuple(random.Random(7).sample(live, 20))
    counter.wait(minutes=1)
    seen = bulks.preview(counter.mia, EXTENSION, HELD)
    assert (seen.cards, seen.skipped) == (len(cards), ())
    at, owed = counter.clock.at, liability(counter, counter.clock.at)
    counter.wait(minutes=1)
    tills: list[Deed] = [
        ("sam", bulk_wishes.sell, (seed, others, talked_about, deeds)) for seed in range(crew.size - 2)
    ]
    begin: Deed = ("mia", bulk_wishes.begin, (batch, None))
    told = at_once(crew, counter, [begin, ("mia", bulk_wishes.run, (batch,)), *tills])
    assert all(each.done for each in told), [each.sentence for each in told if not each.done]
    report = bulks.report(counter.store, told[0].facts["bulk"])
    assert (report.done, report.left, report.skipped) == (len(cards), 0, ())
    assert report.money == tuple(replace(each, first_ids=()) for each in seen.money)
    assert {day for day, _ in held(counter).values()} == {"2027-12-31"}
    assert liability(counter, at) == owed
    return report


def undo_all(counter: Counter, report: BulkReport, before: dict[int, Held]) -> None:
    """An undo restores every card, and no figure of the past changes."""
    at, owed = counter.clock.at, liability(counter, counter.clock.at)
    counter.wait(minutes=1)
    undo = bulks.undo_bulk(counter.mia, report.id, "The wrong restaurant.")
    assert (undo.done, undo.skipped, undo.money) == (report.done, (), report.money)
    assert held(counter) == before
    assert liability(counter, at) == owed


def test_tills_and_the_expiry_run_go_on_beside_a_bulk(
    crew: Crew, counter: Counter, tmp_path: Path, engine: str
) -> None:
    """What was seen is what is done, nobody is refused, and an undo restores every card and every figure."""
    stock(counter, tmp_path, {"file": 300, "server": 100}[engine])
    before = held(counter)
    report = work_beside(crew, counter, sorted(before), deeds=4, batch=20)
    undo_all(counter, report, before)
    assert not counter.findings()


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_fifty_thousand_cards_beside_tills_and_the_expiry_run(crew: Crew, counter: Counter, tmp_path: Path) -> None:
    """The same at length, and how many cards a second that are."""
    cards = int(os.environ.get("GIFTDESK_TESTS_BULK", "50000"))
    stock(counter, tmp_path, cards)
    before = held(counter)
    watch = Stopwatch()
    report = work_beside(crew, counter, sorted(before), deeds=100, batch=500)
    beside = watch.seconds()
    undo_all(counter, report, before)
    print(f"{cards:,} cards: seen, changed and reported in {beside:.0f} s, undone by {watch.seconds():.0f} s")
    assert not counter.findings()


def bulk_of(counter: Counter, folder: Path, cards: int) -> int:
    """A bulk of so many cards that waits for a second person."""
    stock(counter, folder, cards)
    assert desk.set_policy(counter.mia, bulk_above=1).done
    report = bulks.begin_bulk(counter.mia, EXTENSION, HELD)
    assert report.state is BulkState.WAITING
    return report.id


def test_twelve_who_approve_carry_each_card_out_once(crew: Crew, counter: Counter, tmp_path: Path) -> None:
    """One of them approves; what twelve carry out and resume is done once on every card."""
    bulk = bulk_of(counter, tmp_path, 24)
    told = at_once(
        crew, counter, [("sue", bulk_wishes.approve, (bulk, f"key {number}")) for number in range(crew.size)]
    )
    assert sum(each.done for each in told) == 1
    assert {each.sentence for each in told if not each.done} <= {
        f"Sue decided about bulk {bulk} on {moment(counter)}: approved."
    }
    assert [*entries(counter).values()] == [1] * 24
    assert not counter.findings()


def moment(counter: Counter) -> str:
    return wording.moment(counter.clock.at, counter.store.business)


def test_one_key_from_twelve_places_begins_one_bulk(crew: Crew, counter: Counter, tmp_path: Path) -> None:
    """Every one of them is told the same; lists that were laid down beside it count for nothing."""
    stock(counter, tmp_path, 12)
    told = at_once(crew, counter, [("mia", bulk_wishes.begin, (3, "one key"))] * crew.size)
    assert {(each.done, each.facts["bulk"]) for each in told} == {(True, told[0].facts["bulk"])}
    assert [*entries(counter).values()] == [1] * 12
    states = Tally(each.state(counter.clock.at) for each in bulks.bulks(counter.store))
    assert states[BulkState.DONE] == 1
    assert set(states) <= {BulkState.DONE, BulkState.BROKEN_OFF}
    assert not counter.findings()


def test_approved_or_refused_is_one_of_the_two(crew: Crew, counter: Counter, tmp_path: Path) -> None:
    bulk = bulk_of(counter, tmp_path, 6)
    deeds: list[Deed] = [
        ("sue", bulk_wishes.approve if number % 2 else bulk_wishes.refuse, (bulk, f"key {number}"))
        for number in range(crew.size)
    ]
    told = at_once(crew, counter, deeds)
    assert sum(each.done for each in told) == 1
    is_approved = bulks.bulk_numbered(counter.store, bulk).decision == "approved"
    assert sum(entries(counter).values()) == (6 if is_approved else 0)
    assert not counter.findings()


def test_twelve_who_undo_put_each_card_back_once(crew: Crew, counter: Counter, tmp_path: Path) -> None:
    stock(counter, tmp_path, 12)
    before = held(counter)
    report = bulks.begin_bulk(counter.mia, EXTENSION, HELD)
    counter.wait(minutes=1)
    told = at_once(
        crew, counter, [("mia", bulk_wishes.undo, (report.id, f"key {number}")) for number in range(crew.size)]
    )
    assert sum(each.done for each in told) == 1
    assert held(counter) == before
    assert [*entries(counter).values()] == [2] * 12
    assert not counter.findings()


def test_a_bulk_that_is_killed_goes_on_where_it_was(counter: Counter, tmp_path: Path, engine: str) -> None:
    """At any instant: whoever resumes it does the rest, and no card twice; not even begun, it is begun anew."""
    if engine == "server":
        pytest.skip("a server's end of a cut connection is told in the stories of sudden ends")
    stock(counter, tmp_path, 60)
    dice = random.Random(11)
    for _ in range(4):
        child = os.fork()
        if child == 0:
            try:
                found = [each for each in bulks.bulks(counter.store) if each.state(counter.clock.at) is BulkState.BEGUN]
                if found:
                    bulk_wishes.resume(counter.mia, found[0].id)
                else:
                    bulk_wishes.begin(counter.mia, 3, None)
            finally:
                os._exit(0)
        time.sleep(dice.uniform(0.01, 0.12))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    for each in bulks.bulks(counter.store):
        if each.state(counter.clock.at) is BulkState.BEGUN:
            bulks.resume_bulk(counter.mia, each.id)
    if sum(entries(counter).values()) == 0:
        bulks.begin_bulk(counter.mia, EXTENSION, HELD)
    assert [*entries(counter).values()] == [1] * 60
    assert not counter.findings()
