"""How cases read on a screen: pure functions from cases to content and text."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from textual.content import Content

from models.cases import CaseLine, CaseSheet, Key, Which
from models.rules import wording
from models.rules.validity import BusinessTime
from tui.pieces import padded, piece
from tui.titles import FAINT, HEADING, Title


def heading(case: CaseLine) -> str:
    """What stands over a case's time line."""
    return f"Case {case.id}, {case.state}" if case.is_mine else f"Case {case.id} of {case.agent}, {case.state}"


def hint(case: CaseLine | None, key: str) -> str:
    """The case of a card, and the key that shows it; nothing while none is known."""
    if case is None:
        return ""
    calls = f", {case.calls} calls" if case.calls > 1 else ""
    return f"case {case.id}, {case.state}{calls}: {key}"


def time_line(case: CaseSheet, business: BusinessTime) -> str:
    """All of a case as text: who calls about what, and what was said and done, the newest first."""
    return "\n".join([*_head(case), "", *(_entries(case, business))])


def _head(case: CaseSheet) -> Iterator[str]:
    intake = case.intake
    bought = (intake.bought_when, intake.bought_where)
    yield _row("Customer", ", ".join(filter(None, (intake.name, intake.email))) or "not asked yet")
    rows = (
        ("Says", intake.symptom.words if intake.symptom and "symptom" not in case.known else None),
        ("Message", intake.message),
        ("Screenshot", intake.screenshot),
        ("Bought", ", ".join(filter(None, bought))),
        ("Still to ask", wording.listed(case.missing)),
    )
    yield from (_row(label, text) for label, text in rows if text)


def _row(label: str, text: str) -> str:
    return f"{label.ljust(14)}{text}"


def _entries(case: CaseSheet, business: BusinessTime) -> Iterator[str]:
    for entry in case.lines:
        text = f": {entry.text}" if entry.text else ""
        yield f"{wording.moment(entry.at, business).rjust(17)}  {entry.who}  {entry.words}{text}"


# The page of cases


Row = Title | CaseLine
"""One line of the page."""

_NOBODY: Final = "nobody on file"
_NUMBER_CELLS: Final = 6
_AT_CELLS: Final = 12
# What is left beside number, card and time is shared: so many of a hundred cells, at least and at most.
_BESIDE_CELLS: Final = 18 + _AT_CELLS
_NAME: Final = (34, 12, 30)
_STANDING: Final = (46, 18, 44)


@dataclass(frozen=True, slots=True)
class Part:
    """Some cases under a title."""

    title: str
    nothing: str
    """The title when there are none."""
    lines: tuple[CaseLine, ...]
    which: Which
    next_after: Key | None = None
    """Behind which line the rest goes on; None when these are all."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What the page shows."""

    parts: tuple[Part, ...]
    business: BusinessTime

    def part_at(self, place: int) -> tuple[Part, int]:
        """The part that a line of the page belongs to, and the place behind its last one."""
        end = 0
        for part in self.parts:
            end += 1 + len(part.lines)
            if place < end:
                break
        return part, end

    def with_more(self, of: Part, more: Part) -> "Listed":
        """The page with the next lines of one of its parts behind those."""
        longer = replace(more, lines=of.lines + more.lines)
        return replace(self, parts=tuple(longer if part is of else part for part in self.parts))


def rows(listed: Listed) -> tuple[Row, ...]:
    """The page's lines: part after part."""
    return tuple(chain.from_iterable((_title(part), *part.lines) for part in listed.parts))


def _title(part: Part) -> Title:
    if not part.lines:
        return Title(part.nothing, has_lines=False)
    more = "the first " if part.next_after is not None else ""
    return Title(f"{part.title}   {more}{wording.plural(len(part.lines), 'case')}")


def row(row: Row, width: int, business: BusinessTime | None) -> Content:
    """A title, or one case: its number, its card, who calls, how it stands, when last in hand, and whose it is."""
    if isinstance(row, Title):
        return row.content
    assert business is not None
    name, standing = (_share(width - _BESIDE_CELLS, *each) for each in (_NAME, _STANDING))
    at = wording.short_moment(row.last_at, business).rjust(_AT_CELLS)
    return Content.assemble(
        piece(f"{row.id:>{_NUMBER_CELLS}}  {row.last_four.ljust(5)} "),
        piece(padded(row.customer or row.holder or _NOBODY, name), "bold" if row.customer else ""),
        piece(f" {padded(_standing(row), standing)} ", HEADING if row.answered_at is not None else ""),
        piece(at),
        piece("" if row.is_mine else f"  {row.agent}", FAINT),
    ).truncate(width, ellipsis=True)


def _share(cells: int, of_hundred: int, least: int, most: int) -> int:
    return max(least, min(most, cells * of_hundred // 100))


def _standing(case: CaseLine) -> str:
    """How a case stands; a closed one by what it ended with, which needs the room."""
    return case.state if case.outcome is None else case.outcome.words


def whole(row: Row, business: BusinessTime) -> Content:
    """All about the case that the cursor is on."""
    if isinstance(row, Title):
        return Content("")
    calls = wording.plural(row.calls, "call")
    sees = row.symptom.words if row.symptom else "what they see was not asked yet."
    lines = [
        f"Case {row.id}, {_standing(row)}. {row.agent}, since {wording.moment(row.opened_at, business)}, {calls}.",
        f"{row.customer or _not_asked(row)}: {sees}",
    ]
    return piece("\n".join(lines))


def _not_asked(case: CaseLine) -> str:
    return f"{case.holder} has the card" if case.holder else "Nobody on file has the card"
