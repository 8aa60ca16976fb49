"""How bulk work reads on a screen: one in the list and whole, and the figures of what it would do or did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.cells import cell_len
from textual.content import Content

from models.bulks import Bulk, BulkPreview, BulkReport, BulkState, Money, Skipped
from models.bulks.listing import CameTo
from models.bulks.telling import rows_of, what_of
from models.rules import wording
from models.rules.validity import BusinessTime
from tui.pieces import joined, padded, piece
from tui.plotting import figure
from tui.titles import Title

_COUNT_CELLS: Final = 9
_PRODUCT_CELLS: Final = 30
_AMOUNT_CELLS: Final = 18
_STATE_CELLS: Final = 11
_CARDS_CELLS: Final = 7
_LABEL_CELLS: Final = 10
_LEAST_WHAT: Final = 12
_WITH_WHO: Final = 72
"""From so many cells on, it is told when somebody asked, and who."""
_SIGNS: Final = {
    BulkState.WAITING: ("‖", "bold $text-warning"),
    BulkState.BEGUN: ("○", "bold $text-warning"),
    BulkState.DONE: ("●", "bold $text-success"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A line that tells how many cards, and opens the first of them."""

    cards: int
    text: str
    ids: tuple[int, ...] = ()
    is_bold: bool = False
    amount: str = ""
    """What of it is money, which is told whole or not at all."""
    outcome: CameTo | None = None
    """Its cards are those of which this came; None: they are those of the ids."""

    @property
    def opens(self) -> bool:
        """Whether its cards can be listed."""
        return bool(self.ids or (self.outcome and self.cards))


@dataclass(frozen=True, slots=True)
class Plain:
    """A line that opens nothing."""

    text: str


Row = Title | Figure | Plain


def preview_rows(preview: BulkPreview) -> tuple[Row, ...]:
    """What a bulk would do: the cards that change, the money, those that stay and why, the lines without a card."""
    return tuple(_preview_rows(preview))


def report_rows(report: BulkReport) -> tuple[Row, ...]:
    """What a bulk did: the cards that were changed, the money, those that stayed and why, those that are left."""
    left = (Figure(report.left, "left to do", outcome="left", is_bold=True),) if report.left else ()
    return (
        Figure(report.done, "changed", outcome="done", is_bold=True),
        *left,
        *_money(report.money, "broke again" if report.undoes else "came back"),
        Title(""),
        *_skipped(report.skipped, "stayed as it was", "stayed as they were"),
    )


def _preview_rows(preview: BulkPreview) -> Iterator[Row]:
    yield Figure(preview.cards, "would be changed", preview.first_ids, is_bold=True)
    yield from _money(preview.money, "breaks again" if preview.is_undoing else "comes back")
    yield Title("")
    yield from _skipped(preview.skipped, "stays as it is", "stay as they are")
    if preview.missing_lines:
        yield Title("")
        yield Title(f"{wording.plural(preview.missing_lines, 'line')} of the file can't be used")
        yield from (Plain(str(each)) for each in preview.missing)
        more = preview.missing_lines - len(preview.missing)
        if more:
            yield Plain(f"and {more:,} more")


def _money(money: Sequence[Money], verb: str) -> Iterator[Row]:
    if not money:
        yield Plain("No money moves.")
        return
    for currency in sorted({each.currency for each in money}):
        of = [each for each in money if each.currency == currency]
        yield Title("")
        yield Title(f"{figure(sum(each.minor for each in of), currency)} {currency} {verb}")
        for each in of:
            amount = f"{figure(each.minor, currency)} {currency}"
            yield Figure(each.cards, each.product, each.first_ids, amount=amount)


def _skipped(skipped: Sequence[Skipped], one: str, several: str) -> Iterator[Row]:
    count = sum(each.cards for each in skipped)
    if not count:
        yield Title(f"No card {one}.", has_lines=False)
        return
    yield Title(f"1 card {one}" if count == 1 else f"{count:,} cards {several}")
    for each in skipped:
        yield Figure(each.cards, each.reason if each.cards == 1 else f"each {each.reason}", each.first_ids)


def row(row: Row, width: int) -> Content:
    """A line of the figures."""
    match row:
        case Title():
            return row.content
        case Plain():
            return piece(f"  {row.text}").truncate(width, ellipsis=True)
    style = "bold" if row.is_bold else ""
    cards = "card " if row.cards == 1 else "cards"
    head = f"{row.cards:>{_COUNT_CELLS},} {cards}  "
    if not row.amount:
        return piece(f"{head}{row.text}", style).truncate(width, ellipsis=True)
    room = min(_PRODUCT_CELLS, width - len(head) - _AMOUNT_CELLS)
    return piece(f"{head}{padded(row.text, max(0, room))}{row.amount.rjust(_AMOUNT_CELLS)}").truncate(width)


# Those that are kept


def line(bulk: Bulk, width: int, now: datetime, business: BusinessTime) -> Content:
    """One of them in the list."""
    state = bulk.state(now)
    sign, style = _SIGNS.get(state, ("·", ""))
    who = f"  {wording.day(business.date_of(bulk.at)).rjust(11)}  {wording.shortened(bulk.by, 12)}"
    if width < _WITH_WHO:
        who = ""
    head = Content.assemble(
        piece(f"{bulk.id:>4}  "),
        Content.styled(f"{sign} {state.value.ljust(_STATE_CELLS)}", style),
        piece(f"{bulk.cards:>{_CARDS_CELLS},} {'card ' if bulk.cards == 1 else 'cards'}  "),
    )
    what = padded(what_of(bulk), max(_LEAST_WHAT, width - head.cell_length - cell_len(who)))
    return Content.assemble(head, piece(what), piece(who)).truncate(width, ellipsis=True)


def facts(bulk: Bulk, business: BusinessTime) -> Content:
    """All about one of them, a line each."""
    return joined(piece(f"{label.ljust(_LABEL_CELLS)}{text}") for label, text in rows_of(bulk, business))


def in_short(bulk: Bulk, now: datetime, business: BusinessTime) -> Content:
    """What it was for, and what is still to be done about it."""
    told = {label: text for label, text in rows_of(bulk, business) if label in ("Decided", "Undone")}
    parts = [
        f"{text[0].upper()}{text[1:]}." if label == "Decided" else f"{label} {text}." for label, text in told.items()
    ]
    if bulk.state(now) is BulkState.WAITING:
        parts = [*bulk.why, f"It lapses {wording.weekday_moment(bulk.lapses_at, business)}."]
    if bulk.left and bulk.state(now) is BulkState.BEGUN:
        parts.append(f"{wording.plural(bulk.left, 'card')} left to do.")
    what = what_of(bulk)
    said = f"{what[0].upper()}{what[1:]}: {bulk.reason or '(reason removed)'}"
    return Content.assemble(piece(f"{said}  ", "bold"), piece(" ".join(parts)))
