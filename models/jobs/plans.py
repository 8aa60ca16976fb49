"""What a reader makes of its files before the store is asked, and what is reported of an import."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple

from models.answering import CodeDigests
from models.jobs.remarks import Remark, Remarks
from models.jobs.spool import Spool
from models.rules.journal import Entry, Kind, Stamp
from models.rules.money import format_minor

_REVERSALS: Final = (Kind.REINSTATEMENT, Kind.REFUND, Kind.ADJUSTMENT)


class PlannedProduct(NamedTuple):
    """A product as a file names it."""

    name: str
    code: str | None = None
    """Its short name, in files of our own."""


class PlannedPerson(NamedTuple):
    """A person as a file names one: a name, an e-mail address, or both."""

    name: str | None
    email: str | None
    organisation: str | None = None
    is_vip: bool = False
    is_organisation_told: bool = False
    """The file knows of organisations: a person without one belongs to none."""


class PlannedCard(NamedTuple):
    """A card as the files tell it."""

    file: str
    line: int
    """Where its code stands."""
    code_column: str
    code: CodeDigests
    last_four: str
    aliases: tuple[CodeDigests, ...]
    currency: str
    product: PlannedProduct
    """What it is sold as."""
    products: tuple[PlannedProduct, ...]
    """Everything that it ever was sold as."""
    people: tuple[PlannedPerson, ...]
    """Everybody whom its journal names."""
    entries: tuple[Entry, ...]
    """Its whole journal. Where the store sets ids of products and people, it has their places in these two."""
    balance_minor: int
    last_day_on: date | None
    """None is never."""
    loaded_at: datetime | None
    """The latest load, UTC."""

    def remark(self, sentence: str) -> Remark:
        """A remark on the card's code."""
        return Remark(self.file, self.line, self.code_column, sentence)


_ENTRIES: Final = PlannedCard._fields.index("entries")


def _packed(card: PlannedCard) -> tuple[Any, ...]:
    """A card as a plain tuple."""
    return (*card[:_ENTRIES], [_entry_facts(entry) for entry in card.entries], *card[_ENTRIES + 1 :])


def _entry_facts(entry: Entry) -> tuple[Any, ...]:
    stamp = entry.stamp and _stamp_facts(entry.stamp)
    return (entry.kind.value, *_other_facts(entry), stamp)


_stamp_facts: Final = attrgetter(*(column.name for column in fields(Stamp)))
_other_facts: Final = attrgetter(*(column.name for column in fields(Entry) if column.name not in ("kind", "stamp")))
_KINDS: Final = {kind.value: kind for kind in Kind}


def _entry(kind: str, *facts: Any) -> Entry:
    stamp = facts[-1] and Stamp(*facts[-1])
    return Entry(_KINDS[kind], *(*facts[:-1], stamp))


def _unpacked(*facts: Any) -> PlannedCard:
    """The card that a plain tuple was made of."""
    entries = tuple(_entry(*each) for each in facts[_ENTRIES])
    return PlannedCard._make((*facts[:_ENTRIES], entries, *facts[_ENTRIES + 1 :]))


@dataclass
class Totals:
    """What the activities of one currency add up to, minor units; what was taken counts as positive."""

    outstanding_minor: int = 0
    sales_minor: int = 0
    redemptions_minor: int = 0
    breakage_minor: int = 0
    reversals_minor: int = 0
    imported_minor: int = 0

    def count(self, kind: Kind, minor: int) -> None:
        """Add one activity."""
        self.outstanding_minor += minor
        if kind in (Kind.ISSUE, Kind.TOP_UP):
            self.sales_minor += minor
        elif kind is Kind.REDEMPTION:
            self.redemptions_minor -= minor
        elif kind is Kind.BREAKAGE:
            self.breakage_minor -= minor
        elif kind in _REVERSALS:
            self.reversals_minor += minor
        else:
            self.imported_minor += minor


@dataclass
class Plan:
    """Everything that the files tell, and what is wrong with them; however many cards, little of it is in memory."""

    format: str
    digest: bytes
    """Of the bytes of all files, and of how they are read: names this import for ever."""
    expiry_meaning: str
    """How the source's expiry was read, as a sentence."""
    cards: Spool[PlannedCard] = field(default_factory=lambda: Spool(_packed, _unpacked))
    kinds: Counter[Kind] = field(default_factory=Counter)
    aliases: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """Rows that are no cards of ours, by what they are."""
    totals: dict[str, Totals] = field(default_factory=dict)
    """By currency."""
    with_balance: int = 0
    problems: Remarks = field(default_factory=Remarks)
    warnings: Remarks = field(default_factory=Remarks)
    has_codes_like_ours: bool | None = None
    """Whether any of the codes has the form of ours but fails our check; None: some come as digests."""
    has_codes_of_letters: bool | None = None
    """Whether any of the codes has no digit; None: some come as digests."""

    def add(self, card: PlannedCard) -> None:
        """Plan one more card."""
        self.cards.add(card)
        self.aliases += len(card.aliases)
        self.with_balance += card.balance_minor > 0
        totals = self.totals.setdefault(card.currency, Totals())
        for entry in card.entries:
            self.kinds[entry.kind] += 1
            if entry.amount_minor:
                totals.count(entry.kind, entry.amount_minor)


@dataclass(frozen=True, slots=True)
class ControlLine:
    """One control total, in minor units, against what the files hold; None where one side names no such currency."""

    currency: str
    expected_minor: int | None
    found_minor: int | None

    @property
    def is_right(self) -> bool:
        """Whether both agree."""
        return self.expected_minor == self.found_minor

    @property
    def sentence(self) -> str:
        """Both sides in words."""
        if self.found_minor is None:
            return f"There is a control total in {self.currency}, but the files hold no such money."
        found = f"{format_minor(self.found_minor, self.currency)} {self.currency}"
        if self.expected_minor is None:
            return f"The files hold {found}, and no control total was given for {self.currency}."
        if self.is_right:
            return f"The files hold {found}, as the control total says."
        return f"The files hold {found}; the control total says {format_minor(self.expected_minor, self.currency)}."


def compared(control: Mapping[str, int] | None, totals: Mapping[str, Totals]) -> tuple[ControlLine, ...]:
    """Control totals (minor units by currency) against what is outstanding; nothing when none were asked for."""
    if control is None:
        return ()
    return tuple(
        ControlLine(currency, control.get(currency), totals[currency].outstanding_minor if currency in totals else None)
        for currency in sorted({*control, *totals})
    )


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do."""

    format: str
    cards: int
    """In the files; of these, new_cards are not here yet."""
    new_cards: int
    activities: int
    kinds: Mapping[Kind, int]
    aliases: int
    with_balance: int
    skipped: Mapping[str, int]
    """Rows that were left out on purpose, by what they are."""
    totals: Mapping[str, Totals]
    """By currency, over all cards of the files."""
    new_products: tuple[str, ...]
    """Names. They come without validity rules: a manager must set those before such a card can be topped up."""
    new_people: int
    expiry_meaning: str
    """How the source's expiry was read, as a sentence."""
    warnings: tuple[Remark, ...]
    """The first ones of warning_count."""
    warning_count: int
    problems: tuple[Remark, ...]
    """The first ones of problem_count; while there is any, nothing is committed."""
    problem_count: int
    control: tuple[ControlLine, ...]
    """Empty when no control totals were given."""
    imported_at: datetime | None = None
    """When the same files were imported before, UTC; None when they never were, or not to their end."""
    in_before: int = 0
    """How many cards of the files an earlier import of them brought in before it was stopped."""
    is_committed: bool = False
    """The cards are in the store because of this import."""
    stopped_after: int | None = None
    """How many cards of the files are in, when somebody stopped the import before its end."""

    @property
    def is_already_imported(self) -> bool:
        """The same files were imported before: nothing is left to do."""
        return self.imported_at is not None

    @property
    def refusal(self) -> str | None:
        """Why these files can't be committed, as a sentence; None when they can."""
        wrong = [line.sentence for line in self.control if not line.is_right]
        if self.problem_count:
            what = "is 1 problem" if self.problem_count == 1 else f"are {self.problem_count:,} problems"
            wrong.insert(0, f"There {what} in the files.")
        return f"{' '.join(wrong)} Nothing was changed." if wrong else None
