"""Reading amounts and dates as a mapping says that they are written."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from models.jobs import cells
from models.jobs.remarks import Remark, Remarks
from models.jobs.tables import Row
from models.rules.errors import BadAmount, BadDate
from models.rules.money import DECIMALS, LARGEST_MINOR, parse_amount
from models.rules.validity import EARLIEST, LATEST, BusinessTime

# Signs that stand for these currencies and no others; a dollar or a crown may be anybody's.
_SIGNS: Final = {
    "EURO SIGN": ("EUR",),
    "POUND SIGN": ("GBP", "GIP", "FKP", "SHP", "EGP", "SSP", "SDG", "SYP", "LBP"),
    "YEN SIGN": ("JPY", "CNY"),
    "INDIAN RUPEE SIGN": ("INR",),
    "WON SIGN": ("KRW", "KPW"),
    "RUBLE SIGN": ("RUB",),
    "TURKISH LIRA SIGN": ("TRY",),
    "NEW SHEQEL SIGN": ("ILS",),
    "DONG SIGN": ("VND",),
    "HRYVNIA SIGN": ("UAH",),
}
_MONEY: Final = re.compile(
    r"(?P<before>[^\d\-(]*)(?P<minus>-?)(?P<between>[^\d\-(]*)(?P<number>\d[\d., '’]*?)(?P<after>[^\d]*)"
)
_LONGEST_SIGN: Final = 5


def amount(text: str, currency: str, *, form: str, decimal_sign: str) -> int:
    """Minor units of an amount: a decimal number, formatted money like $1,250.00, or minor units. Raises BadAmount."""
    if form == "minor":
        if not re.fullmatch(r"-?\d{1,13}", text, re.ASCII) or abs(int(text)) > LARGEST_MINOR:
            raise BadAmount(f"{text[:30]!r} is no amount in minor units: a whole number without a decimal point.")
        return int(text)
    if form == "money":
        return parse_amount(_number_in(unicodedata.normalize("NFKC", text), currency, decimal_sign), currency)
    if decimal_sign == ",":
        return parse_amount(_plain(text, decimal_sign), currency)
    return cells.amount(text, currency)


def _number_in(text: str, currency: str, decimal_sign: str) -> str:
    """The bare number of formatted money. Raises BadAmount for a sign of another currency."""
    found = _MONEY.fullmatch(text.replace("\u2212", "-").strip())
    if found is None:
        raise BadAmount(f"{text[:30]!r} is not an amount of money.")
    signs = [found[part].strip() for part in ("before", "between", "after")]
    for sign in signs:
        if len(sign) > _LONGEST_SIGN:
            raise BadAmount(f"{text[:30]!r} is not an amount of money.")
        name = sign.strip(".").upper()
        others = _SIGNS.get(unicodedata.name(sign, "") if len(sign) == 1 else "", (currency,))
        if currency not in others or (name in DECIMALS and name != currency):
            raise BadAmount(f"{text[:30]!r} is no amount in {currency}.")
    return found["minus"] + _plain(found["number"].strip(), decimal_sign)


def _plain(text: str, decimal_sign: str) -> str:
    """A number with a decimal point and without groups. Raises BadAmount where either could be meant otherwise."""
    groups = "., '’".replace(decimal_sign, "")
    whole, sign, decimals = text.partition(decimal_sign)
    is_grouped = re.fullmatch(rf"-?\d{{1,3}}(?:([{re.escape(groups)}])\d{{3}}(?:\1\d{{3}})*)?", whole, re.ASCII)
    if not (is_grouped or re.fullmatch(r"-?\d+", whole, re.ASCII)) or (
        sign and not re.fullmatch(r"\d+", decimals, re.ASCII)
    ):
        raise BadAmount(f"{text[:30]!r} is not an amount with {decimal_sign!r} as its decimal sign.")
    return re.sub(rf"[{re.escape(groups)}]", "", whole) + (f".{decimals}" if sign else "")


_DATED: Final = re.compile(
    r"(?:(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)|(?P<one>\d{1,2})[/.-](?P<two>\d{1,2})[/.-](?P<last>\d{2,4}))"
    r"(?:[ T](?P<time>\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?))?(?: ?(?P<zone>Z|UTC|[+-]\d\d:?\d\d))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or an instant on it."""

    on: date
    """In the zone that the mapping names, or that of the business for an instant of another zone."""
    at: datetime | None
    """UTC; None when only the day is told."""


@dataclass(frozen=True, slots=True)
class Dates:
    """Reads dates in one order of day and month."""

    order: str
    """iso, dmy or mdy; ISO dates are understood in any."""
    zone: BusinessTime
    """Of what names no zone."""
    business: BusinessTime

    def read(self, text: str) -> Moment:
        """A day, or an instant. Raises BadDate."""
        found = _DATED.fullmatch(text)
        if found is None or (found["year"] is None and self.order == "iso"):
            raise BadDate(self._not_so(text))
        if found["year"] is None and len(found["last"]) != 4:
            raise BadDate(f"{text[:30]!r}: a year has four digits.")
        try:
            on = self._day(found)
            if not EARLIEST <= on <= LATEST:
                raise BadDate(f"{text[:30]!r} lies outside the years 2000 to 2200.")
            if found["time"] is None:
                return Moment(on, None)
            return self._moment(on, found["time"], found["zone"])
        except BadDate:
            raise
        except (ValueError, OverflowError):
            raise BadDate(f"{text[:30]!r}: there is no such day or time.") from None

    def _day(self, found: re.Match[str]) -> date:
        if found["year"] is not None:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        one, two, year = int(found["one"]), int(found["two"]), int(found["last"])
        return date(year, two, one) if self.order == "dmy" else date(year, one, two)

    def _moment(self, on: date, time: str, zone: str | None) -> Moment:
        hours, _, rest = time.partition(":")
        wall = datetime.fromisoformat(f"{on.isoformat()} {int(hours):02}:{rest}")
        if zone is None:
            return Moment(on, wall.replace(tzinfo=self.zone.tz).astimezone(UTC))
        sign = "+00:00" if zone in ("Z", "UTC") else f"{zone[:3]}:{zone[-2:]}"
        at = datetime.fromisoformat(f"{wall.isoformat()}{sign}").astimezone(UTC)
        return Moment(self.business.date_of(at), at)

    def _not_so(self, text: str) -> str:
        found = _DATED.fullmatch(text)
        if found is not None and self.order == "iso":
            return f"{text[:30]!r} could be read in more than one way: dates are told like 2026-05-21 here."
        example = {"iso": "2026-05-21", "dmy": "21/05/2026", "mdy": "05/21/2026"}[self.order]
        return f"{text[:30]!r} is not written like {example}."

    def last_day(self, moment: Moment, meaning: str) -> date:
        """The last day that an expiry means: itself, the day before it, or the day that an instant ends on."""
        if meaning == "last_day":
            return moment.on
        if meaning == "day_after" or moment.at is None:
            return moment.on - timedelta(days=1)
        return self.business.date_of(moment.at - timedelta(microseconds=1))

    def instant(self, moment: Moment) -> datetime:
        """The instant that a moment means, UTC: of a day its beginning."""
        return self.zone.start_of(moment.on) if moment.at is None else moment.at


def decided_order(rows: Iterable[Row], columns: Iterable[str], problems: Remarks) -> str:
    """Whether a table writes the day first or the month, by all of its dates; ISO when none is written otherwise.

    Remarks a problem where they contradict each other, or where nothing tells.
    """
    wanted = tuple(columns)
    tellers: dict[str, tuple[Row, str]] = {}
    untold: tuple[Row, str] | None = None
    for row in rows:
        for column in wanted:
            found = _DATED.fullmatch(row[column])
            if found is None or found["year"] is not None:
                continue
            if int(found["one"]) > 12:
                tellers.setdefault("dmy", (row, column))
            elif int(found["two"]) > 12:
                tellers.setdefault("mdy", (row, column))
            else:
                untold = untold or (row, column)
    if len(tellers) == 2:
        row, column = tellers["mdy"]
        problems.add(_contradiction(row, column, *tellers["dmy"]))
    elif not tellers and untold is not None:
        row, column = untold
        told = "No date of the table tells whether the day or the month comes first: say it in the mapping (dates)."
        problems.add(row.remark(column, told))
    return next(iter(tellers), "iso" if untold is None else "dmy")


def _contradiction(row: Row, column: str, other: Row, other_column: str) -> Remark:
    return row.remark(
        column,
        f"The month comes first here, but the day does in line {other.line:,}, column {other.headers[other_column]}: "
        f"the table mixes both.",
    )
