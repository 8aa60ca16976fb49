"""What a terminal can do beyond what every VT100 can, as its description (terminfo) says."""

import os
from typing import NamedTuple


class Powers(NamedTuple):
    """What may be sent. Without any: text, absolute and relative moves, erasing in the default colours, bold,
    underlined and reversed, and no end of them but of all at once."""

    undoes: bool = False
    """Ends one attribute or colour and keeps the others."""
    erases_cells: bool = False
    """Erases so many cells from the cursor on."""
    erases_in_colour: bool = False
    """What is erased takes on the background's colour."""
    scrolls: bool = False
    """Moves the rows between two margins."""


def powers_of(terminal: str | None = None) -> Powers:
    """The powers of a terminal by its name, that of TERM if none is given; of one that isn't described: none.

    Only one terminal can be asked about in the life of a process, since that is all the library can.
    """
    name = os.environ.get("TERM", "") if terminal is None else terminal
    try:
        from _curses import error, setupterm, tigetflag, tigetstr
    except ImportError:
        return Powers()
    try:
        setupterm(name, 1)
    except (error, ValueError):  # the library takes no name that is no UTF-8 text
        return Powers()
    return Powers(
        undoes=_says(tigetstr("rmul"), b"\x1b[24m") and _says(tigetstr("op"), b"\x1b[39;49m"),
        erases_cells=_says(tigetstr("ech"), b"\x1b[%p1%dX"),
        erases_in_colour=tigetflag("bce") > 0,
        scrolls=_says(tigetstr("csr"), b"\x1b[%i%p1%d;%p2%dr")
        and _says(tigetstr("ri"), b"\x1bM")
        and _says(tigetstr("ind"), b"\n"),
    )


def _says(capability: bytes | None, expected: bytes) -> bool:
    """Whether the description has what would be sent; how long to wait after it does not count."""
    return capability is not None and capability.partition(b"$<")[0] == expected
