"""What was typed about a product, and what it means: text in, rules or sentences out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from models.products import ProductSheet
from models.rules.dates import read_day
from models.rules.errors import BadText, RuleError
from models.rules.limits import CHANNELS, STORE, WEB, checked_places, where_only
from models.rules.periods import read_days, read_leads, read_period
from models.rules.products import Problem, check_short_name, lead_problems, problems
from models.rules.reminders import Lead
from models.rules.texts import NAME, check_line
from models.rules.validity import BusinessTime, Period, ValidityRules
from tui.text import clean
from tui.widgets.asking import Option, Typed

T = TypeVar("T")

NEVER, AFTER_PERIOD, ON_DATE = "never", "period", "date"
EXPIRES: Final = (
    Option(NEVER, "never"),
    Option(AFTER_PERIOD, "after a period"),
    Option(ON_DATE, "on a date"),
)
MONTH_END: Final = (Option("", "when the period ends"), Option("yes", "at the end of that month"))
SOLD: Final = (
    Option(",".join(CHANNELS), "in web shop and stores"),
    Option(WEB, "in the web shop only"),
    Option(STORE, "in stores only"),
)
SPENT: Final = (
    Option("", "web and stores"),
    Option(WEB, "web shop only"),
    Option(STORE, "stores only"),
)
_NO_PERIOD: Final = "Still to fill in: the period, like 6 months."
_NO_DATE: Final = "Still to fill in: the last day, like 31 Dec 2027."


@dataclass(frozen=True, slots=True)
class Meant:
    """What was typed, as the desk would save it."""

    name: str
    code: str
    channels: tuple[str, ...]
    rules: ValidityRules
    reminders: tuple[Period, ...]
    spend_places: tuple[str, ...]
    spend_channels: tuple[str, ...]
    wrong: Mapping[str, str]
    """Field -> why it can't be saved, as a sentence; empty when it can."""

    @property
    def where(self) -> str | None:
        """Where alone its cards can be spent: 'in stores, at Leeds'; None: everywhere."""
        return where_only(self.spend_places, self.spend_channels)

    def as_sheet(self, opened: ProductSheet | None, now: datetime) -> ProductSheet:
        """The product as it would read once it is saved, at an instant (UTC)."""
        leads = tuple(Lead(each, now) for each in self.reminders)
        before = opened or ProductSheet(0, self.code, self.name, self.rules, leads)
        return replace(
            before,
            name=self.name,
            rules=self.rules,
            reminders=leads,
            channels=self.channels,
            spend_places=self.spend_places,
            spend_channels=self.spend_channels,
        )


def typed_of(product: ProductSheet | None) -> dict[str, str]:
    """Field -> what stands in it for a product, or for one that is to be made."""
    rules = (product.rules if product is not None else None) or ValidityRules()
    expires = AFTER_PERIOD if rules.period is not None else ON_DATE if rules.expires_on is not None else NEVER
    leads = sorted(product.reminders, key=lambda lead: -lead.days) if product is not None else ()
    channels = product.channels if product is not None else CHANNELS
    return {
        "name": "" if product is None else clean(product.name)[:NAME],
        "code": "" if product is None else product.code,
        "channels": ",".join(each for each in CHANNELS if each in channels),
        "spend_channels": ",".join(product.spend_channels) if product is not None else "",
        "spend_places": "" if product is None else clean(_listed(product.spend_places)),
        "activation_delay_days": str(rules.activation_delay_days),
        "valid_after": "" if rules.valid_after is None else rules.valid_after.isoformat(),
        "expires": expires,
        "period": "" if rules.period is None else str(rules.period),
        "expires_on": "" if rules.expires_on is None else rules.expires_on.isoformat(),
        "month_end": "yes" if rules.month_end else "",
        "reminders": ", ".join(str(lead.period) for lead in leads),
    }


def meant_by(
    typed: Typed, opened: ProductSheet | None, now: datetime, business: BusinessTime, taken: Collection[str] = ()
) -> Meant:
    """What was typed means this at an instant (UTC); short names that are taken can't be given once more.

    A field that can't be read counts as empty; why it can't be read is among what is wrong.
    """
    reader = _Reader(typed)
    name = _name(reader, opened)
    code = opened.code if opened is not None else reader.read("code", lambda text: _short_name(text, taken), "")
    rules = _rules(reader)
    no_reminders: tuple[Period, ...] = ()
    reminders = reader.read("reminders", read_leads, no_reminders)
    if not reader.wrong.keys() & _OF_RULES:
        reader.complain(problems(rules, now, business))
    if "reminders" not in reader.wrong:
        reader.complain(lead_problems(reminders))
    channels = tuple(typed["channels"].split(","))
    return Meant(
        name,
        code,
        channels,
        rules,
        reminders,
        _places(reader, opened),
        _channels(typed["spend_channels"]),
        reader.wrong,
    )


_OF_RULES: Final = frozenset({"activation_delay_days", "valid_after", "period", "expires_on", "month_end"})


class _Reader:
    """Reads field by field and keeps what is wrong with them."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.wrong: dict[str, str] = {}

    def read(self, field: str, read: Callable[[str], T], otherwise: T) -> T:
        try:
            return read(self.typed[field])
        except RuleError as complaint:
            self.wrong[field] = str(complaint)
            return otherwise

    def complain(self, found: Collection[Problem]) -> None:
        for problem in found:
            self.wrong.setdefault(problem.field, problem.sentence)


def _name(reader: _Reader, opened: ProductSheet | None) -> str:
    if opened is not None and reader.typed["name"] == typed_of(opened)["name"]:
        return opened.name  # as it is stored, with what a field can't hold
    return reader.read("name", lambda text: check_line(text, "name", NAME), "")


def _short_name(text: str, taken: Collection[str]) -> str:
    short = check_short_name(text)
    if short in taken:
        raise BadText(f"There is a product called {short} already.")
    return short


def _channels(chosen: str) -> tuple[str, ...]:
    return tuple(chosen.split(",")) if chosen else ()


def _listed(places: Sequence[str]) -> str:
    """Places as a field holds them, with commas between them; with semicolons where one of them has a comma."""
    if any("," in place for place in places):
        return "".join(f"{place}; " for place in places).rstrip()
    return ", ".join(places)


def _places(reader: _Reader, opened: ProductSheet | None) -> tuple[str, ...]:
    if opened is not None and reader.typed["spend_places"] == typed_of(opened)["spend_places"]:
        return opened.spend_places  # as they are stored, with what a field can't hold

    def read(text: str) -> tuple[str, ...]:
        parts = text.split(";" if ";" in text else ",")
        return tuple(checked_places([part for part in parts if part.strip()]))

    nowhere: tuple[str, ...] = ()
    return reader.read("spend_places", read, nowhere)


def _rules(reader: _Reader) -> ValidityRules:
    expires = reader.typed["expires"]
    period = reader.read("period", _required(read_period, _NO_PERIOD), None) if expires == AFTER_PERIOD else None
    expires_on = reader.read("expires_on", _required(read_day, _NO_DATE), None) if expires == ON_DATE else None
    return ValidityRules(
        activation_delay_days=reader.read("activation_delay_days", _optional(read_days, 0), 0),
        valid_after=reader.read("valid_after", _optional(read_day, None), None),
        period=period,
        expires_on=expires_on,
        month_end=expires == AFTER_PERIOD and reader.typed["month_end"] == "yes",
    )


def _required(read: Callable[[str], T], missing: str) -> Callable[[str], T | None]:
    def required(text: str) -> T | None:
        if not text.strip():
            raise BadText(missing)
        return read(text)

    return required


def _optional(read: Callable[[str], T], otherwise: T) -> Callable[[str], T]:
    return lambda text: read(text) if text.strip() else otherwise
