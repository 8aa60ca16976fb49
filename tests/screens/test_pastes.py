"""The guard before the parser: in whatever pieces a terminal sends it, a paste stays one paste and holds no key."""

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from tui.driver import PasteGuard

BEGIN, END = "\x1b[200~", "\x1b[201~"


def arrives(*chunks: str) -> list[str]:
    """What the app gets: keys by their names, pastes as their text."""
    guard, parser = PasteGuard(), XTermParser()
    got = []
    for chunk in chunks:
        text = guard.filter(chunk)
        for event in parser.feed(text) if text else ():
            if isinstance(event, events.Paste):
                got.append(f"paste {event.text!r}")
            elif isinstance(event, events.Key):
                got.append(event.key)
    return got


def in_pieces(text: str) -> list[tuple[str, ...]]:
    """Every cut into two pieces, and one piece a character."""
    return [(text[:cut], text[cut:]) for cut in range(1, len(text))] + [tuple(text)]


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        ("GC-1", "GC-1"),
        ("one\rtwo\n", "one\ntwo\n"),
        ("a\x1bb", "ab"),
        ("a\x1b\rb", "a\nb"),
        ("a\x1b[13;5ub", "a[13;5ub"),
        ("\x1b]52;c;eA==\x07", "]52;c;eA=="),
        (f"x{BEGIN}y", "x[200~y"),
        ("x\x1b[201", "x[201"),
        ("a\x9bb\x00c\u202ed", "abcd"),
    ],
)
def test_a_paste_is_one_paste(pasted: str, text: str) -> None:
    """Wherever it is cut: a key before it, the text without what would end it early, a key after it."""
    for chunks in in_pieces(f"r{BEGIN}{pasted}{END}\r"):
        assert arrives(*chunks) == ["r", f"paste {text!r}", "enter"], chunks


def test_two_pastes_in_one_go() -> None:
    for chunks in in_pieces(f"{BEGIN}a\r{END}{BEGIN}\rb{END}"):
        assert arrives(*chunks) == ["paste 'a\\n'", "paste '\\nb'"]


def test_what_is_no_paste_goes_on_at_once() -> None:
    """Keys outside a paste are as they were sent, and the start of a marker is never held back."""
    guard = PasteGuard()
    assert guard.filter("r\r\x1b[A") == "r\r\x1b[A"
    assert guard.filter("\x1b") == "\x1b"
    assert guard.filter("[20") == "[20"
    assert guard.filter("x\r") == "x\r"


def test_an_esc_that_was_a_key_begins_no_paste() -> None:
    """After a pause, the rest of a marker is letters."""
    guard = PasteGuard()
    assert guard.filter("\x1b") == "\x1b"
    guard.rest()
    assert guard.filter("[200~\r") == "[200~\r"
