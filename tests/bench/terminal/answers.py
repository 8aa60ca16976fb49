"""What a terminal answers when it is asked: a modern one, a plain one, and one that never does."""

import re
from collections.abc import Callable
from typing import Final

Answering = tuple[re.Pattern[bytes], Callable[[re.Match[bytes]], bytes]]

_PLAIN: Final[tuple[Answering, ...]] = (
    (re.compile(rb"\x1b\[\?(\d+)\$p"), lambda asked: b"\x1b[?%s;0$y" % asked[1]),
    (re.compile(rb"\x1b\[0?c"), lambda _: b"\x1b[?1;2c"),
    (re.compile(rb"\x1b\[6n"), lambda _: b"\x1b[1;1R"),
)
_MODERN: Final[tuple[Answering, ...]] = (
    # It takes a frame as a whole, and does not report its size by itself.
    (re.compile(rb"\x1b\[\?(\d+)\$p"), lambda asked: b"\x1b[?%s;%d$y" % (asked[1], 2 if asked[1] == b"2026" else 0)),
    (re.compile(rb"\x1b\[0?c"), lambda _: b"\x1b[?62;22c"),
    (re.compile(rb"\x1b\[>0?c"), lambda _: b"\x1b[>1;4000;0c"),
    (re.compile(rb"\x1b\[6n"), lambda _: b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[\?u"), lambda _: b"\x1b[?0u"),
)
_BY_KIND: Final = {"modern": _MODERN, "plain": _PLAIN, "mute": ()}
KINDS: Final = tuple(_BY_KIND)
# Longer than any question; a part of one at the end of what came may go on in what comes next.
_LONGEST: Final = 16


class Answers:
    """Answers of one kind of terminal to what a program asks between what it draws."""

    def __init__(self, kind: str) -> None:
        """One of KINDS."""
        self._answering = _BY_KIND[kind]
        self._held = b""

    def to(self, received: bytes) -> bytes:
        """What is sent back for what arrived, in the order in which it was asked."""
        asked = self._held + received
        found = [
            (match.start(), answer(match))
            for pattern, answer in self._answering
            for match in pattern.finditer(asked)
            if match.end() > len(self._held)
        ]
        begins = asked.rfind(b"\x1b", max(0, len(asked) - _LONGEST))
        self._held = asked[begins:] if begins >= 0 else b""
        return b"".join(answer for _, answer in sorted(found))
