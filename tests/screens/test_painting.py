"""What is sent are differences; what a terminal shows after them is the same as if all had been sent."""

from collections.abc import Sequence

import pytest
from driver import Driver
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from screens.conftest import SitDown
from screens.glass import Cursor, Glass
from textual.geometry import Offset
from textual.strip import Strip

from tui.cells.painting import Painter
from tui.terminal import Profile

WIDTH, HEIGHT = 24, 4
STYLES = (
    None,
    Style(bold=True),
    Style(reverse=True),
    Style(underline=True),
    Style.parse("red"),
    Style.parse("white on blue"),
    Style.parse("default on default"),
    Style.parse("bold #10a0ff on #202020"),
)
texts = st.text(st.sampled_from("   ab─●é"), max_size=12)
parts = st.lists(st.tuples(texts, st.sampled_from(STYLES)), max_size=4)
screens = st.lists(parts, min_size=HEIGHT, max_size=HEIGHT)


def strip_of(row: Sequence[tuple[str, Style | None]]) -> Strip:
    strip = Strip([Segment(text, style) for text, style in row if text])
    return strip.adjust_cell_length(WIDTH)


def sent_whole(strips: Sequence[Strip]) -> Glass:
    """A terminal that was sent every cell, as Textual does it."""
    glass = Glass(strips[0].cell_length, len(strips), wraps=False)
    for y, strip in enumerate(strips):
        glass.feed(f"\x1b[{y + 1};1H")
        for text, style, _ in strip:
            glass.feed(style.render(text, color_system=ColorSystem.TRUECOLOR) if style else text)
    return glass


@settings(max_examples=60, deadline=None)
@given(st.lists(screens, min_size=2, max_size=5))
def test_differences_add_up(pictures: Sequence[Sequence[Sequence[tuple[str, Style | None]]]]) -> None:
    """Whatever follows what."""
    glass, painter = Glass(WIDTH, HEIGHT, wraps=False), Painter()
    glass.feed("what a shell left behind\r\n" * HEIGHT)
    for rows in pictures:
        strips = [strip_of(row) for row in rows]
        glass.feed(painter.paint(strips, Offset(3, 1), ColorSystem.TRUECOLOR))
        assert glass.seen() == sent_whole(strips).seen()
        assert glass.cursor == Cursor(3, 1, True)
        assert painter.paint(strips, Offset(3, 1), ColorSystem.TRUECOLOR) == ""


def test_wide_characters_are_sent_with_their_row() -> None:
    """Their cells can't be counted on: the row goes as a whole, before and after."""
    painter = Painter()
    rows = [strip_of([(text, None)]) for text in ("plain", "漢字 name", "e\u0301 mark", "last")]
    painter.paint(rows, Offset(0, 0), ColorSystem.STANDARD)
    rows[1] = strip_of([("漢字 names", None)])
    assert "漢字 names" in painter.paint(rows, Offset(0, 0), ColorSystem.STANDARD)
    rows[1] = strip_of([("plain", None)])
    assert "plain" in painter.paint(rows, Offset(0, 0), ColorSystem.STANDARD)


def test_one_letter_costs_a_move_and_itself() -> None:
    painter = Painter()
    painter.paint([strip_of([("find ", None)])], Offset(5, 0), ColorSystem.STANDARD)
    sent = painter.paint([strip_of([("find a", None)])], Offset(6, 0), ColorSystem.STANDARD)
    assert sent == "\x1b[1;6Ha"


def test_what_is_forgotten_is_sent_again() -> None:
    """After a resize, or when somebody else wrote to the terminal."""
    painter = Painter()
    rows = [strip_of([("find", None)])]
    first = painter.paint(rows, Offset(0, 0), ColorSystem.STANDARD)
    painter.forget()
    assert painter.paint(rows, Offset(0, 0), ColorSystem.STANDARD) == first
    assert "find" in painter.paint(rows * 2, Offset(0, 0), ColorSystem.STANDARD)


def test_what_somebody_else_painted_stays() -> None:
    """Only what differs from it is sent; unless the terminal has another size by then."""
    rows = [strip_of([(text, None)]) for text in ("giftdesk", "", "find A", "")]
    painter = Painter()
    painter.shows(["giftdesk", "", "find", ""], Offset(5, 2), WIDTH)
    assert painter.paint(rows, Offset(6, 2), ColorSystem.STANDARD) == "\x1b[3;6HA"
    for told, width in ((["giftdesk"], WIDTH), (["giftdesk", "", "find", ""], WIDTH - 1)):
        painter.shows(told, Offset(0, 0), width)
        assert "giftdesk" in painter.paint(rows, Offset(6, 2), ColorSystem.STANDARD)


@pytest.mark.parametrize("profile", [Profile.FULL, Profile.ASCII])
async def test_a_conversation_leaves_the_same_picture(sit_down: SitDown, profile: Profile) -> None:
    """After every key the terminal shows what the screens are."""
    async with sit_down(profile=profile) as desk:
        glass, painter = Glass(*desk.app.size, wraps=False), Painter()
        for keys in ("", "Ben Okafor\r", "j", "\r", "e", "Tried twice\r"):
            await desk.types(keys)
            shows_the_same(desk, glass, painter)
        for key in ("f1", "pagedown", "escape", "ctrl+p", "down"):
            await desk.presses(key)
            shows_the_same(desk, glass, painter)


@pytest.mark.parametrize(("profile", "dearer"), [(Profile.LEAN, 1), (Profile.FULL, 2)])
async def test_a_slow_line_is_enough(sit_down: SitDown, profile: Profile, dearer: int) -> None:
    """What each key may cost, in bytes; all colours may cost twice as much."""
    async with sit_down(profile=profile) as desk:
        painter = Painter()
        for keys, most in (
            ("", 1_500),
            ("B", 80),
            ("en Okafor\r", 700),
            ("j", 250),
            ("\r", 1_600),
            ("n", 1_000),
            ("T", 80),
            ("ried twice\r", 1_600),
            ("s", 200),
        ):
            await desk.types(keys)
            strips = desk.strips()
            sent = painter.paint(strips, Offset(0, 0), ColorSystem.TRUECOLOR)
            assert len(sent.encode()) <= most * dearer, (keys, len(sent.encode()))


def shows_the_same(desk: Driver, glass: Glass, painter: Painter) -> None:
    glass.feed(painter.paint(desk.strips(), Offset(0, 0), ColorSystem.TRUECOLOR))
    assert glass.seen() == sent_whole(desk.strips()).seen()
