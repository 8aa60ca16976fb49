"""A Toggle card's line items as the journal that they add up to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from models.jobs.plans import PlannedPerson
from models.jobs.remarks import Remark, Remarks
from models.rules.journal import LOADS, BrokenJournal, CardState, Entry, Kind, apply
from models.rules.money import format_money
from models.rules.validity import BusinessTime

_VALUE: Final = "Value"
_REVERSES: Final = "Reverse Line Item ID"
_ONE_DAY: Final = timedelta(days=1)
_SOMEWHERE: Final = frozenset({Kind.ISSUE, Kind.TOP_UP, Kind.REDEMPTION, Kind.REFUND, Kind.ADJUSTMENT})


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line item of the balance adjustments."""

    line: int
    """Of the file."""
    id: str
    type: str
    """sale, redemption, breakage or reversal."""
    minor: int
    at: datetime
    """UTC."""
    place: str | None
    order_ref: str | None
    note: str | None
    user: str | None
    reverses: str
    """The line item that a reversal names; else empty."""


@dataclass(slots=True)
class SourceCard:
    """One card as the three files tell it, put together while they are read."""

    file: str
    line: int
    """Of the cards file."""
    code_column: str
    id: str
    code: str | None
    alias: str | None
    created_at: datetime | None
    product: str | None
    recipient: PlannedPerson | None
    order_ref: str | None
    balance_minor: int | None
    sold_at: str | None
    redeemed_on: datetime | None
    """The instant, UTC, of the last redemption, whose place is known."""
    redeemed_at: str | None
    last_day_on: date | None = None
    """None is never; told by the liability file."""
    liability_line: int | None = None
    lines: list[SourceLine] = field(default_factory=list)
    is_sound: bool = True
    """Nothing of it is a problem so far."""


class _Unfit(Exception):
    """A line item that cannot stand in a journal: its column, and the sentence why."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column
        self.sentence = sentence


class Journalist:
    """Writes the journals of source cards, remarking what cannot be."""

    def __init__(
        self, currency: str, business: BusinessTime, lines_file: str, problems: Remarks, warnings: Remarks
    ) -> None:
        """Remark into these lists; line items stand in the file of that name."""
        self._currency = currency
        self._business = business
        self._file = lines_file
        self._problems = problems
        self._warnings = warnings

    def journal(self, card: SourceCard) -> tuple[list[Entry], CardState] | None:
        """A sound card's entries and what they add up to, or None with a problem."""
        lines = [line for line in sorted(card.lines, key=lambda line: line.at) if self._moves(line)]
        if not lines:
            return self._opened(card)
        found = self._told(card, lines)
        if found is None:
            return None
        entries, state = found
        assert card.balance_minor is not None
        if state.balance_minor != card.balance_minor:
            self._problems.add(
                Remark(
                    card.file,
                    card.line,
                    "Current Balance",
                    f"The card's line items add up to {self._money(state.balance_minor)}, "
                    f"but its balance says {self._money(card.balance_minor)}.",
                )
            )
            return None
        return entries, state

    def _money(self, minor: int) -> str:
        return format_money(minor, self._currency)

    def _moves(self, line: SourceLine) -> bool:
        """Whether a line item says anything; only a sale may move nothing."""
        if line.minor or line.type == "sale":
            return True
        self._warnings.add(Remark(self._file, line.line, _VALUE, f"Left out: a {line.type} of nothing."))
        return False

    def _opened(self, card: SourceCard) -> tuple[list[Entry], CardState]:
        """A card without a history comes in with what is left on it."""
        assert card.created_at is not None
        assert card.balance_minor is not None
        entry = Entry(
            Kind.IMPORTED,
            card.created_at,
            card.balance_minor,
            place=card.sold_at,
            order_ref=card.order_ref,
            details={"sets": self._first_facts(card, card.last_day_on)},
        )
        return [entry], apply(CardState(), entry, 1)

    def _first_facts(self, card: SourceCard, last_day_on: date | None) -> dict[str, Any]:
        assert card.created_at is not None
        facts = {"active_from": card.created_at.isoformat(), "last_day": _iso(last_day_on), "product": 0}
        return facts if card.recipient is None else {**facts, "recipient": 0}

    def _told(self, card: SourceCard, lines: Sequence[SourceLine]) -> tuple[list[Entry], CardState] | None:
        state, entries = CardState(), []
        history = _History()
        days = self._last_days(card, lines)
        last_redemption = next((line for line in reversed(lines) if line.type == "redemption"), None)
        for number, line in enumerate(lines, start=1):
            try:
                kind, reverses = history.read(number, line, state)
                sets = {"last_day": _iso(days[number])} if number in days else {}
                if number == 1:
                    sets = self._first_facts(card, days[1])
                entry = _entry(line, kind, reverses, _place(card, line, kind, is_last=line is last_redemption), sets)
                if state.balance_minor + line.minor < 0:
                    raise _Unfit(_VALUE, f"There was only {self._money(state.balance_minor)} on the card then.")
                state = apply(state, entry, number)
            except BrokenJournal:
                # The only rule that is left to break: what remains after a breakage is not nothing.
                self._refuse(line, _Unfit(_VALUE, f"A breakage takes the whole {self._money(state.balance_minor)}."))
                return None
            except _Unfit as unfit:
                self._refuse(line, unfit)
                return None
            if entry.kind is Kind.ADJUSTMENT and line.minor > 0:
                self._warnings.add(
                    Remark(self._file, line.line, _REVERSES, "Other money moved since that breakage: an adjustment.")
                )
            entries.append(entry)
        return entries, state

    def _refuse(self, line: SourceLine, unfit: _Unfit) -> None:
        self._problems.add(Remark(self._file, line.line, unfit.column, unfit.sentence))

    def _last_days(self, card: SourceCard, lines: Sequence[SourceLine]) -> dict[int, date | None]:
        """Which activity, by number, sets which last day, so that the card is right at any past instant.

        A breakage tells that the last day was the day before it; after the last breakage, or without
        any, what the liability file says is in force.
        """
        days: dict[int, date | None] = {}
        start = 1
        for number, line in enumerate(lines, start=1):
            if line.type == "breakage":
                days[start] = self._business.date_of(line.at) - _ONE_DAY
                start = number + 1
        if start <= len(lines):
            days[start] = card.last_day_on
            return days
        # The card ends broken: the file's date was in force when it broke, if it had passed by then.
        before = max(days)
        broken_after = days[before]
        assert broken_after is not None
        if card.last_day_on is not None and card.last_day_on <= broken_after:
            days[before] = card.last_day_on
        else:
            days[len(lines)] = card.last_day_on
        return days


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _place(card: SourceCard, line: SourceLine, kind: Kind, *, is_last: bool) -> str | None:
    if kind is Kind.ISSUE:
        return card.sold_at or line.place
    if is_last and card.redeemed_on == line.at:
        return card.redeemed_at or line.place
    return line.place if kind in _SOMEWHERE else None


def _entry(line: SourceLine, kind: Kind, reverses: int | None, place: str | None, sets: dict[str, Any]) -> Entry:
    details: dict[str, Any] = {"line_item": line.id}
    if line.user is not None:
        details["user"] = line.user
    if sets:
        details["sets"] = sets
    return Entry(kind, line.at, line.minor, place, line.order_ref, line.note, details, reverses)


class _History:
    """The line items of one card so far, to tell what the next one is."""

    def __init__(self) -> None:
        self._numbers: dict[str, tuple[int, Kind]] = {}
        self._left: dict[str, int] = {}
        """How much of a line item has not been reversed, minor units with the line's own sign."""
        self._has_load = False

    def read(self, number: int, line: SourceLine, state: CardState) -> tuple[Kind, int | None]:
        """The kind of activity that a line item is, and the number of the one that it reverses."""
        kind, reverses = self._kind(line, state)
        self._numbers[line.id] = (number, kind)
        self._left[line.id] = line.minor
        return kind, reverses

    def _kind(self, line: SourceLine, state: CardState) -> tuple[Kind, int | None]:
        match line.type:
            case "sale":
                if line.minor < 0:
                    raise _Unfit(_VALUE, "A sale cannot be negative.")
                kind = Kind.TOP_UP if self._has_load else Kind.ISSUE
                self._has_load = True
                return kind, None
            case "redemption" | "breakage":
                if line.minor > 0:
                    raise _Unfit(_VALUE, f"A {line.type} must be negative.")
                return Kind(line.type), None
            case _:
                return self._reversal(line, state)

    def _reversal(self, line: SourceLine, state: CardState) -> tuple[Kind, int]:
        found = self._numbers.get(line.reverses)
        if found is None:
            raise _Unfit(_REVERSES, "The reversal names no earlier line item of this card.")
        number, kind = found
        left = self._left[line.reverses]
        if not left:
            raise _Unfit(_REVERSES, f"Line item {line.reverses} was reversed already.")
        if line.minor * left >= 0 or abs(line.minor) > abs(left):
            raise _Unfit(_VALUE, f"A reversal must be opposite to line item {line.reverses} and not exceed it.")
        self._left[line.reverses] = left + line.minor
        if kind is Kind.REDEMPTION:
            return Kind.REFUND, number
        if kind in LOADS:
            return Kind.ADJUSTMENT, number
        if kind is not Kind.BREAKAGE:
            raise _Unfit(_REVERSES, f"Line item {line.reverses} is a reversal itself, which cannot be reversed.")
        if left + line.minor:
            raise _Unfit(_VALUE, f"A reversal must give back the whole of breakage {line.reverses}.")
        return (Kind.REINSTATEMENT if state.last_money_number == number else Kind.ADJUSTMENT), number
