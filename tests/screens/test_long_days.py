"""A desk that is worked at all day keeps no more than is on its screen: not what was open, nor how it was drawn."""

import asyncio
import gc
from collections import Counter
from typing import Final

import pytest
from driver import Driver
from screens.conftest import SitDown
from textual._styles_cache import StylesCache
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from models.finding import Found
from models.histories import ActivityLine
from models.sheets import CardSheet

CARDS: Final = ("Expired this morning, VIP", "Never expires, with forty visits")
KEPT: Final = (Widget, Timer, StylesCache, Strip, CardSheet, Found, ActivityLine)
_LOOKS: Final = 60


async def conversation(desk: Driver) -> None:
    """Cards, their histories, a dialog, pages, help and palette, all looked at; at the end the field stands empty."""
    for card in CARDS:
        await desk.opens(card)
        await looks(desk, "a", "end")
    await looks(desk, "n", "escape", "f1", "escape", "ctrl+p", "escape", "f6", "f3", "f9", "f3")
    await desk.types("/Okafor\r")
    await desk.types("/\x15")


async def looks(desk: Driver, *keys: str) -> None:
    """Press keys, and look at what each brings."""
    for key in keys:
        await desk.presses(key)
        assert desk.cells()


def kept() -> Counter[str]:
    """How many of the things that screens are made of are in memory; and of tasks."""
    gc.collect()
    counted = Counter({"tasks": len(asyncio.all_tasks())})
    for type_, count in Counter(map(type, gc.get_objects())).items():
        counted.update({kind.__name__: count for kind in KEPT if issubclass(type_, kind)})
    return counted


@pytest.mark.usefixtures("alone_in_memory")
@pytest.mark.parametrize("rounds", [2, pytest.param(60, marks=pytest.mark.slow)])
async def test_nothing_is_kept(sit_down: SitDown, rounds: int) -> None:
    """However often it is all done again, as much lies in memory as after the first time."""
    async with sit_down() as desk:
        await conversation(desk)
        before = kept()
        for _ in range(rounds):
            await conversation(desk)
        # What was left last may be on its way out still: the loop keeps a timer that was given up until its time.
        for _ in range(_LOOKS):
            after = kept()
            grown = {what: (before[what], count) for what, count in after.items() if count > before[what] * 1.1 + 4}
            if not grown:
                break
            await desk.pilot.pause(0.2)
    assert not grown
