"""A paste, from the mark of its beginning until the line is still: no part of it is ever a key.

Not every terminal takes the marks out of what is pasted, so that whoever wrote it may have put marks, Enter and letters
in it. The terminal's own mark comes last, though: as long as the line is not still nothing is decided, and then all up
to the last mark was pasted, and only what stands behind it was typed. The limit: where a line stands still for longer
than is waited for here, right behind a mark that was pasted, the rest of that paste is typed. A short paste comes in
one piece, so that little is waited for; a long one may wait on its way until the first of it has been acknowledged.
"""

from typing import Final

from models.rules.texts import UNSAFE

BEGINS: Final = "\x1b[200~"
_ENDS: Final = "\x1b[201~"
_BETWEEN_TWO: Final = _ENDS + BEGINS
_ESCAPES: Final = ("\x1b", "\x1b[27u")
# How long a line is still behind a paste, in seconds: so much longer than behind an Esc, and behind a long paste.
_SHORT_SECONDS: Final = 0.008
_LONG_SECONDS: Final = 0.5
_STALLED_SECONDS: Final = 5.0
# Characters: as much as comes in one piece on any line, and more than any field has room for.
_ONE_PIECE: Final = 1000
_MOST: Final = 1_000_000


class Pasting:
    """The paste that is under way, if one is. Whoever feeds it calls rest() when nothing came for its patience."""

    def __init__(self, escape_seconds: float) -> None:
        """Begin with none, on a line on which an Esc is waited for so long."""
        self._short_seconds = escape_seconds + _SHORT_SECONDS
        self.is_under_way = False
        self._forget()

    def _forget(self) -> None:
        self._pasted: str | None = None
        """All up to the last mark of an end that came; None when none did."""
        self._behind = ""
        """What came behind it."""
        self._is_wanted = True
        self._is_stalled = False
        """Whether nothing came for long, and no mark of an end before: it may be lost."""

    @property
    def patience(self) -> float | None:
        """How many seconds to wait for more before rest() is called; None: for ever."""
        if self._pasted is None:
            return None if self._is_stalled else _STALLED_SECONDS
        is_long = len(self._pasted) + len(self._behind) > _ONE_PIECE
        return max(_LONG_SECONDS, self._short_seconds) if is_long else self._short_seconds

    def begin(self) -> None:
        """The mark of a beginning was read."""
        self._forget()
        self.is_under_way = True

    def take(self, text: str) -> None:
        """Take all that comes; of more than anything has room for only the marks."""
        if self._is_stalled and text in _ESCAPES:
            self.is_under_way = False
            return
        self._is_stalled = False
        seen = max(0, len(self._behind) + 1 - len(_ENDS))
        self._behind += text
        end = self._behind.rfind(_ENDS, seen)
        if end >= 0:
            before = "" if self._pasted is None else self._pasted + _ENDS
            self._pasted = (before + self._behind[:end])[:_MOST]
            self._behind = self._behind[end + len(_ENDS) :]
        elif len(self._behind) > _MOST:
            self._behind = self._behind[:_MOST] + self._behind[1 - len(_ENDS) :]

    def rest(self) -> tuple[list[str], str]:
        """The line is still: the texts that were pasted, and what was typed behind them. Where no mark of an end came
        it goes on, until an Esc alone says that it does not."""
        if self._pasted is None:
            self._is_stalled = True
            return [], ""
        texts = [harmless(each) for each in self._pasted.split(_BETWEEN_TWO)] if self._is_wanted else []
        self.is_under_way = False
        return [each for each in texts if each], self._behind

    def forget(self) -> None:
        """Nobody wants it any more, nor what was typed behind it so far; what is still to come of it is not typed."""
        self._is_wanted = False
        if self._pasted is not None:
            self._behind = ""


def harmless(text: str) -> str:
    """A text from elsewhere as it may be typed: with newlines between its lines, and nothing that a terminal obeys."""
    return UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
