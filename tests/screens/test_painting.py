"""What is sent are differences; what a terminal shows after them is the same as if all had been sent."""

import asyncio
import re
from collections.abc import Sequence

import pytest
from bench.terminal.wire import Wire, on_the_wire, sent
from driver import Driver
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from screens.conftest import Demo
from screens.glass import Cursor, Glass
from screens.looks import told_apart
from textual.geometry import Offset
from textual.strip import Strip
from textual.widget import Widget

from tui.cells.cell import cells_of
from tui.cells.painting import Painter
from tui.cells.picture import Picture
from tui.cells.powers import Powers
from tui.terminal import Profile

WIDTH, HEIGHT = 24, 8
_LOOKS = 20
STYLES = (
    None,
    Style(bold=True),
    Style(bold=True, dim=True),
    Style(reverse=True),
    Style(underline=True, italic=True),
    Style.parse("red"),
    Style.parse("white on blue"),
    Style.parse("default on default"),
    Style.parse("on blue"),
    Style.parse("bold #10a0ff on #202020"),
)
FROM_THE_RIGHT = ("שלום", "مرحبا")
DOUBTFUL = ("e\u0301", "👨\u200d👩\u200d👧", "❤\ufe0f", "😀", *FROM_THE_RIGHT, "\ue000", "कि", "🇬🇧")
Painted = tuple[tuple[str, Style | None], ...]
plain_texts = st.text(st.sampled_from("     ab─●é漢字"), max_size=14)
wide_texts = st.text("漢字 ", min_size=4, max_size=12) | st.sampled_from((" " * 9, " " * WIDTH))
doubtful_texts = st.lists(st.sampled_from((*DOUBTFUL, " ", "a", "漢")), max_size=4).map("".join)
texts = plain_texts | wide_texts | doubtful_texts
rows = st.lists(st.tuples(texts, st.sampled_from(STYLES)), max_size=4).map(tuple)
screens = st.lists(rows, min_size=1, max_size=HEIGHT).map(lambda drawn: [*drawn, *[()] * (HEIGHT - len(drawn))])
lists = st.integers(0, 9).map(
    lambda first: [((f"{y} line {y:03} of many", None),) for y in range(first, first + HEIGHT)]
)
powers = st.builds(Powers, *(st.booleans() for _ in Powers._fields))
XTERM = Powers(*(True for _ in Powers._fields))


@pytest.fixture(autouse=True)
def _draws_for_who_looks() -> None:
    """Every update is drawn: a terminal looks."""


def strip_of(row: Sequence[tuple[str, Style | None]]) -> Strip:
    strip = Strip([Segment(text, style) for text, style in row if text])
    return strip.adjust_cell_length(WIDTH)


def paint(painter: Painter, strips: Sequence[Strip], cursor: Offset, colours: ColorSystem) -> str:
    """What the terminal is sent to show these rows."""
    picture = Picture(max(strip.cell_length for strip in strips), len(strips))
    for y, strip in enumerate(strips):
        picture.draw(y, 0, picture.width, strip, colours)
    return painter.show(picture, cursor)


def sent_for(painter: Painter, text: str) -> str:
    """What a row costs that shows a text, in the upper left corner."""
    return paint(painter, [strip_of([(text, None)])], Offset(0, 0), ColorSystem.STANDARD)


def sent_whole(strips: Sequence[Strip]) -> Glass:
    """A terminal that was sent every cell, as Textual does it."""
    glass = Glass(strips[0].cell_length, len(strips), wraps=False)
    for y, strip in enumerate(strips):
        glass.feed(f"\x1b[{y + 1};1H")
        for text, style, _ in strip:
            glass.feed(style.render(text, color_system=ColorSystem.TRUECOLOR) if style else text)
    return glass


@settings(max_examples=150, deadline=None)
@given(powers, st.lists(screens | lists | st.just("forget"), min_size=2, max_size=6))
def test_differences_add_up(has: Powers, pictures: Sequence[Sequence[Painted] | str]) -> None:
    """Whatever follows what, on any terminal."""
    glass, painter = Glass(WIDTH, HEIGHT, wraps=False, erases_with_colour=has.erases_in_colour), Painter(has)
    glass.feed("what a shell left behind\r\n" * HEIGHT)
    for picture in pictures:
        if isinstance(picture, str):
            painter.forget()
            glass.spoil(WIDTH, HEIGHT)
            continue
        strips = [strip_of(row) for row in picture]
        glass.feed(paint(painter, strips, Offset(3, 1), ColorSystem.TRUECOLOR))
        assert told_apart(glass.seen(), sent_whole(strips).seen()) == []
        assert glass.cursor == Cursor(3, 1, True)
        assert paint(painter, strips, Offset(3, 1), ColorSystem.TRUECOLOR) == ""


@settings(max_examples=60, deadline=None)
@given(st.lists(screens, min_size=2, max_size=4))
def test_other_opinions_about_widths_spoil_only_what_they_are_about(pictures: Sequence[Sequence[Painted]]) -> None:
    """A terminal that counts each code point: whatever stands beside a doubtful cluster is in its place."""
    glass, painter = Glass(WIDTH, HEIGHT, wraps=False, by_cluster=False), Painter(XTERM)
    for picture in pictures:
        strips = [strip_of(row) for row in picture]
        glass.feed(paint(painter, strips, Offset(0, 0), ColorSystem.TRUECOLOR))
        seen, expected = glass.seen(), sent_whole(strips).seen()
        for y, strip in enumerate(strips):
            cells = cells_of(tuple(strip), ColorSystem.TRUECOLOR)
            sure = [x for x, cell in enumerate(cells) if cell.is_sure]
            assert [seen[y][x] for x in sure] == [expected[y][x] for x in sure]


def test_a_mark_keeps_the_colour_of_the_blank_that_it_stands_on() -> None:
    """It is seen, though the blank was not."""
    painter = Painter()
    strips = [strip_of(((" ", Style.parse("red")), ("\u0323", None), ("a", None)))]
    glass = Glass(WIDTH, 1, wraps=False)
    glass.feed(paint(painter, strips, Offset(0, 0), ColorSystem.STANDARD))
    assert told_apart(glass.seen(), sent_whole(strips).seen()) == []


def test_rows_that_moved_are_moved_by_the_terminal() -> None:
    """Down a list by one line: the others are not sent again; nor does the first row of the screen ever move."""
    painter = Painter(XTERM)
    glass = Glass(WIDTH, HEIGHT, wraps=False)
    title, status = ((("Title", None),), (("Status", None),))
    for first, most in ((0, 1_000), (1, 45), (0, 45), (3, 85), (2, 45)):
        lines = [((f"{y:02} line of {y:03}", None),) for y in range(first, first + HEIGHT - 2)]
        strips = [strip_of(row) for row in (title, *lines, status)]
        sent = paint(painter, strips, Offset(0, 0), ColorSystem.TRUECOLOR)
        glass.feed(sent)
        assert len(sent) < most
        assert "\x1b[1;" not in sent.replace("\x1b[1;1H", "")
        assert told_apart(glass.seen(), sent_whole(strips).seen()) == []


def test_what_leaves_the_screen_at_its_top_is_not_moved() -> None:
    """Some terminals keep it for anybody to scroll back to: the first row is drawn instead."""
    painter = Painter(XTERM)
    strips = [strip_of(((f"{y:02} line of {y:03}", None),)) for y in range(HEIGHT + 1)]
    paint(painter, strips[:-1], Offset(0, 0), ColorSystem.TRUECOLOR)
    sent = paint(painter, strips[1:], Offset(0, 0), ColorSystem.TRUECOLOR)
    assert sent.startswith(f"\x1b[2;{HEIGHT}r\x1b[{HEIGHT}H\n\x1b[r")


def test_no_control_character_is_sent() -> None:
    """Whatever a text says: a terminal would obey. Half a pair is no fault."""
    sent = paint(Painter(), [strip_of((("a\x1b]0;b\x07c\x9bd\te\ud800", None),))], Offset(0, 0), ColorSystem.STANDARD)
    assert sent == "\x1b[m\x1b[2H\x1b[J\x1b[H\x1b[Ka]0;bcde?\r"


def test_a_picture_that_was_forgotten_is_sent_whole() -> None:
    """Though none of its rows was drawn upon since."""
    painter, picture = Painter(XTERM), Picture(WIDTH, HEIGHT)
    for y in range(HEIGHT):
        picture.draw(y, 0, WIDTH, strip_of(((f"line {y}", None),)), ColorSystem.STANDARD)
    first = painter.show(picture, Offset(0, 0))
    assert painter.show(picture, Offset(0, 0)) == ""
    painter.forget()
    assert painter.show(picture, Offset(0, 0)) == first


@pytest.mark.parametrize(("x", "shown"), [(1, " x字 "), (2, "漢x  "), (3, "漢 x ")])
def test_half_of_a_wide_character_is_not_shown(x: int, shown: str) -> None:
    """A window in front of its other half makes it a blank."""
    picture = Picture(5, 1)
    picture.draw(0, 0, 5, [Segment("漢字 ")], ColorSystem.STANDARD)
    picture.draw(0, x, x + 1, [Segment("x")], ColorSystem.STANDARD)
    assert "".join(cell.text for cell in picture.rows[0]) == shown


def test_a_vt100_gets_what_it_knows() -> None:
    """Without a power nothing is sent that needs it."""
    painter = Painter()
    for colour in ("", " on blue"):
        rows = [strip_of(((f"bold {y}", Style.parse(f"bold{colour}")), (" " * 18, None))) for y in range(HEIGHT)]
        sent = paint(painter, rows, Offset(0, 0), ColorSystem.STANDARD)
        sent += paint(painter, rows[1:] + rows[:1], Offset(0, 0), ColorSystem.STANDARD)
        assert not re.search(r"\x1b\[[\d;]*[Xr]|\x1bM|[\[;](22|27|39|49)[m;]", sent)


def test_wide_characters_are_two_cells_of_a_row() -> None:
    """What stands before and behind them is sent alone."""
    painter = Painter()
    paint(painter, [strip_of([("漢字 name", None)])], Offset(0, 0), ColorSystem.STANDARD)
    assert sent_for(painter, "漢字 names") == "\x1b[1;10Hs\r"
    assert sent_for(painter, "漢文 names") == "\x1b[1;3H文\r"


@pytest.mark.parametrize("doubtful", DOUBTFUL)
def test_after_a_doubtful_width_the_cursor_is_set_anew(doubtful: str) -> None:
    """Terminals differ in how many cells it takes: its row's rest is sent again, at an absolute place."""
    painter = Painter()
    paint(painter, [strip_of([(f"{doubtful} name", None)])], Offset(0, 0), ColorSystem.STANDARD)
    at = cell_len(doubtful) + 1
    assert sent_for(painter, f"{doubtful} names") == f"\x1b[1;{at + 5}Hs\x1b[K\r"
    is_run = doubtful in FROM_THE_RIGHT  # its letters have a width, and terminals an opinion of their order
    begun = "\x1b[H" if is_run else "\x1b[H" + " " * (at - 1) + "\x1b[H"
    assert sent_for(painter, f"{doubtful} Names") == f"\x1b[1;{at + 1}HNames\x1b[K\r"
    assert sent_for(painter, "x") == "\x1b[Hx\x1b[K\b"
    assert sent_for(painter, f"{doubtful} name") == f"{begun}{doubtful}\x1b[1;{at}H name\x1b[K\r"


def test_one_letter_costs_a_move_and_itself() -> None:
    painter = Painter()
    paint(painter, [strip_of([("find ", None)])], Offset(5, 0), ColorSystem.STANDARD)
    sent = paint(painter, [strip_of([("find a", None)])], Offset(6, 0), ColorSystem.STANDARD)
    assert sent == "\x1b[1;6Ha"


def test_what_is_forgotten_is_sent_again() -> None:
    """After a resize, or when somebody else wrote to the terminal."""
    painter = Painter()
    rows = [strip_of([("find", None)])]
    first = paint(painter, rows, Offset(0, 0), ColorSystem.STANDARD)
    painter.forget()
    assert paint(painter, rows, Offset(0, 0), ColorSystem.STANDARD) == first
    assert "find" in paint(painter, rows * 2, Offset(0, 0), ColorSystem.STANDARD)


def test_what_somebody_else_painted_stays() -> None:
    """Only what differs from it is sent; unless the terminal has another size by then."""
    rows = [strip_of([(text, None)]) for text in ("giftdesk", "", "find A", "")]
    painter = Painter()
    painter.shows(["giftdesk", "", "find", ""], Offset(5, 2), WIDTH)
    assert paint(painter, rows, Offset(6, 2), ColorSystem.STANDARD) == "\x1b[3;6HA"
    for told, width in ((["giftdesk"], WIDTH), (["giftdesk", "", "find", ""], WIDTH - 1)):
        painter.shows(told, Offset(0, 0), width)
        assert "giftdesk" in paint(painter, rows, Offset(6, 2), ColorSystem.STANDARD)


@pytest.mark.parametrize("profile", list(Profile))
async def test_what_a_key_painted_is_what_the_screens_are(demo: Demo, profile: Profile) -> None:
    """After each of a conversation: no part of the picture is older than another."""
    async with on_the_wire(demo.store, demo.scenarios, profile=profile) as (desk, wire):
        glass = Glass(*desk.app.size, wraps=False)
        for keys in ("", "Ben Okafor\r", "j", "j", "k", "\r", "e", "Tried twice\r", ":"):
            await desk.types(keys)
            await shows_what_is(desk, wire, glass)
        for key in ("escape", "f1", "pagedown", "down", "escape", "ctrl+p", "down", "down", "escape", "f7", "down"):
            await desk.presses(key)
            await shows_what_is(desk, wire, glass)


async def shows_what_is(desk: Driver, wire: Wire, glass: Glass) -> None:
    """A terminal with what was sent to it, and another that is sent the screens as they are now, each widget anew."""
    differences = ["nothing was compared"]
    for _ in range(_LOOKS):
        await sent(desk)
        glass.feed(wire.cut().decode())
        for widget in desk.app.screen.walk_children(Widget):
            widget._styles_cache.clear()
        now = Glass(*desk.app.size, wraps=False)
        now.feed(paint(Painter(), desk.strips(), Offset(0, 0), desk.app.colours))
        differences = told_apart(glass.seen(), now.seen())
        if not differences:
            return
        await asyncio.sleep(0.02)  # what was changed may wait for the next frame
    assert differences == []
