"""A terminal that is slow, blocked or gone: nobody waits for it, and nothing is lost but with it."""

import asyncio
import os
import pty
import time
import tty
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from screens.conftest import Demo
from screens.test_terminal import _DEMO, VIP, Terminal
from screens.test_typeahead import notes

from tui import outlet
from tui.outlet import Outlet

F5 = "\x1b[15~"


@pytest.fixture
def line() -> Iterator[tuple[int, int]]:
    """Both ends of a terminal: who looks at it, and who writes."""
    near, far = pty.openpty()
    tty.setraw(far)
    yield near, far
    for end in (near, far):
        with suppress(OSError):
            os.close(end)


async def test_what_is_not_taken_waits(line: tuple[int, int]) -> None:
    """More than a terminal holds is written at once; it arrives whole and in order, as it is taken."""
    near, far = line
    drained: list[bool] = []
    out = Outlet(far, asyncio.get_running_loop(), lambda: drained.append(True))
    sent = "".join(f"{number} é\n" for number in range(30_000))
    out.write(sent)
    out.write("the end")
    assert out.is_backed_up
    received = b""
    while not received.endswith(b"the end"):
        received += await asyncio.to_thread(os.read, near, 65_536)
    while not drained:
        await asyncio.sleep(0.001)
    assert received.decode() == f"{sent}the end"
    assert not out.is_backed_up
    out.write("!")
    assert os.read(near, 10) == b"!"
    assert drained == [True]
    out.close()


async def test_a_terminal_that_is_gone_is_written_to_no_more(line: tuple[int, int]) -> None:
    """Nothing is raised; whoever reads it learns of it."""
    near, far = line
    out = Outlet(far, asyncio.get_running_loop(), lambda: None)
    os.close(near)
    out.write("nobody")
    out.write("sees this")
    assert not out.is_backed_up
    out.close()


async def test_a_blocked_terminal_is_given_up_in_the_end(
    line: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who leaves is not held up for ever."""
    monkeypatch.setattr(outlet, "_GIVE_UP_SECONDS", 0.01)
    out = Outlet(line[1], asyncio.get_running_loop(), lambda: None)
    out.write("x" * 1_000_000)
    out.close()


def test_a_blocked_terminal_holds_up_no_key(tmp_path: Path, demo: Demo) -> None:
    """Nobody takes what is drawn, a hundred times over: what is typed is done all the same, and shown later."""
    words = ("--db", f"sqlite:///{demo.store.path}", "--as", "sam", "--now", "2026-11-21T14:02Z")
    terminal = Terminal(_DEMO, *words, home=tmp_path)
    try:
        terminal.sees("Enter finds.")
        terminal.types(f"{VIP}\r")
        terminal.sees("Can be reactivated")
        terminal.types(F5 * 100)
        terminal.types("nnote to nobody\r")
        until = time.monotonic() + 20
        while not notes(demo.store):
            assert time.monotonic() < until, "the note was not written"
            time.sleep(0.01)
        terminal.sees("has your note")
    finally:
        terminal.close()
