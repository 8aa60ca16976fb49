"""On a real terminal line: what is drawn, and in which state the terminal is left, however it ends."""

import base64
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyte
import pytest
from screens.payloads import EIGHT
from screens.test_hostile import spoil

from models.rules import texts

_PATIENCE = 20.0
_GONE_WITHIN = 5.0
_DEMO = "import sys; from tui.cli import main; sys.exit(main(sys.argv[1:]))"
_FAULTY = """
import sys
from tui.screens.desk import Desk

def burst(self, command_id):
    customer, code = 'ada@northwind.example', 'Q7CJ V4H4 277J J773'
    raise RuntimeError(f'{customer} {code}')

Desk.refusal = burst
from tui.cli import main
sys.exit(main(sys.argv[1:]))
"""
VIP = "Q7CJ V4H4 277J J773"


class Terminal:
    """A terminal of 80 by 24 with a program in it."""

    def __init__(self, script: str, *words: str, home: Path, environment: dict[str, str] | None = None) -> None:
        self.received = b""
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self.line, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._before = termios.tcgetattr(self.line)
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env=surroundings(home, environment),
        )
        os.close(theirs)

    def text(self) -> str:
        """What stands on the screen, as words."""
        return " ".join(" ".join(self._screen.display).split())

    def points_at(self, text: str) -> None:
        """Wait until the terminal's own cursor stands at the end of a text."""
        until = time.monotonic() + _PATIENCE
        cursor = self._screen.cursor
        while not self._screen.display[cursor.y][: cursor.x + 1].endswith(text):
            assert time.monotonic() < until, f"not at {text!r}: {cursor.x}, {cursor.y}"
            self._read(0.1)

    def sees(self, text: str) -> None:
        """Wait for a text."""
        until = time.monotonic() + _PATIENCE
        while text not in self.text():
            assert time.monotonic() < until, f"not seen: {text!r}\n" + "\n".join(self._screen.display)
            self._read(0.1)

    def is_filled_to(self, column: int) -> None:
        """Wait until the first row ends in a column."""
        until = time.monotonic() + _PATIENCE
        while len(self._screen.display[0].rstrip()) != column:
            assert time.monotonic() < until, f"not so wide: {self._screen.display[0]!r}"
            self._read(0.1)

    def types(self, text: str) -> None:
        """Send keys."""
        os.write(self.line, text.encode())

    def sends(self, sent: bytes) -> None:
        """Send bytes, and be it none or half a character."""
        if sent:
            os.write(self.line, sent)

    def takes(self, until: float) -> None:
        """Show what comes, until a monotonic time."""
        while (left := until - time.monotonic()) > 0:
            self._read(left)

    def ends(self) -> int:
        """Wait until the program is gone; its exit status."""
        until = time.monotonic() + _GONE_WITHIN
        while self.process.poll() is None:
            assert time.monotonic() < until, "the program is still there"
            self._read(0.05)
        while self._read(0.05):
            pass
        return self.process.returncode

    def is_as_before(self) -> None:
        """The modes that were switched on are off again, and the line echoes."""
        for mode in (b"?1049", b"?2004", b"?1000", b"?1003", b"?1006"):
            on, off = self.received.rfind(b"\x1b[" + mode + b"h"), self.received.rfind(b"\x1b[" + mode + b"l")
            assert on <= off, f"{mode!r} was left on"
        assert b"\x1b[?1049h" in self.received
        assert self.received.rfind(b"\x1b[?25h") > self.received.rfind(b"\x1b[?25l")
        assert termios.tcgetattr(self.line)[3] == self._before[3]

    def rests(self) -> None:
        """Wait until nothing more arrives."""
        while self._read(0.3):
            pass

    def forgets(self) -> None:
        """Show nothing, as after noise on the line."""
        self.rests()
        self._screen.reset()

    def hangs_up(self) -> None:
        """Close the window."""
        os.close(self.line)
        self.line = -1

    def close(self) -> None:
        """Clear up."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.line >= 0:
            os.close(self.line)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.line], [], [], seconds)
        if not ready:
            return False
        try:
            got = os.read(self.line, 65536)
        except OSError:
            return False
        self.received += got
        self._stream.feed(got)
        return bool(got)


def surroundings(home: Path, more: dict[str, str] | None = None) -> dict[str, str]:
    """An environment with a terminal's name and folders of its own."""
    folders = {f"XDG_{name}_HOME": str(home) for name in ("DATA", "STATE", "CONFIG", "CACHE")}
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SSH_", "XDG_", "GIFTDESK", "TEXTUAL_"))
    }
    folders |= {"HOME": str(home), "TMPDIR": str(home)}
    return {**kept, **folders, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(more or {})}


@pytest.fixture
def demo_terminal(tmp_path: Path) -> Iterator[Terminal]:
    """The demo in its first frame."""
    terminal = Terminal(_DEMO, "demo", home=tmp_path)
    try:
        terminal.sees("This is the demo. F1 lists cards to try")
        yield terminal
    finally:
        terminal.close()


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)],
    ids=["TERM", "HUP", "QUIT"],
)
def test_a_signal_ends_it_in_order(
    demo_terminal: Terminal, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    """With a dialog open: gone at once, the sandbox thrown away, the terminal as it was, the status of the signal."""
    assert [*tmp_path.glob("giftdesk-*")]
    demo_terminal.types(f"{VIP}\rr")
    demo_terminal.sees("Gives back 50.00 GBP")
    demo_terminal.process.send_signal(number)
    assert demo_terminal.ends() == status
    assert not [*tmp_path.glob("giftdesk-*")]
    demo_terminal.is_as_before()


def test_a_whole_conversation(demo_terminal: Terminal) -> None:
    """Find, reactivate and reply typed in one go, the next code pasted, Ctrl+Q: the reply is in the clipboard. Nobody
    could wake up what is the terminal's first program: it does not sleep."""
    demo_terminal.types(f"{VIP}\rr\ry")
    demo_terminal.sees("it is active again: 50.00 GBP is ready to spend")
    _, _, copied = demo_terminal.received.partition(b"\x1b]52;c;")
    assert b"active again" in base64.b64decode(copied.partition(b"\x07")[0])
    demo_terminal.types("\x1b[200~9VY9 NYQP KPN5 XPT9\r\n\x1b[201~")
    demo_terminal.sees("The card works: 30.01 GBP can be spent.")
    demo_terminal.types("\x1a")
    demo_terminal.sees("There is no shell below giftdesk that could wake it up again.")
    demo_terminal.types("\x11")
    assert demo_terminal.ends() == 0
    demo_terminal.is_as_before()


def test_what_was_pasted_decides_nothing(demo_terminal: Terminal) -> None:
    """With the marks of a paste, keys, a mouse and an answer of the terminal in it, also when more of it than is read
    at once comes before them: the card is as it was, and Enter that is pressed works."""
    forged = "\x1b[201~r\r\x1b[<0;5;23M\x1b_\r\x1b\\\x1b[200~"
    at_the_cut = "x" * (4096 - len(f"\x1b[200~{VIP}\n\x1b[201~"))
    for pasted, seen in ((f"{VIP}\n", "Can be reactivated"), (f"{at_the_cut}{VIP}\n", "No card answers to this code")):
        demo_terminal.types("/")
        demo_terminal.types(f"\x1b[200~{pasted}{forged}\x1b[201~")
        demo_terminal.sees(seen)
    demo_terminal.types(f"/{VIP}\r")
    demo_terminal.sees("Can be reactivated")
    demo_terminal.types("\x1b[<0;2;24M\x1b[<0;2;24m\x1b_Gi=1;r\r\x1b\\")
    demo_terminal.rests()
    demo_terminal.sees("Can be reactivated")
    demo_terminal.types("r\r")
    demo_terminal.sees("is reactivated: 50.00 GBP given back")


def test_a_lost_terminal_ends_it(demo_terminal: Terminal) -> None:
    """The window is closed: nothing goes on behind it."""
    demo_terminal.hangs_up()
    assert demo_terminal.process.wait(_GONE_WITHIN) == 129


def test_a_fault_is_one_sentence(tmp_path: Path) -> None:
    """No traceback and nothing about a customer, on the terminal or in the log; the status says that it broke."""
    terminal = Terminal(_FAULTY, "demo", home=tmp_path)
    try:
        assert terminal.ends() == 70
        terminal.is_as_before()
        said = terminal.received.rpartition(b"\x1b[?1049l")[2].decode()
        assert "giftdesk met a fault of its own and ended. What was confirmed is saved" in said
        assert "Traceback" not in said
        (log,) = tmp_path.rglob("*.log")
        assert "RuntimeError" in log.read_text()
        for text in (terminal.received.decode(), log.read_text()):
            assert "ada@northwind.example" not in text
            assert "Q7CJ" not in text
    finally:
        terminal.close()


@pytest.mark.parametrize(("words", "environment"), [(["demo"], {}), ([], {})], ids=["the demo", "the desk"])
def test_no_terminal_is_said_in_one_sentence(tmp_path: Path, words: Sequence[str], environment: dict[str, str]) -> None:
    """Nothing is drawn into a pipe."""
    ended = subprocess.run(
        [sys.executable, "-c", _DEMO, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=surroundings(tmp_path, environment),
        timeout=_PATIENCE,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == b""
    assert ended.stderr.decode().count("\n") == 1
    assert "needs a terminal" in ended.stderr.decode()


def test_no_hostile_byte_reaches_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card that is full of sequences is drawn, and none of them arrives."""
    planted = "".join(text for name, text in EIGHT.items() if name in ("clipboard", "title", "clear", "c1"))
    with monkeypatch.context() as patch:
        patch.setattr(texts, "_checked", lambda text, _what, _longest: text)
        spoiled = spoil(tmp_path, planted, "ann@example.org")
    words = ("--db", f"sqlite:///{spoiled.store.path}", "--as", "eve", "--now", "2026-11-21T14:02Z")
    terminal = Terminal(_DEMO, *words, home=tmp_path)
    try:
        terminal.sees("Enter finds.")
        terminal.types(f"{spoiled.held}\r")
        terminal.sees("The card is suspended and 1 flag is open.")
        terminal.types("a\r")
        terminal.sees("Activity")
        terminal.types("\x11")
        assert terminal.ends() == 0
    finally:
        terminal.close()
    for sequence in (b"\x1b]52", b"\x1b]0;", b"owned\x07", b"\xc2\x9b", b"\xc2\x9d", b"\x1b\\"):
        assert sequence not in terminal.received
