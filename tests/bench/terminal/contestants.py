"""The programs that are measured beside each other: giftdesk in its looks, a bare Textual app, curses by hand."""

import asyncio
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.terminal.acts import AT_THE_TABLE, Act, at_the_desk, keys_of
from bench.terminal.desks import LISTED, make_desk, surroundings
from bench.terminal.pictures import PICTURED, Picture, keep, taken_of
from driver import at_desk

from models.jobs.demo import Scenario
from models.store import Store
from tui.terminal import Profile

LEAN, FULL, ASCII, STOCK_OUTPUT = "lean", "full", "ascii", "lean, stock output"
TABLE, TABLE_IN_CELLS, CURSES = "Textual app", "the same in cells", "curses"
NAMES: Final = (LEAN, FULL, ASCII, STOCK_OUTPUT, TABLE, TABLE_IN_CELLS, CURSES)
PEERS: Final = PICTURED.parent
CODE: Final = "Q7CJV4H4277JJ773"
"""Of the demo's card that expired this morning and belongs to a VIP."""
NOW: Final = "2026-11-21T14:02Z"
"""When the desk's cards are what they are."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A program, and what is done at it."""

    name: str
    words: tuple[str, ...]
    surroundings: Mapping[str, str]
    acts: tuple[Act, ...]


def giftdesk(*words: str) -> tuple[str, ...]:
    """The command, as the console script runs it."""
    settled = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    module, _, function = settled["project"]["scripts"]["giftdesk"].partition(":")
    return (sys.executable, "-c", f"import sys; from {module} import {function}; sys.exit({function}())", *words)


def contestants(folder: Path) -> list[Contestant]:
    """All of them, each of those that keep something at a desk of its own below a folder."""
    drawn = _drawn(folder)
    here = surroundings(folder)
    return [
        *(at_a_desk(folder, name) for name in (LEAN, FULL, ASCII, STOCK_OUTPUT)),
        Contestant(TABLE, (sys.executable, str(PEERS / "table.py")), here, AT_THE_TABLE),
        Contestant(TABLE_IN_CELLS, (sys.executable, str(PEERS / "table.py"), "--cells"), here, AT_THE_TABLE),
        Contestant(CURSES, (sys.executable, str(PICTURED), str(drawn)), here, tuple(at_the_desk(CODE, LISTED))),
    ]


def opened(path: Path, *words: str) -> tuple[str, ...]:
    """The command that sits an agent down at the desk in a file."""
    return giftdesk("--db", f"sqlite:///{path}", "--as", "sam", "--now", NOW, *words)


def at_a_desk(folder: Path, name: str) -> Contestant:
    """giftdesk in one of its looks, at a desk of its own below a folder."""
    home = folder / name.replace(", ", "-").replace(" ", "-")
    home.mkdir(parents=True)
    make_desk(home / "desk.db")
    profile, _, output = name.partition(", ")
    more = {"GIFTDESK_PROFILE": profile, **({"GIFTDESK_OUTPUT": "stock"} if output else {})}
    return Contestant(name, opened(home / "desk.db"), surroundings(home, **more), tuple(at_the_desk(CODE, LISTED)))


def _drawn(folder: Path) -> Path:
    """The pictures of giftdesk in lean, one for each key, where the program in curses finds them."""
    home = folder / "drawn"
    home.mkdir()
    store, scenarios = make_desk(home / "desk.db")
    path = home / "pictures.json"
    keep(asyncio.run(_pictures(store, scenarios)), path)
    return path


async def _pictures(store: Store, scenarios: Sequence[Scenario]) -> list[Picture]:
    async with at_desk(store, scenarios, profile=Profile.LEAN) as desk:
        pictures = [taken_of(desk)]
        for key in keys_of(at_the_desk(CODE, LISTED)):
            await desk.presses(key)
            pictures.append(taken_of(desk))
    return pictures
