"""Lists in parts, each under a title: what a title is, how it reads, and where the parts begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from tui.pieces import piece

HEADING: Final = "bold $text-accent"
NO_FURTHER: Final = "There is no further part that way."
FAINT: Final = "$foreground 70%"


@dataclass(frozen=True, slots=True)
class Title:
    """A line that heads others, or says that there are none."""

    text: str
    has_lines: bool = True

    @property
    def content(self) -> Content:
        """The title as it is drawn."""
        return piece(self.text, HEADING if self.has_lines else FAINT)


def titles_in(rows: Sequence[object]) -> list[int]:
    """The places of the titles that head lines."""
    return [place for place, row in enumerate(rows) if isinstance(row, Title) and row.has_lines]


def next_of(places: Sequence[int], cursor: int) -> int:
    """The next of some places behind the cursor; where it is, behind the last."""
    return next((place for place in places if place > cursor), cursor)


def one_before(places: Sequence[int], cursor: int) -> int:
    """The last of some places before the cursor; where it is, before the first."""
    return next((place for place in reversed(places) if place < cursor), cursor)
