"""In whatever pieces a terminal sends it, a paste stays one paste and holds no key."""

import pytest
from screens.test_reading import PAUSE, told
from textual.message import Message

from tui.reading import KeyReader

BEGIN, END = "\x1b[200~", "\x1b[201~"


def arrives(*chunks: str | None) -> list[str]:
    """What the app gets in the end: keys by their names, pastes as their text."""
    reader = KeyReader()
    got: list[Message] = []
    for chunk in (*chunks, PAUSE):
        got += reader.rest() if chunk is PAUSE else reader.feed(chunk.encode())
    return [told(each) for each in got]


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


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        (f"a{END}\ry", "a[201~\ny"),
        (f"a{END}\ry{BEGIN}b", "a[201~\ny[200~b"),
        (f"a{END}\x1bOP\x11{END}r\r{BEGIN}", "a[201~OP[201~r\n[200~"),
        (END + "r\r", "[201~r\n"),
    ],
)
def test_marks_that_were_pasted_press_no_key(pasted: str, text: str) -> None:
    """A terminal that leaves them in what is pasted still sends its own mark last; Enter behind that one is Enter."""
    for chunks in in_pieces(f"{BEGIN}{pasted}{END}\r"):
        assert arrives(*chunks) == [f"paste {text!r}", "enter"], chunks


def test_what_is_typed_behind_a_paste_is_typed() -> None:
    """Whether the line was still between them or not."""
    for pieces in ([f"{BEGIN}a{END}\r", f"y{BEGIN}b{END}"], [f"{BEGIN}a{END}", PAUSE, "\r", "y", f"{BEGIN}b{END}"]):
        assert arrives(*pieces) == (
            ["paste 'a[201~\\ny[200~b'"] if PAUSE not in pieces else ["paste 'a'", "enter", "y", "paste 'b'"]
        )
    assert arrives(f"{BEGIN}a{END}\r", PAUSE, f"y{BEGIN}b{END}") == ["paste 'a'", "enter", "y", "paste 'b'"]


def test_a_line_is_still_for_long_behind_a_long_paste() -> None:
    """It may wait on its way; a short one comes in one piece. An adapter holds back what is short, too."""
    reader, slow = KeyReader(), KeyReader(0.02)
    for length, seconds in ((1000, 0.012), (1001, 0.5)):
        reader.feed(f"{BEGIN}{'x' * (length - 2)}{END}y\r".encode())
        assert reader.patience == seconds
        assert [told(each) for each in reader.rest()][1:] == ["y", "enter"]
        assert reader.patience is None
    slow.feed(f"{BEGIN}x{END}".encode())
    assert slow.patience == 0.028


def test_a_paste_that_nobody_wants_any_more_is_forgotten() -> None:
    """With what was typed behind it, and so far as it is still to come; what follows is taken."""
    for pieces in ((f"{BEGIN}a{END}\r", "y"), (f"{BEGIN}a", f"b\r{END}y"), (f"{BEGIN}a{END[:3]}", f"{END[3:]}y")):
        reader = KeyReader()
        reader.feed(pieces[0].encode())
        reader.forget()
        assert [told(each) for each in [*reader.feed(pieces[1].encode()), *reader.rest()]] == ["y"]


def test_a_huge_paste_is_kept_so_far_as_anything_has_room() -> None:
    """However much comes, it ends where it ends."""
    sent = [BEGIN, *["x" * 4000] * 300, END[:3], f"{END[3:]}y"]
    assert arrives(*sent) == [f"paste {'x' * 1_000_000!r}", "y"]


@pytest.mark.parametrize("escape", ["\x1b", "\x1b[27u"])
def test_a_paste_whose_end_was_lost_is_left_with_esc(escape: str) -> None:
    """Once nothing has come of it for long: nothing of it is taken, and the keys are keys again."""
    reader = KeyReader()
    assert [*reader.feed(f"{BEGIN}rm\r".encode()), *reader.rest(), *reader.feed(b"q\r"), *reader.rest()] == []
    assert reader.patience is None
    assert [*reader.feed(escape.encode()), *reader.rest()] == []
    assert [told(each) for each in reader.feed(b"ok")] == ["o", "k"]
    assert reader.feed(f"{BEGIN}a{END}".encode()) == []
    assert [told(each) for each in reader.rest()] == ["paste 'a'"]


def test_a_paste_that_stalls_goes_on() -> None:
    """Wherever the line stood still, and be it within the mark of its end."""
    reader = KeyReader()
    pieces = (BEGIN + "a", "\rb", END[:4], END[4:], "r")
    got = [told(each) for piece in pieces for each in [*reader.feed(piece.encode()), *reader.rest()]]
    assert got == ["paste 'a\\nb'", "r"]
