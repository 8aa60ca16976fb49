"""The benchmark of the store, on a desk so small that its figures say nothing: that it measures what it should."""

from pathlib import Path

from bench.store.figures import Column, Figure, latency, markdown
from bench.store.running import PARTS, Terms, made, measure

CARDS = 1_000
LOOK_UPS = (
    "exact code",
    "exact code, in the field",
    "card and history",
    "whole card sheet",
    "near miss, one wrong",
    "near miss, look-alikes",
    "one unreadable character",
    "two unreadable characters",
    "last four",
    "e-mail",
    "e-mail, its beginning",
    "e-mail, absent",
    "name",
    "name with a typo",
    "family name alone",
    "name, absent",
    "name, absent, its words common",
    "beginning of a family name",
    "part within a family name",
    "order",
    "place and month",
    "family name, place and month",
    "second page of a family name",
    "queries of a card sheet",
    "memory at most",
)
LISTS = ("worklist expiring", "worklist expired", "worklist unreachable", "counts of all worklists")
JOBS = (
    "sample, cards",
    "verify, activities",
    "expiry, cards",
    "till alone, p99",
    "till during the run, p99",
    "till during the run, longest",
)


def test_every_line_of_the_benchmark_is_measured(tmp_path: Path) -> None:
    """Who changes a look-up sees here that the benchmark still asks for it, and that it brings its cards."""
    place, codes, made_at = made(tmp_path, CARDS)
    column = measure(place, codes, Terms(PARTS, look_ups=8, till_seconds=0.05, folder=tmp_path))
    figures = {figure.what: figure for figure in (made_at, *column.figures)}
    assert set(figures) >= {*LOOK_UPS, *LISTS, *JOBS}
    assert column.title == "file, 1,000"
    assert {what for what in LOOK_UPS if figures[what].ours <= 0} == set()
    assert [figure.what for figure in column.figures if figure.wrong] == []


def test_a_table_shows_what_missed_its_goal_and_how_it_grows() -> None:
    """One row for each thing, one column for each desk, growth behind the desks of one engine."""
    small = Column("file, 1 M", "file", 1, (latency("name", [1.0], [0.5], 15), Figure("memory", "MB", 50, "")))
    large = Column("file, 10 M", "file", 10, (latency("name", [20.0], [0.5], 15, wrong=1),))
    assert markdown([large, small]).splitlines() == [
        "|  | goal | file, 1 M | file, 10 M | growth |",
        "| --- | --- | --- | --- | --- |",
        "| name | 15 ms | 1 / 1 (0.5) | **1 WRONG, 20 / 20 (0.5)** | 20.0 |",
        "| memory |  | 50 MB |  |  |",
    ]
