"""What Textual's compositor hands over, into a picture. Nothing else here knows what an update looks like inside."""

from typing import Any

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate

from tui.cells.picture import Picture


def follow(picture: Picture, update: object, colours: ColorSystem) -> Picture:
    """The picture as it is after an update: the same one drawn upon, or another where the size is another.

    Raises TypeError for what is no update of a whole screen.
    """
    if isinstance(update, LayoutUpdate):
        return _laid_out(picture, update, colours)
    if isinstance(update, ChopsUpdate):
        _chopped(picture, update, colours)
        return picture
    msg = f"no update of a screen: {type(update).__name__}"
    raise TypeError(msg)


def _laid_out(picture: Picture, update: LayoutUpdate, colours: ColorSystem) -> Picture:
    """All rows, each as strips beside each other."""
    _, _, width, height = update.region
    if (picture.width, picture.height) != (width, height):
        picture = Picture(width, height)
    for y, strips in enumerate(update.strips):
        x = 0
        for strip in strips:
            end = x + strip.cell_length
            picture.draw(y, x, end, strip, colours)
            x = end
    return picture


def _chopped(picture: Picture, update: ChopsUpdate, colours: ColorSystem) -> None:
    """Some rows, each cut wherever a widget begins or ends. Only pieces within a span are sure to be drawn."""
    chops: Any = update.chops
    for y, begin, end in update.spans:
        for piece_end, (x, strip) in zip(update.chop_ends[y], chops[y].items(), strict=True):
            if strip is not None and x < end and piece_end > begin:
                picture.draw(y, x, piece_end, strip, colours)
