"""A text as clusters of characters: what takes one place on the screen, how wide, and whether that is sure.

Terminals agree about the width of letters, signs and ideographs. About what is joined, combined, emoji, unassigned,
private or written from right to left they don't: such a cluster is not sure.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple
from unicodedata import bidirectional, category, east_asian_width

from rich.cells import split_graphemes


class Cluster(NamedTuple):
    """Characters that take a place together."""

    text: str
    width: int
    """In cells; none for what belongs to the cluster before."""
    is_sure: bool


_FROM_THE_RIGHT: Final = frozenset(("R", "AL", "AN"))
# Controls, formats, private and unassigned characters, and marks.
_DOUBTFUL: Final = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Mc", "Me", "Mn", "Zl", "Zp"))
_PICTURES: Final = frozenset(("Sk", "So"))


@lru_cache(1024)
def clusters(text: str) -> tuple[Cluster, ...]:
    """The clusters of a text without its control characters; what runs from right to left is one of them."""
    if text.isascii() and text.isprintable():
        return tuple(Cluster(character, 1, True) for character in text)
    return tuple(_joined(text))


def _joined(text: str) -> Iterator[Cluster]:
    spans, _ = split_graphemes("".join(character for character in text if category(character) != "Cc"))
    places = [(text[start:end], width) for start, end, width in spans]
    for from_the_right, together in groupby(places, lambda place: bidirectional(place[0][0]) in _FROM_THE_RIGHT):
        if from_the_right:
            run = list(together)
            yield Cluster("".join(each for each, _ in run), sum(width for _, width in run), is_sure=False)
        else:
            yield from (Cluster(each, width, _is_sure(each, width)) for each, width in together)


def _is_sure(cluster: str, width: int) -> bool:
    if len(cluster) != 1 or category(cluster) in _DOUBTFUL:
        return False
    return width == 1 or (width == 2 and east_asian_width(cluster) in "WF" and category(cluster) not in _PICTURES)
