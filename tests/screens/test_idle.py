"""A desk that is left open over a slow line: nothing is sent that nobody needs."""

import re
import time
from pathlib import Path

import pytest
from screens.test_terminal import _DEMO, VIP, Terminal

from tui.terminal import Profile

_SECONDS = 130
# The digit of the minute, at its place and in its colours, and the cursor back where it was.
_MINUTE = re.compile(rb"\x1b\[1;7\d+H(\x1b\[[0-9;]*m)?\d\d?(\x1b\[m)?\x1b\[\d+(;\d+)?H")
_MOST = 40


@pytest.mark.slow
def test_two_minutes_of_the_clock_are_all_that_is_sent(tmp_path: Path) -> None:
    """In each profile, beside an open card with its countdown; no cursor blinks, and no clock ticks aside."""
    open_ = [Terminal(_DEMO, "demo", "--profile", profile, home=tmp_path) for profile in Profile]
    try:
        for terminal in open_:
            terminal.sees("This is the demo")
            terminal.types(f"{VIP}\r")
            terminal.sees("Can be reactivated")
            terminal.rests()
        before = [len(terminal.received) for terminal in open_]
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            for terminal in open_:
                terminal.rests()
        for terminal, length in zip(open_, before, strict=True):
            sent = terminal.received[length:]
            minutes = [found[0] for found in _MINUTE.finditer(sent)]
            assert b"".join(minutes) == sent
            assert len(minutes) in (2, 3)
            assert max(map(len, minutes)) < _MOST
    finally:
        for terminal in open_:
            terminal.close()
