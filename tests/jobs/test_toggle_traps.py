"""What spreadsheets, typing and bad luck do to Toggle's files: told with file, line and column, nothing changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from jobs.toggle_export import Cells, Export
from postgres import AT_LENGTH

from models.errors import Fault
from models.jobs.plans import ImportReport
from models.jobs.remarks import MOST_REMARKS
from models.jobs.toggle import import_toggle
from models.schema import GiftCard
from models.sheets import card_sheet
from models.unit import Session

ENGINES = AT_LENGTH

Bring = Callable[..., ImportReport]

# Each spoils an export of two cards with a sale each: the cards stand in lines 2 and 3, their sales too.
Spoil = Callable[[Export, Cells, Cells], object]
CARDS, LINES, LIABILITY = "cards.csv", "balance_adjustments.csv", "liability.csv"
VALUE, EXPIRY = "Value at 210526 00:00 (UTC)", "Expiry as of 210526 00:00 (UTC)"
CODE, NUMBER, REVERSES = "Card Unique Code", "Toggle Card Unique Number", "Reverse Line Item ID"


def card_cell(column: str, text: str) -> Spoil:
    """Put something else into a cell of the second card."""
    return lambda _export, _first, second: second.update({column: text})


def line_cell(column: str, text: str) -> Spoil:
    """Put something else into a cell of the second card's sale."""
    return lambda export, _first, _second: export.lines[1].update({column: text})


def liability_cell(column: str, text: str) -> Spoil:
    """Put something else into a cell of the second card's liability."""
    return lambda export, _first, _second: export.liability[1].update({column: text})


def further_line(type_: str, value: str, at: str = "2025-12-01 12:00:00", *, of: int | None = None) -> Spoil:
    """Add a line item to the second card, reversing one of the lines by its place in the file."""

    def spoil(export: Export, _first: Cells, second: Cells) -> None:
        export.line(second, type_, value, at, reverses="" if of is None else export.lines[of]["Line Item ID"])
        if second["Current Balance"].startswith("-"):
            second["Current Balance"] = export.liability_of(second)[VALUE] = "0.00"

    return spoil


def after(*spoils: Spoil) -> Spoil:
    """Do one after the other."""

    def spoil(export: Export, first: Cells, second: Cells) -> None:
        for each in spoils:
            each(export, first, second)

    return spoil


@pytest.mark.parametrize(
    ("spoil", "file", "line", "column", "told"),
    [
        # Codes.
        (card_cell(CODE, "6.33E+18"), CARDS, 3, CODE, "its digits are lost"),
        (card_cell(CODE, "6,33178E18"), CARDS, 3, CODE, "its digits are lost"),
        (line_cell(NUMBER, "6.33E+18"), LINES, 3, NUMBER, "its digits are lost"),
        (liability_cell(CODE, "6.33E+18"), LIABILITY, 3, CODE, "its digits are lost"),
        (card_cell("Unique Code Alias", "4.81E+18"), CARDS, 3, "Unique Code Alias", "its digits are lost"),
        (card_cell(CODE, "33000002765432198"), CARDS, 3, CODE, "17 digits instead of 19: zeros in front"),
        (card_cell(CODE, "63300000276543219871"), CARDS, 3, CODE, "20 digits instead of 19."),
        (card_cell(CODE, "63300000276543219O7"), CARDS, 3, CODE, "19 digits and nothing else; this one has 'O'"),
        (card_cell(CODE, "63300000276543/1987"), CARDS, 3, CODE, "this one has '/' (solidus)"),
        (card_cell(CODE, ""), CARDS, 3, CODE, "empty"),
        (line_cell(NUMBER, "6330000097654321987"), LINES, 3, NUMBER, "another code in cards.csv, line 3"),
        (liability_cell(CODE, "6330000097654321987"), LIABILITY, 3, CODE, "another code in cards.csv, line 3"),
        (card_cell("Unique Code Alias", "AB-12"), CARDS, 3, "Unique Code Alias", "4 characters; 6 to 32"),
        (
            card_cell("Unique Code Alias", "#633 000001 7654321987"),
            CARDS,
            3,
            "Unique Code Alias",
            "line 2, column Card",
        ),
        # Amounts.
        (line_cell("Value", "50,00"), LINES, 3, "Value", "decimal comma"),
        (line_cell("Value", "1,050.00"), LINES, 3, "Value", "thousands separators"),
        (line_cell("Value", "1.050,00"), LINES, 3, "Value", "thousands separators"),
        (line_cell("Value", "£50.00"), LINES, 3, "Value", "currency sign"),
        (line_cell("Value", "50.00 GBP"), LINES, 3, "Value", "currency sign"),
        (line_cell("Value", "50.005"), LINES, 3, "Value", "too many decimals"),
        (line_cell("Value", "fifty"), LINES, 3, "Value", "is not an amount"),
        (line_cell("Value", ""), LINES, 3, "Value", "empty"),
        (card_cell("Current Balance", "-0.01"), CARDS, 3, "Current Balance", "less than nothing"),
        (liability_cell(VALUE, "-0.01"), LIABILITY, 3, VALUE, "less than nothing"),
        (liability_cell(VALUE, "50,00"), LIABILITY, 3, VALUE, "decimal comma"),
        (card_cell("Current Balance", "49.99"), CARDS, 3, "Current Balance", "add up to 50.00 GBP, but its balance"),
        # Days and times.
        (card_cell("Creation Date", "03/11/2025 10:15"), CARDS, 3, "Creation Date", "more than one way"),
        (line_cell("Adjustment Date", "3.11.2025 10:15:00"), LINES, 3, "Adjustment Date", "more than one way"),
        (line_cell("Adjustment Date", "2025-11-31 10:15:00"), LINES, 3, "Adjustment Date", "no such day or time"),
        (line_cell("Adjustment Date", "2025-11-03"), LINES, 3, "Adjustment Date", "not written like 2026-05-21 12:14"),
        (line_cell("Adjustment Date", "2026-05-21 12:00:01"), LINES, 3, "Adjustment Date", "in the future"),
        (line_cell("Adjustment Date", "0001-01-01 00:00:00"), LINES, 3, "Adjustment Date", "outside the years"),
        (liability_cell(EXPIRY, "31/10/2026"), LIABILITY, 3, EXPIRY, "more than one way"),
        (liability_cell(EXPIRY, "2026-02-30"), LIABILITY, 3, EXPIRY, "no such day"),
        (liability_cell(EXPIRY, "2999-01-01"), LIABILITY, 3, EXPIRY, "outside the years"),
        (liability_cell(EXPIRY, "2025-11-02"), LIABILITY, 3, EXPIRY, "expires before it was issued, on 3 Nov 2025"),
        # What belongs together.
        (line_cell("Card ID", "777"), LINES, 3, "Card ID", "Card 777 is not among the cards"),
        (line_cell("Line Item ID", "900001"), LINES, 3, "Line Item ID", "900001 stands in line 2 already"),
        (line_cell("Line Item ID", ""), LINES, 3, "Line Item ID", "empty"),
        (line_cell("Line Item Type", "gift"), LINES, 3, "Line Item Type", "sale, redemption, reversal, breakage"),
        (card_cell("Gift Name", " "), CARDS, 3, "Gift Name", "empty"),
        # Histories that cannot be.
        (further_line("redemption", "-50.01"), LINES, 4, "Value", "only 50.00 GBP on the card then"),
        (further_line("redemption", "-10.00", "2025-11-02 12:00:00"), LINES, 4, "Value", "only 0.00 GBP"),
        (further_line("redemption", "10.00"), LINES, 4, "Value", "A redemption must be negative"),
        (further_line("sale", "-10.00"), LINES, 4, "Value", "A sale cannot be negative"),
        (further_line("breakage", "-49.00"), LINES, 4, "Value", "A breakage takes the whole 50.00 GBP"),
        (further_line("reversal", "-50.00"), LINES, 4, REVERSES, "names no earlier line item of this card"),
        (further_line("reversal", "-50.00", of=0), LINES, 4, REVERSES, "names no earlier line item of this card"),
        (further_line("reversal", "50.00", of=1), LINES, 4, "Value", "must be opposite to line item 900002"),
        (further_line("reversal", "-50.01", of=1), LINES, 4, "Value", "must be opposite to line item 900002"),
        (
            after(further_line("reversal", "-50.00", of=1), further_line("reversal", "-50.00", of=1)),
            LINES,
            5,
            REVERSES,
            "900002 was reversed already",
        ),
        (
            after(further_line("reversal", "-50.00", of=1), further_line("reversal", "50.00", of=2)),
            LINES,
            5,
            REVERSES,
            "900003 is a reversal itself",
        ),
        (
            after(further_line("breakage", "-50.00"), further_line("reversal", "49.00", of=2)),
            LINES,
            5,
            "Value",
            "must give back the whole of breakage 900003",
        ),
    ],
)
def test_a_trap_is_told_with_its_place_and_nothing_is_changed(
    manager: Session, export: Export, bring: Bring, spoil: Spoil, file: str, line: int, column: str, told: str
) -> None:
    """One cell is wrong; the operator is led to it, and neither card comes in."""
    first, second = export.sold(1), export.sold(2)
    spoil(export, first, second)
    report = bring(is_commit=True)
    found = report.problems[0]
    assert (found.file, found.line, found.column) == (file, line, column), str(found)
    assert told in found.sentence
    assert report.problem_count == 1, [str(problem) for problem in report.problems]
    assert not report.is_committed
    assert report.refusal == "There is 1 problem in the files. Nothing was changed."
    with manager.store.database.connected():
        assert GiftCard.select().count() == 0


def test_a_liability_of_an_unknown_card_leaves_another_without(export: Export, bring: Bring) -> None:
    """A mistyped card number is two problems: one card too many, one too few."""
    export.sold(1)
    export.liability[0]["Card ID"] = "777"
    assert [str(problem) for problem in bring().problems] == [
        "liability.csv, line 2, column Card ID: Card 777 is not among the cards.",
        "cards.csv, line 2, column Card ID: Card 500001 is not in liability.csv: its expiry is not known.",
    ]


def test_two_cards_with_one_code_are_both_named(export: Export, bring: Bring) -> None:
    """A blank makes no difference: it is the same code, once in line 2 and once in line 3."""
    export.sold(1)
    export.card(2, Card_Unique_Code="633 0000 0176 5432 1987")
    report = bring()
    assert str(report.problems[0]) == (
        "cards.csv, line 3, column Card Unique Code: The same code stands in line 2, column Card Unique Code."
    )


def test_an_alias_that_two_cards_share_is_refused(export: Export, bring: Bring) -> None:
    """Nobody could say which card the old code means."""
    export.sold(1, Unique_Code_Alias="OLD7KQ4")
    export.sold(2, Unique_Code_Alias="old 7kq4")
    assert str(bring().problems[0]) == (
        "cards.csv, line 3, column Unique Code Alias: The same code stands in line 2, column Unique Code Alias."
    )


def test_codes_that_a_spreadsheet_rounded_are_noticed(export: Export, bring: Bring) -> None:
    """Shown as whole numbers again, the codes look right, but their last digits are all zeros."""
    for number in range(1, 5):
        export.sold(number, Card_Unique_Code=f"63310{number:02}12345670000"[:15] + "0000")
    report = bring()
    assert any("a spreadsheet has rounded them" in problem.sentence for problem in report.problems)


def test_a_card_twice_in_a_file_is_told_with_its_first_line(export: Export, bring: Bring) -> None:
    """A card that was pasted twice, in the cards and in the liability."""
    export.sold(1)
    export.cards.append(dict(export.cards[0]))
    export.liability.append(dict(export.liability[0]))
    assert [str(problem) for problem in bring().problems] == [
        "cards.csv, line 3, column Card ID: Card 500001 stands in line 2 already.",
        "liability.csv, line 3, column Card ID: Card 500001 stands in line 2 already.",
    ]


def test_a_card_without_an_expiry_row_is_not_taken_for_one_that_never_expires(export: Export, bring: Bring) -> None:
    """The liability file was cut short: nobody knows until when this card is valid."""
    export.sold(1)
    export.sold(2)
    del export.liability[1]
    assert str(bring().problems[0]) == (
        "cards.csv, line 3, column Card ID: Card 500002 is not in liability.csv: its expiry is not known."
    )


def test_all_problems_are_counted_and_the_first_ones_listed(export: Export, bring: Bring) -> None:
    """Seventy bad rows: fifty are enough to see what went wrong, and the number says the rest."""
    for number in range(1, 71):
        export.sold(number)["Current Balance"] = "1,00"
    report = bring(is_commit=True)
    assert (len(report.problems), report.problem_count) == (MOST_REMARKS, 70)
    assert report.refusal == "There are 70 problems in the files. Nothing was changed."


def test_hostile_text_comes_in_harmless_and_is_counted(manager: Session, export: Export, bring: Bring) -> None:
    """A name that would clear the screen, a site that reorders its line, a note with markup: shown, not obeyed."""
    card = export.card(
        Recipient_Name="\x1b[2JAda\u202e",
        Recipient_Email="not an address",
        Sold_in_site="Leeds\nYork",
        Gift_Name="[bold]Classic[/bold]",
    )
    export.line(card, "sale", "50.00", "2025-11-03 10:15:00", Notes="one\r\ntwo \x9b31m", User="x" * 300)
    report = bring(is_commit=True)
    assert report.is_committed
    assert report.warning_count == 5
    assert {warning.column for warning in report.warnings} == {
        "Recipient Name",
        "Recipient Email",
        "Sold in site",
        "Notes",
        "User",
    }
    found = card_sheet(manager, 1)
    assert found.holder is not None
    assert (found.holder.name, found.holder.email) == ("\ufffd[2JAda\ufffd", None)
    assert (found.product_name, found.bought_place) == ("[bold]Classic[/bold]", "Leeds York")
    assert found.activities[0].reason == "one\ntwo \ufffd31m"
    assert len(found.activities[0].details["user"]) == 200


def test_lines_that_move_nothing_are_left_out_with_a_warning(export: Export, bring: Bring) -> None:
    """The source booked the breakage of an empty card; a breakage of nothing is none."""
    card = export.sold(1)
    export.line(card, "redemption", "-50.00", "2025-12-01 12:00:00")
    export.line(card, "breakage", "0.00", "2026-01-05 03:40:00")
    report = bring(is_commit=True)
    assert (report.is_committed, report.activities) == (True, 2)
    assert str(report.warnings[0]) == (
        "balance_adjustments.csv, line 4, column Value: Left out: a breakage of nothing."
    )


def test_a_liability_that_tells_another_value_is_worth_a_warning(export: Export, bring: Bring) -> None:
    """The files were not exported at the same moment, or something is amiss: the accountant should know."""
    card = export.sold(1)
    export.line(card, "redemption", "-10.00", "2026-05-21 09:00:00")
    export.liability_of(card)[VALUE] = "49.00"
    assert [str(warning) for warning in bring().warnings] == [
        "liability.csv, line 2, column Value at 210526 00:00 (UTC): By its line items the card held 50.00 GBP then."
    ]


# Files that are no such tables.


def test_files_in_the_wrong_order_are_noticed(manager: Session, export: Export, tmp_path: Path) -> None:
    """The liability file was given first: its columns are not the cards'."""
    export.sold(1)
    cards, lines, liability = export.write(tmp_path)
    report = import_toggle(manager, liability, lines, cards, currency="GBP", is_commit=True)
    told = {str(problem) for problem in report.problems}
    assert "liability.csv, line 1: The column 'Current Balance' is missing." in told
    assert not report.is_committed


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "cards.csv: The file is empty."),
        (b"\n\n,,,\n", "cards.csv: The file is empty."),
        (b"Card ID\n500001\n", "cards.csv, line 1: The column 'Creation Date' is missing."),
    ],
)
def test_a_file_that_is_no_such_table_is_one_sentence(
    manager: Session, export: Export, tmp_path: Path, content: bytes, told: str
) -> None:
    """Nothing, blanks, another table: told as what it is."""
    cards, lines, liability = export.write(tmp_path)
    cards.write_bytes(content)
    report = import_toggle(manager, cards, lines, liability, currency="GBP", is_commit=True)
    assert told in [str(problem) for problem in report.problems]


def test_an_export_without_cards_is_a_problem(bring: Bring) -> None:
    """Three headers and nothing else: an export that went wrong, not an import that went well."""
    assert str(bring(is_commit=True).problems[0]) == "cards.csv: There are no cards in the file."


def test_a_spreadsheet_is_refused_as_one(manager: Session, export: Export, tmp_path: Path) -> None:
    """Somebody saved it as .xlsx under its old name."""
    cards, lines, liability = export.write(tmp_path)
    cards.write_bytes(b"PK\x03\x04" + bytes(range(256)))
    with pytest.raises(Fault, match=r"cards\.csv is a spreadsheet or an archive"):
        import_toggle(manager, cards, lines, liability, currency="GBP")
