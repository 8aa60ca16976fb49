"""The terminal shows the same with differences as with Textual's own output: cells, attributes and cursor, after every
key of random sessions.

    pytest tests/screens/test_beside.py
    pytest tests/screens/test_beside.py -m slow -s                              # 20,000 keys, some minutes
    GIFTDESK_KEYS=100000 GIFTDESK_SEED=7 pytest tests/screens/test_beside.py -m slow -s

The seed of a session and the shortest list of steps that was found to fail are told with a failure.
"""

import os
import random
import shutil
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest
from driver import Driver, make_app
from rich.color import ColorSystem
from rich.segment import Segment
from screens.beside import VT100, XTERM, two_terminals
from screens.scripts import HOSTILE, add_people
from screens.sessions import DifferentError, Report, Step, make_session, play, shrink
from screens.test_hostile import spoil
from textual.events import Resize

from models.clock import FixedClock
from models.jobs.demo import START, Scenario
from models.rules import texts
from models.store import Store, open_store
from tui.cells import pen, picture
from tui.cells.app import CellsApp
from tui.cells.cell import Cell, cells_of
from tui.cells.looks import Look, change
from tui.cells.moves import Place as Spot
from tui.cells.moves import move
from tui.cells.pen import Pen
from tui.cells.powers import Powers
from tui.cells.scrolling import Scroll
from tui.terminal import Profile

Played = Callable[["Place", "Seat", Sequence[Step]], Awaitable[Report]]
Prove = Callable[..., Awaitable[Report]]
_WITHOUT_BCE = Powers(erases_cells=True, scrolls=True)
_LENGTH = 120
_KEYS = int(os.environ.get("GIFTDESK_KEYS", "20000"))
_SEED = os.environ.get("GIFTDESK_SEED", "1")
_LOGINS = ("sam", "pat", "mia", "olu")


@dataclass(frozen=True)
class Seat:
    """Who sits there, and at what kind of terminal."""

    profile: Profile = Profile.FULL
    login: str = "mia"
    powers: Powers = XTERM
    is_colourless: bool = False

    @classmethod
    def any(cls, seed: str, logins: Sequence[str]) -> "Seat":
        """One of them, the same for each seed."""
        dice = random.Random(f"seat {seed}")
        powers = dice.choice((XTERM, XTERM, XTERM, _WITHOUT_BCE, VT100))
        return cls(dice.choice(list(Profile)), dice.choice(logins), powers, dice.random() < 0.25)


@dataclass(frozen=True)
class Place:
    """A desk's files, to be copied for each session."""

    path: Path
    codes: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    logins: tuple[str, ...]

    def open(self, folder: Path) -> Store:
        """A copy of it."""
        folder.mkdir(exist_ok=True)
        for suffix in (".db", ".key"):
            shutil.copy(self.path.with_suffix(suffix), folder / f"desk{suffix}")
        store = open_store(folder / "desk.db", FixedClock(START))
        return replace(store, pick=random.Random(self.path.name).randrange)  # codes are the same every time


@pytest.fixture(autouse=True)
def _draws_for_who_looks() -> None:
    """Every update is drawn here: it is what is looked at."""


@pytest.fixture(scope="module")
def everybody(original: tuple[Path, tuple[Scenario, ...]]) -> Iterator[Place]:
    """The demo, and people whose names are written in every script."""
    path, scenarios = original
    folder = path.parent / "everybody"
    place = Place(path, tuple(each.code for each in scenarios), scenarios, _LOGINS)
    clock = FixedClock(START)
    codes = add_people(place.open(folder).with_clock(clock), clock)
    yield Place(folder / "desk.db", codes + place.codes, scenarios, _LOGINS)
    shutil.rmtree(folder)


def spoiled(folder: Path, payload: str, patch: pytest.MonkeyPatch) -> Place:
    """A desk that is full of a payload which no validator kept out."""
    folder.mkdir()
    with patch.context() as let_in:
        let_in.setattr(texts, "_checked", lambda text, _what, _longest: text)
        made = spoil(folder, payload, "ann@example.org")
    return Place(folder / "spoiled.db", (made.expired, made.held, made.spent), (), ("eve", "sam"))


@pytest.fixture
def play_once(quick_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    """Play the steps of a session on a copy of a place."""

    async def played(place: Place, seat: Seat, steps: Sequence[Step]) -> Report:
        monkeypatch.setenv("NO_COLOR", "1" if seat.is_colourless else "")
        monkeypatch.setenv("VISUAL", "true")  # an editor that leaves every text as it is, and no terminal to wait for
        store = place.open(quick_folder / "played")
        app = make_app(store, place.scenarios, login=seat.login, profile=seat.profile)
        with two_terminals(app, seat.powers) as beside:
            async with app.run_test(headless=False) as pilot:
                assert isinstance(store.clock, FixedClock)
                desk = Driver(app, store.clock, pilot)
                await desk.settles()
                return await play(desk, beside, steps)

    return played


@pytest.fixture
def prove(play_once: Played) -> Prove:
    """Play a session: `await prove(place, seat, seed)`; a failure tells the fewest steps that lead to it."""

    async def fails(place: Place, seat: Seat, steps: Sequence[Step]) -> DifferentError | None:
        try:
            await play_once(place, seat, steps)
        except DifferentError as found:
            return found
        return None

    async def prove(place: Place, seat: Seat, seed: str, length: int = _LENGTH) -> Report:
        steps = make_session(seed, length, place.codes)
        try:
            return await play_once(place, seat, steps)
        except DifferentError as found:
            shortest = await shrink(found, lambda fewer: fails(place, seat, fewer))
            raise AssertionError(f"session {seed!r} as {seat}: {shortest}") from None

    return prove


@pytest.mark.parametrize(
    "seat",
    [Seat(), Seat(Profile.LEAN, "sam", _WITHOUT_BCE), Seat(Profile.ASCII, "pat", VT100)],
    ids=lambda seat: seat.profile,
)
async def test_a_session_shows_the_same(everybody: Place, prove: Prove, seat: Seat) -> None:
    """Keys, pastes, sizes, minutes, suspends, noise and notices."""
    report = await prove(everybody, seat, f"some keys in {seat.profile}", 40)
    assert report.keys > 25
    assert report.ours < report.stock / 2


async def test_room_again_behind_the_lock(everybody: Place, play_once: Played) -> None:
    """All is drawn, whatever the terminal shows once its window is large again."""
    await play_once(everybody, Seat(), [Step("away", "3600"), Step("size", "30x8"), Step("size", "200x60")])


@pytest.mark.slow
@pytest.mark.timeout(7200)
async def test_very_many_keys_show_the_same(
    everybody: Place, prove: Prove, quick_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quarter of the sessions on desks that are full of hostile text."""
    total = Report()
    bad = [spoiled(quick_folder / f"bad{number}", each, monkeypatch) for number, each in enumerate(HOSTILE)]
    for number in count():
        place = bad[number // 4 % len(bad)] if number % 4 == 3 else everybody
        seed = f"{_SEED}/{number}"
        total.add(await prove(place, Seat.any(seed, place.logins), seed))
        if total.keys >= _KEYS:
            break
    print(f"\nseed {_SEED}: {number + 1} sessions, {total}")


_A_PAGE = tuple(Step("press", key) for key in ("f1", "down", "down", "pagedown"))
_AT_ITS_END = (Step("press", "end"), Step("type", "x"))
_A_FIELD = (Step("paste", "half 漢 and 漢字"), Step("press", "home"), Step("type", "漢"), *_AT_ITS_END)
_A_LIST = (Step("paste", "Ben Okafor"), Step("press", "enter"), Step("press", "down"))
_A_WINDOW = (Step("size", "80x24"),)


def _moves_too_far(at: Spot | None, to: Spot) -> str:
    return move(at, (to[0], to[1] + 1 if to[1] > 10 else to[1]))


def _forgets_attributes(before: Look, after: Look, *, can_undo: bool) -> str:
    return change(before._replace(attributes=()), after._replace(attributes=()), can_undo=can_undo)


_SCROLL = Pen.scroll


def _moves_a_row_too_few(self: Pen, scroll: Scroll) -> None:
    _SCROLL(self, scroll._replace(bottom=scroll.bottom - 1))


def _counts_characters(segments: tuple[Segment, ...], colours: ColorSystem) -> tuple[Cell, ...]:
    return tuple(cell._replace(width=1) for cell in cells_of(segments, colours) if cell.width)


def _remembers(_: CellsApp[None], __: Resize) -> None:
    """Nothing is drawn again."""


_BREAKS = (
    pytest.param(pen, "change", _forgets_attributes, _A_LIST, id="a forgotten attribute"),
    pytest.param(Pen, "scroll", _moves_a_row_too_few, _A_PAGE, id="a row too few"),
    pytest.param(picture, "cells_of", _counts_characters, _A_FIELD, id="half of a wide character"),
    pytest.param(pen, "move", _moves_too_far, _A_LIST, id="a move too far", marks=pytest.mark.slow),
    pytest.param(CellsApp, "on_resize", _remembers, _A_WINDOW, id="no redraw", marks=pytest.mark.slow),
)


async def test_what_finds_a_broken_painter_passes_with_a_whole_one(everybody: Place, play_once: Played) -> None:
    """All that the painters below are found out by."""
    await play_once(everybody, Seat(), (*_A_LIST, *_A_FIELD, *_A_PAGE, *_A_WINDOW))


@pytest.mark.parametrize(("where", "name", "broken", "steps"), _BREAKS)
async def test_a_broken_painter_is_found_out(
    everybody: Place,
    play_once: Played,
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    name: str,
    broken: object,
    steps: Sequence[Step],
) -> None:
    """The comparison can fail."""
    monkeypatch.setattr(where, name, broken)
    with pytest.raises(DifferentError):
        await play_once(everybody, Seat(), steps)
