"""In whatever pieces a terminal sends it, a paste stays one paste and holds no key."""

import pytest
from screens.test_reading import told

from tui.reading import KeyReader

BEGIN, END = "\x1b[200~", "\x1b[201~"


def arrives(*chunks: str) -> list[str]:
    """What the app gets: keys by their names, pastes as their text."""
    reader = KeyReader()
    return [told(each) for chunk in chunks for each in reader.feed(chunk.encode())]


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


def test_a_mark_that_was_pasted_ends_nothing() -> None:
    """The mark of the end comes once, and last: what is pasted with one in it presses no Enter."""
    assert arrives(f"{BEGIN}a{END}\ry{END}\r") == ["paste 'a[201~\\ny'", "enter"]
    assert arrives(f"{BEGIN}a{END}\r{BEGIN}y{END}") == ["paste 'a'", "enter", "paste 'y'"]


def test_a_huge_paste_is_kept_so_far_as_anything_has_room() -> None:
    """However much comes, it ends where it ends."""
    reader = KeyReader()
    sent = [BEGIN, *["x" * 4000] * 300, END[:3], f"{END[3:]}y"]
    paste, key = (each for piece in sent for each in reader.feed(piece.encode()))
    assert (told(paste), told(key)) == (f"paste {'x' * 1_000_000!r}", "y")


@pytest.mark.parametrize("escape", ["\x1b", "\x1b[27u"])
def test_a_paste_whose_end_was_lost_is_left_with_esc(escape: str) -> None:
    """Once nothing has come of it for long: nothing of it is taken, and the keys are keys again."""
    reader = KeyReader()
    assert [*reader.feed(f"{BEGIN}rm\r".encode()), *reader.rest(), *reader.feed(b"q\r"), *reader.rest()] == []
    assert reader.patience is None
    assert [*reader.feed(escape.encode()), *reader.rest()] == []
    assert [told(each) for each in reader.feed(b"ok")] == ["o", "k"]
    assert [told(each) for each in reader.feed(f"{BEGIN}a{END}".encode())] == ["paste 'a'"]


def test_a_paste_that_stalls_goes_on() -> None:
    """Wherever the line stood still, and be it within the mark of its end."""
    reader = KeyReader()
    pieces = (BEGIN + "a", "\rb", END[:4], END[4:], "r")
    got = [told(each) for piece in pieces for each in [*reader.feed(piece.encode()), *reader.rest()]]
    assert got == ["paste 'a\\nb'", "r"]
