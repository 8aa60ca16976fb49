"""How the watch reads on a screen: pure functions from what was seen to lines of content."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from models.favours import Kin, OwnCard
from models.lookers import Looker
from models.rules import wording
from models.rules.lookups import Pace
from models.rules.validity import BusinessTime
from models.watching import Alarm, Watch, Worked
from tui.pieces import padded, piece
from tui.titles import FAINT, Title

_ALARMING: Final = "bold $text-error"
_NAME_CELLS: Final = 20
_STATE_CELLS: Final = 7
_AGENT_CELLS: Final = 17
_SUM_CELLS: Final = 9


@dataclass(frozen=True, slots=True)
class Counts:
    """What one agent did, and the limits that it is held against."""

    of: Worked
    limits: tuple[int, ...]


Row = Title | Alarm | Looker | Counts | OwnCard | Kin
"""One line of the page."""


def rows(seen: Watch) -> tuple[Row, ...]:
    """The page's lines: part after part, each under its title."""
    return tuple(_rows(seen))


def _rows(seen: Watch) -> Iterator[Row]:
    yield _title(seen.alarms, "Alarms", "No alarm stands.")
    yield from seen.alarms
    yield Title("")
    if seen.lookers:
        yield Title("Looks for codes that no card answers to")
        yield from seen.lookers
        yield Title("")
    sums = "".join(head(limit.days).rjust(_SUM_CELLS) for limit in seen.limits)
    day = wording.day(seen.on)
    busy = f"{padded(f'Up to {day}', _NAME_CELLS + 5)}{sums}"
    yield _title(seen.worked, busy, f"Nobody reactivated a card in the days to {day}.")
    yield from (Counts(each, tuple(limit.count for limit in seen.limits)) for each in seen.worked)
    yield Title("")
    yield _title(seen.own, "Own cards, tried and refused", "Nobody tried anything on a card of their own.")
    yield from seen.own
    yield Title("")
    yield _title(
        seen.kin,
        "Reactivated for people like those of the desk",
        "No card of somebody with a name or an address of the desk was reactivated.",
    )
    yield from seen.kin


def _title(lines: tuple[object, ...], title: str, nothing: str) -> Title:
    return Title(title) if lines else Title(nothing, has_lines=False)


def head(days: int) -> str:
    """What a column of sums is called."""
    return "today" if days == 1 else f"{days} days"


def row(row: Row, width: int, business: BusinessTime | None) -> Content:
    """A line: a title, an alarm, whose looks wait, an agent's sums, an own card, a card of somebody like the desk's."""
    match row:
        case Title():
            return row.content
        case Alarm():
            return _alarm(row)
        case Counts():
            return _counts(row)
    assert business is not None
    if isinstance(row, Looker):
        return _looker(row, business).truncate(width, ellipsis=True)
    return _card(row, business).truncate(width, ellipsis=True)


def _alarm(alarm: Alarm) -> Content:
    state = "new" if alarm.is_new else "over" if alarm.is_over else "stands"
    sign, style = ("○", FAINT) if alarm.is_over else ("●", _ALARMING)
    return Content.assemble(
        piece(f"{sign} {state.ljust(_STATE_CELLS)}", style),
        piece(padded(alarm.agent, _AGENT_CELLS), "bold"),
        piece(f" {alarm.in_words}, since {wording.day(alarm.rise.since)}"),
    )


def _looker(looker: Looker, business: BusinessTime) -> Content:
    is_stopped = looker.pace is Pace.STOPPED and looker.stopped_at is not None
    newest = looker.misses[0].at if looker.misses else None
    since = looker.stopped_at if is_stopped else newest
    when = "" if since is None else f"{'since' if is_stopped else 'last'} {wording.short_moment(since, business)}"
    return Content.assemble(
        piece(f"● {looker.pace.ljust(_STATE_CELLS)} ", _ALARMING if is_stopped else ""),
        piece(padded(looker.agent, _AGENT_CELLS - 1), "bold"),
        piece(f" {wording.plural(len(looker.misses), 'code')} in 7 days, {when}"),
    )


def _counts(counts: Counts) -> Content:
    cells = [
        piece(str(count).rjust(_SUM_CELLS), _ALARMING if count >= limit else "")
        for count, limit in zip(counts.of.sums, counts.limits, strict=True)
    ]
    return Content.assemble(piece(padded(f"  {counts.of.agent}", _NAME_CELLS + 5)), *cells)


def _card(row: OwnCard | Kin, business: BusinessTime) -> Content:
    what = row.action.replace("_", " ") if isinstance(row, OwnCard) else _likeness(row)
    return Content.assemble(
        piece("  "),
        piece(padded(row.agent, _NAME_CELLS), "bold"),
        piece(f" ···· {row.last_four.ljust(5)} {wording.short_moment(row.at, business)}  {what}"),
    )


def _likeness(kin: Kin) -> str:
    return f"{'the address' if kin.is_address else 'the name'} of {wording.shortened(kin.like)}"
