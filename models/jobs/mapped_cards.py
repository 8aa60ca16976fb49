"""The rows of somebody else's table as cards of ours, as a mapping says."""

from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Final

from models.answering import CodeDigests, digests_of
from models.jobs import cells
from models.jobs.headers import Layout
from models.jobs.mapped_cells import Dates, Moment, amount, decided_order
from models.jobs.mapped_journal import Told, entries_of
from models.jobs.mapped_redemptions import Redeemed
from models.jobs.mapping import HEADERS, Mapping
from models.jobs.plans import Plan, PlannedCard, PlannedPerson, PlannedProduct
from models.jobs.readers import Reader
from models.jobs.remarks import Remark, Remarks
from models.jobs.steps import Steps
from models.jobs.tables import Row, Source, read_table
from models.rules import wording
from models.rules.codes import last_four
from models.rules.errors import BadAmount, BadCode, RuleError
from models.rules.journal import Entry, Kind
from models.rules.money import check_currency, format_money
from models.rules.texts import NAME, REFERENCE
from models.rules.validity import BusinessTime
from models.store import Store

_DATES: Final = ("issued", "changed", "expires", "valid_from")
_KEPT: Final = 10_000


class MappedReader(Reader):
    """Reads a table into a plan."""

    def __init__(self, plan: Plan, mapping: Mapping, currency: str | None, store: Store, steps: Steps) -> None:
        """Read into a plan for a store; instants after its clock's are refused. The currency is for empty cells."""
        super().__init__(plan, store, steps)
        self._mapping = mapping
        self._currency = currency
        self._zone = store.business if mapping.zone == "business" else BusinessTime(mapping.zone)
        self._dates = Dates(mapping.dates, self._zone, store.business)
        # What a table tells again and again is read once.
        self._moments: dict[str, Moment] = {}
        self._amounts: dict[tuple[str, str], int] = {}
        self._products: dict[str, PlannedProduct] = {}
        self._redeemed: Redeemed | None = None

    def read(self, source: Source, redemptions: Source | None = None) -> None:
        """Read everything and plan the cards with which nothing is wrong; redemptions tell what was spent of them."""
        if self._mapping.dates == "decide":
            columns = [column for column in _DATES if column in self._mapping.columns]
            order = decided_order(self._rows(source, Remarks(), Remarks()), columns, self._problems)
            self._dates = Dates(order, self._zone, self._business)
        if redemptions is not None:
            self._redeemed = Redeemed(self._mapping, self._dates, self._business, self._problems, self._plan.warnings)
            for _ in self._redeemed.read(redemptions, self._keys, self._code):
                self._steps.checked()
        for row in self._rows(source, self._problems, self._plan.warnings):
            if not self._is_skipped(row):
                self._take(row)
            self._steps.checked()
        if self._redeemed is not None:
            self._redeemed.remark_strangers()
        self._check_codes(source.name)
        if not len(self._plan.cards) and not self._problems.count:
            self._problems.add(Remark(source.name, None, None, "There are no cards in the file."))

    def _rows(self, source: Source, problems: Remarks, warnings: Remarks) -> Any:
        layout = Layout(self._mapping.width, HEADERS[self._mapping.header])
        return read_table(source, self._mapping.columns, problems, layout, warnings)

    def _has(self, row: Row, column: str) -> bool:
        return bool(row.cells.get(column))

    def _is_skipped(self, row: Row) -> bool:
        skip = self._mapping.skip
        if skip is None:
            return False
        word = row["skip"].casefold()
        if word in skip.yes:
            self._plan.skipped[skip.what] += 1
            if self._redeemed is not None:
                with suppress(RuleError):
                    self._redeemed.leave_out(self._keys.code_digest(self._code(row["code"])))
            return True
        if word not in skip.no:
            told = f"{row['skip'][:30]!r} does not say whether this is a {skip.what}: add it to the mapping (skip)."
            self._problems.add(row.remark("skip", told))
        return False

    def _take(self, row: Row) -> None:
        before = self._problems.count
        names = self._names(row)
        told = self._told(row)
        if names is None or told is None or self._problems.count > before:
            return
        code, aliases, last = names
        redeemed = self._redeemed_with(row, code, told)
        if self._problems.count > before:
            return
        self._tell_more(row, told)
        entries = entries_of(told, redeemed, self._now, self._business)
        self._plan.add(
            PlannedCard(
                file=row.file,
                line=row.line,
                code_column=row.headers["code"],
                code=code,
                last_four=last,
                aliases=aliases,
                currency=told.currency,
                product=told.product,
                products=(told.product,),
                people=tuple(told.people.values()),
                entries=tuple(entries),
                balance_minor=told.balance_minor,
                last_day_on=told.last_day_on,
                loaded_at=told.issued_at if entries[0].kind is Kind.ISSUE else None,
            )
        )

    def _redeemed_with(self, row: Row, code: CodeDigests, told: Told) -> list[Entry]:
        """What the table beside the cards tells of one; it must agree with what the card was sold with."""
        if self._redeemed is None:
            return []
        begun = told.issued_at or self._now
        redeemed = self._redeemed.entries(code.digest, told.currency, begun, told.balance_minor, self._now)
        sold = told.balance_minor - sum(entry.amount_minor for entry in redeemed)
        if redeemed and told.issued_at is None:
            self._problems.add(row.remark("issued", "It was spent from, and nothing tells when it was sold."))
        if redeemed and told.initial_minor not in (None, sold):
            shown = format_money(sold, told.currency)
            self._problems.add(row.remark("initial", f"With what was spent and what is left it was sold with {shown}."))
        return redeemed

    def _tell_more(self, row: Row, told: Told) -> None:
        if told.initial_minor is not None and told.initial_minor < told.balance_minor:
            shown = format_money(told.initial_minor, told.currency)
            self._plan.warnings.add(
                row.remark("initial", f"It was sold with {shown} and holds more: what is left comes in.")
            )

    # What the card answers to.

    def _names(self, row: Row) -> tuple[CodeDigests, tuple[CodeDigests, ...], str] | None:
        text = self._cells.read(row, "code", self._code)
        alias = self._cells.read(row, "alias", cells.code) if self._has(row, "alias") else None
        if text is None:
            return None
        code = digests_of(self._keys, text)
        self._codes.add(code.digest, row.remark("code", ""), text)
        if alias is None or alias == text:
            return code, (), last_four(text)
        other = digests_of(self._keys, alias)
        self._codes.add(other.digest, row.remark("alias", ""), alias)
        return code, (other,), last_four(text)

    def _code(self, text: str) -> str:
        length = self._mapping.code_length
        if self._mapping.code_digits and length is not None:
            return cells.code(text, digits=length)
        found = cells.code(text)
        if length is not None and len(found) != length:
            lost = ": zeros in front of it were lost, most likely in a spreadsheet" if len(found) < length else ""
            raise BadCode(f"The code has {len(found)} characters instead of {length}{lost}.")
        return found

    # What the row tells.

    def _told(self, row: Row) -> Told | None:
        currency = self._currency_of(row)
        balance = self._amount(row, "balance", currency) if currency else None
        initial = self._amount(row, "initial", currency) if currency and self._has(row, "initial") else None
        issued, changed = self._past(row, "issued"), self._past(row, "changed")
        valid_from = self._moment(row, "valid_from")
        expires = self._moment(row, "expires")
        told = Told(
            currency=currency or "",
            balance_minor=balance or 0,
            initial_minor=initial,
            issued_at=issued,
            changed_at=changed,
            valid_from=None if valid_from is None else self._dates.instant(valid_from),
            last_day_on=None if expires is None else self._dates.last_day(expires, self._mapping.expiry),
            product=self._product(row),
            people=self._people(row),
            place=self._text(row, "place"),
            order_ref=self._text(row, "order", REFERENCE),
            note=self._cells.note(row, "note") if self._has(row, "note") else None,
            suspended_for=self._status(row),
        )
        self._check_days(row, told)
        return told if currency is not None and balance is not None else None

    def _check_days(self, row: Row, told: Told) -> None:
        if told.last_day_on is None:
            return
        for column, at in (("issued", told.issued_at), ("valid_from", told.valid_from)):
            if at is not None and told.last_day_on < self._business.date_of(at):
                what = "issued" if column == "issued" else "valid"
                on = wording.day(self._business.date_of(at))
                self._problems.add(row.remark("expires", f"The card expires before it was {what}, on {on}."))
                return

    def _currency_of(self, row: Row) -> str | None:
        if self._has(row, "currency"):
            return self._cells.read(row, "currency", check_currency)
        if self._currency is None:
            column = "currency" if "currency" in self._mapping.columns else "balance"
            self._problems.add(row.remark(column, "No currency is told; name it with --currency."))
        return self._currency

    def _amount(self, row: Row, column: str, currency: str) -> int | None:
        key = (row[column], currency)
        if key not in self._amounts:
            form, sign = self._mapping.amounts, self._mapping.decimal_sign
            read = partial(_not_negative, currency=currency, form=form, decimal_sign=sign)
            minor = self._cells.read(row, column, read)
            if minor is None or len(self._amounts) >= _KEPT:
                return minor
            self._amounts[key] = minor
        return self._amounts[key]

    def _moment(self, row: Row, column: str) -> Moment | None:
        if not self._has(row, column):
            return None
        text = row[column]
        found = self._moments.get(text) or self._cells.read(row, column, self._dates.read)
        if found is not None and len(self._moments) < _KEPT:
            self._moments[text] = found
        return found

    def _past(self, row: Row, column: str) -> datetime | None:
        moment = self._moment(row, column)
        at = None if moment is None else self._dates.instant(moment)
        if at is not None and at > self._now:
            self._problems.add(row.remark(column, f"{row[column][:30]!r} lies in the future."))
        return at

    def _product(self, row: Row) -> PlannedProduct:
        told = row["product"] if "product" in self._mapping.columns else ""
        found = self._products.get(told)
        if found is None:
            found = PlannedProduct(self._text(row, "product") or self._mapping.product or self._mapping.title)
            if len(self._products) < _KEPT:
                self._products[told] = found
        return found

    def _text(self, row: Row, column: str, longest: int = NAME) -> str | None:
        return self._cells.text(row, column, longest) if self._has(row, column) else None

    def _people(self, row: Row) -> dict[str, PlannedPerson]:
        people = {}
        for role in ("purchaser", "recipient"):
            names = [self._text(row, f"{role}_{part}") for part in ("name", "last_name")]
            name = " ".join(part for part in names if part)[:NAME] or None
            email = self._cells.email(row, f"{role}_email") if self._has(row, f"{role}_email") else None
            if name or email:
                people[role] = PlannedPerson(name, email)
        return people

    def _status(self, row: Row) -> str:
        if not self._mapping.status:
            return ""
        if row["status"].casefold() not in self._mapping.status:
            told = f"{row['status'][:30]!r} is no status that the mapping knows: add it there (status)."
            self._problems.add(row.remark("status", told))
            return ""
        return self._mapping.status[row["status"].casefold()]


def _not_negative(text: str, *, currency: str, form: str, decimal_sign: str) -> int:
    minor = amount(text, currency, form=form, decimal_sign=decimal_sign)
    if minor < 0:
        raise BadAmount(f"A card cannot hold less than nothing, but this says {text[:30]}.")
    return minor
