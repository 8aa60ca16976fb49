"""The first start on a real terminal line: plain questions, and then the screens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from screens.test_terminal import _DEMO as _GIFTDESK
from screens.test_terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """giftdesk at its first question."""
    terminal = Terminal(_GIFTDESK, home=tmp_path)
    try:
        terminal.sees("Which?")
        yield terminal
    finally:
        terminal.close()


def test_a_desk_is_made_and_opened(terminal: Terminal, tmp_path: Path) -> None:
    """From nothing to the search field, and out again."""
    terminal.types("2\n")
    terminal.sees("Time zone of the business")
    terminal.types("Europe/Vienna\n")
    terminal.sees("Currency [GBP]")
    terminal.types("EUR\n")
    terminal.sees("Enter opens it.")
    terminal.types("\n")
    terminal.sees("code, last four, e-mail, name, order")
    terminal.types("\x11")
    assert terminal.ends() == 0
    terminal.is_as_before()
    # It has no second screen, like GNU screen: nothing of the picture is left there.
    assert not terminal.text()
    assert (tmp_path / "giftdesk" / "desk.key").exists()


def test_ctrl_c_leaves_nothing_behind(terminal: Terminal, tmp_path: Path) -> None:
    """At a question in the middle; no page of frames."""
    terminal.types("2\n")
    terminal.sees("Time zone of the business")
    terminal.types("\x03")
    assert terminal.ends() == 130
    assert b"Traceback" not in terminal.received
    assert not list(tmp_path.rglob("*.db*"))
    assert not list(tmp_path.rglob("*.key"))
