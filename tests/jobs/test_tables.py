"""Tables as other systems write them: every spelling is read, and what is wrong is told with its place."""

from pathlib import Path

import pytest

from models.errors import Fault
from models.jobs.headers import Column
from models.jobs.remarks import Remarks
from models.jobs.tables import Row, read_table, survey

COLUMNS = {
    "code": Column(("Code", "Number")),
    "value": Column(("Value at",), is_prefix=True),
    "note": Column(("Note",), is_optional=True),
}


def rows_of(tmp_path: Path, content: bytes) -> tuple[list[Row], list[str]]:
    """What is read of a file with this content, and what is told about it."""
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    problems = Remarks()
    rows = list(read_table(survey(path), COLUMNS, problems))
    return rows, [str(problem) for problem in problems.listed]


def cells_of(tmp_path: Path, content: bytes) -> list[tuple[str, str, str]]:
    """The cells of a file with which nothing is wrong."""
    rows, problems = rows_of(tmp_path, content)
    assert not problems
    return [(row["code"], row["value"], row["note"]) for row in rows]


TEXT = "Code,Value at 1 May,Note\nA1,5.00,Zoë’s\nB2,6.00,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_ending_reads_the_same(tmp_path: Path, encoding: str, ending: str) -> None:
    """With a mark or without one, from Unix, Windows or an old Mac."""
    content = TEXT.replace("\n", ending).encode(encoding)
    assert cells_of(tmp_path, content) == [("A1", "5.00", "Zoë’s"), ("B2", "6.00", "")]


def test_what_is_neither_utf_8_nor_windows_is_latin_1(tmp_path: Path) -> None:
    """Every byte means something there."""
    assert cells_of(tmp_path, "Code,Value at,Note\nA1,1,\x81é\n".encode("latin-1")) == [("A1", "1", "\x81é")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_in_the_header(tmp_path: Path, separator: str) -> None:
    """Even when a header holds another separator in quotes."""
    text = f'Number{separator}"Value at; 1, May"{separator}Note\nA1{separator}5{separator}"a,b;c\td"\n'
    assert cells_of(tmp_path, text.encode()) == [("A1", "5", "a,b;c\td")]


def test_quotes_within_quotes_and_lines_within_cells(tmp_path: Path) -> None:
    """A cell of two lines is one cell, and the line of the next row is still right."""
    content = b'Code,Value at,Note\nA1,5,"He said ""hm"",\nand left"\nB2,6,\n'
    rows, problems = rows_of(tmp_path, content)
    assert not problems
    assert [(row.line, row["note"]) for row in rows] == [(2, 'He said "hm",\nand left'), (4, "")]


def test_empty_lines_are_passed_over_but_counted(tmp_path: Path) -> None:
    """A remark on line 6 must mean line 6 of the file."""
    rows, problems = rows_of(tmp_path, b"\nCode,Value at,Note\n\n,,\n  ,\t,\nA1,5,\n\n")
    assert not problems
    assert [row.line for row in rows] == [6]


def test_columns_come_in_any_order_and_case_with_others_between(tmp_path: Path) -> None:
    """What nobody asks for is not read; a column that may be missing is empty."""
    assert cells_of(tmp_path, b" value AT 2 May ,Other, CODE\n5,x,A1\n") == [("A1", "5", "")]


def test_a_remark_calls_the_column_as_the_file_does(tmp_path: Path) -> None:
    """The prefix matched; the person sees the whole header."""
    rows, _ = rows_of(tmp_path, b"Number,Value at 210526\nA1,5\n")
    assert str(rows[0].remark("value", "Hm.")) == "table.csv, line 2, column Value at 210526: Hm."
    assert str(rows[0].remark("code", "Hm.")) == "table.csv, line 2, column Number: Hm."
    assert str(rows[0].remark(None, "Hm.")) == "table.csv, line 2: Hm."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "table.csv: The file is empty."),
        (b"Code,Note\nA1,x\n", "table.csv, line 1: The column 'Value at' is missing."),
        (b"Value at,Note\n5,x\n", "table.csv, line 1: The column 'Code' or 'Number' is missing."),
        (b"Code,Number,Value at\nA1,B2,5\n", "table.csv, line 1, column Number: This column is there twice."),
        (
            b"Code,Value at,Note\nA1,5\n",
            "table.csv, line 2, column Note: The line ends too early: 2 cells of 3.",
        ),
        (
            b"Code,Value at,Note\nA1,5,x,y\n",
            "table.csv, line 2, column Note: The line goes on after the last column: 4 cells instead of 3. "
            "A separator inside a text needs quotes around it.",
        ),
        (
            b'Code,Value at,Note\nA1,5,"x\nB2,6,y\n',
            "table.csv, line 2: The quotes do not match here; the rest of the file was not read.",
        ),
        (
            b'Code,Value at,Note\nA1,5,"x"y\nB2,6,y\n',
            "table.csv, line 2: The quotes do not match here; the rest of the file was not read.",
        ),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_place(tmp_path: Path, content: bytes, told: str) -> None:
    """One sentence each, and the row in question is left out."""
    rows, problems = rows_of(tmp_path, content)
    assert problems == [told]
    assert not rows


def test_empty_cells_after_the_last_column_do_no_harm(tmp_path: Path) -> None:
    """Spreadsheets like to add them."""
    assert cells_of(tmp_path, b"Code,Value at,Note\nA1,5,x,,\n") == [("A1", "5", "x")]


def test_reading_goes_on_after_a_bad_row(tmp_path: Path) -> None:
    """A person learns of everything at once."""
    rows, problems = rows_of(tmp_path, b"Code,Value at,Note\nA1\nB2,6,\nC3,7,x,y\nD4,8,\n")
    assert [row["code"] for row in rows] == ["B2", "D4"]
    assert len(problems) == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"Code,Value at,Note\nA1,5," + b"x" * 4_000_000, "line 2 is too long"),
        (b"x" * 4_000_000, "line 1 is too long"),
        (b"PK\x03\x04rest", "is a spreadsheet or an archive"),
        ("Ä".encode("utf-16")[:3], "cannot be read as text"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    """A workbook under a wrong name, half a character at the end, or a line that would fill the memory."""
    with pytest.raises(Fault, match=told):
        rows_of(tmp_path, content)


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    """Another separator is another file, whatever it says."""
    digests = set()
    for name, content in (("a", b"Code,Value at\n"), ("b", b"Code;Value at\n"), ("c", b"Code,Value at\n")):
        (tmp_path / name).write_bytes(content)
        digests.add(survey(tmp_path / name).digest)
    assert len(digests) == 2


def test_remarks_keep_the_first_and_count_all(tmp_path: Path) -> None:
    """A file with a thousand bad rows stays readable, and so does what is told about it."""
    path = tmp_path / "table.csv"
    path.write_bytes(b"Code,Value at,Note\n" + b"A1\n" * 1_000)
    problems = Remarks()
    assert not list(read_table(survey(path), COLUMNS, problems))
    assert (len(problems.listed), problems.count) == (50, 1_000)
