"""A desk is killed in the middle of a merge and of a removal: whole, or nothing at all.

The default run kills at every fifth statement, the long proof at each:

    pytest tests/store/test_kills_of_people.py -m slow
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from store.counter import NOON, Counter, copy_desk
from store.doomed import kill_at_every

from models import desk
from models.clock import FixedClock
from models.desk import PersonGiven
from models.store import open_store
from models.unit import Outcome, Session

Wish = Callable[[Session], Outcome]


@pytest.fixture(scope="module")
def lins(furnished: Path, quick: Path) -> Path:
    """A desk on which Lin has two records; the removal of a third person's data is asked for."""
    folder = quick / "lins"
    folder.mkdir()
    counter = Counter(open_store(copy_desk(furnished, folder), FixedClock(NOON)), FixedClock(NOON))
    for name in ("Lin", "Lin Wu", "Ada"):
        card = counter.issued(recipient=PersonGiven(name, f"{name[:3]}@example.org"), purchaser=PersonGiven("Ben"))
        assert desk.note(counter.sam, card, "rang").done
        assert desk.restrict(counter.sue, card, PersonGiven(name, f"{name[:3]}@example.org"), "a prize").done
    assert desk.remove_person(counter.sue, 5, ref="ZD-7").done
    return counter.file


def merge(mia: Session) -> Outcome:
    return desk.merge_people(mia, 1, 3, intent="doomed")


def remove(mia: Session) -> Outcome:
    return desk.remove_person(mia, 5, ref="ZD-7", intent="doomed")


def kill_at(lins: Path, folder: Path, wish: Wish, expected: dict[int, str], statements: range) -> None:
    def look(survivor: Counter) -> None:
        holders = [survivor.sheet(card).holder for card in (1, 2, 3)]
        assert expected.items() <= {holder.id: holder.name for holder in holders if holder is not None}.items()

    kill_at_every(lins, folder, wish, statements, look)


EVERY = range(1, 1_000)
WISHES = [(merge, {1: "Lin", 3: "Lin Wu"}), (remove, {5: "Ada"})]


@pytest.mark.parametrize(("wish", "expected"), WISHES)
def test_killed_anywhere_it_is_done_whole_or_not_at_all(
    lins: Path, folder: Path, wish: Wish, expected: dict[int, str]
) -> None:
    """Afterwards nothing is half moved or half removed, and the same wish made again does it once."""
    kill_at(lins, folder, wish, expected, EVERY[1::5])


@pytest.mark.slow
@pytest.mark.parametrize(("wish", "expected"), WISHES)
def test_killed_at_every_single_statement(lins: Path, folder: Path, wish: Wish, expected: dict[int, str]) -> None:
    """The same without a step between."""
    kill_at(lins, folder, wish, expected, EVERY)
