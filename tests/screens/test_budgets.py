"""What each key costs on the wire, on every page: bytes do not vary with the machine, so they have budgets.

A limit is the goal for what a key does, and at most twice what a program written by hand in curses sends for the same
picture, or 200 bytes more; all colours may cost twice as much. Whoever goes over one sees all that were pressed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from bench.terminal.pictures import sent_by_curses
from bench.terminal.story import ANSWER_SECONDS, STORY, STORY_SECONDS, on_the_line
from bench.terminal.walk import FREQUENT, PASTE, PLACES, Kind, Place, Step, Walk
from bench.terminal.wire import on_the_wire, sent
from screens.conftest import Demo

from tui.terminal import Profile

GOALS: Final[Mapping[Kind, int]] = {
    Kind.LETTER: 80,
    Kind.ROW: 120,
    Kind.DIALOG: 1_200,
    Kind.KEY: 1_500,
    Kind.SCREEN: 3_000,
}
OVER: Final[Mapping[tuple[str, str], int]] = {
    # In all colours the line that is left has two more of them.
    ("card", "up"): 125,
    # A whole page of the help.
    ("help", "home"): 1_800,
}
"""What costs more than its goal, by place and key, and how much at most in lean."""
MINUTE: Final = 40
_DEARER: Final[Mapping[Profile, int]] = {Profile.LEAN: 1, Profile.FULL: 2}


@pytest.fixture(autouse=True)
def _draws_for_who_looks() -> None:
    """Every update is drawn: a wire looks."""


@dataclass(frozen=True)
class Cost:
    """What a step sent, and what it may send."""

    step: Step
    by_curses: int
    limit: int

    def __str__(self) -> str:
        mark = "OVER" if self.sent > self.limit else ""
        place, key, kind = self.step.place, self.step.key, self.step.kind
        return f"{place:13}{key:11}{kind:7}{self.sent:6}{self.limit:7}{self.by_curses:8} {mark}"

    @property
    def sent(self) -> int:
        return len(self.step.sent)


def costs(steps: Sequence[Step], dearer: int, folder: Path) -> list[Cost]:
    """Of each key its cost; the card that is pasted is no key."""
    by_curses = sent_by_curses([step.picture for step in steps], folder)
    return [
        Cost(step, beside, _limit(step, beside + step.copied) * dearer)
        for step, beside in zip(steps, by_curses, strict=True)
        if step.key != PASTE
    ]


def _limit(step: Step, by_curses: int) -> int:
    goal = GOALS[step.kind]
    if step.key != "f5":  # which draws everything, whatever is there already
        goal = min(goal, max(2 * by_curses, by_curses + 200))
    return max(goal, OVER.get((step.place, step.key), 0))


async def walked(demo: Demo, profile: Profile, places: Sequence[Place], folder: Path) -> list[Cost]:
    """Past some places, as a manager, who may do the most."""
    async with on_the_wire(demo.store, demo.scenarios, login="mia", profile=profile) as (desk, wire):
        walk = Walk(desk, wire)
        for place in places:
            await walk.past(place)
    return costs(walk.steps, _DEARER[profile], folder)


def fits(told: Sequence[Cost]) -> None:
    """All are within their limits; else all are told."""
    if any(cost.sent > cost.limit for cost in told):
        head = "place        key        kind     sent  limit  curses"
        pytest.fail("\n".join([head, *map(str, told)]), pytrace=False)


async def test_every_key_of_every_page_suits_a_slow_line(demo: Demo, tmp_path: Path) -> None:
    fits(await walked(demo, Profile.LEAN, PLACES, tmp_path))


async def test_all_colours_cost_twice_as_much_at_most(demo: Demo, tmp_path: Path) -> None:
    fits(await walked(demo, Profile.FULL, FREQUENT, tmp_path))


@pytest.mark.slow
async def test_every_key_in_all_colours(demo: Demo, tmp_path: Path) -> None:
    fits(await walked(demo, Profile.FULL, PLACES, tmp_path))


@pytest.mark.parametrize("profile", Profile)
async def test_a_desk_left_open_is_silent_between_the_minutes(demo: Demo, profile: Profile) -> None:
    """A card with its countdown stands there: nothing is sent, and with the minute only what it changes."""
    async with on_the_wire(demo.store, demo.scenarios, profile=profile) as (desk, wire):
        await desk.opens("Expired this morning, VIP")
        await sent(desk)
        wire.cut()
        await desk.goes_away(timedelta(seconds=59))
        await sent(desk)
        assert wire.cut() == b""
        await desk.goes_away(timedelta(seconds=1))
        await sent(desk)
        assert 0 < len(wire.cut()) <= MINUTE * _DEARER.get(profile, 1)


async def test_a_call_is_answered_over_a_slow_line(demo: Demo) -> None:
    """Find, read, reactivate, copy the reply: what is waited for the line alone, at each step and in all."""
    async with on_the_wire(demo.store, demo.scenarios) as (desk, wire):
        waited = []
        for _, keys in STORY:
            desk.at_once("".join("\r" if key == "enter" else key for key in keys))
            await desk.settles()
            await sent(desk)
            waited.append(on_the_line(len(wire.cut())))
    assert max(waited) <= ANSWER_SECONDS, waited
    assert sum(waited) < STORY_SECONDS, waited
