"""The benchmark of the terminal, gone through once: that it measures what it should, whatever its figures are."""

from pathlib import Path

import pytest
from bench.terminal import acts
from bench.terminal.answers import Answers
from bench.terminal.contestants import CURSES, LEAN, NAMES, TABLE
from bench.terminal.figures import Figure, Row, markdown
from bench.terminal.running import PARTS, Table, Terms, measure, put_into_readme
from bench.terminal.story import STORY_SECONDS, really_waited

README = Path(__file__).parents[2] / "README.md"


def test_a_table_shows_what_missed_its_goal() -> None:
    """One row for each thing, one column for each program; what was not measured is left empty."""
    rows = [Row("row down", "120 B", {LEAN: Figure("187 B", False), CURSES: Figure("210 B")})]
    assert markdown(rows, (LEAN, TABLE, CURSES)).splitlines() == [
        "|  | goal | lean | Textual app | curses |",
        "| --- | --- | --- | --- | --- |",
        "| row down | 120 B | **187 B** |  | 210 B |",
    ]


def test_tables_take_the_place_of_those_before(tmp_path: Path) -> None:
    """And nothing else of the README changes."""
    readme = tmp_path / "README.md"
    readme.write_text(README.read_text(encoding="utf-8"), encoding="utf-8")
    put_into_readme([Table("Bytes:", [Row("row down")], (LEAN,))], readme)
    once = readme.read_text(encoding="utf-8")
    put_into_readme([Table("Bytes:", [Row("row down")], (LEAN,))], readme)
    assert readme.read_text(encoding="utf-8") == once
    assert "Bytes:\n\n|  | goal | lean |\n" in once
    assert once.splitlines()[-1] == README.read_text(encoding="utf-8").splitlines()[-1]


def test_a_terminal_answers_what_it_is_asked_however_it_arrives() -> None:
    """In the order of the questions, each once, also when one comes in two parts."""
    modern, mute = Answers("modern"), Answers("mute")
    assert modern.to(b"text\x1b[?2026$p\x1b[6") == b"\x1b[?2026;2$y"
    assert modern.to(b"n more") == b"\x1b[1;1R"
    assert modern.to(b"text") == b""
    assert mute.to(b"\x1b[?2026$p") == b""


@pytest.mark.slow
def test_every_line_of_the_benchmark_is_measured(tmp_path: Path) -> None:
    """Who changes a key or a page sees here that the benchmark still gets there."""
    tables = measure(tmp_path, Terms(PARTS, times=1, burst_seconds=2))
    keys = tables[0].rows
    assert {row.what for row in keys} >= {acts.LETTER, acts.OPEN, acts.CARD, acts.BACK}
    for row in keys:
        assert row.figures[LEAN].told != "0 B", row
    assert set(NAMES) <= {name for row in keys for name in row.figures}
    assert all(table.rows for table in tables)


@pytest.mark.slow
def test_a_call_is_answered_over_a_line_of_9600_baud(tmp_path: Path) -> None:
    """From the first key to the last byte of the reply, on a line that carries 960 bytes a second."""
    assert really_waited(tmp_path) < STORY_SECONDS
