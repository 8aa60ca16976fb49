"""Stories of cards that come with a second table, of what was spent of each."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jobs.arrivals import counts, history, sheet
from jobs.samples import PRETIX, PRETIX_GERMAN, PRETIX_REDEMPTIONS, PW
from postgres import AT_LENGTH

from models.errors import Fault
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.jobs.plans import ImportReport
from models.jobs.verify import verify
from models.rules.journal import Kind
from models.unit import Session

ENGINES = AT_LENGTH
Bring = Callable[..., ImportReport]


@pytest.fixture
def bring(manager: Session, tmp_path: Path) -> Bring:
    """Import pretix's two tables: bring(redemptions) tries it, with is_commit=True it does it."""

    def run(redemptions: str, cards: str = PRETIX, mapping: str = "pretix", **options: object) -> ImportReport:
        paths = tmp_path / "giftcards.csv", tmp_path / "redemptions.csv"
        for path, text in zip(paths, (cards, redemptions), strict=True):
            path.write_text(text, encoding="utf-8")
        found = read_mapping(mapping)
        return import_mapped(manager, paths[0], found, redemptions=paths[1], **options)  # type: ignore[arg-type]

    return run


def test_what_was_spent_is_told_day_by_day(manager: Session, bring: Bring) -> None:
    """Sold with 50, 10 spent, 4 given back to that order, 19 spent: 25 are left, as the first table says."""
    report = bring(PRETIX_REDEMPTIONS, is_commit=True, control={"EUR": 2500})
    assert (report.is_committed, report.problems) == (True, ())
    card = sheet(manager, "ABCDEFGH23456789")
    assert history(card) == [
        ("issue", 5000, 5000),
        ("redemption", -1000, 4000),
        ("refund", 400, 4400),
        ("redemption", -1900, 2500),
    ]
    spent = card.activities[0]
    assert (spent.place, spent.order_ref, spent.effective_at) == ("expo", "ORD12", datetime(2026, 2, 3, tzinfo=UTC))
    assert history(sheet(manager, "ZZZZEFGH23456789")) == [("issue", 1500, 1500), ("redemption", -1500, 0)]
    assert report.kinds == {Kind.ISSUE: 2, Kind.REDEMPTION: 3, Kind.REFUND: 1}
    assert not verify(manager.store).findings


def test_cards_of_others_are_left_out_and_told(bring: Bring) -> None:
    """A test card's payment says nothing; another organizer's card is named with its line."""
    report = bring(PRETIX_REDEMPTIONS)
    assert [str(each) for each in report.warnings] == [
        "redemptions.csv, line 7, column Gift card code: Left out: the card is not among the cards."
    ]


def test_both_tables_in_another_language(manager: Session, bring: Bring) -> None:
    """Their columns stand where they always do."""
    foreign = PRETIX_REDEMPTIONS.replace(PRETIX_REDEMPTIONS.splitlines()[0], "a;b;c;d;e;f;g")
    report = bring(foreign, PRETIX_GERMAN, is_commit=True)
    assert [each.place for each in report.warnings[:2]] == ["redemptions.csv, line 1", "giftcards.csv, line 1"]
    assert history(sheet(manager, "ABCDEFGH23456789"))[-1] == ("redemption", -1900, 2500)


def test_the_same_tables_twice_change_nothing(manager: Session, bring: Bring) -> None:
    """And neither does the table of cards alone, which tells less of the same cards."""
    bring(PRETIX_REDEMPTIONS, is_commit=True)
    before = counts(manager.store)
    assert bring(PRETIX_REDEMPTIONS, is_commit=True).is_already_imported
    assert "has other facts" in str(bring("a;b;c;d;e;f;g\n", is_commit=True).problems[0])
    assert counts(manager.store) == before


def test_several_moves_of_one_day_come_in_an_order_that_can_be(manager: Session, bring: Bring) -> None:
    """Pretix sorts by order: what was given back first stands behind what was spent of it then."""
    head = PRETIX_REDEMPTIONS.splitlines()[0]
    rows = ["b;B;1;2026-02-03;ABCDEFGH23456789;-25.00;F", "b;B;2;2026-02-03;ABCDEFGH23456789;25.00;F"]
    report = bring("\n".join([head, *rows]), is_commit=True)
    assert report.is_committed
    assert history(sheet(manager, "ABCDEFGH23456789"))[1:] == [("redemption", -2500, 0), ("refund", 2500, 2500)]


ROW = "expo;ORD11;ORD11-P-1;2025-12-01;ABCDEFGH23456789;10.00;Fairs"


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "told"),
    [
        ("10.00", "10,00", 2, "Amount", "'10,00' has a decimal comma; save the file with decimal points."),
        ("10.00", "10.005", 2, "Amount", "10.005 has too many decimals; EUR has 2 at most."),
        ("10.00", "", 2, "Amount", "This cell is empty."),
        ("-4.00", "-40.00", 3, "Amount", "This gives back more than the order spent with the card before."),
        ("ORD11;ORD11-R-1", "ORD99;ORD99-R-1", 3, "Amount",
         "This gives back more than the order spent with the card before."),
        ("2025-12-01;ABCDEFGH23456789;10.00", "2025-11-02;ABCDEFGH23456789;10.00", 2, "Date",
         "This is before the card was issued, on 3 Nov 2025."),
        ("2026-02-03", "2026-12-03", 4, "Date", "'2026-12-03' lies in the future."),
        ("2026-02-03", "03/02/2026", 4, "Date",
         "'03/02/2026' could be read in more than one way: dates are told like 2026-05-21 here."),
        ("ABCDEFGH23456789;19", "4.81E+18;19", 4, "Gift card code",
         "A spreadsheet turned this code into 4.81E+18, and its digits are lost. Export the file again and import it "
         "without opening it in a spreadsheet."),
        (";Fairs\n", "\n", 2, "Issuer", "The line ends too early: 6 cells of 7."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it_is_told_with_its_place(
    manager: Session, bring: Bring, old: str, new: str, line: int, column: str, told: str
) -> None:
    """And nothing comes in."""
    report = bring(PRETIX_REDEMPTIONS.replace(old, new, 1), is_commit=True)
    remark = report.problems[0]
    assert (remark.file, remark.line, remark.column, remark.sentence) == ("redemptions.csv", line, column, told)
    assert not report.is_committed
    assert counts(manager.store)[0] == 0


def test_what_was_spent_on_the_day_of_the_sale_was_spent_after_it(
    manager: Session, bring: Bring, tmp_path: Path
) -> None:
    """The one table tells the hour, the other only the day."""
    own = tmp_path / "own.toml"
    own.write_text(
        "currency = 'GBP'\nzone = 'UTC'\n[columns]\ncode = 'Code'\nbalance = 'Left'\nissued = 'Sold'\n"
        "[redemptions.columns]\ncode = 'Code'\namount = 'Spent'\nat = 'On'\n",
        encoding="utf-8",
    )
    cards = "Code,Left,Sold\nABC123456,5.00,2026-02-03 17:30\n"
    assert bring("Code,Spent,On\nABC123456,2.00,2026-02-03\n", cards, str(own), is_commit=True).is_committed
    spent, sold = sheet(manager, "ABC123456").activities
    assert spent.effective_at == sold.effective_at == datetime(2026, 2, 3, 17, 30, tzinfo=UTC)


def test_a_mapping_without_redemptions_takes_none(bring: Bring) -> None:
    """Nothing is left aside in silence."""
    with pytest.raises(Fault, match="tells nothing of redemptions"):
        bring(PRETIX_REDEMPTIONS, PW, "pw-gift-cards")


def test_its_last_day_is_what_the_table_of_cards_says(manager: Session, bring: Bring) -> None:
    """Inclusive: the cut-off lies in the night after it."""
    bring(PRETIX_REDEMPTIONS, is_commit=True)
    card = sheet(manager, "ABCDEFGH23456789")
    assert card.last_day_on == date(2026, 12, 31)
    assert card.cut_off_at == datetime(2027, 1, 1, 3, tzinfo=UTC)
