"""Pieces of content: stored text is drawn through here and nowhere else, so that nothing in it is obeyed."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from tui.text import clean


def piece(text: str, style: str = "") -> Content:
    """Stored text as a piece of content; brackets in it mean nothing."""
    return Content.styled(clean(text), style) if style else Content(clean(text))


def padded(text: str, width: int) -> str:
    """Text cut or filled to a number of cells; a cut shows."""
    text = clean(text)
    if cell_len(text) > width:
        return set_cell_size(text, max(0, width - 1)) + "…"
    return set_cell_size(text, width)


def joined(parts: Iterable[Content]) -> Content:
    """Pieces one under the other."""
    return Content("\n").join(parts)
