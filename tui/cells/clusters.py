"""A text as clusters of characters: what takes one place on the screen, how wide, and whether that is sure.

Terminals agree about the width of letters, signs and ideographs. About what is joined, combined, emoji, unassigned or
private they don't: such a cluster is not sure. What runs from right to left they show each in an order of its own.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple
from unicodedata import bidirectional, category, east_asian_width

from rich.cells import split_graphemes


class Cluster(NamedTuple):
    """Characters that take a place together."""

    text: str
    width: int = 1
    """In cells; none for what belongs to the cluster before."""
    is_sure: bool = True
    """Whether all terminals show it in as many cells."""
    runs_left: bool = False
    """Whether it is written from right to left."""


_FROM_THE_RIGHT: Final = frozenset(("R", "AL", "AN"))
# Controls, formats, private and unassigned characters, and marks.
_DOUBTFUL: Final = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Mc", "Me", "Mn", "Zl", "Zp"))
_PICTURES: Final = frozenset(("Sk", "So"))


@lru_cache(1024)
def clusters(text: str) -> tuple[Cluster, ...]:
    """The clusters of a text without its control characters."""
    if text.isascii() and text.isprintable():
        return tuple(map(Cluster, text))
    return tuple(_joined("".join(character for character in text if category(character) != "Cc")))


def _joined(text: str) -> Iterator[Cluster]:
    spans, _ = split_graphemes(text)
    for start, end, width in spans:
        cluster = text[start:end]
        yield Cluster(cluster, width, _is_sure(cluster, width), bidirectional(cluster[0]) in _FROM_THE_RIGHT)


def _is_sure(cluster: str, width: int) -> bool:
    if len(cluster) != 1 or category(cluster) in _DOUBTFUL:
        return False
    return width == 1 or (width == 2 and east_asian_width(cluster) in "WF" and category(cluster) not in _PICTURES)
