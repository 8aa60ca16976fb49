"""How many cards a second each report tells of, in a file and on a server, and that a million cost no more memory.

pytest tests/bench/test_reports.py -m slow -s
GIFTDESK_BENCH_CARDS=1000000 pytest tests/bench/test_reports.py -m slow -s -k "file and fast"
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.store.loading import load
from postgres import private_server, why_absent

from models.clock import Stopwatch
from models.jobs.sample import make_sample
from models.locations import Place, Server
from models.reports.catalogue import REPORTS, make_report
from models.reports.wishes import ReportWish
from models.store import open_store

CARDS = int(os.environ.get("GIFTDESK_BENCH_CARDS", "100000"))
FEW, MANY = 20_000, 200_000
LEAST = 5_000
"""Cards a second; a wide margin below what is measured."""
MOST_GROWTH_MB = 24


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder on the disk, where desks are."""
    with tempfile.TemporaryDirectory(dir=Path.home()) as name:
        yield Path(name)


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A desk full of cards."""
    file = folder / "sample.db"
    make_sample(file, CARDS, 1)
    if request.param == "file":
        yield file
        return
    if absent := why_absent():
        pytest.skip(absent)
    with private_server(is_safe=True) as server:
        monkeypatch.setenv("GIFTDESK_KEY", str(file.with_suffix(".key")))
        served = server.place(server.new_database())
        assert isinstance(served, Server)
        load(file, served)
        yield served


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_reports_are_fast(place: Place) -> None:
    """Each by itself, of as much time as it tells of without being asked."""
    store = open_store(place)
    print()
    for name in REPORTS:
        watch = Stopwatch()
        report = make_report(store, name, ReportWish())
        seconds = watch.seconds()
        print(f"{name}: {seconds:.2f} s, {CARDS / seconds:,.0f} cards a second, {len(report.lines)} lines")
        assert CARDS / seconds >= LEAST
        assert not report.left_out


_ALL_REPORTS = """
import sys
from pathlib import Path
from models.reports.catalogue import REPORTS, make_report
from models.reports.wishes import ReportWish
from models.store import open_store
for name in REPORTS:
    make_report(open_store(Path(sys.argv[1])), name, ReportWish())
# What this process itself had at most: the usage that the system counts begins with what its parent had.
print(*(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""


def peak_mb(path: Path) -> float:
    """How much memory a process of its own needed at most, in MB, to make all reports of a desk."""
    ended = subprocess.run([sys.executable, "-c", _ALL_REPORTS, str(path)], check=True, capture_output=True, text=True)
    return int(ended.stdout) / 1024


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_ten_times_as_many_cards_need_no_more_memory(folder: Path) -> None:
    """Cards come page by page; what is kept are the figures."""
    peaks = []
    for cards in (FEW, MANY):
        make_sample(folder / f"{cards}.db", cards, 1)
        peaks.append(peak_mb(folder / f"{cards}.db"))
    few, many = peaks
    print(f"\n{FEW:,} cards: {few:.0f} MB at most; {MANY:,} cards: {many:.0f} MB")
    assert many - few < MOST_GROWTH_MB
