"""What does not fit into memory: lists and things by key, the same as if it did."""

import random

import pytest

from models.jobs.doubles import Doubles
from models.jobs.remarks import Remark, Remarks
from models.jobs.shelf import Shelf
from models.jobs.spool import CHUNK, Spool
from models.jobs.tally import Tally


@pytest.mark.parametrize("most", [2, 7, 1_000])
def test_a_shelf_is_a_dictionary_that_keeps_its_order(most: int) -> None:
    """Taken, changed and taken again in any order; at the end all come out as they were put in first."""
    dice = random.Random(most)
    shelf: Shelf[list[int]] = Shelf(most)
    expected: dict[str, list[int]] = {}
    for step in range(2_000):
        key = str(dice.randrange(300))
        thing = shelf.get(key)
        assert thing == expected.get(key)
        if thing is None:
            shelf.put(key, [step])
            expected[key] = [step]
        else:
            thing.append(step)
            expected[key].append(step)
    assert len(shelf) == len(expected)
    assert list(shelf.emptied()) == list(expected.values())


@pytest.mark.parametrize("count", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK - 1])
def test_a_spool_gives_back_what_it_was_given(count: int) -> None:
    """As often as it is asked, and shows each thing once to whoever watches."""
    spool: Spool[int] = Spool(lambda item: (item,), int)
    seen: list[int] = []
    spool.watch(seen.extend)
    for item in range(count):
        spool.add(item)
    spool.close()
    assert seen == list(spool) == list(spool) == list(range(count))
    assert len(spool) == count


def test_doubles_are_told_with_their_first_place() -> None:
    """However many lie between."""
    problems = Remarks()
    doubles = Doubles(problems, lambda key, line, column: f"{key!s} stands in line {line}, {column}.")
    for line in range(2, 1_400):
        doubles.add(f"id{line % 1_390}", Remark("a.csv", line, "Id", ""))
    doubles.check()
    told = [(problem.line, problem.sentence) for problem in problems.listed]
    assert told == [(line, f"id{line - 1_390} stands in line {line - 1_390}, Id.") for line in range(1_392, 1_400)]


@pytest.mark.parametrize("count", [3, 1_700])
def test_a_tally_counts_what_is_different(count: int) -> None:
    """Each once."""
    tally = Tally()
    for number in range(count):
        tally.add(("ada@example.org", str(number)))
        tally.add(("ada@example.org", str(number // 2)))
    assert tally.count() == count
