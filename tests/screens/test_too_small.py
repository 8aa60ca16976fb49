"""On a terminal line without room for the desk: it says what it needs, does nothing unseen, and is back with room."""

import fcntl
import signal
import struct
import termios
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from screens.test_terminal import _DEMO, VIP, Terminal

from tui.sizes import NEEDED, folded, too_small

CTRL_Q = "\x11"


class Window(Terminal):
    """A terminal whose window somebody drags."""

    def drags(self, columns: int, lines: int) -> None:
        """Another size."""
        self._screen.resize(lines, columns)
        fcntl.ioctl(self.line, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.process.send_signal(signal.SIGWINCH)


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    """The demo in a window."""
    opened = Window(_DEMO, "demo", home=tmp_path)
    yield opened
    opened.close()


def test_a_small_window_says_what_it_needs_and_keeps_everything(window: Window) -> None:
    """A dialog with a note half typed is covered, keys do nothing but beep, and the note is finished afterwards."""
    window.sees("This is the demo")
    window.types(f"{VIP}\rrShown her order")
    window.sees("Shown her order")
    window.drags(40, 12)
    window.sees("giftdesk needs 60 x 16; this is 40 x 12.")
    assert window.text() == "giftdesk needs 60 x 16; this is 40 x 12."
    window.drags(20, 3)
    window.sees("giftdesk needs 60 x 16; this is 20 x 3.")
    beeps = window.received.count(b"\x07")
    window.types("\r\x1b[200~x\r\x1b[201~\x1bOP")
    window.rests()
    assert window.text() == "giftdesk needs 60 x 16; this is 20 x 3."
    assert window.received.count(b"\x07") == beeps + 3
    window.drags(80, 24)
    window.sees("Shown her order")
    window.sees("Gives back 50.00 GBP")
    window.types(", by phone\r")
    window.sees("is reactivated: 50.00 GBP given back")
    window.drags(1, 1)
    window.types(CTRL_Q)
    assert window.ends() == 0
    window.is_as_before()


def test_it_starts_in_a_small_window(window: Window) -> None:
    """And is there once the window is large enough, whatever sizes it had meanwhile."""
    window.drags(59, 24)
    window.sees("giftdesk needs 60 x 16; this is 59 x 24.")
    for columns, lines in ((1, 1), (500, 200), (60, 15), (120, 30), (2, 50)) * 8:
        window.drags(columns, lines)
    window.drags(*NEEDED)
    window.sees("Enter finds.")
    window.types(f"{VIP}\r")
    window.sees("Can be reactivated")
    window.types(CTRL_Q)
    assert window.ends() == 0


def test_the_sentence_fits_any_window() -> None:
    """No row is wider, none more than there are, and from 20 by 3 on all of it is there."""
    for columns, lines in product(range(1, NEEDED[0]), (1, 2, 3, 15)):
        sentence = too_small(columns, lines) or ""
        rows = folded(sentence, columns, lines)
        assert len(rows) <= lines
        assert all(len(row) <= columns for row in rows)
        if columns >= 20 and lines >= 3:
            assert " ".join(rows) == sentence
