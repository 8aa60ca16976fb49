"""A card's life as a line of cells: bought, active, reminded, last day, stopped; and what each mark is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rich.cells import cell_len
from textual.content import Content

from models.rules import wording
from models.rules.announcing import Announcement
from models.rules.validity import BusinessTime
from tui.pieces import joined, piece

_LABEL: Final = "$foreground 70%"
_WAITING: Final = "·"
_SPENDABLE: Final = "━"
_ON: Final = "▸"
_BETWEEN: Final = "   "


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that happens on a day."""

    on: date
    sign: str
    label: str
    style: str = ""


def marks(told: Announcement, bought_on: date, topped_up_on: date | None, business: BusinessTime) -> tuple[Mark, ...]:
    """What happens to a card, in the order in which it happens."""
    is_active_at_once = told.active_from_on <= bought_on
    found = [Mark(bought_on, "●", "bought, active at once" if is_active_at_once else "bought", "bold")]
    if not is_active_at_once:
        found.append(Mark(told.active_from_on, "○", "active", "bold $text-success"))
    if topped_up_on is not None:
        found.append(Mark(topped_up_on, "+", "topped up", "bold"))
    found += [Mark(each.on, "⚑", f"reminder {each.lead} before", "bold $text-warning") for each in told.reminders]
    if told.last_day_on is not None:
        found.append(Mark(told.last_day_on, "┃", "last day", "bold $text-success"))
    if told.cut_off_at is not None:
        at = told.cut_off_at.astimezone(business.tz)
        found.append(Mark(at.date(), "✗", f"stops {at:%H:%M}", "bold $text-error"))
    return tuple(sorted(found, key=lambda mark: mark.on))


def axis(shown: Sequence[Mark], active_on: date, is_endless: bool, width: int) -> Content:
    """The line: as far apart as the days are, as far as cells allow, and no mark hides another."""
    cells = places([mark.on for mark in shown], width - 4 if is_endless else width)
    first_active = next((cell for mark, cell in zip(shown, cells, strict=True) if mark.on >= active_on), cells[-1])
    signs = dict(zip(cells, shown, strict=True))
    end = width - 1 if is_endless else cells[-1]
    parts = []
    for cell in range(end + 1):
        if cell in signs:
            parts.append(Content.styled(signs[cell].sign, signs[cell].style))
        else:
            sign = _ON if cell == end else _WAITING if cell < first_active else _SPENDABLE
            parts.append(Content.styled(sign, _LABEL))
    return Content.assemble(*parts)


def places(days: Sequence[date], width: int) -> list[int]:
    """A cell for each of some days in a row of their order: never the same, the last as far right as there is room."""
    span = max(1, (days[-1] - days[0]).days)
    last = max(width - 1, len(days) - 1)
    cells: list[int] = []
    for place, day in enumerate(days):
        wanted = (day - days[0]).days * last // span
        after_the_one_before = cells[-1] + 1 if cells else 0
        cells.append(min(max(wanted, after_the_one_before), last - (len(days) - 1 - place)))
    return cells


def legend(shown: Iterable[Mark], width: int) -> Content:
    """What each mark is and on which day, as many in a row as fit."""
    return joined(Content(_BETWEEN).join(row) for row in _rows([_explained(mark) for mark in shown], width))


def _explained(mark: Mark) -> Content:
    return Content.assemble(
        Content.styled(mark.sign, mark.style), piece(f" {mark.label} ", _LABEL), piece(wording.weekday(mark.on))
    )


def _rows(items: Iterable[Content], width: int) -> Iterator[list[Content]]:
    row: list[Content] = []
    taken = 0
    for item in items:
        needed = item.cell_length + (cell_len(_BETWEEN) if row else 0)
        if row and taken + needed > width:
            yield row
            row, taken, needed = [], 0, item.cell_length
        row.append(item)
        taken += needed
    if row:
        yield row
