"""In tmux and in GNU screen, which stand between: a whole support call shows what it shows without them."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from driver import Driver, at_desk
from screens.conftest import Demo
from screens.test_terminal import _DEMO, VIP, Terminal, surroundings

from tui.terminal import Profile

_PATIENCE = 20.0
_RUN = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"
F1, F3, F6, F7, F8, F9 = "\x1bOP", "\x1bOR", "\x1b[17~", "\x1b[18~", "\x1b[19~", "\x1b[20~"
CTRL_P, CTRL_Q = "\x10", "\x11"
LATE = "9X8J 2JQW M288 V762"
CALL = (
    *(f"{VIP}\r", "r", "By phone", "\r", "y", F3, "a"),  # found, reactivated, answered
    *(f"/{LATE}\r", "r", F1, F3, CTRL_P, "rep", F3, ":esc", F3),  # refused
    *(F9, F3, F8, F3, F7, F3, F6, F3, "e"),
)


@dataclass(frozen=True)
class Between:
    """What stands between giftdesk and the terminal, and how giftdesk draws there."""

    words: tuple[str, ...]
    profile: Profile
    outside: str
    """TERM of the terminal around it."""
    locale: str = "C.UTF-8"

    @property
    def ends_with(self) -> tuple[str, ...]:
        """The command that ends it with all in it, whatever became of its terminal."""
        return (*self.words[:3], "kill-server") if self.words[0] == "tmux" else ("screen", "-X", "quit")


CASES = {
    "tmux": Between(("tmux", "-L", "giftdesk-test", "-f", "tmux.conf", "new-session"), Profile.FULL, "xterm-256color"),
    "GNU screen": Between(("screen", "-q", "-U", "-c", "/dev/null"), Profile.LEAN, "xterm"),
    "GNU screen without UTF-8": Between(("screen", "-q", "-c", "/dev/null"), Profile.ASCII, "vt220", "C"),
    "an old tmux": Between(("tmux", "-L", "giftdesk-test", "-f", "old.conf", "new-session"), Profile.LEAN, "screen"),
}
SLOW = ("GNU screen without UTF-8", "an old tmux")


@pytest.fixture
def between(request: pytest.FixtureRequest, demo: Demo, tmp_path: Path) -> Iterator[Terminal]:
    """A desk like the demo's, in a program that stands between it and the terminal."""
    case: Between = request.param
    if shutil.which(case.words[0]) is None:
        pytest.skip(f"{case.words[0]} is not installed")
    assert isinstance(demo.store.path, Path)
    for suffix in (".db", ".key"):
        shutil.copy(demo.store.path.with_suffix(suffix), tmp_path / f"live{suffix}")
    (tmp_path / "tmux.conf").write_text("set -g status off\nset -g default-terminal tmux-256color\n")
    (tmp_path / "old.conf").write_text("set -g status off\nset -g default-terminal screen\n")
    sockets = tempfile.mkdtemp(prefix="giftdesk-")  # the name of a socket must be short
    environment = {
        "TERM": case.outside,
        "LC_ALL": case.locale,
        "SCREENDIR": sockets,
        "TMUX_TMPDIR": sockets,
        **dict.fromkeys(("COLORTERM", "NO_COLOR", "TMUX", "STY"), ""),
        "PYTHONPATH": os.pathsep.join(filter(None, (os.getcwd(), os.environ.get("PYTHONPATH")))),
    }
    desk = ("--db", f"sqlite:///{tmp_path / 'live.db'}", "--as", "sam", "--now", "2026-11-21T14:02:01Z")
    words = tuple(str(tmp_path / word) if word.endswith(".conf") else word for word in case.words)
    terminal = Terminal(_RUN, *words, sys.executable, "-c", _DEMO, *desk, home=tmp_path, environment=environment)
    try:
        yield terminal
    finally:
        subprocess.run(case.ends_with, env=surroundings(tmp_path, environment), capture_output=True, check=False)
        terminal.close()
        shutil.rmtree(sockets, ignore_errors=True)


@pytest.mark.parametrize(
    ("between", "profile"),
    [
        pytest.param(case, case.profile, marks=[pytest.mark.slow] if name in SLOW else [], id=name)
        for name, case in CASES.items()
    ],
    indirect=["between"],
)
async def test_a_call_looks_the_same(between: Terminal, profile: Profile, demo: Demo) -> None:
    """After each step, cell by cell, beside a desk that draws for itself."""
    between.sees("Enter finds.")
    async with at_desk(demo.store, profile=profile) as desk:
        for keys in CALL:
            between.types(keys)
            await desk.types(keys)
            shows(between, desk, keys)
    between.types(f"{F3}{CTRL_Q}")
    assert between.ends() == 0


def shows(terminal: Terminal, desk: Driver, keys: str) -> None:
    """The terminal comes to show what the desk means; the live one's clock goes on."""
    until = time.monotonic() + _PATIENCE
    wanted = [meant(row) for row in desk.cells()]
    while (seen := [meant(row) for row in terminal._screen.display]) != wanted:
        if time.monotonic() > until:
            differing = [
                f"{keys!r} meant {w!r}\n{keys!r} shown {s!r}" for w, s in zip(wanted, seen, strict=True) if w != s
            ]
            pytest.fail("\n".join(differing), pytrace=False)
        terminal._read(0.05)


def meant(row: str) -> str:
    """A row without what a minute more changes."""
    return re.sub(r"14:0\d", "14:02", row.rstrip())
