"""What a terminal sends is cut wherever a line cuts it: every key is still that key, and nothing else becomes one."""

import termios

import pytest
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
        (["\x1bP1", "00"], ["escape", "P", *"100"]),
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
        (["\x1b", PAUSE, "[200~rm\r\x1b[201~"], ["escape", "paste 'rm\\n'"]),
        (["\x1b", PAUSE, "[", PAUSE, "x"], ["escape", "left_square_bracket", "x"]),
        (["\x1b", PAUSE, PAUSE, "[A"], ["escape", "left_square_bracket", "A"]),
        (["\x1b", PAUSE, "r", "[A"], ["escape", "r", "left_square_bracket", "A"]),
        (["\x1b", PAUSE, "OPERA"], ["escape", *"OPERA"]),
    ],
    ids=repr,
)
def test_the_rest_of_a_sequence_may_be_late(pieces: list[str | None], keys: list[str]) -> None:
    """The Esc was taken for the key by then; what follows is still what was pressed, above all a paste."""
    assert reads(*pieces) == keys


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
    assert waits == [None, 0.006, 0.5, 5.0, None, 5.0, None]


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
