"""How reminder e-mails read on a screen: pure functions from forecasts and e-mails to content."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from textual.content import Content

from models.fates import Fate
from models.forecast import Forecast, ForecastDay, Planned
from models.previews import Previewed
from models.reminding import ReminderLine
from models.rules import wording
from models.rules.codes import masked
from models.rules.money import format_money
from models.rules.reminders import Addressee
from models.rules.validity import BusinessTime
from tui.pieces import joined, padded, piece
from tui.titles import FAINT, Title

_WARNING: Final = "bold $text-warning"
_NAME_CELLS: Final = 20
_PRODUCT_CELLS: Final = 15
_DAY_CELLS: Final = 15
_REST_CELLS: Final = 43
"""What a line takes besides the name and the product."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A line in the place of those that are not listed."""

    text: str


Row = Title | Rest | Planned | ReminderLine
"""One line of the page."""


@dataclass(frozen=True, slots=True)
class Outlined:
    """What the page shows: the days to come, and what nobody settled yet."""

    forecast: Forecast
    unsettled: Sequence[ReminderLine]
    counts: dict[Fate, int]
    """How many reminders stand where, listed or not."""
    business: BusinessTime


def rows(of: Outlined) -> tuple[Row, ...]:
    """The page's lines: day after day, then who can't be reminded, then what is in hand."""
    return (*_days(of.forecast.days), *_unreachable(of.forecast), *_unsettled(of))


def _days(days: Sequence[ForecastDay]) -> Iterator[Row]:
    for day in days:
        late = f", {day.late} of them late" if day.late else ""
        counted = f"{wording.plural(day.cards, 'reminder')}{late}" if day.cards else "none"
        yield Title(f"{wording.weekday(day.on).ljust(_DAY_CELLS)}  {counted}", day.cards > 0)
        yield from day.lines
        yield from _not_listed(day.cards - len(day.lines))


def _unreachable(made: Forecast) -> Iterator[Row]:
    if made.unreachable:
        yield Title(f"Cannot be reminded   {wording.plural(made.unreachable, 'card')}")
        yield from made.unreachable_lines
        yield from _not_listed(made.unreachable - len(made.unreachable_lines))


_FATES: Final = {
    Fate.UNKNOWN: "May have gone out or not: somebody must decide",
    Fate.WAITING: "Wait for another try",
    Fate.REFUSED: "Refused by the mail server",
    Fate.IN_HAND: "Being sent",
}


def _unsettled(of: Outlined) -> Iterator[Row]:
    for fate, words in _FATES.items():
        count = of.counts.get(fate, 0)
        if count:
            lines = [each for each in of.unsettled if each.fate is fate]
            yield Title(f"{words}   {count:,}")
            yield from lines
            yield from _not_listed(count - len(lines))


def _not_listed(count: int) -> Iterator[Row]:
    if count > 0:
        yield Rest(f"and {count:,} more")


def summary(of: Outlined) -> Content:
    """What there is to know before anything is read line by line."""
    made = of.forecast
    cards, late = sum(day.cards for day in made.days), sum(day.late for day in made.days)
    days = wording.plural(len(made.days), "day")
    parts = [piece(f"{days} from today: {wording.plural(cards, 'reminder')}{f', {late} late' if late else ''}.")]
    if made.unreachable:
        parts.append(piece(f" {wording.plural(made.unreachable, 'card')} cannot be reminded.", _WARNING))
    if of.counts.get(Fate.UNKNOWN):
        parts.append(piece(f" {of.counts[Fate.UNKNOWN]:,} of unknown outcome.", _WARNING))
    if of.counts.get(Fate.WAITING):
        parts.append(piece(f" {of.counts[Fate.WAITING]:,} waiting for another try."))
    parts.append(piece(f" As of {wording.short_moment(made.at, of.business)}.", FAINT))
    return Content.assemble(*parts)


def line(of: Outlined | None, row: Row, width: int) -> Content:
    """One line of the page."""
    if isinstance(row, Title):
        return row.content
    if isinstance(row, Rest):
        return piece(f"  {row.text}", FAINT)
    room = max(0, width - _NAME_CELLS - _PRODUCT_CELLS - _REST_CELLS)
    head = Content.assemble(
        piece(f"  ···· {row.last_four.ljust(5)}", "bold"), piece(padded(_who(row.addressee), _NAME_CELLS + room // 2))
    )
    if isinstance(row, ReminderLine):
        return Content.assemble(head, piece(f"  {_stands(row, of)}"))
    if row.why_not is not None:
        return Content.assemble(head, piece(f"  {row.why_not}", _WARNING))
    late = Content.styled("late  ", _WARNING) if row.call.is_late else Content("      ")
    product = padded(row.product_name, _PRODUCT_CELLS + room - room // 2)
    return Content.assemble(head, piece(f"  {product}  "), late, piece(_lead(row.call.lead_days)))


def _who(addressee: Addressee | None) -> str:
    if addressee is None:
        return "nobody on file"
    return addressee.name or addressee.email or "nobody on file"


def _lead(days: int) -> str:
    return f"{wording.plural(days, 'day')} before"


def _stands(row: ReminderLine, of: Outlined | None) -> str:
    """Where a reminder stands that nobody settled, and what the server said."""
    said = f": {row.said}" if row.said else ""
    if of is None:
        return said
    if row.fate is Fate.WAITING and row.next_try_at is not None:
        at = wording.short_moment(row.next_try_at, of.business)
        return f"{wording.plural(row.tries, 'try').replace('trys', 'tries')}, again {at}{said}"
    return f"since {wording.short_moment(row.claimed_at, of.business)}{said}"


def whole(of: Outlined, row: Row) -> Content:
    """Everything about one line, as sentences that wrap."""
    if isinstance(row, Title | Rest):
        return Content("")
    to = "" if row.addressee is None or row.addressee.email is None else f" <{row.addressee.email}>"
    lead, last_day = (
        (row.lead_days, row.last_day_on)
        if isinstance(row, ReminderLine)
        else (row.call.lead_days, row.call.last_day_on)
    )
    about = f"{masked(row.last_four)}  {_who(row.addressee)}{to}, {_lead(lead)} {wording.weekday(last_day)}"
    if isinstance(row, ReminderLine):
        return piece(f"{about}. {_FATES[row.fate]}, {_stands(row, of)}")
    money = f"{row.product_name}, {format_money(row.balance_minor, row.currency)}"
    if row.why_not is not None:
        return piece(f"{about}. {money}. {row.why_not}")
    at = wording.weekday_moment(row.call.at, of.business)
    return piece(f"{about}. {money}. {f'Was due {at} and still goes' if row.call.is_late else f'Goes {at}'}.")


def saved(version: int, by: str | None, at: datetime | None, business: BusinessTime) -> str:
    """Which texts are in force, as a sentence."""
    if version == 0 or at is None:
        return "These are the texts that giftdesk comes with."
    return f"Version {version}, saved by {by or 'somebody'} on {wording.moment(at, business)}."


def envelope(of: Previewed) -> Content:
    """To whom an e-mail would go, about which card, and under which subject."""
    letter = of.letter
    to = of.name or "nobody on file"
    card = f"{masked(of.last_four)}, {format_money(of.balance_minor, of.currency)}"
    last_day = wording.last_day(of.last_day_on)
    rows = [
        ("To", f"{to} <{letter.to}>" if letter.to else to, ""),
        ("Card", f"{card}, last day {last_day}", ""),
        ("Subject", letter.subject, "bold"),
    ]
    lines = [Content.assemble(piece(label.ljust(9), FAINT), piece(text, style)) for label, text, style in rows]
    if of.why_not is not None:
        lines.append(piece(f"This card's holder gets none: {of.why_not}", _WARNING))
    return joined(lines)
