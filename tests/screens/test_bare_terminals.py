"""On a real terminal line that can do little: each byte that arrives is one that the terminal can take."""

import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from screens.test_ascii import FOREIGN
from screens.test_hostile import Spoiled, spoil
from screens.test_terminal import _DEMO, VIP, Terminal

F1, F3, F5, CTRL_P, CTRL_Q = "\x1bOP", "\x1bOR", "\x1b[15~", "\x10", "\x11"
COLOUR = re.compile(rb"\x1b\[(?:[0-9]*;)*(?:[34]\d|9\d|10\d)(?:;[0-9]*)*m")
SEQUENCE = re.compile(rb"\x1b(?:\[[?<=>]?[0-9;]*[ -/]*[@-~]|.)")
# What a VT100 knows: attributes, moves, erasing, rows moved between margins; auto-wrap; and two modes that one which
# lacks them ignores.
KNOWN = re.compile(rb"\x1b(?:\[(?:[0147;]*m|\d*;?\d*H|\d*[ABCD]|2?J|K|(?:\d+;\d+)?r|\?7[hl]|\?25h|\?2004[hl])|M)")
Open = Callable[..., Terminal]


@pytest.fixture
def open_terminal(tmp_path: Path) -> Iterator[Open]:
    """Open the desk of a store, or the demo, on a terminal: open_terminal(spoiled, TERM="vt100")."""
    opened: list[Terminal] = []

    def open_(spoiled: Spoiled | None = None, **environment: str) -> Terminal:
        where = f"sqlite:///{spoiled.store.path}" if spoiled else ""
        words = ("--db", where, "--as", "eve", "--now", "2026-11-21T14:02Z") if spoiled else ("demo",)
        opened.append(Terminal(_DEMO, *words, home=tmp_path, environment=environment))
        return opened[-1]

    yield open_
    for terminal in opened:
        terminal.close()


def test_a_vt100_gets_what_it_can_take(open_terminal: Open, tmp_path: Path) -> None:
    """Names in every script, from the first screen to the last: ASCII, no colours, no queries, an empty screen left."""
    spoiled = spoil(tmp_path, FOREIGN, "ann@example.org")
    terminal = open_terminal(spoiled, TERM="vt100")
    terminal.sees("Enter finds.")
    terminal.points_at("[(")
    terminal.types(f"{spoiled.held}\r")
    terminal.sees("1 flag is open. Read them")
    terminal.sees("Zoe Lukasz s ????????")
    terminal.points_at(">")
    terminal.types("x")
    terminal.sees("Esc Leave it")
    terminal.types(f"{F3}y")
    terminal.sees("Copy it from here: this terminal has no clipboard")
    terminal.types(f"{F3}a")
    terminal.sees("All activities")
    terminal.types(F1)
    terminal.sees("giftdesk help")
    terminal.types(f"{F3}{CTRL_P}")
    terminal.sees("+- Actions --")
    terminal.points_at("[(")
    terminal.types(f"{F3}{CTRL_Q}")
    assert terminal.ends() == 0
    assert terminal.received.isascii()
    unknown = {found for found in SEQUENCE.findall(terminal.received) if not KNOWN.fullmatch(found)}
    assert unknown == set()
    assert terminal.text() == ""


def test_a_terminal_with_a_hostile_name_is_drawn_upon(open_terminal: Open) -> None:
    """Its name is no text, and would set a title: nothing of it arrives."""
    terminal = open_terminal(TERM="xterm\udcff\x1b]0;owned\x07")
    terminal.sees("This is the demo")
    terminal.types(CTRL_Q)
    assert terminal.ends() == 0
    assert b"owned" not in terminal.received
    assert b"\xff" not in terminal.received


def test_gnu_screen_is_sent_no_colour_that_it_would_misread(open_terminal: Open) -> None:
    """It takes the parts of one of millions for attributes of their own, and says nothing of that."""
    terminal = open_terminal(TERM="screen.xterm-256color", STY="4242.desk", COLORTERM="truecolor")
    terminal.sees("This is the demo")
    terminal.types(CTRL_Q)
    assert terminal.ends() == 0
    assert b"38;5;" in terminal.received
    assert b"8;2;" not in terminal.received


def test_without_utf_8_the_rest_of_a_terminal_is_used(open_terminal: Open) -> None:
    """The locale says ASCII, the terminal is able: its second screen and its clipboard are used, in ASCII."""
    terminal = open_terminal(LC_ALL="C")
    terminal.sees("This is the demo")
    terminal.types(f"{VIP}\rr\r")
    terminal.sees("is reactivated: 50.00 GBP given back")
    terminal.types(f"y{CTRL_Q}")
    assert terminal.ends() == 0
    terminal.is_as_before()
    assert terminal.received.isascii()
    assert b"\x1b]52;c;" in terminal.received
    assert COLOUR.search(terminal.received) is None


def test_a_screen_that_was_spoiled_is_drawn_again(open_terminal: Open) -> None:
    """By noise, with F5, over a dialog, too; and by itself after the window's size was changed and changed back."""
    terminal = open_terminal(TERM="vt100")
    terminal.sees("This is the demo")
    terminal.types(f"{VIP}\r")
    terminal.sees("Can be reactivated")
    terminal.forgets()
    terminal.types(F5)
    terminal.sees("Can be reactivated")
    terminal.sees("Ada Lovelace")
    terminal.types("nhalf a note")
    terminal.sees("half a note")
    terminal.forgets()
    terminal.types(F5)
    terminal.sees("half a note")
    terminal.sees("Ada Lovelace")
    terminal.forgets()
    terminal.process.send_signal(signal.SIGWINCH)
    terminal.sees("Ada Lovelace")


def test_no_color_sends_no_colour(open_terminal: Open) -> None:
    """Signs stay; what was coloured is told by words and marks."""
    terminal = open_terminal(NO_COLOR="1")
    terminal.sees("This is the demo")
    terminal.types(f"{VIP}\rs")
    terminal.sees("✗ EXPIRED 11 h ago")
    terminal.sees("Not done: An agent may not suspend cards")
    terminal.types(CTRL_Q)
    assert terminal.ends() == 0
    assert COLOUR.search(terminal.received) is None


@pytest.mark.parametrize("sent", [b"\x1b[31m", b"\x1b[1;97;44m", b"\x1b[38;2;1;2;3m", b"\x1b[48;5;9m", b"\x1b[39;49m"])
def test_a_colour_would_be_found(sent: bytes) -> None:
    assert COLOUR.search(sent)
    assert not KNOWN.fullmatch(sent)
