"""The scroll bar as characters: where each byte counts, and where there is nothing but ASCII."""

from collections.abc import Mapping
from typing import ClassVar

from rich.color import Color
from rich.segment import Segment, Segments
from textual.scrollbar import ScrollBarRender


class LeanScrollBar(ScrollBarRender):
    """A thumb, and nothing where it is not."""

    THUMB: ClassVar = "█"
    TRACKS: ClassVar[Mapping[bool, str]] = {True: " ", False: " "}
    """What it stands on, by whether it is upright."""

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = Color.default(),  # noqa: ARG003, B008
        bar_color: Color = Color.default(),  # noqa: ARG003, B008
    ) -> Segments:
        """The bar, one segment for each of its cells."""
        cells = [cls.TRACKS[vertical]] * size
        hidden = virtual_size - window_size
        if window_size and hidden > 0:
            thumb = max(1, round(size * window_size / virtual_size))
            start = round((size - thumb) * min(1, max(0, position / hidden)))
            cells[start : start + thumb] = [cls.THUMB] * thumb
        across = thickness if vertical else 1
        segments = [Segment(cell * across) for cell in cells]
        if vertical:
            return Segments(segments, new_lines=True)
        return Segments([*segments, Segment.line()] * thickness)


class AsciiScrollBar(LeanScrollBar):
    """A thumb of # on a line."""

    THUMB = "#"
    TRACKS: ClassVar[Mapping[bool, str]] = {True: "|", False: "-"}
