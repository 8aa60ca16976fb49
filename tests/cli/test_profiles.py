"""How giftdesk decides how to draw, before it draws."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tui.terminal import Profile, choose_profile, has_colours

ROOT = Path(__file__).parents[2]
READ = ("TERM", "COLORTERM", "NO_COLOR", "SSH_CONNECTION", "LC_ALL", "LC_CTYPE", "LANG", "GIFTDESK_PROFILE")
UTF8 = {"LANG": "en_GB.UTF-8"}
MANY = {"TERM": "xterm-256color"}
FEW = {"TERM": "xterm"}


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A terminal that says nothing of itself."""
    for name in READ:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("environment", "profile", "because"),
    [
        ({**MANY, **UTF8}, Profile.FULL, "many colours"),
        ({**FEW, **UTF8, "COLORTERM": "truecolor"}, Profile.FULL, "many colours"),
        ({**FEW, **UTF8}, Profile.LEAN, "no more than sixteen"),
        ({"TERM": "screen", **UTF8}, Profile.LEAN, "no more than sixteen"),
        ({**MANY, **UTF8, "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, Profile.LEAN, "ssh"),
        ({**MANY, **UTF8, "NO_COLOR": "1"}, Profile.LEAN, "NO_COLOR"),
        ({**MANY, **UTF8, "NO_COLOR": ""}, Profile.FULL, "many colours"),
        (MANY, Profile.ASCII, "locale"),
        ({**MANY, "LANG": "C"}, Profile.ASCII, "locale"),
        ({**MANY, "LANG": "de_DE.ISO-8859-1"}, Profile.ASCII, "locale"),
        ({**MANY, **UTF8, "LC_CTYPE": "C"}, Profile.ASCII, "locale"),
        ({**MANY, **UTF8, "LC_ALL": "C"}, Profile.ASCII, "locale"),
        ({**MANY, "LANG": "C", "LC_ALL": "C.utf8"}, Profile.FULL, "many colours"),
        ({**MANY, "LANG": "C", "LC_CTYPE": "en_US.UTF-8", "LC_ALL": ""}, Profile.FULL, "many colours"),
        ({**MANY, "LANG": "C", "NO_COLOR": "1"}, Profile.ASCII, "locale"),
        ({"TERM": "vt100", **UTF8}, Profile.ASCII, "a vt100 terminal"),
        ({"TERM": "vt220", **UTF8}, Profile.ASCII, "a vt220 terminal"),
        ({"TERM": "linux", **UTF8}, Profile.ASCII, "a linux terminal"),
        ({"TERM": "linux", **UTF8, "GIFTDESK_PROFILE": "lean"}, Profile.LEAN, "chosen by you"),
        ({**MANY, **UTF8, "GIFTDESK_PROFILE": "ascii"}, Profile.ASCII, "chosen by you"),
        ({**MANY, **UTF8, "GIFTDESK_PROFILE": "best"}, Profile.FULL, "many colours"),
    ],
    ids=lambda value: " ".join(f"{name}={text}" for name, text in value.items()) if isinstance(value, dict) else None,
)
def test_the_terminal_decides(
    terminal: pytest.MonkeyPatch, environment: Mapping[str, str], profile: Profile, because: str
) -> None:
    """What it says of itself, in this order: chosen by name, bare, no UTF-8, no colours, far away, many colours."""
    for name, text in environment.items():
        terminal.setenv(name, text)
    chosen, why = choose_profile(None)
    assert chosen is profile
    assert because in why


@pytest.mark.parametrize("profile", Profile)
def test_a_named_profile_is_taken(terminal: pytest.MonkeyPatch, profile: Profile) -> None:
    """The flag stands above everything."""
    terminal.setenv("GIFTDESK_PROFILE", "lean")
    assert choose_profile(profile.value) == (profile, "chosen by you")


def test_no_color_is_kept_but_for_full(terminal: pytest.MonkeyPatch) -> None:
    """Who names the profile with all colours wants them; ascii has none by itself."""
    assert [has_colours(each) for each in Profile] == [True, True, False]
    terminal.setenv("NO_COLOR", "1")
    assert [has_colours(each) for each in Profile] == [True, False, False]


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"LANG": "C"}, "profile: ascii, the locale"),
        ({}, "profile: ascii, the locale"),
        ({"LC_CTYPE": "C.UTF-8"}, "profile: full, the terminal has many colours"),
        ({"LANG": "C.UTF-8", "TERM": "linux"}, "profile: ascii, a linux terminal"),
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
