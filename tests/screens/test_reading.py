"""What a terminal sends is cut wherever a line cuts it: every key is still that key, and nothing else becomes one."""

import re
import termios
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from tui.line_driver import escape_seconds
from tui.reading import KeyReader

PAUSE = None
"""As long as the reader says that it waits for more."""

KEYS = {
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1bOP": "f1",
    "\x1b[11~": "f1",
    "\x1b[[A": "f1",
    "\x1b[P": "f1",
    "\x1bOR": "f3",
    "\x1b[13~": "f3",
    "\x1b[15~": "f5",
    "\x1b[[E": "f5",
    "\x1b[24~": "f12",
    "\x1b[1;5C": "ctrl+right",
    "\x1b[3$": "shift+delete",
    "\x1b[7^": "ctrl+end",
    "\x1b[Z": "shift+tab",
    "\x1b[27u": "escape",
    "\x1b[27;129u": "escape",
    "\x1b[97;5u": "ctrl+a",
    "\x1b[114;3u": "alt+r",
    "\x1b[57414u": "enter",
    "é": "é",
    "€": "euro_sign",
}
ANSWERS = (
    "\x1b[?2026;2$y",
    "\x1b[?2048;0$y",
    "\x1b[?1u",
    "\x1b[?62;22c",
    "\x1b[>1;4600;0c",
    "\x1b[0n",
    "\x1b[48;24;80;480;800t",
    "\x1b[I",
    "\x1b[O",
    "\x1b]11;rgb:0000/0000/0000\x07",
    "\x1b]11;rgb:0000/0000/0000\x1b\\",
    "\x1bP>|XTerm(370)\x1b\\",
    "\x1bP1$r2 q\x1b\\",
    "\x1bP0$r\rrm\r\x1b\\",
    "\x1bP1+r544e=787465726d\x1b\\",
    "\x1bP!|00000000\x1b\\",
    "\x1b]lr\r\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b^a\ry\x1b\\",
    "\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c",
)


def told(message: Message) -> str:
    """A key by its name, a paste by its text, anything else by its kind."""
    if isinstance(message, events.Paste):
        return f"paste {message.text!r}"
    return message.key if isinstance(message, events.Key) else type(message).__name__


def reads(*pieces: str | bytes | None, with_alt: str = "") -> list[str]:
    """What comes of input that arrives in pieces, with pauses between them."""
    reader = KeyReader(with_alt=with_alt)
    got: list[Message] = []
    for piece in pieces:
        if piece is PAUSE:
            got += reader.rest()
        else:
            got += reader.feed(piece.encode() if isinstance(piece, str) else piece)
    return [told(each) for each in got]


def cuts(sent: str) -> list[tuple[bytes, ...]]:
    """Every cut into two pieces, and a piece for each byte: a slow line."""
    line = sent.encode()
    return [(line[:at], line[at:]) for at in range(1, len(line))] + [
        tuple(line[at : at + 1] for at in range(len(line)))
    ]


@pytest.mark.parametrize(("sent", "key"), KEYS.items())
def test_a_key_is_one_key_however_it_is_cut(sent: str, key: str) -> None:
    """Alone, in pieces, and between other keys."""
    assert reads(sent) == [key]
    for pieces in cuts(f"x{sent}y"):
        assert reads(*pieces) == ["x", key, "y"], pieces


@pytest.mark.parametrize("sent", ANSWERS)
def test_an_answer_is_never_typed(sent: str) -> None:
    """Asked for or not, in pieces, right behind an Esc, and cut off: no key comes of it."""
    for pieces in cuts(f"x{sent}y"):
        assert reads(*pieces) == ["x", "y"], pieces
    for pieces in cuts(f"\x1b{sent}"):
        assert reads(*pieces, PAUSE) == ["escape"], pieces
    for length in range(4, len(sent)):
        assert reads(sent[:length], PAUSE) == [], length


@pytest.mark.parametrize("sent", ["\x1bPabc\ry\x1b\\", "\x1bXabc\ry\x1b\\", f"\x1bX{'r' * 5000}\r\x1b\\"])
def test_a_string_of_any_kind_is_never_typed(sent: str) -> None:
    """Although it begins like Esc and a letter: whole, and in two pieces or three."""
    for at in range(2, len(sent), 1 + len(sent) // 20):
        assert reads(f"x{sent[:at]}", f"{sent[at:]}y") == ["x", "y"], at
        assert reads("x", sent[:at], sent[at : at + 3], sent[at + 3 :], "y") == ["x", "y"], at


@pytest.mark.parametrize("begun", ["\x1b]11;rgb", "\x1bP1$r", "\x1b_G", "\x1b^pm"])
def test_a_string_without_an_end_eats_no_keys_for_ever(begun: str) -> None:
    """A pause ends it, and so does Esc or a key with a sequence, and in the end all that is much too long."""
    assert reads(f"{begun}typed", PAUSE, "x") == ["x"]
    assert reads(f"{begun}typed", "\x1b", PAUSE, "x") == ["x"]
    assert reads(f"{begun}typed", "\x1b[A", "x") == ["up", "x"]
    assert reads(begun, "r" * 1_000_010)[-1] == "r"


def test_nothing_looks_like_a_mouse_where_there_is_none() -> None:
    """Presses, turns of the wheel, movements, in both spellings."""
    sent = "\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<64;10;5M\x1b[<35;10;5M\x1b[M !!x"
    for pieces in cuts(sent):
        assert reads(*pieces) == ["x"], pieces
    assert [type(each).__name__ for each in KeyReader(has_mouse=True).feed(sent.encode())] == [
        "MouseDown",
        "MouseUp",
        "MouseScrollUp",
        "MouseMove",
        "Key",
    ]


@pytest.mark.parametrize(
    "sent", ["\x1b[1114112u", f"\x1b[{'9' * 25}u", "\x1b[97;1:3u", "\x1b[1;1:3A", f"\x1b[{'1' * 31}y"]
)
def test_what_no_key_sends_is_nothing(sent: str) -> None:
    """Characters that there are not, keys that were let go, and more than any key sends: what follows is read."""
    assert reads(f"x{sent}y") == ["x", "y"]
    assert reads("x", sent, "y\x1b[A") == ["x", "y", "up"]


@pytest.mark.parametrize(
    ("pieces", "keys"),
    [
        (["\x1b", PAUSE], ["escape"]),
        (["\x1b\x1b", PAUSE], ["escape", "escape"]),
        (["\x1b", "\x1b[A"], ["escape", "up"]),
        (["\x1b", "r"], ["escape", "r"]),
        (["\x1br"], ["escape", "r"]),
        (["x\x1bry\x1b", PAUSE], ["x", "escape", "r", "y", "escape"]),
        (["\x1b2"], ["escape", "2"]),
        (["\x1b\r"], ["escape", "enter"]),
        (["\x1bOliver"], ["escape", *"Oliver"]),
        (["\x1bP", PAUSE], ["escape", "P"]),
        (["\x1bP1", "00", PAUSE], ["escape", "P", *"100"]),
        (["\x1bXmas\r", PAUSE], ["escape", *"Xmas", "enter"]),
        (["\x1bXmas", "\x1bx"], ["escape", *"Xmas", "escape", "x"]),
        (["\x1bXmas\x1b", PAUSE, PAUSE], ["escape", *"Xmas", "escape"]),
        (["\x1b[", PAUSE], ["escape", "left_square_bracket"]),
        (["\x1bO", PAUSE], ["escape", "O"]),
        (["\x1b]", PAUSE, "x"], ["escape", "right_square_bracket", "x"]),
        (["\x1b[\r"], ["escape", "left_square_bracket", "enter"]),
        (["\x1b[1;2\r"], ["enter"]),
        (["\x1b[1;", PAUSE, "x"], ["x"]),
        (["\xe9".encode("latin-1"), "x"], ["replacement_character", "x"]),
        (["\x1b[M !!x"], ["x"]),
    ],
    ids=repr,
)
def test_esc_is_a_key_of_its_own(pieces: list[str | None], keys: list[str]) -> None:
    """Whatever is typed behind it, as quickly as may be; what no key sends is nothing."""
    assert reads(*pieces) == keys


@pytest.mark.parametrize(
    ("pieces", "keys"),
    [
        (["\x1b", PAUSE, "[A"], ["escape", "up"]),
        (["\x1b", PAUSE, "[", "A"], ["escape", "up"]),
        (["\x1b", PAUSE, "OP"], ["escape", "f1"]),
        (["\x1b", PAUSE, "[?2026;2$y"], ["escape"]),
        (["\x1b", PAUSE, "[48;24;80;1;1t", "\x1b", PAUSE], ["escape", "escape"]),
        (["\x1b", PAUSE, "[1;2\r", "\x1b", PAUSE], ["escape", "enter", "escape"]),
        (["\x1b", PAUSE, "[200~rm\r\x1b[201~", PAUSE], ["escape", "paste 'rm\\n'"]),
        (["\x1b", PAUSE, "[", PAUSE, "x"], ["escape", "left_square_bracket", "x"]),
        (["\x1b", PAUSE, PAUSE, "[A"], ["escape", "left_square_bracket", "A"]),
        (["\x1b", PAUSE, "r", "[A"], ["escape", "r", "left_square_bracket", "A"]),
        (["\x1b", PAUSE, "OPERA"], ["escape", *"OPERA"]),
        (["\x1b", PAUSE, "P1$r0\x1b\\x"], ["escape", "x"]),
        (["\x1b", PAUSE, "_Gi=1;OK\x1b\\x"], ["escape", "x"]),
        (["\x1b", PAUSE, "Px"], ["escape", "P", "x"]),
    ],
    ids=repr,
)
def test_the_rest_of_a_sequence_may_be_late(pieces: list[str | None], keys: list[str]) -> None:
    """The Esc was taken for the key by then; what follows is still what was pressed, above all a paste."""
    assert reads(*pieces) == keys


_SENT = st.one_of(
    st.sampled_from([*KEYS, *ANSWERS, "\x1b", "\x1b[200~", "\x1b[201~", "\x1b[<0;1;1M", "\x1b_", "\x1b\\", "\x07"]),
    st.text(alphabet="r\r[]~MPX201;é漢\x1b", max_size=6),
).map(str.encode) | st.binary(max_size=3)


@given(st.lists(_SENT, max_size=12), st.data())
def test_where_it_is_cut_does_not_matter(sent: list[bytes], data: st.DataObject) -> None:
    """Whatever is sent: all in one go, or in pieces of any size. What Alt sends is known by coming alone: not here."""
    line = b"".join(sent)
    places = sorted(data.draw(st.sets(st.integers(0, len(line)), max_size=8)))
    pieces = [line[a:b] for a, b in pairwise([0, *places, len(line)])]
    assume(not any(re.fullmatch(rb"\x1b([bf\x7f]|O[a-d])", each) for each in (line, *pieces)))
    rests = [PAUSE] * 4
    assert reads(*pieces, *rests) == reads(line, *rests)


@given(st.text(alphabet="r\r\x1b[]201~;Px", max_size=20), st.integers(1, 40), st.integers(1, 4))
def test_nothing_that_was_pasted_is_a_key(pasted: str, length: int, marks: int) -> None:
    """Whatever it is, with whatever marks in it, in pieces of any length: a paste, or nothing where it is empty."""
    mark = "\x1b[201~"
    line = f"\x1b[200~{mark.join([pasted] * marks)}{mark}"
    got = reads(*[line[at : at + length] for at in range(0, len(line), length)], PAUSE)
    assert all(each.startswith("paste ") for each in got), got


def test_alt_is_two_keys_unless_it_means_something() -> None:
    """A word to the left on a Mac, alone in what is read; and what the settings give a command."""
    assert reads("\x1bb") == ["ctrl+left"]
    assert reads("\x1bf") == ["ctrl+right"]
    assert reads("\x1bbx") == ["escape", "b", "x"]
    assert reads("\x1b", "b") == ["escape", "b"]
    for pieces in (("\x1br",), ("\x1b", "r"), ("\x1brx",)):
        assert reads(*pieces, with_alt="rn")[0] == "alt+r"
    assert reads("\x1b", PAUSE, "r", with_alt="rn") == ["escape", "r"]


def test_it_says_how_long_to_wait() -> None:
    """Shortly behind an Esc; longer for what few people type; long for what only terminals send, and in a paste."""
    reader = KeyReader(0.006)
    waits = []
    for piece in ("x", "\x1b", "[", "?", "25;0$y", "\x1b[200~\x1b", "[201~"):
        reader.feed(piece.encode())
        waits.append(reader.patience)
    assert waits == [None, 0.006, 0.5, 5.0, None, 5.0, 0.014]


@pytest.mark.parametrize(
    ("name", "speed", "told", "seconds"),
    [
        ("/dev/pts/3", termios.B38400, "", 0.004),
        ("/dev/tty1", termios.B38400, "", 0.004),
        ("/dev/pts/3", termios.B38400, "50", 0.05),
        ("/dev/pts/3", termios.B38400, "soon", 0.004),
        ("/dev/ttyUSB0", termios.B9600, "", 0.02),
        ("/dev/ttyS0", termios.B300, "", 0.12),
        ("/dev/ttyS0", termios.B300, "1", 0.001),
    ],
)
def test_slow_lines_are_waited_for(
    monkeypatch: pytest.MonkeyPatch, name: str, speed: int, told: str, seconds: float
) -> None:
    """Serial ones for what an adapter holds back; who knows better says so."""
    monkeypatch.setenv("ESCDELAY", told)
    assert round(escape_seconds(name, speed), 6) == seconds
