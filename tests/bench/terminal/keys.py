"""What a terminal sends for keys."""

from typing import Final

_NAMED: Final = {
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "backspace": b"\x7f",
    "space": b" ",
    "f1": b"\x1bOP",
    "f2": b"\x1bOQ",
    "f3": b"\x1bOR",
    "f4": b"\x1bOS",
    "f5": b"\x1b[15~",
    "f6": b"\x1b[17~",
    "f7": b"\x1b[18~",
    "f8": b"\x1b[19~",
    "f9": b"\x1b[20~",
    "f10": b"\x1b[21~",
    "f11": b"\x1b[23~",
    "f12": b"\x1b[24~",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
}
# A program may ask for them in another form, as curses does.
_EITHER_WAY: Final = {"up": b"A", "down": b"B", "right": b"C", "left": b"D", "home": b"H", "end": b"F"}


def sent_for(key: str, *, is_application: bool = False) -> bytes:
    """The bytes of a key by its name; a letter is its own name."""
    if key in _EITHER_WAY:
        return (b"\x1bO" if is_application else b"\x1b[") + _EITHER_WAY[key]
    if key.startswith("ctrl+"):
        return bytes([ord(key[-1]) & 0x1F])
    return _NAMED.get(key) or key.encode()
