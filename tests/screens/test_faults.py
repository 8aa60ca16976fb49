"""What goes wrong below the screens: the sentence is seen, the card stays, and work goes on when it is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from driver import Driver
from screens.conftest import Demo, SitDown
from store import faulty
from store.counter import Counter
from store.faulty import Misfortune
from store.scene import Scene

from models import database
from models.clock import FixedClock
from models.database import FileDatabase

VIP = "Expired this morning, VIP"
FIND, NOTE, REACTIVATE = "slash o k a f o r enter", "n h i enter", "r enter"
WRITES = (NOTE, REACTIVATE)
ALL = ("f5", "f7", *WRITES)


@contextmanager
def another_desk_saves(scene: Scene) -> Iterator[None]:
    """And does not come to an end."""
    with pytest.MonkeyPatch.context() as patch, FileDatabase(scene.file).writing():
        patch.setattr(database, "BUSY_SECONDS", 0.03)
        yield


# What is done, what is told, and what it stops.
FAULTS: dict[str, tuple[Misfortune, str, tuple[str, ...]]] = {
    "saves": (another_desk_saves, "Another desk is saving and did not finish in time. Try again. Nothing", WRITES),
    "full": (faulty.no_room_to_grow, "failed to read or write; it may be full. Check it before going", ALL),
    "gone": (faulty.no_file, "cannot be opened. Check that the file and its folder are there", ALL),
    "other": (faulty.another_file_in_its_place, "is not a giftdesk database. Check the path, or", ALL),
    "garbled": (faulty.garbled_cards, "is damaged. Stop working with it and restore a backup.", ALL),
}


@pytest.mark.parametrize(
    "fault", [pytest.param(each, marks=() if each in ("gone", "saves") else pytest.mark.slow) for each in FAULTS]
)
async def test_a_fault_is_told_and_work_goes_on(demo: Demo, sit_down: SitDown, fault: str) -> None:
    """Each key that asks the database is told what is wrong, and the card stays as it was; then they all work."""
    does, words, keys = FAULTS[fault]
    async with sit_down() as desk:
        await desk.opens(VIP)
        card, activities = desk.card_id, desk.sheet.activities
        with does(at(demo, desk)):
            for pressed in keys:
                await desk.presses(*pressed.split())
                desk.sees(words)
                await comes_back(desk)
                assert (desk.card_id, desk.sheet.activities) == (card, activities)
            await desk.presses(*FIND.split())
            desk.sees(words if keys is ALL else "Okafor")
        await desk.presses(*FIND.split())
        desk.sees("Okafor")
        await desk.opens(VIP)
        await desk.presses(*NOTE.split())
        desk.sees("has your note.")
        await desk.presses(*REACTIVATE.split())
        desk.sees("is reactivated: 50.00 GBP given back")


async def comes_back(desk: Driver) -> None:
    """Leave what was opened for it, if anything was; the card is there."""
    for _ in range(3):
        if desk.app.screen is desk.desk and not desk.desk.finder.field.has_focus:
            break
        await desk.presses("escape")
    desk.sees("J773")


def at(demo: Demo, desk: Driver) -> Scene:
    """The place where it goes wrong."""
    assert isinstance(demo.store.clock, FixedClock)
    return Scene(Counter(demo.store, demo.store.clock), "", desk.card_id, "", desk.card_id, desk.card_id, Path())
