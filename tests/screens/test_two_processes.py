"""Two real processes on two real terminal lines, one with stock output: at rest both terminals show the same.

pytest tests/screens/test_two_processes.py -m slow -s
GIFTDESK_SEED=7 pytest tests/screens/test_two_processes.py -m slow -s
"""

import fcntl
import os
import random
import shutil
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from screens.glass import Glass
from screens.looks import told_apart
from screens.scripts import NAMES
from screens.test_hostile import Spoiled, spoil
from screens.test_sleeping import child_of
from screens.test_terminal import _DEMO, VIP, Terminal

_SEED = os.environ.get("GIFTDESK_SEED", "1")
_STEPS = 120
_PATIENCE = 15.0
_QUIET = 0.1
_SHELL = "import os; os.execlp('sh', 'sh', '-i')"
_EDITOR = """#!/bin/sh
printf '\\033[2J\\033[HEDITING \\033[7m'
cat "$1"
printf ' of the editor' >> "$1"
"""
_DESK = f'#!/bin/sh\nexec "{sys.executable}" -c "{_DEMO}" demo\n'
_STORE = _DESK.replace("demo", '--db "sqlite:///$HOME/spoiled.db" --as eve --now 2026-11-21T14:02Z')
CTRL_G, CTRL_Z, ESC = "\x07", "\x1a", "\x1b"
_KEYS = (
    *("\x1b[B", "\x1b[A", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "\t", "\x1b[Z", "\r", "\x1b[C", "\x1b[D", ESC, ESC),
    *("\x1bOP", "\x1b[15~", "\x1b[17~", "\x1b[18~", "\x1b[19~", "\x1b[20~", "\x1b[23~", "\x10", "\x7f"),
    *"jkhlnryawpfestcg/:-.'",
)
_SIZES = ((80, 24), (120, 40), (200, 60), (81, 25), (40, 12))


class Seen(Terminal):
    """A terminal of which every cell is seen."""

    glass: Glass

    def _read(self, seconds: float) -> bool:
        before = len(self.received)
        found = super()._read(seconds)
        self._bytes = getattr(self, "_bytes", b"") + self.received[before:]
        return found

    def rest(self) -> None:
        """Show what came, once nothing has come for a while: text is measured as a whole."""
        while self._read(_QUIET):
            pass
        self.glass.feed(self._bytes.decode())
        self._bytes = b""

    def resizes(self, width: int, height: int, noise: str | None) -> None:
        """Change the window's size; what it shows then nobody knows. Of the same size nobody is told."""
        if (width, height) == (self._screen.columns, self._screen.lines):
            return
        if noise is None:  # a shell draws nothing again
            self.glass.screen.resize(height, width)
        else:
            self.glass.spoil(width, height, noise=noise)
        self._screen.resize(height, width)
        fcntl.ioctl(self.line, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))


class Pair:
    """The same program twice, typed at alike."""

    def __init__(self, folder: Path, profile: str, spoiled: Spoiled | None) -> None:
        self.terminals = []
        self.code = spoiled.expired if spoiled else VIP
        desk = _STORE if spoiled else _DESK
        for name, output in (("ours", "cells"), ("stock", "stock")):
            home = folder / name
            home.mkdir()
            for file in folder.glob("spoiled.*"):
                shutil.copy(file, home)
            for script, text in (("editor", _EDITOR), ("desk", desk)):
                (home / script).write_text(text)
                (home / script).chmod(0o700)
            chosen = {"GIFTDESK_PROFILE": profile, "GIFTDESK_OUTPUT": output, "VISUAL": "editor", "PS1": "shell> "}
            paths = {"PATH": f"{home}:{os.environ['PATH']}", "TMPDIR": str(home), "XDG_RUNTIME_DIR": ""}
            terminal = Seen(_SHELL, home=home, environment={**chosen, **paths})
            terminal.glass = Glass(80, 24)
            self.terminals.append(terminal)
        self.ours, self.stock = self.terminals
        self.done: list[str] = []
        self.compared = 0

    def types(self, text: str) -> None:
        """Send keys to both, and compare what comes of them."""
        self.done.append(ascii(text))
        for terminal in self.terminals:
            terminal.types(text)
        self.compare()

    def resizes(self, width: int, height: int, *, is_asleep: bool = False) -> None:
        """Change the size of both windows."""
        self.done.append(f"{width}x{height}")
        self.ours.resizes(width, height, None if is_asleep else "what was")
        self.stock.resizes(width, height, None if is_asleep else "")
        self.compare()

    def is_noticed(self, number: signal.Signals) -> None:
        """Send a signal to both desks."""
        self.done.append(number.name)
        for terminal in self.terminals:
            os.kill(child_of(terminal.process.pid), number)
        self.compare()

    def stalls(self, keys: str) -> None:
        """Type while nobody takes what the programs send, until they are stuck."""
        for terminal in self.terminals:
            terminal.types(keys)
        time.sleep(0.5)
        self.types("")

    def compare(self) -> None:
        """At rest, both show the same."""
        self.compared += 1
        until = time.monotonic() + _PATIENCE
        while (found := self._differ()) and time.monotonic() < until:
            pass
        assert found == [], (self.done, found)

    def sees(self, text: str) -> None:
        """Both show a text."""
        for terminal in self.terminals:
            terminal.sees(text)
        self.compare()

    def close(self) -> None:
        """Clear up."""
        for terminal in self.terminals:
            terminal.close()

    def _differ(self) -> list[str]:
        for terminal in self.terminals:
            terminal.rest()
        ours, stock = self.ours.glass, self.stock.glass
        found = [] if ours.cursor == stock.cursor else [f"{ours.cursor} for {stock.cursor}"]
        return found + told_apart(ours.seen(), stock.seen())


@pytest.fixture
def pair(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Two desks, begun from shells."""
    profile, is_demo = request.param
    pair = Pair(tmp_path, profile, None if is_demo else spoil(tmp_path, " ".join(NAMES[:4]), "ann@example.org"))
    try:
        pair.sees("shell>")
        pair.types("desk\n")
        pair.sees("This is the demo. F1 lists cards to try" if is_demo else "Enter finds.")
        yield pair
    finally:
        pair.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("pair", [("full", True), ("lean", False), ("ascii", True), ("full", False)], indirect=True)
def test_two_processes_show_the_same(pair: Pair) -> None:
    """Keys, names in every script, windows of every size, a sleep, an editor, a terminal that is stuck; and the end."""
    dice = random.Random(_SEED)
    pair.types(f"{pair.code}\r")
    for _ in range(_STEPS):
        chance = dice.random()
        if chance < 0.75:
            pair.types(dice.choice(_KEYS))
        elif chance < 0.80:
            pair.types(f"\x1b[200~{dice.choice(NAMES)}\x1b[201~")
        elif chance < 0.86:
            pair.resizes(*dice.choice(_SIZES))
        elif chance < 0.92:
            pair.stalls("".join(dice.choices(_KEYS[:4], k=40)))
        elif chance < 0.95:
            _sleeps(pair, dice)
        else:
            pair.types(f"{ESC}")
            pair.types(f"{ESC}{pair.code}\r")
            pair.types("n")
            pair.types(f"\x1b[200~{dice.choice(NAMES)}\x1b[201~")
            pair.types(CTRL_G)
    _sleeps(pair, dice)
    ours, stock = (len(terminal.received) for terminal in pair.terminals)
    assert ours < stock / 3
    print(f"\nseed {_SEED}: {pair.compared} comparisons, {ours} and {stock} bytes")


def _sleeps(pair: Pair, dice: random.Random) -> None:
    """Asked for by a key or by somebody else, who can also forget to tell; the shell writes, and wakes it up."""
    pair.resizes(80, 24)
    number = dice.choice((None, signal.SIGTSTP, signal.SIGSTOP))
    if number is None:
        pair.types(CTRL_Z)
    else:
        pair.is_noticed(number)
    pair.sees("Stopped")
    pair.types("printf '\\033[41m漢字\\033[5;5H\\033[m'\n")
    if dice.random() < 0.5:
        pair.resizes(*dice.choice(_SIZES), is_asleep=True)
    pair.types("fg\n")
