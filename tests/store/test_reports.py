"""What the accountant closes the month with: each figure comes to the last penny, opens to its cards, and stays."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import combinations, product
from pathlib import Path

import pytest
from jobs.twins import arrive, leave, twin
from store.counter import BOTH, Counter, plain_sql
from store.letterbox import Letterbox
from store.reminded import LIN, TWO_DAYS_BEFORE, run, scheduled

from models import desk
from models.bulks import BySearch, begin_bulk, undo_bulk
from models.errors import Refused
from models.jobs.expire import expire
from models.reports.catalogue import REPORTS, cards_behind, make_report
from models.reports.files import as_json, write_csv
from models.reports.tables import Report, Unit
from models.reports.wishes import ReportWish, read_wish
from models.rules.bulk import BulkKind, BulkWish
from models.rules.errors import BadDate
from models.rules.money import parse_amount

ENGINES = BOTH
MAY = "2026-05-21"


def lines(report: Report) -> list[tuple[object, ...]]:
    return [line.cells for line in report.lines]


def on(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def told(counter: Counter, name: str, **wish: object) -> Report:
    return make_report(counter.store, name, ReportWish(**wish))  # type: ignore[arg-type]


@pytest.fixture
def busy(counter: Counter) -> Counter:
    """From May to July 2026: sold, given, spent, refunded, broken late, given back, moved, adjusted and cancelled."""
    spent, week, paid, moved, ended = (counter.issued(each) for each in ("half", "week", "half", "forever", "summer"))
    counter.issued("week", 300, is_goodwill=True)
    counter.issued("forever", 800, currency="EUR")
    counter.wait(days=1)
    assert desk.redeem(counter.sam, spent, 1200).done
    assert desk.refund(counter.sue, spent, 200, of_number=2).done
    counter.at("2026-05-28T05:00")
    assert desk.reactivate(counter.sam, week).done
    counter.wait(days=1)
    assert desk.redeem(counter.sam, week, 700).done
    counter.at("2026-06-20T12:00")
    expire(counter.olaf)
    assert desk.transfer(counter.sue, moved, paid, 4000, reason="wrong card").done
    assert desk.cancel(counter.sue, ended, "returned").done
    escalation = desk.escalate(counter.sam, paid, desk.Escalation.WRONG_BALANCE, "till says less").facts["escalation"]
    counter.at("2026-07-02T12:00")
    assert desk.adjust(counter.pat, paid, -100, escalation, "till was down").done
    assert desk.top_up(counter.mia, week, 2500).done
    return counter


def test_the_liability_is_told_by_product_and_age(busy: Counter) -> None:
    """The age of a balance is counted from the latest load; the sum is told for each currency by itself."""
    report = told(busy, "liability")
    assert lines(report) == [
        ("Forever", 1, 800, 0, 800, 0, 0, 0),
        ("Forever", 1, 1000, 0, 1000, 0, 0, 0),
        ("Half", 2, 12900, 0, 12900, 0, 0, 0),
        ("Week", 1, 2500, 2500, 0, 0, 0, 0),
    ]
    assert [(line.currency, *line.cells[:3]) for line in report.totals] == [
        ("EUR", "Total", 1, 800),
        ("GBP", "Total", 4, 16400),
    ]


def test_a_roll_forward_leads_from_the_opening_to_the_closing(busy: Counter) -> None:
    """Every step of June, to the penny."""
    report = told(busy, "roll-forward")
    assert [(line.cells[0], line.cells[2]) for line in report.lines if line.currency == "GBP"] == [
        ("Opening", 23300),
        ("Sold", 0),
        ("Given as goodwill", 0),
        ("Redeemed", 0),
        ("Refunded", 0),
        ("Broken", -4300),
        ("Given back", 0),
        ("Moved", 0),
        ("Cancelled", -5000),
        ("Adjusted", 0),
        ("Brought in", 0),
    ]
    assert [(line.currency, line.cells[2]) for line in report.totals] == [("EUR", 800), ("GBP", 14000)]
    assert (report.series[1].labels[0], report.series[1].values[0]) == ("2026-06-01", 23300)
    assert (report.series[1].labels[-1], report.series[1].values[-1]) == ("2026-06-30", 14000)


def test_between_any_two_instants_the_opening_and_all_steps_are_the_closing(busy: Counter) -> None:
    """And the closing is the liability of that instant."""
    instants = [on(f"2026-{text}") for text in ("05-20", "05-21T12:00", "05-28T02:00", "06-04T03:00", "07-02T12:00")]
    for since, until in combinations(instants, 2):
        report = told(busy, "roll-forward", since=since + timedelta(microseconds=1), until=until)
        owed = {line.currency: line.cells[2] for line in told(busy, "liability", at=until).totals}
        for total in report.totals:
            steps = [line.cells[2] for line in report.lines if line.currency == total.currency]
            assert sum(each for each in steps if isinstance(each, int)) == total.cells[2]
            assert total.cells[2] == owed.get(total.currency, 0)


def test_a_figure_of_the_past_stays_what_it_was(busy: Counter) -> None:
    """After later writes, late runs and an import: asked again for the same time, every report is the same."""
    at = busy.clock.now()
    wishes: Mapping[str, ReportWish] = {
        name: ReportWish(at=at) if "at" in kind.parameters else ReportWish(since=on(MAY), until=at)
        for name, kind in REPORTS.items()
        if name != "expiring"
    }
    before = {name: make_report(busy.store, name, wish) for name, wish in wishes.items()}
    busy.wait(days=90)
    expire(busy.olaf)
    for card in range(1, 6):
        desk.top_up(busy.mia, card, 1000)
        desk.redeem(busy.sam, card, 300)
        desk.reactivate(busy.sam, card)
    assert {name: make_report(busy.store, name, wish) for name, wish in wishes.items()} == before


@pytest.mark.files
def test_what_an_import_brings_changes_no_figure_from_before(busy: Counter, tmp_path: Path) -> None:
    """It is brought in when it comes, whatever its own days; what is past its cut-off by then breaks at once."""
    leave(busy.mia, tmp_path / "files")
    other = twin(busy.store, tmp_path / "other" / "desk.db")
    busy.wait(days=40)
    at = busy.clock.now()
    busy.wait(hours=1)
    assert arrive(other, tmp_path / "files", is_commit=True).is_committed
    assert make_report(other.store, "liability", ReportWish(at=at)).lines == ()
    report = make_report(other.store, "roll-forward", ReportWish(since=at))
    assert [line.cells[::2] for line in report.lines if line.currency == "GBP" and line.cells[2]] == [
        ("Broken", -2500),
        ("Brought in", 16400),
    ]
    assert make_report(other.store, "sales", ReportWish(since=on(MAY))).lines == ()


def test_breakage_counts_in_the_month_of_the_cut_off(busy: Counter) -> None:
    """A late run moves nothing into another month; what is given back stays in the month in which it was."""
    assert lines(told(busy, "breakage")) == [
        ("2026-05", "Week", 2, 5300, 5000, 300),
        ("2026-06", "Week", 1, 4300, 0, 4300),
    ]


def test_what_was_sold_and_spent_month_by_month(busy: Counter) -> None:
    """Goodwill is no sale, and what was refunded stands by itself."""
    report = told(busy, "sales")
    assert lines(report) == [
        ("2026-05", 1, 800, 0, 0, 0),
        ("2026-05", 6, 25000, 300, 1900, 200),
        ("2026-07", 1, 2500, 0, 0, 0),
    ]
    assert report.series[-1].labels[-3:] == ("2026-05", "2026-06", "2026-07")
    assert report.series[-1].values[-3:] == (1900, 0, 0)


@pytest.mark.files
def test_what_was_spent_of_what_was_given_back(busy: Counter) -> None:
    """Who gave it back, on which ground, and how much of it came to a till."""
    assert lines(told(busy, "reactivations")) == [("sam", "recently expired", 1, 1, 5000, 700)]


@pytest.mark.files
def test_what_is_spent_is_told_of_the_latest_reactivation_alone(counter: Counter) -> None:
    """The run came by neither time: what came back again is no more of what came back first."""
    card = counter.issued("week")
    for when, giver in (("2026-05-28T05:00", counter.sam), ("2026-06-05T05:00", counter.mia)):
        counter.at(when)
        assert desk.reactivate(giver, card).done
        assert desk.redeem(counter.sam, card, 700).done
    assert lines(told(counter, "reactivations")) == [
        ("mia", "recently expired", 1, 1, 4300, 700),
        ("sam", "recently expired", 1, 1, 5000, 700),
    ]


@pytest.mark.files
def test_a_hold_that_was_lifted_gives_nothing_back(counter: Counter) -> None:
    """What is spent behind it is still of what came back before."""
    card = counter.issued("week")
    counter.at("2026-05-28T05:00")
    assert desk.reactivate(counter.sam, card).done
    assert desk.suspend(counter.sue, card, "lost").done
    counter.wait(hours=1)
    assert desk.reactivate(counter.mia, card, reason="found").done
    assert desk.redeem(counter.sam, card, 700).done
    assert lines(told(counter, "reactivations")) == [
        ("mia", "lift", 1, 1, 0, 0),
        ("sam", "recently expired", 1, 1, 5000, 700),
    ]


def test_what_followed_a_reminder(counter: Counter) -> None:
    """One is spent after it, one expires."""
    scheduled(counter)
    one, _ = (counter.issued("week", recipient=LIN) for _ in range(2))
    counter.at(TWO_DAYS_BEFORE)
    run(counter, Letterbox())
    counter.wait(hours=2)
    assert desk.redeem(counter.sam, one, 4000).done
    counter.wait(days=7)
    assert lines(told(counter, "reminders")) == [("2026-05", "Week", 2, 1, 4000, 0, 2, 6000)]


def test_what_expires_in_the_next_weeks(counter: Counter) -> None:
    """By the week of the last day, with the reminders that go; a balance that is spent meanwhile is none of it."""
    scheduled(counter)
    counter.issued("week", 700, recipient=LIN)
    counter.issued("week", 900)
    counter.issued("summer", 5000, recipient=LIN)
    counter.issued("forever", 5000)
    report = told(counter, "expiring")
    assert lines(report) == [("2026-05-21", 2, 1600, 2, 1)]
    assert told(counter, "expiring", at=counter.clock.now() + timedelta(days=60)).lines[0].cells == (
        "2026-08-31",
        1,
        5000,
        0,
        0,
    )
    with pytest.raises(BadDate):
        told(counter, "expiring", at=counter.clock.now() - timedelta(days=1))


def test_each_figure_opens_down_to_its_cards(busy: Counter) -> None:
    """As many as it counts, each with what it has in the figure."""
    for name in ("liability", "roll-forward", "breakage", "sales", "reactivations"):
        report = told(busy, name)
        for line, place in product(report.lines, range(len(report.columns))):
            column, value = report.columns[place], line.cells[place]
            is_asked = column.unit is not Unit.TEXT and value
            behind = cards_behind(busy.store, name, ReportWish(), f"{line.key}/{column.name}") if is_asked else None
            if behind is not None and column.name == "cards":
                assert len(behind.lines) == value
            elif behind is not None and column.unit is Unit.MONEY:
                amounts = [(each.remark or "").split()[0] for each in behind.lines]
                assert sum(parse_amount(amount, "GBP") for amount in amounts) == value


@pytest.mark.files
def test_the_cards_behind_a_figure_come_page_by_page(busy: Counter) -> None:
    """Each page says where the next one begins, and the last one that it is the last."""
    first = cards_behind(busy.store, "liability", ReportWish(), "half:GBP", limit=1)
    second = cards_behind(busy.store, "liability", ReportWish(), "half:GBP", first.next, limit=1)
    assert [(line.card_id, line.remark) for line in (*first.lines, *second.lines)] == [
        (1, "40.00 GBP"),
        (3, "89.00 GBP"),
    ]
    assert (first.next, second.next) == (1, None)


def owed(counter: Counter) -> dict[object, object]:
    return {line.cells[0]: line.cells[2] for line in told(counter, "liability").lines}


def steps(report: Report) -> list[tuple[object, object]]:
    return [(line.cells[0], line.cells[2]) for line in report.lines if line.cells[2]]


def test_bulk_work_and_its_undoing_stay_in_the_books(counter: Counter) -> None:
    """An extension gives back in its month, a change of product moves what is owed, and undoing either is told when it
    was undone: the reports of the month before stay what they were."""
    for sold_as, amount in (("half", 4000), ("week", 3000), ("week", 500)):
        counter.issued(sold_as, amount)
    counter.at("2026-06-10T09:00")
    all_cards = BySearch("status:active,expired")
    extension = BulkWish(BulkKind.EXTEND, "Leeds is closed.", until=date(2026, 12, 31))
    extended = begin_bulk(counter.mia, extension, all_cards)
    assert owed(counter) == {"Half": 4000, "Week": 3500}
    counter.at("2026-07-10T09:00")
    june = told(counter, "roll-forward")
    assert undo_bulk(counter.mia, extended.id, "It has opened again.").done == 3
    assert owed(counter) == {"Half": 4000}
    change = BulkWish(BulkKind.CHANGE_PRODUCT, "One rule for all.", product="week")
    changed = begin_bulk(counter.mia, change, BySearch("status:active"))
    assert (changed.done, owed(counter)) == (1, {"Week": 4000})
    july = on("2026-06-30T23:00")
    assert steps(told(counter, "roll-forward", since=july)) == [("Opening", 7500), ("Broken", -3500)]
    assert steps(told(counter, "roll-forward", since=july, product="half")) == [("Opening", 4000), ("Moved", -4000)]
    counter.wait(hours=1)
    assert undo_bulk(counter.mia, changed.id, "It was a mistake.").done == 1
    assert owed(counter) == {"Half": 4000}
    assert told(counter, "roll-forward", since=june.since, until=june.at) == june
    assert [line.cells[0::3] for line in told(counter, "breakage").lines] == [
        ("2026-05", 3500),
        ("2026-06", 0),
        ("2026-07", 3500),
    ]


@pytest.mark.files
def test_of_one_product_alone(busy: Counter) -> None:
    """And of one that is not there, nothing but a sentence."""
    assert {line.cells[0] for line in told(busy, "liability", product="week").lines} == {"Week"}
    with pytest.raises(Refused, match="There is no product 'wek'"):
        told(busy, "liability", product="wek")


def test_no_figure_has_a_card_that_does_not_add_up(busy: Counter) -> None:
    """It is counted beside them."""
    with plain_sql(busy.store.path, guarded=False) as sql:
        sql.execute("UPDATE activity SET amount_minor = amount_minor + 1 WHERE card_id = 3 AND number = 1")
    report = told(busy, "liability")
    assert (report.left_out, report.lines[2].cells[:3]) == (1, ("Half", 1, 4000))


@pytest.mark.files
def test_what_is_still_to_come_is_not_told(counter: Counter) -> None:
    """A wish is read like the time line's: a date alone is all of that day."""
    kind, now, business = REPORTS["roll-forward"], counter.clock.now(), counter.store.business
    wish = read_wish(kind.parameters, "", "2026-04-01", "2026-04-30", "", now, business)
    assert (wish.since, wish.until) == (on("2026-03-31T23:00"), on("2026-04-30T22:59:59.999999"))
    assert read_wish(kind.parameters, "", "", "today", "half", now, business) == ReportWish(until=now, product="half")
    for late in ({"until": now + timedelta(days=1)}, {"since": now, "until": now - timedelta(days=1)}):
        with pytest.raises(BadDate):
            told(counter, "roll-forward", **late)
    with pytest.raises(BadDate, match="takes no 'at'"):
        read_wish(kind.parameters, "today", "", "", "", now, business)


@pytest.mark.files
def test_a_report_goes_into_files(busy: Counter) -> None:
    """Money with a point and its currency beside it for a spreadsheet, minor units for programs."""
    report, file = told(busy, "breakage"), StringIO()
    write_csv(report, file)
    assert file.getvalue().splitlines() == [
        "month,product,cards,broken,given_back,kept,currency",
        "2026-05,Week,2,53.00,50.00,3.00,GBP",
        "2026-06,Week,1,43.00,0.00,43.00,GBP",
    ]
    assert as_json(report)["lines"][0] == {
        "key": "2026-05:week:GBP",
        "currency": "GBP",
        "month": "2026-05",
        "product": "Week",
        "cards": 2,
        "broken_minor": 5300,
        "given_back_minor": 5000,
        "kept_minor": 300,
    }
