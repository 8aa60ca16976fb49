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
_FIRST_EMOJI: Final = 0x1F000
# Letters that together are the flag of a country.
_FLAGS: Final = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
# Parts of syllables, which some terminals put together; and a sentence that takes the place of a letter.
_COMPOSED: Final = frozenset(map(chr, (*range(0x1100, 0x1200), *range(0xA960, 0xA980), *range(0xD7B0, 0xD800), 0xFDFD)))


@lru_cache(1024)
def clusters(text: str) -> tuple[Cluster, ...]:
    """The clusters of a text without its control characters."""
    if text.isascii() and text.isprintable():
        return tuple(map(Cluster, text))
    sendable = text.encode(errors="replace").decode()  # half a pair is sent as "?"
    return tuple(_joined("".join(character for character in sendable if category(character) != "Cc")))


def _joined(text: str) -> Iterator[Cluster]:
    spans, _ = split_graphemes(text)
    places = [(text[start:end], width) for start, end, width in spans]
    for cluster, width in _with_flags(places):
        yield Cluster(cluster, width, _is_sure(cluster, width), bidirectional(cluster[0]) in _FROM_THE_RIGHT)


def _with_flags(places: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Clusters and their widths; the two letters of a flag are one."""
    rest = iter(places)
    for cluster, width in rest:
        if cluster in _FLAGS:
            other, more = next(rest, ("", 0))
            if other in _FLAGS:
                yield cluster + other, width + more
                continue
            yield cluster, width
            cluster, width = other, more
        if cluster:
            yield cluster, width


def _is_sure(cluster: str, width: int) -> bool:
    if len(cluster) != 1 or category(cluster) in _DOUBTFUL or cluster in _COMPOSED:
        return False
    is_picture = category(cluster) in _PICTURES
    if width == 1:
        return not is_picture or ord(cluster) < _FIRST_EMOJI
    return width == 2 and east_asian_width(cluster) in "WF" and not is_picture
