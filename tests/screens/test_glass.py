"""The terminal of the tests shows what a real one shows; what real ones do not agree on it refuses."""

import os
import shutil
import subprocess
import termios
import time
import tty
from collections.abc import Iterator

import pytest
from rich.cells import cell_len
from screens.glass import Cursor, Glass
from screens.looks import BadAttributeError, Cell, told_apart
from screens.surface import NotKnownError

WIDTH, HEIGHT = 12, 5
_PATIENCE = 10.0
_FILLED = "".join(f"\x1b[{row};1H{letter * WIDTH}" for row, letter in enumerate("abcde", 1))
_LETTERED = "".join(f"\x1b[m\x1b[{row};{WIDTH}H|" for row in range(1, HEIGHT + 1))
_TRICKY = {
    "attributes": "\x1b[1mb\x1b[2md\x1b[22;3mi\x1b[4mu\x1b[5mk\x1b[7mr\x1b[8mh\x1b[9ms\x1b[0m.",
    "attributes end": "\x1b[1;2;3;4;5;7;8;9m*\x1b[22ma\x1b[23mb\x1b[24mc\x1b[25md\x1b[27me\x1b[28mf\x1b[29mg",
    "double underline": "\x1b[4:2ma\x1b[24mb\x1b[4:1mc\x1b[4:0md",
    "overline": "\x1b[53ma\x1b[55mb",
    "sixteen colours": "\x1b[31;42ma\x1b[91;102mb\x1b[39mc\x1b[49md",
    "many colours": "\x1b[38;5;1;48;5;200ma\x1b[38;2;1;20;255mb\x1b[48;2;0;0;0mc\x1b[md",
    "moves": "\x1b[3;4Ha\x1b[Ab\x1b[2Bc\x1b[3Dd\x1b[Ce\x1b[Gf\x1b[2dg\x1b[Hh\x1b[99;99Hi",
    "line feed and back": "one\ntwo\r\nthree\rT\x1b[4Cs\b\bE",
    "erase to the end": f"{_FILLED}\x1b[2;4H\x1b[41m\x1b[K\x1b[4;4H\x1b[1;7m\x1b[K",
    "erase to the beginning": f"{_FILLED}\x1b[2;4H\x1b[44m\x1b[1K\x1b[4;4H\x1b[2K",
    "erase below": f"{_FILLED}\x1b[2;4H\x1b[44m\x1b[J",
    "erase above": f"{_FILLED}\x1b[3;4H\x1b[m\x1b[1J",
    "erase all": f"{_FILLED}\x1b[3;4H\x1b[45;4m\x1b[2Jx",
    "erase some": f"{_FILLED}\x1b[3;4H\x1b[45m\x1b[3X\x1b[4;11H\x1b[9X",
    "scroll up": f"{_FILLED}\x1b[2S",
    "scroll down with colour": f"{_FILLED}\x1b[42m\x1b[2T",
    "a region": f"{_FILLED}\x1b[2;4r\x1b[S\x1b[rx",
    "a region, down": f"{_FILLED}\x1b[2;4r\x1b[2Tx",
    "a region of one row is none": f"{_FILLED}\x1b[3;3H\x1b[2;2rx\x1b[S",
    "a region to the bottom": f"{_FILLED}\x1b[3rx\x1b[S",
    "index at its end": f"{_FILLED}\x1b[2;4r\x1b[4;3H\x1bDx\x1b[5;3H\nX",
    "index with colour": f"{_FILLED}\x1b[2;4r\x1b[4;3H\x1b[43m\x1bD",
    "reverse index at its top": f"{_FILLED}\x1b[2;4r\x1b[2;3H\x1bMx\x1b[1;3H\x1bMX",
    "more than the region": f"{_FILLED}\x1b[2;3r\x1b[9S",
    "moves stop at margins": f"{_FILLED}\x1b[2;4r\x1b[3;1H\x1b[9Ax\x1b[9By\x1b[5;1H\x1b[9Bz\x1b[1;5H\x1b[9Aw",
    "rows put in": f"{_FILLED}\x1b[2;1H\x1b[44m\x1b[2Lx",
    "rows taken out": f"{_FILLED}\x1b[2;1H\x1b[2Mx",
    "rows in a region": f"{_FILLED}\x1b[2;4r\x1b[3;1H\x1b[Lx\x1b[5;1H\x1b[L",
    "cells put in and taken out": f"{_FILLED}\x1b[2;4H12345\x1b[2;5H\x1b[44m\x1b[2@\x1b[3;4H12345\x1b[3;5H\x1b[2P",
    "no wrapping": "\x1b[?7l0123456789abcdef\x1b[2;1H",
    "no wrapping, where it stands": "\x1b[?7l0123456789abcdef",
    "wrapping": "0123456789abcdef",
    "waiting behind the last column": "0123456789ab",
    "wrapping at the bottom": "\x1b[5;1H0123456789abcdef",
    "a return from behind the last column": "0123456789ab\rX",
    "wide": "漢字x",
    "wide, first half overwritten": "漢字\x1b[1;1Hx",
    "wide, second half overwritten": "a\x1b[41m漢字\x1b[m\x1b[1;3Hx",
    "wide over two halves": "漢字漢\x1b[1;2H字",
    "no room for a wide one": "\x1b[?7l\x1b[1;12H漢",
    "a wide one goes on below": "\x1b[1;12H漢",
    "a wide one in the last columns": "\x1b[?7l\x1b[1;11H漢x",
    "a mark": "e\u0301x",
    "marks": "ae\u0301\u0323x",
    "a mark on a wide one": "漢\u0301x",
    "a mark after a move": "abc\x1b[1;3H\u0301x",
    "a mark on nothing": "\u0301x",
    "right to left": "אבג عرب x",
    "the second screen": "first\x1b[?1049hsecond\x1b[?25l",
    "back from the second screen": "first\x1b[?1049h\x1b[2;3Hsecond\x1b[?1049lx",
    "repeated": "ab\x1b[3bc",
    "a kept cursor": "ab\x1b[1m\x1b7\x1b[3;3H\x1b[mcd\x1b8ef",
    "asked and told": "a\x1b[?2004h\x1b[?1000h\x1b[?25h\x1b]52;c;YQ==\x07b\x1b]0;a title\x1b\\c",
}


class Tmux:
    """A real terminal, of the same size."""

    def __init__(self) -> None:
        self._server = ["tmux", "-L", f"glass-{os.getpid()}", "-f", "/dev/null", "-u"]
        self._run("new-session", "-d", "-x", str(WIDTH), "-y", str(HEIGHT), "sleep 600")
        self._run("set", "-g", "status", "off")
        self._run("resize-window", "-x", str(WIDTH), "-y", str(HEIGHT))
        self._line = os.open(self._run("display-message", "-p", "#{pane_tty}").strip(), os.O_WRONLY | os.O_NOCTTY)
        tty.setraw(self._line, termios.TCSANOW)
        self._times = 0

    def shows(self, sent: str) -> tuple[list[list[Cell]], Cursor]:
        """What stands on it after it was sent something, and where its cursor is."""
        self._times += 1
        os.write(self._line, f"\x1b[?1049l\x1bc{sent}\x1b]2;shown {self._times}\x1b\\".encode())
        until = time.monotonic() + _PATIENCE
        while True:
            ask = "#{pane_title}|#{cursor_x}|#{cursor_y}|#{cursor_flag}"
            answer = self._run("display-message", "-p", ask, ";", "capture-pane", "-p", "-e", "-N")
            about, _, drawn = answer.partition("\n")
            title, x, y, is_seen = about.split("|")
            if title == f"shown {self._times}":
                break
            assert time.monotonic() < until, "tmux does not show what it was sent"
        glass = Glass(WIDTH, HEIGHT, wraps=False)
        glass.feed(drawn.removesuffix("\n").replace("\n", "\r\n").replace("[5:3m", "[53m"))
        return glass.seen(), Cursor(min(int(x), WIDTH - 1), int(y), is_seen == "1")

    def close(self) -> None:
        """End it."""
        os.close(self._line)
        self._run("kill-server")

    def _run(self, *words: str) -> str:
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        environment.pop("TMUX", None)
        return subprocess.run(
            [*self._server, *words], env=environment, capture_output=True, text=True, check=True
        ).stdout


@pytest.fixture(scope="module")
def tmux() -> Iterator[Tmux]:
    """A tmux of the tests' own."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed: what the tests' terminal shows is not compared with a real one")
    tmux = Tmux()
    try:
        yield tmux
    finally:
        tmux.close()


@pytest.mark.parametrize("sent", _TRICKY.values(), ids=_TRICKY)
def test_it_shows_what_a_real_one_shows(tmux: Tmux, sent: str) -> None:
    """Every cell with its attributes, and the cursor."""
    glass = shown(sent)
    seen, cursor = tmux.shows(sent)
    assert glass.cursor == cursor
    assert told_apart(without_blanks(glass.seen()), without_blanks(seen)) == []
    # Of a row without letters tmux tells nothing: each is given one, in the last column.
    assert told_apart(shown(sent + _LETTERED).seen(), tmux.shows(sent + _LETTERED)[0]) == []


def shown(sent: str, **kind: bool) -> Glass:
    glass = Glass(WIDTH, HEIGHT, **{"by_cluster": False, **kind})
    glass.feed(sent)
    return glass


def without_blanks(rows: list[list[Cell]]) -> list[list[Cell]]:
    return [[Cell(" ") if cell.data == " " else cell for cell in row] for row in rows]


def test_a_wide_character_takes_two_cells() -> None:
    """The second of them holds nothing of its own."""
    assert [cell.data for cell in shown("a漢b").seen()[0][:4]] == ["a", "漢", "", "b"]


def test_a_cluster_is_one_character_unless_told_otherwise() -> None:
    """A family with its joiners, a flag, a skin and a heart made red by a selector."""
    family, flag, skin, heart = "👩\u200d👩\u200d👦", "🇫🇷", "👍🏽", "❤\ufe0f"
    for text in (family, heart):
        assert [cell.data for cell in shown(f"{text}x", by_cluster=True).seen()[0][:3]] == [text, "", "x"]
    assert shown(f"{family}x").rows()[0].startswith("👩\u200d👩\u200d👦x")
    assert shown(f"{family}x").cursor.x == 7
    for text in (flag, skin):
        assert shown(text, by_cluster=True).cursor.x == cell_len(text)


def test_an_erased_cell_takes_the_colour_where_the_terminal_does_so() -> None:
    """Both kinds of terminals."""
    sent = f"{_FILLED}\x1b[2;4H\x1b[44m\x1b[K\x1b[S"
    assert shown(sent).seen()[0][4] == Cell(" ", bg="4")
    assert shown(sent, erases_with_colour=False).seen()[0][4] == Cell(" ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\x1b[1m ", " "),
        ("\x1b[31m ", "\x1b[32;3m "),
        ("\x1b[38;5;9ma", "\x1b[91ma"),
        ("\x1b[1;31ma\x1b[0mb", "\x1b[31;1ma\x1b[22;39mb"),
        ("\x1b[41m   \x1b[m", "\x1b[41m\x1b[3X\x1b[3C\x1b[m"),
    ],
)
def test_what_looks_the_same_is_the_same(one: str, other: str) -> None:
    """A blank has no letter that could be bold or red; a colour has more than one name."""
    assert shown(one).seen() == shown(other).seen()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\x1b[2ma", "a"),
        ("\x1b[3ma", "a"),
        ("\x1b[4ma", "\x1b[21ma"),
        ("\x1b[9ma", "a"),
        ("\x1b[53ma", "a"),
        ("\x1b[7;31m ", "\x1b[7;32m "),
        ("\x1b[4;31m ", "\x1b[4;32m "),
        ("\x1b[41m ", " "),
        ("\x1b]8;id=1;https://one.example\x1b\\a", "\x1b]8;id=1;https://two.example\x1b\\a"),
    ],
)
def test_what_looks_different_is_different(one: str, other: str) -> None:
    """Each attribute counts, on a blank those that show on it."""
    assert told_apart(shown(one).seen(), shown(other).seen()) != []


@pytest.mark.parametrize(
    "sent",
    [
        *(
            "\x1b[5y",
            "\x1b[?69h",
            "\x1b[?5h",
            "\x1bQ",
            "\x1b]11;?\x07",
            "\x1bPq",
            "\t",
            "\x07\x00",
            "\x9b1m",
            "\x1b[\x18",
        ),
        *("0123456789ab\x1b[K", "0123456789ab\b", "0123456789ab\x1b[D", "0123456789ab\x1b[X"),
        *("漢\x1b[1;2H\x1b[K", "漢\x1b[1;2H\x1b[P", "漢字\x1b[1;3H\x1b[1K", "ab\x1b[L", "\x1b[b"),
    ],
)
def test_what_terminals_may_not_know_is_an_error(sent: str) -> None:
    """Or what they do not agree on."""
    with pytest.raises(NotKnownError):
        shown(sent)


@pytest.mark.parametrize("sent", ["\x1b[10m", "\x1b[4:3m", "\x1b[38;7;1m", "\x1b[58;5;1m"])
def test_an_attribute_that_terminals_may_not_know_is_an_error(sent: str) -> None:
    """Only what is told apart may be sent."""
    with pytest.raises(BadAttributeError):
        shown(sent)


def test_a_sequence_may_come_in_parts() -> None:
    """As a line delivers it."""
    glass = Glass(WIDTH, HEIGHT)
    for each in "a\x1b[31mb\x1b]0;title\x1b\\c\x1b[2;3Hd":
        glass.feed(each)
    assert glass.seen() == shown("a\x1b[31mb\x1b]0;title\x1b\\c\x1b[2;3Hd").seen()


def test_after_a_change_of_size_it_shows_what_nobody_sent() -> None:
    """Whoever leaves a cell as it was is found out."""
    glass = shown(_FILLED)
    glass.spoil(20, 8)
    assert {cell.data for row in glass.seen() for cell in row} == set("▒noise")
    assert (len(glass.seen()[0]), len(glass.seen())) == (20, 8)
