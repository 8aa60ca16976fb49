"""What it takes to bring in the people of a CRM, once and again, and that it needs little more memory for many of them.

Run it alone:

    pytest tests/bench/test_crm.py -m slow -s
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.clock import FixedClock, Stopwatch
from models.crm.importing import import_people
from models.crm.mapping import read_people_mapping
from models.store import init_store
from models.unit import Session

FEW, MANY = 20_000, int(os.environ.get("GIFTDESK_BENCH_PEOPLE", "100000"))
MOST_GROWTH_MB = 48
NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)


def lines(people: int) -> Iterator[str]:
    """A CRM in which twenty people each share an organisation."""
    yield "Name,Email,Company,VIP\n"
    for n in range(people):
        yield f"Person {n} Name,person{n}@example.org,Company {n % (people // 20)},{'yes' if n % 1_000 == 0 else ''}\n"


def peak_mb(folder: Path, people: int) -> int:
    """How much memory a process of its own needed at most, in MB, to bring in so many people, and again."""
    table = folder / f"{people}.csv"
    with table.open("w", encoding="utf-8") as file:
        file.writelines(lines(people))
    child = os.fork()
    if child == 0:
        status = 1
        try:
            session = Session(init_store(folder / f"{people}.db", is_sandbox=True, clock=FixedClock(NOON)), "mia")
            for counted in ("new", "unchanged"):
                watch = Stopwatch()
                counts = import_people(session, table, read_people_mapping("crm"), is_commit=True).counts
                print(f"{people:,} people, {counted}: {watch.seconds():.1f} s", flush=True)
                assert getattr(counts, counted) == people
            status = 0
        finally:
            os._exit(status)
    _, ended, used = os.wait4(child, 0)
    assert ended == 0
    return used.ru_maxrss // 1024


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_many_people_need_little_more_memory_than_some(tmp_path: Path) -> None:
    """The table is never held whole."""
    few, many = peak_mb(tmp_path, FEW), peak_mb(tmp_path, MANY)
    print(f"{FEW:,} people: {few} MB; {MANY:,}: {many} MB")
    assert many - few <= MOST_GROWTH_MB
