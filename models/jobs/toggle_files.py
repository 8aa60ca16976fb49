"""Toggle's three files: what their columns mean, and how they make one plan."""

import re
from datetime import UTC, datetime
from functools import partial
from typing import Final

from models.answering import digests_of
from models.jobs import cells
from models.jobs.doubles import Doubles
from models.jobs.headers import Column
from models.jobs.plans import Plan, PlannedCard, PlannedPerson, PlannedProduct
from models.jobs.readers import Reader
from models.jobs.remarks import Remark
from models.jobs.shelf import Shelf
from models.jobs.steps import Steps
from models.jobs.tables import Row, Source, read_table
from models.jobs.toggle_journal import Journalist, SourceCard, SourceLine
from models.rules import wording
from models.rules.codes import last_four
from models.rules.errors import BadAmount, BadDate, BadText
from models.rules.money import format_money
from models.rules.texts import REFERENCE
from models.store import Store

_CODE_DIGITS: Final = 19
_CARDS: Final = {
    "card": Column(("Card ID",)),
    "created": Column(("Creation Date",)),
    "code": Column(("Card Unique Code", "Toggle Card Unique Number")),
    "alias": Column(("Unique Code Alias",), is_optional=True),
    "product": Column(("Gift Name", "Product Name")),
    "order": Column(("Order ID",), is_optional=True),
    "balance": Column(("Current Balance",)),
    "name": Column(("Recipient Name",), is_optional=True),
    "email": Column(("Recipient Email",), is_optional=True),
    "sold_at": Column(("Sold in site",), is_optional=True),
    "redeemed": Column(("Last redemption date",), is_optional=True),
    "redeemed_at": Column(("Last redemption site",), is_optional=True),
}
_LINES: Final = {
    "card": Column(("Card ID",)),
    "id": Column(("Line Item ID",)),
    "code": Column(("Toggle Card Unique Number", "Card Unique Code")),
    "type": Column(("Line Item Type",)),
    "value": Column(("Value",)),
    "date": Column(("Adjustment Date",)),
    "unit": Column(("Unit",), is_optional=True),
    "merchant": Column(("Merchant",), is_optional=True),
    "order": Column(("Order ID",), is_optional=True),
    "notes": Column(("Notes",), is_optional=True),
    "user": Column(("User",), is_optional=True),
    "reverses": Column(("Reverse Line Item ID",)),
}
_LIABILITY: Final = {
    "card": Column(("Card ID",)),
    "code": Column(("Card Unique Code", "Toggle Card Unique Number")),
    "alias": Column(("Unique Code Alias",), is_optional=True),
    "value": Column(("Value at",), is_prefix=True),
    "expiry": Column(("Expiry as of",), is_prefix=True),
}
_TYPES: Final = ("sale", "redemption", "reversal", "breakage")
# The liability file's day, DDMMYY, in a header: Value at 211126 00:00 (UTC).
_VALUED_AT: Final = re.compile(r"\D*(\d\d)(\d\d)(\d\d) (\d\d):(\d\d)\b", re.ASCII)


class ToggleReader(Reader):
    """Reads the three files, one after the other, into a plan."""

    def __init__(self, plan: Plan, currency: str, store: Store, steps: Steps) -> None:
        """Read into a plan for a store; instants after its clock's are refused."""
        super().__init__(plan, store, steps)
        self._currency = currency
        self._cards: Shelf[SourceCard] = Shelf()
        self._line_ids = Doubles(
            self._problems, lambda id_, line, _: f"Line item {id_!s} stands in line {line:,} already."
        )
        self._valued_at: datetime | None = None

    def read(self, cards: Source, adjustments: Source, liability: Source) -> None:
        """Read everything and plan the cards with which nothing is wrong."""
        for source, columns, take in (
            (cards, _CARDS, self._take_card),
            (adjustments, _LINES, self._take_line),
            (liability, _LIABILITY, self._take_expiry),
        ):
            for row in read_table(source, columns, self._problems):
                take(row)
                self._steps.checked()
        self._line_ids.check()
        self._check_codes(cards.name)
        if not len(self._cards) and not self._problems.count:
            self._problems.add(Remark(cards.name, None, None, "There are no cards in the file."))
        journalist = Journalist(self._currency, self._business, adjustments.name, self._problems, self._plan.warnings)
        for card in self._cards.emptied():
            self._plan_card(card, journalist, liability.name)

    def _amount(self, text: str) -> int:
        return cells.amount(text, self._currency)

    def _balance(self, text: str) -> int:
        minor = self._amount(text)
        if minor < 0:
            raise BadAmount(f"A card cannot hold less than nothing, but this says {text}.")
        return minor

    def _past(self, text: str) -> datetime:
        at = cells.instant(text)
        if at > self._now:
            raise BadDate(f"{text!r} lies in the future.")
        return at

    # The cards.

    def _take_card(self, row: Row) -> None:
        read, before = self._cells.read, self._problems.count
        card_id = read(row, "card", str)
        if card_id is None:
            return
        earlier = self._cards.get(card_id)
        if earlier is not None:
            self._problems.add(row.remark("card", f"Card {card_id} stands in line {earlier.line:,} already."))
            return
        card = SourceCard(
            file=row.file,
            line=row.line,
            code_column=row.headers["code"],
            id=card_id,
            code=self._code(row, "code"),
            alias=self._cells.read_if_any(row, "alias", cells.code),
            created_at=read(row, "created", self._past),
            product=self._product(row),
            recipient=self._recipient(row),
            order_ref=self._cells.text(row, "order", REFERENCE),
            balance_minor=read(row, "balance", self._balance),
            sold_at=self._cells.text(row, "sold_at"),
            redeemed_on=self._cells.read_if_any(row, "redeemed", self._past),
            redeemed_at=self._cells.text(row, "redeemed_at"),
        )
        if card.code is not None:
            self._codes.add(self._keys.code_digest(card.code), row.remark("code", ""), card.code)
        if card.alias is not None and card.alias != card.code:
            self._codes.add(self._keys.code_digest(card.alias), row.remark("alias", ""), card.alias)
        card.is_sound = self._problems.count == before
        self._cards.put(card_id, card)

    def _code(self, row: Row, column: str) -> str | None:
        return self._cells.read(row, column, partial(cells.code, digits=_CODE_DIGITS))

    def _product(self, row: Row) -> str | None:
        name = self._cells.text(row, "product")
        if name is None:
            self._problems.add(row.remark("product", "This cell is empty."))
        return name

    def _recipient(self, row: Row) -> PlannedPerson | None:
        name, email = self._cells.text(row, "name"), self._cells.email(row, "email")
        return PlannedPerson(name, email) if name or email else None

    def _card_of(self, row: Row) -> SourceCard | None:
        """The card that a row of another file is about; both must agree on its code."""
        card_id = self._cells.read(row, "card", str)
        code = self._code(row, "code")
        card = self._cards.get(card_id) if card_id is not None else None
        if card_id is not None and card is None:
            self._problems.add(row.remark("card", f"Card {card_id} is not among the cards."))
        if card is not None and code is not None and card.code is not None and code != card.code:
            self._problems.add(
                row.remark("code", f"Card {card.id} has another code in {card.file}, line {card.line:,}.")
            )
        return card

    # The balance adjustments.

    def _take_line(self, row: Row) -> None:
        read, before = self._cells.read, self._problems.count
        card = self._card_of(row)
        line_id, minor = read(row, "id", str), read(row, "value", self._amount)
        at, type_ = read(row, "date", self._past), read(row, "type", _line_type)
        place = self._cells.text(row, "unit") or self._cells.text(row, "merchant")
        details = (
            self._cells.text(row, "order", REFERENCE),
            self._cells.note(row, "notes"),
            self._cells.text(row, "user"),
        )
        if line_id is not None:
            self._line_ids.add(line_id, row.remark("id", ""))
        if card is None:
            return
        if self._problems.count > before or line_id is None or minor is None or at is None or type_ is None:
            card.is_sound = False
            return
        card.lines.append(SourceLine(row.line, line_id, type_, minor, at, place, *details, row["reverses"]))

    # The liability.

    def _take_expiry(self, row: Row) -> None:
        before = self._problems.count
        card = self._card_of(row)
        value_minor = self._cells.read(row, "value", self._balance)
        last_day_on = self._cells.read_if_any(row, "expiry", cells.day)
        if card is None:
            return
        if card.liability_line is not None:
            self._problems.add(row.remark("card", f"Card {card.id} stands in line {card.liability_line:,} already."))
        card.liability_line, card.last_day_on = row.line, last_day_on
        if last_day_on is not None and card.created_at is not None:
            created_on = self._business.date_of(card.created_at)
            if last_day_on < created_on:
                self._problems.add(
                    row.remark("expiry", f"The card expires before it was issued, on {wording.day(created_on)}.")
                )
        self._compare_value(card, row, value_minor)
        card.is_sound = card.is_sound and self._problems.count == before

    def _compare_value(self, card: SourceCard, row: Row, value_minor: int | None) -> None:
        """Warn where the liability file, at its own instant, tells another value than the line items do."""
        if self._valued_at is None:
            self._valued_at = _instant_in(row.headers["value"]) or self._now
        if value_minor is None or not card.is_sound or not card.lines:
            return
        minor = sum(line.minor for line in card.lines if line.at < self._valued_at)
        if minor != value_minor:
            self._plan.warnings.add(
                row.remark("value", f"By its line items the card held {format_money(minor, self._currency)} then.")
            )

    # The plan.

    def _plan_card(self, card: SourceCard, journalist: Journalist, liability: str) -> None:
        if card.liability_line is None:
            self._problems.add(
                Remark(
                    card.file, card.line, "Card ID", f"Card {card.id} is not in {liability}: its expiry is not known."
                )
            )
            return
        found = journalist.journal(card) if card.is_sound else None
        if found is None:
            return
        entries, state = found
        assert card.code is not None
        assert card.product is not None
        product = PlannedProduct(card.product)
        self._plan.add(
            PlannedCard(
                file=card.file,
                line=card.line,
                code_column=card.code_column,
                code=digests_of(self._keys, card.code),
                last_four=last_four(card.code),
                aliases=(digests_of(self._keys, card.alias),) if card.alias not in (None, card.code) else (),
                currency=self._currency,
                product=product,
                products=(product,),
                people=(card.recipient,) if card.recipient is not None else (),
                entries=tuple(entries),
                balance_minor=state.balance_minor,
                last_day_on=state.last_day_on,
                loaded_at=state.loaded_at,
            )
        )


def _line_type(text: str) -> str:
    type_ = text.casefold()
    if type_ not in _TYPES:
        raise BadText(f"{text[:30]!r} is no type of line item; these are: {', '.join(_TYPES)}.")
    return type_


def _instant_in(header: str) -> datetime | None:
    """The instant, UTC, that a liability column names, if it names one."""
    found = _VALUED_AT.match(header)
    try:
        day, month, year, hour, minute = (int(part) for part in found.groups()) if found else (0,) * 5
        return datetime(2000 + year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None
