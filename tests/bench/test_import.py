"""How fast an import is beside the bare rows, and that it needs no more memory for a million cards than for some.

Figures are ratios of one run, for machines differ; run it alone:

    pytest tests/bench/test_import.py -m slow -s
    GIFTDESK_BENCH_CARDS=200000 pytest tests/bench/test_import.py -m slow -s -k raw
"""

import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from postgres import private_server, why_absent

from models.clock import FixedClock, Stopwatch
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.schema import (
    Activity,
    CodeDigest,
    Customer,
    CustomerText,
    GiftCard,
    SearchText,
    SearchWord,
    Table,
)
from models.store import Store, init_store, open_store
from models.unit import Session

NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)
CARDS = int(os.environ.get("GIFTDESK_BENCH_CARDS", "50000"))
LEAST_RATIO = 0.03
"""Of the bare rows' speed, each sealed, looked up and read from text; a wide margin below what is measured."""
FEW, MANY = 50_000, int(os.environ.get("GIFTDESK_BENCH_MANY", "1000000"))
MOST_GROWTH_MB = 48
BATCH = 500
TABLES = {
    Customer: "id",
    GiftCard: "id",
    Activity: "card_id, number",
    CodeDigest: "card_id, digest",
    SearchText: "id",
    SearchWord: "word",
    CustomerText: "customer_id, text_id",
}
"""Table -> in which order its rows are written; parts of texts are indexed by the engine itself."""

Rows = dict[type[Table], tuple[list[str], list[Any]]]
"""Table -> its columns and its rows."""
Made = Callable[[str], Store]
"""Make an empty desk of a name."""


@pytest.fixture(params=["file", "server"])
def made(request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    """Empty desks in files, or on a server that waits for the disk."""
    if request.param == "file":
        yield lambda name: init_store(folder / f"{name}.db", is_sandbox=True, clock=FixedClock(NOON))
        return
    if absent := why_absent():
        pytest.skip(absent)
    monkeypatch.setenv("GIFTDESK_KEY", str(folder / "server.key"))
    with private_server(is_safe=True) as server:
        yield lambda _name: init_store(server.place(server.new_database()), is_sandbox=True, clock=FixedClock(NOON))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder on the disk, where desks are."""
    with tempfile.TemporaryDirectory(dir=Path.home()) as name:
        yield Path(name)


def table(path: Path, cards: int) -> Path:
    """Cards that were sold to somebody and used once."""
    with path.open("w", encoding="utf-8") as file:
        file.write("Balance,Code,Recipient Name,Recipient Email,Initial Balance,Item Name,Issued On,Expires On\n")
        for number in range(cards):
            person = f"Ada {number},ada{number}@example.org"
            file.write(f"30.00,GU{number * 7919 % 10**10:010},{person},50.00,Card,2026-01-05,2027-01-04\n")
    return path


def bring(store: Store, path: Path) -> None:
    """Import a table for good."""
    report = import_mapped(Session(store, "mia"), path, read_mapping("gift-up"), currency="GBP", is_commit=True)
    assert report.is_committed


def rows_of(store: Store) -> Rows:
    """Everything that an import wrote, as it lies in its tables."""
    found = {}
    with store.database.connected():
        for table, order in TABLES.items():
            cursor = store.database.execute_sql(f'SELECT * FROM "{table._meta.table_name}" ORDER BY {order}')
            found[table] = ([column[0] for column in cursor.description], cursor.fetchall())
    return found


def write_raw(store: Store, tables: Rows) -> None:
    """The same rows with nothing but executemany, or COPY on a server, in the same batches, into the same tables with
    the same indexes."""
    with store.database.writing():
        store.database.execute_sql(
            "INSERT INTO product (id, code, name, reminders, changed_at) VALUES (1, 'card', 'Card', '[]', 0)"
        )
    cards = len(tables[GiftCard][1])
    for start in range(0, cards, BATCH):
        with store.database.writing():
            for table, (columns, rows) in tables.items():
                some = rows[len(rows) * start // cards : len(rows) * (start + BATCH) // cards]
                store.database.insert_stored(table, columns, some)
                if table is SearchText:
                    store.database.add_parts(some)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_an_import_beside_the_raw_rows(folder: Path, made: Made) -> None:
    """Reading, checking, looking up, sealing and writing, against writing alone."""
    path = table(folder / "cards.csv", CARDS)
    store = made("desk")
    watch = Stopwatch()
    bring(store, path)
    imported = watch.seconds()
    rows = rows_of(store)
    count = sum(len(some) for _, some in rows.values())
    raw = made("raw")
    watch = Stopwatch()
    with raw.database.connected():
        write_raw(raw, rows)
    bare = watch.seconds()
    ratio = bare / imported
    speeds = f"{count / imported:,.0f} rows/s, bare {count / bare:,.0f}"
    print(f"\n{CARDS:,} cards, {count:,} rows: {speeds}; ratio {ratio:.2f}")
    assert ratio >= LEAST_RATIO


def peak_mb(folder: Path, cards: int) -> float:
    """How much memory a process of its own needed at most, in MB, to import so many cards."""
    path = table(folder / f"{cards}.csv", cards)
    init_store(folder / f"{cards}.db", is_sandbox=True, clock=FixedClock(NOON))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            bring(open_store(folder / f"{cards}.db", FixedClock(NOON)), path)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            os.write(writing, str(peak).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as told:
        answer = told.read()
    assert os.waitpid(child, 0)[1] == 0
    return int(answer) / 1024


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_a_million_cards_need_no_more_memory_than_some(folder: Path) -> None:
    """What does not fit waits on the disk."""
    few, many = peak_mb(folder, FEW), peak_mb(folder, MANY)
    print(f"\n{FEW:,} cards: {few:.0f} MB at most; {MANY:,} cards: {many:.0f} MB")
    assert many - few < MOST_GROWTH_MB
