"""Mapping files: what the columns of somebody else's table of cards mean, written down in TOML."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from models.jobs.headers import Column
from models.jobs.mapping_values import Values, read_toml
from models.rules.codes import LONGEST, SHORTEST

SHIPPED: Final = Path(__file__).parents[1] / "mappings"

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
HEADERS: Final[Dict[str, bool | None]] = {"needed": True, "none": False, "optional": None}
"""What the choice of a header means for the layout of a table."""
_FOUND_BY: Final = ("last_characters", "initial", "currency", "purchaser_email", "recipient_email")
_UPDATED: Final = ("balance", "expires", "disabled", "note")
_SPENT: Final = ("code", "amount", "at", "order", "place")
_COLUMNS: Final[Dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "cards": (TARGETS, ("code", "balance")),
    "days": (("code", "expires"), ("code", "expires")),
    "updates": ((*_FOUND_BY, *_UPDATED), ("last_characters", "initial")),
}
"""For each thing that a table can bring, what is made of its columns, and which of them are needed."""
_CHOICES: Final = {
    "brings": tuple(_COLUMNS),
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
class Redemptions:
    """How a second table is read, which tells what was spent of the cards: what was given back is negative."""

    columns: Dict[str, Column]
    width: int | None = None
    """How many columns the table has, where they may be read by position."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a table of cards is read."""

    name: str
    title: str
    text: str
    """The file itself."""
    columns: Dict[str, Column]
    brings: str = "cards"
    """cards; days (only another last day for cards that are here); updates (of cards that are here, without codes)."""
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
    redemptions: Redemptions | None = None

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
    text, told = read_toml(name, {path.stem: path for path in SHIPPED.glob("*.toml")})
    return _mapping(name, text, Values(name, told))


def _mapping(name: str, text: str, values: Values) -> Mapping:
    choices = values.choices(_CHOICES)
    made = Mapping(
        name=Path(name).stem,
        title=values.text("title") or Path(name).stem,
        text=text,
        columns=values.columns(*_COLUMNS[choices.get("brings", "cards")]),
        zone=values.zone(),
        width=values.whole("width", 1, 1_000),
        product=values.text("product"),
        currency=values.currency(),
        code_length=values.whole("code_length", SHORTEST, LONGEST),
        code_digits=values.is_true("code_digits"),
        status=_status(values),
        skip=_skip(values),
        redemptions=_redemptions(name, values),
        **choices,
    )
    values.end()
    _check(made, values)
    return made


def _check(made: Mapping, values: Values) -> None:
    if (made.skip is None) != ("skip" not in made.columns):
        raise values.wrong("skip needs both a table and a column")
    if bool(made.status) != ("status" in made.columns):
        raise values.wrong("status needs both a table and a column")
    if made.brings == "updates" and not made.columns.keys() & {"purchaser_email", "recipient_email"}:
        raise values.wrong("updates need columns.purchaser_email or columns.recipient_email")
    has_positions = all(column.position for column in made.columns.values() if not column.is_optional)
    if made.header != "needed" and not (has_positions and made.width):
        raise values.wrong("a table without a header needs the width, and the position of each needed column")


def _status(values: Values) -> dict[str, str]:
    told = values.table("status") or {}
    if not isinstance(told, dict) or not all(isinstance(reason, str) for reason in told.values()):
        raise values.wrong("status tells for each status why the card is suspended, or an empty text")
    return {status.casefold(): reason and values.line("status", reason) for status, reason in told.items()}


def _skip(values: Values) -> Skip | None:
    told = values.table("skip")
    if told is None:
        return None
    if not isinstance(told, dict) or told.keys() != {"what", "yes", "no"}:
        raise values.wrong("skip has what, yes and no")
    yes, no = (values.words(told[key], f"skip.{key}") for key in ("yes", "no"))
    return Skip(values.line("skip.what", told["what"]), yes, no)


def _redemptions(name: str, values: Values) -> Redemptions | None:
    told: Any = values.table("redemptions")
    if told is None:
        return None
    if not isinstance(told, dict):
        raise values.wrong("redemptions is a table with columns, and a width where they may be read by position")
    within = Values(name, told, "redemptions.")
    found = Redemptions(within.columns(_SPENT, ("code", "amount", "at")), within.whole("width", 1, 1_000))
    within.end()
    return found
