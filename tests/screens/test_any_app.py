"""Cells serve any Textual app: a bazaar shows the same with differences as with Textual's own output.

pytest tests/screens/test_any_app.py
GIFTDESK_KEYS=20000 GIFTDESK_SEED=7 pytest tests/screens/test_any_app.py -m slow -s
"""

import os
import random
from collections.abc import Sequence
from functools import partial

import pytest
from screens.bazaar import Bazaar
from screens.beside import VT100, XTERM, WiredDriver, two_terminals
from screens.scripts import NAMES
from screens.sessions import DifferentError, Report, Step, play
from textual import events
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Label

from tui.cells.app import CellsApp
from tui.cells.powers import Powers

_KEYS = int(os.environ.get("GIFTDESK_KEYS", "3000"))
_SEED = os.environ.get("GIFTDESK_SEED", "1")
_PRESSED = (
    *("down", "up", "pagedown", "pageup", "home", "end", "tab", "tab", "shift+tab", "left", "right", "enter", "space"),
    *("escape", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "ctrl+p", "backspace", "delete", "a", "b", "ctrl+z", "x"),
)
_SIZES = ("80x24", "120x40", "200x60", "40x12", "20x6", "81x25")


class Customer:
    """Somebody in front of the bazaar."""

    def __init__(self, app: Bazaar, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot

    async def presses(self, *keys: str) -> None:
        """Press keys by their names."""
        await self._pilot.press(*keys)
        await self.settles()

    async def types(self, text: str) -> None:
        """Type characters."""
        for character in text:
            self.app.post_message(events.Key(character, character))
        await self.settles()

    async def pastes(self, text: str) -> None:
        """Paste text."""
        self.app.post_message(events.Paste(text))
        await self.settles()

    async def settles(self) -> None:
        """Wait until it is drawn."""
        await self._pilot.pause()


def make_visit(seed: str, length: int) -> list[Step]:
    """So many steps, the same for each seed."""
    dice = random.Random(seed)
    steps: list[Step] = []
    while len(steps) < length:
        chance = dice.random()
        if chance < 0.78:
            steps += [Step("press", dice.choice(_PRESSED))] * dice.choice((1, 1, 3))
        elif chance < 0.88:
            steps.append(Step("type", dice.choice("".join(NAMES))))
        elif chance < 0.92:
            steps.append(Step("paste", dice.choice(NAMES)))
        elif chance < 0.95:
            steps.append(Step("size", dice.choice(_SIZES)))
        else:
            steps.append(Step(dice.choice(("noise", "suspend", "stock")), ""))
    return steps[:length]


async def visit(steps: Sequence[Step], powers: Powers = XTERM) -> Report:
    app = Bazaar()
    with two_terminals(app, powers) as beside:
        async with app.run_test(headless=False, notifications=True, tooltips=True) as pilot:
            customer = Customer(app, pilot)
            await customer.settles()
            return await play(customer, beside, steps)


@pytest.fixture(autouse=True)
def _draws_for_who_looks() -> None:
    """Every update is drawn here: it is what is looked at."""


async def test_a_visit_shows_the_same() -> None:
    """Tables, texts, dialogs, notices, movements, sizes, suspends, noise."""
    report = await visit(make_visit("a visit", 30))
    assert report.keys > 20
    assert report.ours < report.stock / 2


class Hello(CellsApp[None]):
    """Hardly anything."""

    def compose(self) -> ComposeResult:
        """A word."""
        yield Label("Hello")


class ScreenlessDriver(WiredDriver):
    """Where nobody sees anything."""

    is_headless = True


class InlineDriver(WiredDriver):
    """Below the prompt of a shell."""

    is_inline = True


class WebDriver(WiredDriver):
    """In a browser."""

    is_web = True


@pytest.mark.parametrize(("driver", "draws"), [(ScreenlessDriver, False), (InlineDriver, True), (WebDriver, True)])
async def test_where_the_terminal_is_not_the_apps_own_it_steps_aside(driver: type[WiredDriver], draws: bool) -> None:
    """Inline and on the web Textual's own output is sent; and nothing is painted."""
    app = Hello()
    app.driver_class = partial(driver, powers=XTERM)  # type: ignore[assignment]
    async with app.run_test(headless=False) as pilot:
        await pilot.pause(0.05)
        assert isinstance(app._driver, WiredDriver)
        assert (app._driver.sent["ours"] > 1_000) is draws
    assert not app.painter.is_informed
    assert not app.is_stock


@pytest.mark.slow
@pytest.mark.timeout(7200)
async def test_many_visits_show_the_same() -> None:
    """On terminals that can do all, and on some that can't."""
    total = Report()
    number = 0
    while total.keys < _KEYS:
        number += 1
        powers = (XTERM, XTERM, Powers(erases_cells=True, scrolls=True), VT100)[number % 4]
        try:
            total.add(await visit(make_visit(f"{_SEED}/{number}", 120), powers))
        except DifferentError as found:
            raise AssertionError(f"visit {_SEED}/{number} with {powers}: {found}") from None
    print(f"\nseed {_SEED}: {number} visits, {total}")
