"""Faults of our own, wherever they arise: nothing about a customer is on the terminal afterwards, or in the log.

The long proof lets one arise in each kind of place: python3 tests/check.py -m slow -k leaks
"""

from pathlib import Path

import pytest
from screens.test_terminal import Terminal

CODE = "Q7CJ V4H4 277J J773"
CANARIES = ("wilhelmina@canary.example", CODE, CODE.replace(" ", ""))
_BURST = """
import sys

def burst(*_arguments, **_options):
    customer, code = 'wilhelmina@canary.example', 'Q7CJ V4H4 277J J773'
    try:
        raise ValueError(f'{customer} {code}')
    except ValueError as error:
        raise RuntimeError(f'{customer} {code}') from error

"""
_MAIN = """
from tui.cli import main
sys.exit(main(sys.argv[1:]))
"""
# Where it arises, and the keys that lead there.
PLACES = {
    "while the desk is opened": ("import models.jobs.demo as at; at.build_demo = burst", ""),
    "in a widget that is drawn": ("from tui.widgets.bars import TopBar as at; at.render = burst", ""),
    "in an action": ("from tui.screens.desk import Desk as at; at.refusal = burst", f"{CODE}\rr"),
    "in a thread that reads": ("import models.sheets as at; at.card_sheet = at.whole_sheet = burst", f"{CODE}\r"),
    "in a dialog that is made": ("from tui.screens.form import Form as at; at.compose = burst", f"{CODE}\rr"),
    "in a dialog that appears": ("from tui.screens.form import Form as at; at.on_mount = burst", f"{CODE}\rr"),
    "in a change": ("from models import ledger as at; at._write_down = burst", f"{CODE}\rr\r"),
    "aside": ("import models.lookups as at; at.record_miss = burst", "2222222222222222\r"),
    "at the clock's turn": ("from tui.screens.page import Page as at; at.tick = burst", ""),
}


def leaves_a_demo(tmp_path: Path, place: str) -> None:
    """One sentence, status 70, the terminal as it was; the log names the kind of error and no more."""
    patch, keys = PLACES[place]
    terminal = Terminal(f"{_BURST}{patch}\n{_MAIN}", "demo", home=tmp_path)
    try:
        terminal.types(keys)
        assert terminal.ends() == 70
        said = terminal.received.rpartition(b"\x1b[?1049l")[2].decode()
        assert "giftdesk met a fault of its own" in said
        assert "Traceback" not in said
        (log,) = tmp_path.rglob("*.log")
        assert "RuntimeError" in log.read_text()
        for text in (said, log.read_text()):
            assert not [canary for canary in CANARIES if canary in text]
    finally:
        terminal.close()


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_a_fault_of_our_own_gives_nobody_away(tmp_path: Path, place: str) -> None:
    leaves_a_demo(tmp_path, place)


@pytest.mark.slow
def test_the_list_of_processes_gives_nobody_away(tmp_path: Path) -> None:
    """What was typed at the desk stands in no argument and in no environment."""
    terminal = Terminal(_MAIN.replace("from", "import sys\nfrom", 1), "demo", home=tmp_path)
    try:
        terminal.types(f"{CODE}\rn")
        terminal.sees("Note")
        process = Path(f"/proc/{terminal.process.pid}")
        shown = b"".join((process / name).read_bytes() for name in ("cmdline", "environ"))
        assert not [canary for canary in CANARIES if canary.encode() in shown]
    finally:
        terminal.close()
