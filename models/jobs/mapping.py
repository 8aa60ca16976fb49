"""Mapping files: what the columns of somebody else's table of cards mean, written down in TOML."""

import tomllib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from models.errors import Fault
from models.exits import BAD_INPUT, CANNOT_OPEN
from models.jobs.headers import Column
from models.rules.codes import LONGEST, SHORTEST
from models.rules.errors import RuleError
from models.rules.money import check_currency
from models.rules.texts import NAME, check_line
from models.rules.validity import BusinessTime

SHIPPED: Final = Path(__file__).parents[1] / "mappings"
_LARGEST: Final = 100_000

TARGETS: Final = (
    "code",
    "alias",
    "currency",
    "product",
    "balance",
    "initial",
    "issued",
    "changed",
    "expires",
    "valid_from",
    "order",
    "place",
    "note",
    "status",
    "skip",
    "purchaser_name",
    "purchaser_email",
    "recipient_name",
    "recipient_last_name",
    "recipient_email",
)
_CHOICES: Final = {
    "expiry": ("last_day", "day_after", "instant"),
    "dates": ("iso", "dmy", "mdy", "decide"),
    "amounts": ("decimal", "money", "minor"),
    "decimal_sign": (".", ","),
    "header": ("needed", "optional", "none"),
}
_MEANINGS: Final = {
    "last_day": "The expiry date is the last day itself, inclusive",
    "day_after": "The expiry date is the first day on which nothing can be spent: the last day is the day before it",
    "instant": "The expiry is an instant: the last day is the day in the business zone on which it lies",
}


@dataclass(frozen=True, slots=True)
class Skip:
    """Which rows are no cards of ours."""

    what: str
    """What such a row is, for counting: 'test mode card'."""
    yes: frozenset[str]
    """Cells, case folded, of rows to leave out."""
    no: frozenset[str]
    """Cells of rows to bring in. Any other is a problem."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a table of cards is read."""

    name: str
    title: str
    text: str
    """The file itself."""
    columns: Dict[str, Column]
    expiry: str = "last_day"
    dates: str = "iso"
    zone: str = "business"
    """Of days and of times that name none: a name like Europe/Berlin, or that of the business."""
    amounts: str = "decimal"
    decimal_sign: str = "."
    header: str = "needed"
    width: int | None = None
    """How many columns the table has, where they may be read by position."""
    product: str | None = None
    currency: str | None = None
    code_length: int | None = None
    code_digits: bool = False
    status: Dict[str, str] = field(default_factory=dict)
    """Status, case folded -> why the card is suspended; empty for a card that is not."""
    skip: Skip | None = None

    @property
    def expiry_meaning(self) -> str:
        """How the expiry is read, as a sentence."""
        if "expires" not in self.columns:
            return "The table tells no expiry: the cards never expire."
        return f"{_MEANINGS[self.expiry]}; the balance can be spent until the cut-off in the night after the last day."


def shipped_mappings() -> tuple[Mapping, ...]:
    """The mappings that come with giftdesk."""
    return tuple(read_mapping(path.stem) for path in sorted(SHIPPED.glob("*.toml")))


def read_mapping(name: str) -> Mapping:
    """A mapping by the name of one that comes with giftdesk, or by the path of a file. Raises Fault."""
    shipped = {path.stem: path for path in SHIPPED.glob("*.toml")}
    path = shipped.get(name) or Path(name)
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1).decode("utf-8")
        if len(text) > _LARGEST:
            raise Fault(f"The mapping {name} is too long. Nothing was changed.", BAD_INPUT)
        facts = tomllib.loads(text)
    except OSError:
        known = ", ".join(sorted(shipped))
        raise Fault(
            f"There is no mapping {name}: name a file, or one of {known}. Nothing was changed.", CANNOT_OPEN
        ) from None
    except (ValueError, RecursionError) as error:  # besides what is no TOML, a number that is too long
        raise Fault(f"The mapping {name} is no TOML: {error}. Nothing was changed.", BAD_INPUT) from None
    return _Reader(name, text, facts).mapping()


class _Reader:
    """Reads the values of a mapping, refusing what it does not know."""

    def __init__(self, name: str, text: str, told: dict[str, Any]) -> None:
        self._name = name
        self._text = text
        self._told = told

    def mapping(self) -> Mapping:
        """The mapping. Raises Fault."""
        choices = {key: self._choice(key, allowed) for key, allowed in _CHOICES.items() if key in self._told}
        made = Mapping(
            name=Path(self._name).stem,
            title=self._take_text("title") or Path(self._name).stem,
            text=self._text,
            columns=self._columns(self._told.pop("columns", None)),
            zone=self._zone(),
            width=self._whole("width", 1, 1_000),
            product=self._take_text("product"),
            currency=self._currency(),
            code_length=self._whole("code_length", SHORTEST, LONGEST),
            code_digits=self._told.pop("code_digits", False) is True,
            status=self._status(self._told.pop("status", {})),
            skip=self._skip(self._told.pop("skip", None)),
            **choices,
        )
        if self._told:
            raise self._wrong(f"there is nothing called {next(iter(self._told))!r}")
        self._check(made)
        return made

    def _check(self, made: Mapping) -> None:
        for needed in ("code", "balance"):
            if needed not in made.columns:
                raise self._wrong(f"columns.{needed} is missing")
        if (made.skip is None) != ("skip" not in made.columns):
            raise self._wrong("skip needs both a table and a column")
        if bool(made.status) != ("status" in made.columns):
            raise self._wrong("status needs both a table and a column")
        has_positions = all(column.position for column in made.columns.values() if not column.is_optional)
        if made.header != "needed" and not (has_positions and made.width):
            raise self._wrong("a table without a header needs the width, and the position of each needed column")

    def _wrong(self, what: str) -> Fault:
        return Fault(f"The mapping {self._name} cannot be used: {what}. Nothing was changed.", BAD_INPUT)

    def _choice(self, key: str, allowed: tuple[str, ...]) -> Any:
        value = self._told.pop(key)
        if value not in allowed:
            raise self._wrong(f"{key} must be one of {', '.join(allowed)}")
        return value

    def _take_text(self, key: str) -> str | None:
        value = self._told.pop(key, None)
        return None if value is None else self._line(key, value)

    def _line(self, key: str, value: Any, longest: int = NAME) -> str:
        try:
            return check_line(value if isinstance(value, str) else "", key, longest)
        except RuleError as wrong:
            raise self._wrong(f"{key}: {wrong}".rstrip(".")) from None

    def _whole(self, key: str, least: int, most: int) -> int | None:
        value = self._told.pop(key, None)
        if value is not None and (not isinstance(value, int) or not least <= value <= most):
            raise self._wrong(f"{key} must be a whole number between {least} and {most}")
        return value

    def _zone(self) -> str:
        zone = self._told.pop("zone", "business")
        if zone != "business":
            try:
                BusinessTime(zone)
            except (RuleError, TypeError, AttributeError):
                raise self._wrong("zone must be 'business', 'UTC' or a name like Europe/Berlin") from None
        return str(zone)

    def _currency(self) -> str | None:
        value = self._take_text("currency")
        try:
            return None if value is None else check_currency(value)
        except RuleError as wrong:
            raise self._wrong(str(wrong).rstrip(".")) from None

    def _columns(self, told: Any) -> dict[str, Column]:
        if not isinstance(told, dict):
            raise self._wrong("there is no table called columns")
        unknown = next((target for target in told if target not in TARGETS), None)
        if unknown is not None:
            raise self._wrong(f"nothing is made of a column called {unknown!r}; these are: {', '.join(TARGETS)}")
        return {target: self._column(target, value) for target, value in told.items()}

    def _column(self, target: str, told: Any) -> Column:
        """A header, several that it may be, or a table with names, prefix, position and optional."""
        facts = told if isinstance(told, dict) else {"names": told}
        names, position = facts.get("names", []), facts.get("position")
        names = [names] if isinstance(names, str) else names
        are_right = (
            isinstance(names, list)
            and all(isinstance(name, str) for name in names)
            and facts.keys() <= {"names", "prefix", "position", "optional"}
            and (position is None or (isinstance(position, int) and 1 <= position <= 1_000))
            and (names or position)
        )
        if not are_right:
            raise self._wrong(f"columns.{target} is a header, or has names, prefix, position, optional")
        is_optional = facts.get("optional", target not in ("code", "balance")) is True
        return Column(tuple(names), facts.get("prefix") is True, is_optional, position)

    def _status(self, told: Any) -> dict[str, str]:
        if not isinstance(told, dict) or not all(isinstance(reason, str) for reason in told.values()):
            raise self._wrong("status tells for each status why the card is suspended, or an empty text")
        return {status.casefold(): reason and self._line("status", reason) for status, reason in told.items()}

    def _skip(self, told: Any) -> Skip | None:
        if told is None:
            return None
        if not isinstance(told, dict) or told.keys() != {"what", "yes", "no"}:
            raise self._wrong("skip has what, yes and no")
        return Skip(self._line("skip.what", told["what"]), self._words(told["yes"]), self._words(told["no"]))

    def _words(self, told: Any) -> frozenset[str]:
        if not isinstance(told, list) or not all(isinstance(word, str) for word in told):
            raise self._wrong("skip.yes and skip.no are lists of texts")
        return frozenset(word.casefold() for word in told)
