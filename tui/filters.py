"""The last guards before the terminal: every drawn line of every widget passes through them."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from rich.cells import split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from models.rules.texts import UNSAFE
from tui.signs import FORMS, UNKNOWN, spelled

# The mark of a cut text, where a word ends: it may take the place of two letters more.
_CUT: Final = re.compile(r"[^…]{2}…(?!\w)")

# Every font of a console has these, and it is asked for nothing else but letters.
_PLAIN_LINES: Final = frozenset("─│┌┐└┘·")
_SIGNS: Final = {ord(sign): form[0] for sign, form in FORMS.items() if not sign.isalpha() and sign not in _PLAIN_LINES}


class StripControls(LineFilter):
    """No drawn text carries a control character."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The same segments without what a terminal would obey."""
        return [
            Segment(UNSAFE.sub("", text), style, control) if not control and UNSAFE.search(text) else segment
            for segment in segments
            for text, style, control in (segment,)
        ]


class AsciiOnly(LineFilter):
    """No drawn text carries anything but ASCII; each segment keeps its width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The same segments, spelled in ASCII."""
        if all(control or text.isascii() for text, _, control in segments):
            return segments
        return [Segment(text if control else fitted(text), style, control) for text, style, control in segments]


class ConsoleSigns(LineFilter):
    """What a console's font may lack is spelled in ASCII: all signs but plain lines. Letters stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The same segments, each with its width."""
        return [Segment(text if control else _on_console(text), style, control) for text, style, control in segments]


def _on_console(text: str) -> str:
    return text if text.isascii() else _CUT.sub("...", text).translate(_SIGNS)


class NoColours(LineFilter):
    """No drawn text has a colour; bold, underlined and reversed stay, which any terminal can leave away."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The same segments in the terminal's own colours."""
        return [Segment(text, style and _colourless(style), control) for text, style, control in segments]


@lru_cache(1024)
def _colourless(style: Style) -> Style:
    return Style(bold=style.bold, underline=style.underline, reverse=style.reverse)


def fitted(text: str) -> str:
    """A text in ASCII with exactly as many characters as it takes cells on the screen."""
    if text.isascii():
        return text
    spans, _ = split_graphemes(text)
    cells = "".join(_cells(text[start:end], width) for start, end, width in spans)
    return _CUT.sub("...", cells).replace("…", ".")


def _cells(grapheme: str, width: int) -> str:
    """A grapheme in so many characters; the mark of a cut text is left for its surroundings to decide."""
    if grapheme == "…" or width == 0:
        return grapheme if width else ""
    form = spelled(unicodedata.normalize("NFC", grapheme))
    return UNKNOWN * width if UNKNOWN in form else form[:width].ljust(width)
