"""Output can be Textual's own: chosen, or because something is not as expected; the app goes on, and tells its log."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from screens.test_bare_terminals import KNOWN, SEQUENCE
from screens.test_terminal import _DEMO, VIP, Terminal
from textual.app import App

from tui.cells.guard import why_not

# An app of another Textual, whose inside has another shape; and a painter that fails once it was used.
_ANOTHER_TEXTUAL = """
from textual.app import App
_display = App._display
App._display = lambda self, screen, update: _display(self, screen, update)
"""
_FAILING = """
from tui.cells.painting import Painter
show, shown = Painter.show, []

def fail(self, picture, cursor):
    shown.append(picture)
    if len(shown) > 2:
        raise IndexError("ada@northwind.example")
    return show(self, picture, cursor)

Painter.show = fail
"""
CTRL_Q = "\x11"
# Textual's own output ends each attribute with this.
ENDED = b"\x1b[0m"
Open = Callable[..., Terminal]


@pytest.fixture
def open_demo(tmp_path: Path) -> Iterator[Open]:
    """Open the demo on a terminal: open_demo(script before it, TERM="vt100")."""
    opened: list[Terminal] = []

    def open_(before: str = "", *words: str, **environment: str) -> Terminal:
        opened.append(Terminal(before + _DEMO, *words, "demo", home=tmp_path, environment=environment))
        return opened[-1]

    yield open_
    for terminal in opened:
        terminal.close()


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (_ANOTHER_TEXTUAL, "Textual is not what is expected: textual.app.App._display takes other arguments."),
        (_FAILING, "a picture could not be painted. (IndexError at <string>:8)"),
    ],
    ids=["another Textual", "a painter that fails"],
)
def test_the_app_goes_on_with_stock_output(open_demo: Open, tmp_path: Path, before: str, why: str) -> None:
    """The picture is whole, and the log has one line that says why, and nothing of what was painted."""
    terminal = open_demo(before)
    terminal.sees("Enter there opens one")
    terminal.types(f"{VIP}\r")
    terminal.sees("Can be reactivated")
    terminal.sees("Ada Lovelace")
    terminal.types(CTRL_Q)
    assert terminal.ends() == 0
    terminal.is_as_before()
    assert ENDED in terminal.received
    (log,) = tmp_path.rglob("*.log")
    assert re.fullmatch(rf"\S+ Textual's own output is used: {re.escape(why)}\n", log.read_text())


def test_stock_output_can_be_chosen(open_demo: Open) -> None:
    """By a flag, or the environment; a terminal that can do little gets what it can take from it as well."""
    terminal = open_demo("", "--output", "stock", TERM="vt100")
    terminal.sees("Enter there opens one")
    terminal.types(f"{VIP}\r")
    terminal.sees("Can be reactivated")
    terminal.types(CTRL_Q)
    assert terminal.ends() == 0
    assert ENDED in terminal.received
    assert terminal.received.isascii()
    assert {found for found in SEQUENCE.findall(terminal.received) if not KNOWN.fullmatch(found)} == set()
    assert terminal.text() == ""


def test_the_textual_that_is_installed_is_what_is_expected() -> None:
    assert why_not() is None


@pytest.mark.parametrize(
    ("replaced", "by", "why"),
    [
        ("_display", None, "is no function"),
        ("_display", lambda self, screen: (self, screen), "takes other arguments"),
        ("_display", lambda self, screen, renderable: (self, screen, renderable), "knows no _batch_count"),
    ],
)
def test_another_shape_is_told(monkeypatch: pytest.MonkeyPatch, replaced: str, by: object, why: str) -> None:
    """What is not there, or is not what it was, is named."""
    monkeypatch.setattr(App, replaced, by)
    assert why_not() == f"textual.app.App.{replaced} {why}"
    monkeypatch.setattr("textual.app.App", SimpleNamespace())
    assert why_not() == f"there is no textual.app.App.{replaced}"
