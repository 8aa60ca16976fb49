"""How giftdesk decides how to draw, before it draws."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from cli.clerk import Clerk

from models.doctor import Health, TerminalFacts, examine
from tui.sizes import too_small
from tui.terminal import FEW, MILLIONS, SOME, Profile, choose_profile, colours, has_colours, no_terminal, prepare

ROOT = Path(__file__).parents[2]
READ = (
    *("TERM", "COLORTERM", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG", "GIFTDESK_PROFILE", "TMUX", "STY"),
    *("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "REMOTEHOST"),
)
UTF8 = {"LANG": "en_GB.UTF-8"}
MANY = {"TERM": "xterm-256color"}
FEW_ = {"TERM": "xterm"}
TRUE = {"COLORTERM": "truecolor"}
SSH = {
    "SSH_CONNECTION": "10.0.0.1 51000 10.0.0.2 22",
    "SSH_CLIENT": "10.0.0.1 51000 22",
    "SSH_TTY": "/dev/pts/3",
}
TMUX = {"TMUX": "/tmp/tmux-1000/default,4242,0"}
STY = {"STY": "4242.pts-3.desk"}
FULL, LEAN, ASCII = Profile


@pytest.fixture(autouse=True)
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A terminal of 80 by 24 that says nothing of itself."""
    for name in READ:
        monkeypatch.delenv(name, raising=False)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    monkeypatch.setattr("tui.terminal._OUTPUT", theirs)
    yield theirs
    os.close(ours)
    os.close(theirs)


# What each terminal sets, as it ships.
TERMINALS: list[tuple[str, Mapping[str, str], Profile, str]] = [
    ("xterm", {**FEW_, **UTF8, "XTERM_VERSION": "XTerm(379)"}, LEAN, "no more than sixteen colours (TERM is xterm)"),
    ("xterm, told so", {**MANY, **UTF8}, FULL, "many colours (TERM is xterm-256color)"),
    ("xterm-direct", {"TERM": "xterm-direct", **UTF8}, FULL, "many colours"),
    ("GNOME", {**MANY, **UTF8, **TRUE, "VTE_VERSION": "7400"}, FULL, "many colours (COLORTERM is truecolor)"),
    ("Konsole", {**MANY, **UTF8, **TRUE, "KONSOLE_VERSION": "230805"}, FULL, "many colours"),
    ("kitty", {"TERM": "xterm-kitty", **UTF8, **TRUE}, FULL, "many colours"),
    ("Alacritty by sudo", {"TERM": "alacritty", **UTF8}, FULL, "many colours (TERM is alacritty)"),
    ("foot", {"TERM": "foot", **UTF8, **TRUE}, FULL, "many colours"),
    ("WezTerm", {**MANY, **UTF8, **TRUE, "TERM_PROGRAM": "WezTerm"}, FULL, "many colours"),
    ("iTerm2", {**MANY, **UTF8, **TRUE, "TERM_PROGRAM": "iTerm.app"}, FULL, "many colours"),
    ("macOS", {**MANY, "LC_CTYPE": "en_GB.UTF-8", "TERM_PROGRAM": "Apple_Terminal"}, FULL, "many colours"),
    ("Windows Terminal", {**MANY, **UTF8, "WT_SESSION": "7c5a"}, FULL, "many colours"),
    ("VS Code", {**MANY, **UTF8, **TRUE, "TERM_PROGRAM": "vscode"}, FULL, "many colours"),
    ("JetBrains", {**MANY, **UTF8, "TERMINAL_EMULATOR": "JetBrains-JediTerm"}, FULL, "many colours"),
    ("urxvt", {"TERM": "rxvt-unicode-256color", **UTF8, "COLORTERM": "rxvt"}, FULL, "many colours"),
    ("urxvt, old", {"TERM": "rxvt-unicode", **UTF8, "COLORTERM": "rxvt"}, LEAN, "no more than sixteen"),
    ("st", {"TERM": "st-256color", **UTF8}, FULL, "many colours"),
    ("PuTTY", {**FEW_, **UTF8, **SSH}, LEAN, "ssh (SSH_CONNECTION)"),
    ("ssh", {**MANY, **UTF8, **SSH}, LEAN, "ssh (SSH_CONNECTION)"),
    ("ssh that hands on colours", {**MANY, **UTF8, **TRUE, **SSH}, LEAN, "ssh"),
    ("ssh, another server", {**MANY, **UTF8, "SSH_TTY": "/dev/pts/0"}, LEAN, "ssh (SSH_TTY)"),
    ("mosh", {**MANY, **UTF8, "SSH_CONNECTION": "fe80::1 1 fe80::2 22", "NCURSES_NO_UTF8_ACS": "1"}, LEAN, "ssh"),
    ("telnet", {**MANY, **UTF8, "REMOTEHOST": "till7.example"}, LEAN, "another computer (REMOTEHOST)"),
    ("tmux", {"TERM": "tmux-256color", **UTF8, **TRUE, **TMUX}, FULL, "many colours"),
    ("tmux, old", {"TERM": "screen", **UTF8, **TMUX}, LEAN, "no more than sixteen"),
    ("tmux at the far end of ssh", {"TERM": "screen-256color", **UTF8, **TMUX, **SSH}, LEAN, "ssh (SSH_CONNECTION)"),
    ("tmux that ssh began, sat at", {**MANY, **UTF8, **TMUX, "SSH_TTY": "/dev/pts/0"}, FULL, "many colours"),
    ("GNU screen", {"TERM": "screen", **UTF8, **TRUE, **STY}, LEAN, "sixteen colours (TERM is screen)"),
    ("GNU screen in xterm", {"TERM": "screen.xterm-256color", **UTF8, **TRUE, **STY}, FULL, "many colours (TERM is"),
    ("GNU screen at the far end", {"TERM": "screen", **UTF8, **STY, **SSH}, LEAN, "ssh"),
    ("Linux console", {"TERM": "linux", **UTF8}, ASCII, "linux terminals draw little more than ASCII"),
    ("Linux console, by su", {"TERM": "linux", **UTF8, **TRUE}, ASCII, "linux terminals"),
    ("FreeBSD console", {"TERM": "cons25", **UTF8}, ASCII, "cons25 terminals"),
    ("NetBSD console", {"TERM": "wsvt25", **UTF8}, ASCII, "wsvt25 terminals"),
    ("VT100", {"TERM": "vt100", **UTF8}, ASCII, "vt100 terminals"),
    ("serial getty", {"TERM": "vt220", **UTF8}, ASCII, "vt220 terminals"),
    ("VT520", {"TERM": "vt520", **UTF8}, ASCII, "vt520 terminals"),
    ("minicom", {"TERM": "ansi", **UTF8}, ASCII, "ansi terminals"),
    ("Emacs", {"TERM": "eterm-color", **UTF8, "INSIDE_EMACS": "29.4,term:0.96"}, LEAN, "no more than sixteen"),
    ("a terminal without a name", {"TERM": "", **UTF8}, LEAN, "sixteen colours (TERM is empty)"),
    ("no colours wanted", {**MANY, **UTF8, "NO_COLOR": "1"}, LEAN, "NO_COLOR is set"),
    ("NO_COLOR is empty", {**MANY, **UTF8, "NO_COLOR": ""}, FULL, "many colours"),
    ("no locale", MANY, ASCII, "locale"),
    ("no locale, through ssh", {**MANY, **SSH}, ASCII, "locale"),
    ("C", {**MANY, "LANG": "C", "NO_COLOR": "1"}, ASCII, "locale"),
    ("Latin 1", {**MANY, "LANG": "de_DE.ISO-8859-1"}, ASCII, "locale"),
    ("LC_CTYPE wins over LANG", {**MANY, **UTF8, "LC_CTYPE": "C"}, ASCII, "locale"),
    ("LC_ALL wins over both", {**MANY, **UTF8, "LC_CTYPE": "en_GB.utf8", "LC_ALL": "C"}, ASCII, "locale"),
    ("LC_ALL is empty", {**MANY, "LANG": "C", "LC_CTYPE": "en_US.UTF-8", "LC_ALL": ""}, FULL, "many colours"),
    ("LC_ALL has it", {**MANY, "LANG": "C", "LC_ALL": "C.utf8"}, FULL, "many colours"),
    ("forced on a console", {"TERM": "linux", **UTF8, "GIFTDESK_PROFILE": "lean"}, LEAN, "by GIFTDESK_PROFILE"),
    ("forced", {**MANY, **UTF8, **SSH, "GIFTDESK_PROFILE": "full"}, FULL, "by GIFTDESK_PROFILE"),
]


@pytest.mark.parametrize(
    ("environment", "profile", "because"), [pytest.param(*case, id=id_) for id_, *case in TERMINALS]
)
def test_each_terminal_is_known(
    monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str], profile: Profile, because: str
) -> None:
    """Chosen by name; else no signs, no UTF-8, no colours wanted, far away, and how many colours; in this order."""
    for name, text in environment.items():
        monkeypatch.setenv(name, text)
    chosen, why = choose_profile(None)
    assert chosen is profile
    assert because in why


@pytest.mark.parametrize("profile", Profile)
def test_a_named_profile_is_taken(monkeypatch: pytest.MonkeyPatch, profile: Profile) -> None:
    """The flag stands above everything, the environment above the settings."""
    assert choose_profile(None, profile.value) == (profile, "chosen by the settings")
    monkeypatch.setenv("GIFTDESK_PROFILE", "lean")
    assert choose_profile(profile.value, "full") == (profile, "chosen by --profile")
    assert choose_profile(None, profile.value) == (LEAN, "chosen by GIFTDESK_PROFILE")


@pytest.mark.parametrize(
    ("speed", "profile", "because"),
    [
        (termios.B38400, FULL, "many colours"),  # what every line says that is none
        (termios.B19200, LEAN, "the line has 19200 baud"),
        (termios.B9600, LEAN, "the line has 9600 baud"),
        (termios.B115200, FULL, "many colours"),
    ],
)
def test_a_slow_line_is_noticed(
    monkeypatch: pytest.MonkeyPatch, line: int, speed: int, profile: Profile, because: str
) -> None:
    """Its speed is handed on from where it is slow."""
    for name, text in {**MANY, **UTF8}.items():
        monkeypatch.setenv(name, text)
    modes = termios.tcgetattr(line)
    modes[4] = modes[5] = speed
    termios.tcsetattr(line, termios.TCSANOW, modes)
    chosen, why = choose_profile(None)
    assert (chosen, because in why) == (profile, True)
    monkeypatch.setattr("os.ttyname", lambda _line: "/dev/ttyS0")
    assert choose_profile(None)[0] is (FULL if speed == termios.B115200 else LEAN)


def test_a_line_without_a_size_is_taken_for_a_slow_one(monkeypatch: pytest.MonkeyPatch, line: int) -> None:
    """Nobody tells a serial line how large the terminal at its end is."""
    for name, text in {**MANY, **UTF8}.items():
        monkeypatch.setenv(name, text)
    fcntl.ioctl(line, termios.TIOCSWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
    assert choose_profile(None) == (LEAN, "the terminal does not tell its size, as on a serial line")


def test_gnu_screen_gets_no_more_colours_than_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of millions it would take for other attributes, whatever the terminal around it says of itself."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name, within, count in (
        ("xterm", {}, MILLIONS),
        ("screen-256color", STY, SOME),
        ("screen", STY, FEW),
        ("screen.xterm-256color", {}, SOME),  # ssh from within it
        ("xterm-256color", STY, SOME),  # told so in its settings
        ("screen-256color", TMUX, MILLIONS),
        ("tmux-256color", {**STY, **TMUX}, MILLIONS),
    ):
        with monkeypatch.context() as patch:
            for each, text in {"TERM": name, **within}.items():
                patch.setenv(each, text)
            assert colours()[0] == count
            for each in ("TEXTUAL_COLOR_SYSTEM", "TEXTUAL_ANIMATIONS", "ESCDELAY"):
                patch.setenv(each, "")  # so that it is as it was afterwards
                del os.environ[each]
            prepare()
            assert os.environ["TEXTUAL_COLOR_SYSTEM"] == {MILLIONS: "truecolor", SOME: "256", FEW: "standard"}[count]


def test_no_color_is_kept_but_for_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who names the profile with all colours wants them; ascii has none by itself."""
    assert [has_colours(each) for each in Profile] == [True, True, False]
    monkeypatch.setenv("NO_COLOR", "1")
    assert [has_colours(each) for each in Profile] == [True, False, False]


def test_doctor_says_that_no_colours_are_wanted_where_that_is_heeded(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full that was chosen by name has its colours."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert "none wanted (NO_COLOR is set)" in clerk.does("doctor")
    assert "none wanted" not in clerk.does("--profile", "full", "doctor")


@pytest.mark.parametrize("name", ["", "dumb", "unknown", "vt52", "adm3a", "wy50", "tvi925", "hp2392", "vt52+keypad"])
def test_a_terminal_that_can_draw_no_screen_is_told_so(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """It would show noise."""
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True)
    monkeypatch.setenv("TERM", name)
    assert "can't show a full screen" in (no_terminal() or "")
    for able in ("vt510", "xterm", "wy520", "hpsub2", "ansi"):
        monkeypatch.setenv("TERM", able)
        assert no_terminal() is None


HOSTILE = (
    "vt100\x1b]0;owned\x07",
    "xterm\x1b[2J\x1b]52;c;b3duZWQ=\x07",
    "x" * 5000,
    "screen\udcff\udcfe",
    "linux\u202e\x9b31m",
)


@pytest.mark.parametrize("name", HOSTILE, ids=["title", "clipboard", "long", "bytes", "controls"])
def test_a_hostile_name_is_never_shown(outsider: Clerk, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whoever names the terminal, the locale or the profile plants nothing in what is told of it."""
    for variable in ("TERM", "LC_ALL", "GIFTDESK_PROFILE", "GIFTDESK_MOUSE", "COLORTERM", "STY"):
        monkeypatch.setenv(variable, name)
    for words in (("doctor",), ("settings",), ("--profile", "lean", "settings")):
        answer = outsider.types(*words)
        told = answer.out + answer.err
        assert told.isascii()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", told)
        assert "x" * 50 not in told


def test_a_profile_that_does_not_exist_is_refused(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a flag it is not understood; by the environment it is said with its cure, until a flag wins over it."""
    assert "'best' is none of full, lean, ascii" in clerk.is_refused("--profile", "best", "settings", code=2)
    monkeypatch.setenv("GIFTDESK_PROFILE", "best")
    told = clerk.is_refused("settings", code=78)
    assert told == "GIFTDESK_PROFILE names no profile: best. Set it to one of full, lean, ascii, or unset it."
    found = {each["subject"]: each for each in asks_doctor(clerk)}
    assert (found["profile"]["health"], found["profile"]["cure"]) == ("bad", told)
    assert found["database"]["health"] == "ok"
    assert "chosen by --profile" in clerk.does("--profile", "lean", "doctor")


def asks_doctor(clerk: Clerk) -> list[dict[str, str]]:
    """What doctor finds where something is bad."""
    answer = clerk.types("doctor", "--json")
    assert answer.code == 1
    found: list[dict[str, str]] = json.loads(answer.out)
    return found


@pytest.mark.parametrize(
    ("facts", "subject", "told", "cure"),
    [
        ({"is_foreign": True}, "terminal", "TERM is xterm", "Set TERM to what your terminal is"),
        ({"within": "tmux"}, "terminal", "xterm in tmux", None),
        ({"within": "tmux"}, "clipboard", "only when told to", "tmux set -s set-clipboard on"),
        ({"within": "GNU screen"}, "clipboard", "may keep what is copied to itself", None),
        ({"is_bare": True}, "clipboard", "terminals have none that could be reached", None),
        ({"mouse": "off, as it is in lean"}, "mouse", "off, as it is in lean", "Everything has a key"),
        ({"has_few_colours": True}, "colours", "sixteen", "set TERM to xterm-256color"),
        ({"far": "the line has 9600 baud"}, "line", "9600 baud", None),
        ({"encoding": "ASCII", "locale": "C"}, "characters", "the locale is C", "LANG=C.UTF-8"),
        ({"encoding": "ASCII"}, "characters", "no locale is set", "LANG=C.UTF-8"),
        ({"columns": 60}, "size", "60x24", "80 columns by 24 lines"),
        ({"columns": 40, "too_small": too_small(40, 12)}, "size", "no screen opens", "needs 60 x 16; this is 40 x 12."),
        ({}, "profile", "lean, because", "--profile, GIFTDESK_PROFILE or the settings"),
    ],
)
def test_the_doctor_knows_what_the_terminal_can(
    facts: Mapping[str, object], subject: str, told: str, cure: str | None
) -> None:
    """And how it could do more."""
    known = TerminalFacts(True, "xterm", 80, 24, "utf-8", "lean, because", "sixteen at most")
    found = {each.subject: each for each in examine(None, replace(known, **facts))}[subject]  # type: ignore[arg-type]
    assert told in found.told
    assert found.cure is None if cure is None else cure in (found.cure or "")
    assert found.health in (Health.OK, Health.WARN)


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"LANG": "C"}, "profile: ascii, the locale"),
        ({}, "profile: ascii, the locale"),
        ({"LC_CTYPE": "C.UTF-8"}, "profile: full, the terminal has many colours"),
        ({"LANG": "C.UTF-8", "TERM": "linux"}, "profile: ascii, linux terminals draw"),
    ],
    ids=["LANG is C", "no locale", "UTF-8", "console"],
)
def test_the_doctor_tells_it(tmp_path: Path, environment: Mapping[str, str], told: str) -> None:
    """Also where the interpreter gives itself a locale of its own."""
    kept = {name: text for name, text in os.environ.items() if name not in READ and not name.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main(['doctor']))"],
        cwd=ROOT,
        env={**kept, **MANY, "HOME": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told in done.stdout
    assert ("characters: ASCII" in done.stdout) == ("locale" in told)
