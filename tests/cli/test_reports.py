"""What the accountant asks at the command line: a table, a plot, a spreadsheet, and the cards behind a figure."""

from pathlib import Path

import pytest
from cli.clerk import LATER, NOON, Clerk
from store.counter import plain_sql

from models.reports import pages
from models.reports.catalogue import REPORTS
from models.stopping import Stopped
from tui.console.report_grammar import AT, PERIOD


@pytest.fixture
def sold(clerk: Clerk) -> Clerk:
    """Two cards, one of which was spent in part; the other's half year is over."""
    spent = clerk.issues("50.00")
    clerk.issues("1020.00")
    clerk.does("redeem", spent, "--amount", "12.50")
    clerk.does("top-up", spent, "--amount", "1.00")
    clerk.now = LATER
    return clerk


def test_every_report_can_be_asked_for(clerk: Clerk) -> None:
    """The commands are the reports that there are, with what each can be asked with."""
    assert {*AT, *PERIOD} == set(REPORTS)
    assert {name for name, kind in REPORTS.items() if "at" in kind.parameters} == set(AT)
    assert [line.split()[0] for line in clerk.does("report", "list").splitlines()] == list(REPORTS)
    for name in REPORTS:
        assert clerk.asks("report", name)["report"] == name


def test_a_report_is_a_table_that_can_be_drawn(sold: Clerk) -> None:
    """How it was counted above, each currency by itself, figures with their thousands apart."""
    sold.now = NOON
    told = sold.does("report", "liability", "--plot").splitlines()
    assert told[0] == "Liability, as of 21 May 2026 13:00"
    assert told[3:7] == [
        "GBP",
        "Product    Cards      Owed      0-30  31-60  61-90  91-365  over 365",
        "Half year      2  1,058.50  1,058.50   0.00   0.00    0.00      0.00",
        "Total          2  1,058.50  1,058.50   0.00   0.00    0.00      0.00",
    ]
    assert told[8] == "Owed by days since the latest load, GBP"
    assert told[-1].startswith("0-30")


def test_a_month_is_closed(sold: Clerk) -> None:
    """From the first day to the last one; each figure opens to its cards, with what they have in it."""
    words = ("report", "roll-forward", "--since", "1 November 2026", "--until", "2026-11-21")
    assert sold.does(*words).splitlines()[0] == "Roll-forward, 1 Nov 2026 00:00 to 21 Nov 2026 14:02"
    lines = sold.asks(*words)["lines"]
    assert [(line["key"], line["amount_minor"]) for line in lines if line["amount_minor"]] == [
        ("opening:GBP", 105_850),
        ("broken:GBP", -105_850),
    ]
    behind = sold.asks(*words, "--cards", "broken:GBP/amount", "--limit", "1")
    assert [line["remark"] for line in behind["cards"]] == ["-38.50 GBP"]
    assert behind["next"] == 1
    assert sold.does(*words, "--cards", "broken:GBP", "--after", "1").split()[-2:] == ["-1020.00", "GBP"]
    assert "No card is behind 'sold:GBP'" in sold.is_refused(*words, "--cards", "sold:GBP")


def test_a_report_goes_into_a_spreadsheet(sold: Clerk, tmp_path: Path) -> None:
    """To a file or to standard output; a file of another kind is left alone."""
    sold.does("product", "set", "half", "--name", "=1+1")
    expected = ["product,cards,owed,days_0_30,days_31_60,days_61_90,days_91_365,days_over_365,currency"]
    expected.append("'=1+1,2,1058.50,1058.50,0.00,0.00,0.00,0.00,GBP")
    words = ("report", "liability", "--at", "21 May 2026", "--csv")
    assert sold.does(*words, "-").splitlines() == expected
    file = tmp_path / "liability.csv"
    assert sold.does(*words, str(file)) == f"1 line written to {file}.\n"
    assert file.read_text(encoding="utf-8").splitlines() == expected
    file.write_text("Dear diary", encoding="utf-8")
    assert "is no earlier export" in sold.is_refused(*words, str(file), code=66)


def test_what_can_not_be_asked_is_told_in_a_sentence(clerk: Clerk) -> None:
    """What is still to come, what is over, what is no date, and a product that is not there."""
    assert "still to come" in clerk.is_refused("report", "liability", "--at", "2027-01-01", code=2)
    assert "That is over" in clerk.is_refused("report", "expiring", "--at", "2026-01-01", code=2)
    assert "is no date" in clerk.is_refused("report", "sales", "--since", "soonish", code=2)
    assert "There is no product 'quarter'" in clerk.is_refused("report", "sales", "--product", "quarter")
    assert "no column 'pounds'" in clerk.is_refused("report", "sales", "--cards", "2026-05:GBP/pounds")
    assert "--limit" in clerk.is_refused("report", "sales", "--limit", "0", code=2)
    assert "There is nothing to tell." in clerk.does("report", "reminders")


def test_cards_that_do_not_add_up_are_counted_beside_the_figures(sold: Clerk) -> None:
    """And the exit status says that the figures are not all there is."""
    with plain_sql(sold.database, guarded=False) as sql:
        sql.execute("UPDATE gift_card SET balance_minor = 1 WHERE id = 2")
    answer = sold.types("report", "liability", "--at", "21 May 2026")
    assert (answer.code, answer.err) == (65, "1 card left out for not adding up. Run: giftdesk verify\n")
    assert "38.50" in answer.out


def test_a_report_can_be_stopped(sold: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the cards are no report."""
    monkeypatch.setattr(pages.Reading, "came_to", _stopped)
    answer = sold.types("report", "liability")
    assert (answer.code, answer.out) == (130, "")
    assert answer.err == "Stopped: there is no report of a part of the cards.\n"


def _stopped(_reading: pages.Reading, _cards: int) -> None:
    raise Stopped
