"""A scroll bar comes and goes with what needs it: nothing is drawn in between."""

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.scrollbar import ScrollBar

from tui.pieces import piece
from tui.widgets.lines import Lines
from tui.widgets.scrollbar import AsciiScrollBar
from tui.widgets.scrolling import Text

SIZE = (20, 8)
LONG = "abcdefghijklmnopqrstuvwxyz"
WITH_BAR, WITHOUT = "abcdefghijklmnopq…#", "abcdefghijklmnopqr…"


@pytest.fixture(autouse=True)
def _draws_for_who_looks() -> None:
    """Every update is drawn: it is compared."""


@pytest.fixture(autouse=True)
def _bars_are_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScrollBar, "renderer", AsciiScrollBar)


class Beholder(App[None]):
    """A list above a text, and every picture that was drawn of them."""

    CSS = "Text { height: 3; }"

    def __init__(self, *, is_long: bool) -> None:
        """Begin with a list and a text that do not fit, or with a row each."""
        super().__init__(ansi_color=False)
        self.pictures: list[list[str]] = []
        self._is_long = is_long

    def compose(self) -> ComposeResult:
        """Empty, and filled before the first layout."""
        yield Lines[str](lambda item, _width: piece(item))
        yield Text()

    def on_mount(self) -> None:
        """Fill them."""
        self.fill(is_long=self._is_long)

    def fill(self, *, is_long: bool) -> None:
        """With more than fits, or with less."""
        rows = 30 if is_long else 1
        self.query_one(Lines).show([LONG] * rows)
        self.query_one(Text).show(f"{'abcd ' * 4 * rows}")

    def _display(self, screen: Screen[object], renderable: object) -> None:
        super()._display(screen, renderable)  # type: ignore[arg-type]
        if screen is self.screen and self.query_one(Text).size:
            self.pictures.append([strip.text for strip in screen._compositor.render_strips()])


async def pictures(app: Beholder, pilot: Pilot[None]) -> list[list[str]]:
    """Those that differ, one after the other; the last one is what stays."""
    for _ in range(3):
        await pilot.pause(0.02)
    seen = [each for each, before in zip(app.pictures, [[], *app.pictures], strict=False) if each != before]
    app.pictures.clear()
    return seen


@pytest.mark.parametrize("is_long", [True, False])
async def test_the_first_picture_is_the_last(is_long: bool) -> None:
    app = Beholder(is_long=is_long)
    async with app.run_test(size=SIZE) as pilot:
        (picture,) = await pictures(app, pilot)
        assert (WITH_BAR if is_long else WITHOUT) in picture[0]


@pytest.mark.parametrize("is_long", [True, False])
async def test_what_is_filled_otherwise_is_drawn_once(is_long: bool) -> None:
    """A row is as wide as the bar leaves it, in the very picture that shows it first."""
    app = Beholder(is_long=not is_long)
    async with app.run_test(size=SIZE) as pilot:
        await pictures(app, pilot)
        app.fill(is_long=is_long)
        (picture,) = await pictures(app, pilot)
        assert (WITH_BAR if is_long else WITHOUT) in picture[0]


async def test_a_bar_goes_with_the_size_that_needed_it() -> None:
    app = Beholder(is_long=True)
    async with app.run_test(size=SIZE) as pilot:
        await pictures(app, pilot)
        await pilot.resize_terminal(SIZE[0], 60)
        (picture,) = await pictures(app, pilot)
        assert WITHOUT in picture[0]
