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

CARDS: Final = ("Expired this morning, VIP", "Active: confirm", "Never expires, with forty visits", "Does not add up")
KEPT: Final = (Widget, Timer, StylesCache, Strip, CardSheet, Found, ActivityLine)


async def conversation(desk: Driver) -> None:
    """Some cards and their histories, a dialog, every page, help and palette; at the end the field stands empty."""
    for card in CARDS:
        await desk.opens(card)
        await desk.presses("a", "end", "enter", "escape", "a")
    await desk.presses("n", "escape", "f1", "escape", "ctrl+p", "escape")
    await desk.presses("f6", "f3", "f7", "escape", "f8", "f3", "f9", "f3")
    await desk.types("/Okafor\r")
    await desk.types("/\x15")


def kept() -> Counter[str]:
    """How many of the things that screens are made of are in memory; and of tasks."""
    gc.collect()
    counted = Counter(kind.__name__ for each in gc.get_objects() for kind in KEPT if isinstance(each, kind))
    counted["tasks"] = len(asyncio.all_tasks())
    return counted


@pytest.mark.parametrize("rounds", [2, pytest.param(60, marks=pytest.mark.slow)])
async def test_nothing_is_kept(sit_down: SitDown, rounds: int) -> None:
    """However often it is all done again, as much lies in memory as after the first time."""
    async with sit_down() as desk:
        await conversation(desk)
        before = kept()
        for _ in range(rounds):
            await conversation(desk)
        after = kept()
    grown = {what: (before[what], count) for what, count in after.items() if count > before[what] * 1.1 + 4}
    assert not grown, (before, after)
