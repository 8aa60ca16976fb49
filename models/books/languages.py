"""How Beancount and hledger write: what somebody typed can end neither a text nor a line of theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from models.books.charts import (
    ROOTS,
    Chart,
    as_beancount_writes,
    as_hledger_writes,
    check_for_beancount,
    check_for_hledger,
)
from models.books.entries import Entry
from models.rules.money import DECIMALS, format_minor

_FIRST_DAY: Final = date(1970, 1, 1)
_DAY: Final = timedelta(days=1)
_LONGEST: Final = 200


class Language(Protocol):
    """One tool's way to write books. Every text ends its last line."""

    @property
    def beginning(self) -> str:
        """How each of its files begins."""

    def head(self, chart: Chart, title: str, notes: list[str], /) -> str:
        """The first lines of a file."""

    def currency(self, currency: str) -> str:
        """That amounts are in a currency."""

    def account(self, name: str) -> str:
        """That there is an account."""

    def entry(self, entry: Entry, names: tuple[str, str]) -> str:
        """One entry, with the names of its accounts."""

    def holds(self, after: date, name: str, minor: int, currency: str) -> str:
        """That an account holds an amount at the end of a day: the tool refuses the file otherwise."""


def plain(text: str) -> str:
    """A text that somebody typed, in one line without characters that can't be printed."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:_LONGEST]


class _Beancount:
    beginning = "; giftdesk: books for Beancount\n"

    def head(self, chart: Chart, title: str, notes: list[str], /) -> str:
        roots = [f'option "name_{root}" {_quoted(chart.roots[root])}' for root in ROOTS]
        lines = [*(f"; {plain(note)}" for note in notes), f'option "title" {_quoted(title)}', *roots]
        return self.beginning + "\n".join(lines) + "\n"

    def currency(self, currency: str) -> str:
        return f'{_FIRST_DAY} commodity {currency}\noption "operating_currency" "{currency}"\n'

    def account(self, name: str) -> str:
        return f"{_FIRST_DAY} open {name}\n"

    def entry(self, entry: Entry, names: tuple[str, str]) -> str:
        tags = "".join(f"  {name}: {_quoted(text)}\n" for name, text in entry.tags)
        postings = zip(names, entry.postings, strict=True)
        lines = "".join(
            f"  {name}  {format_minor(posting.minor, entry.currency)} {entry.currency}\n" for name, posting in postings
        )
        return f'\n{entry.on} * "{entry.words}"\n{tags}{lines}'

    def holds(self, after: date, name: str, minor: int, currency: str) -> str:
        # A balance is compared at the beginning of its day; without a tolerance a penny more or less would pass.
        return f"{after + _DAY} balance {name}  {format_minor(minor, currency)} ~ 0 {currency}\n"


def _quoted(text: str) -> str:
    escaped = plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _Hledger:
    beginning = "; giftdesk: books for hledger\n"

    def head(self, _chart: Chart, title: str, notes: list[str], /) -> str:
        lines = [f"; {plain(line)}" for line in (title, *notes)]
        return self.beginning + "\n".join([*lines, "decimal-mark ."]) + "\n"

    def currency(self, currency: str) -> str:
        places = DECIMALS.get(currency, 2)
        return f"commodity 1000.{'0' * places} {currency}\n"

    def account(self, name: str) -> str:
        return f"account {name}\n"

    def entry(self, entry: Entry, names: tuple[str, str]) -> str:
        tags = "".join(f"    ; {name}: {_tag(text)}\n" for name, text in entry.tags)
        postings = zip(names, entry.postings, strict=True)
        lines = "".join(
            f"    {name}  {format_minor(posting.minor, entry.currency)} {entry.currency}\n"
            for name, posting in postings
        )
        return f"\n{entry.on} * {entry.words}\n{tags}{lines}"

    def holds(self, after: date, name: str, minor: int, currency: str) -> str:
        nothing, amount = format_minor(0, currency), format_minor(minor, currency)
        return f"\n{after} * balance\n    {name}  {nothing} {currency} = {amount} {currency}\n"


# In a comment these begin another tag, or a date of its own.
_OF_TAGS: Final = str.maketrans(",:[];", "     ")


def _tag(text: str) -> str:
    return plain(text.translate(_OF_TAGS))


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that reads books."""

    name: str
    """As the command line calls it."""
    title: str
    language: Language
    check: Callable[[Chart], None]
    """Refuses names that it would not take for accounts. Raises BadAccount."""
    product: Callable[[str], str]
    """A product's short name as it can write it."""


BEANCOUNT: Final = Tool("beancount", "Beancount", _Beancount(), check_for_beancount, as_beancount_writes)
HLEDGER: Final = Tool("hledger", "hledger", _Hledger(), check_for_hledger, as_hledger_writes)
