"""Two hundred processes, one card, one moment: ten rounds of whatever moves money, one of everything else.

One wish of two hundred comes true once, and two hundred wishes as often as the rules allow:

    pytest tests/store/test_throngs.py -m slow
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from store.counter import BOTH, Counter, served_key
from store.crew import Crew
from store.test_races import RACES, Race, run_with_many_keys, run_with_one_key

ENGINES = BOTH
SIZE = 200
ROUNDS = 10


@pytest.fixture(scope="module")
def throng(quick: Path) -> Iterator[Crew]:
    """Two hundred waiting processes."""
    with tempfile.TemporaryDirectory(dir=quick) as folder:
        crew = Crew(Path(folder), served_key(quick), SIZE)
        yield crew
        crew.dismiss()


def has_moved_money(counter: Counter, key: str) -> bool:
    """Whether what was wished by keys that begin so moved any."""
    sql = "SELECT count(*) FROM activity WHERE amount_minor <> 0 AND intent LIKE ?"
    with counter.store.database.connected():
        (moved,) = counter.store.database.execute_sql(sql, (f"{key}%",)).fetchone()
    return bool(moved)


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize("race", RACES, ids=str)
def test_two_hundred_at_one_card(throng: Crew, races: Counter, race: Race) -> None:
    """No effect too many, none lost, everybody answered; no wait so long that somebody is turned away."""
    for number in range(ROUNDS):
        key = f"throng-{race}-{number}-"
        run_with_one_key(throng, races, race, f"{key}one")
        races.wait(days=1)
        run_with_many_keys(throng, races, race, f"{key}many")
        races.wait(days=1)
        if not has_moved_money(races, key):
            break
    assert not races.findings()
