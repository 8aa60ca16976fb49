"""The chart of accounts: how the books call each account, and which names a tool takes.

A name may hold {currency} and {product}: the three letters, and the product's short name as the tool can write it.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from models.books.entries import Account
from models.rules.errors import RuleError
from models.settings import where_it_breaks
from models.short_files import read_short

_LONGEST: Final = 200
ROOTS: Final = ("assets", "liabilities", "equity", "income", "expenses")
"""The five kinds of accounts that Beancount knows, as its options and the file of accounts call them."""
USUAL: Final[Mapping[Account, str]] = {
    Account.LIABILITY: "Liabilities:GiftCards",
    Account.BANK: "Assets:Bank",
    Account.MARKETING: "Expenses:Marketing",
    Account.SALES: "Income:Sales",
    Account.BREAKAGE: "Income:Breakage",
    Account.TRANSFERS: "Liabilities:GiftCardTransfers",
    Account.ADJUSTMENTS: "Expenses:GiftCardAdjustments",
    Account.OPENING: "Equity:OpeningBalances",
}


class BadAccount(RuleError):
    """A name that a tool would not take for an account."""


@dataclass(frozen=True, slots=True)
class Chart:
    """How the accounts are called."""

    names: Mapping[Account, str] = field(default_factory=lambda: USUAL)
    roots: Mapping[str, str] = field(default_factory=lambda: {root: root.title() for root in ROOTS})
    """What Beancount's five kinds are called."""

    @property
    def is_by_product(self) -> bool:
        """Whether what the desk owes is told product by product."""
        return "{product}" in self.names[Account.LIABILITY]

    def name(self, account: Account, currency: str, product: str) -> str:
        """What an account is called, for a currency and for a product as the tool can write it."""
        return self.names[account].replace("{currency}", currency).replace("{product}", product)


def read_chart(path: Path) -> Chart:
    """The chart in a TOML file; what it leaves out is as usual.

    Raises Fault for a file that can't be read, BadAccount for what it can't mean.
    """
    read = read_short(path, "a chart of accounts", BadAccount, "Nothing was written.")
    text = read.decode(errors="replace")
    try:
        said = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        where = where_it_breaks(error, text)
        raise BadAccount(f'{path.name}, {where}: it can\'t be read. Write a line like: bank = "Assets:Bank"') from None
    return chart_of(said)


def chart_of(said: Mapping[str, Any]) -> Chart:
    """The chart that a file says. Raises BadAccount."""
    accounts = {name: value for name, value in said.items() if name != "roots"}
    unknown = sorted(accounts.keys() - set(Account))
    if unknown:
        raise BadAccount(f"There is no account {unknown[0][:40]!r}; there are {', '.join(Account)}, and [roots].")
    roots = said.get("roots", {})
    if not isinstance(roots, dict) or not roots.keys() <= set(ROOTS):
        raise BadAccount(f"[roots] has the names of Beancount's kinds of accounts: {', '.join(ROOTS)}.")
    texts = [*accounts.items(), *roots.items()]
    for name, value in texts:
        _check_text(name, value)
    usual = Chart()
    chart = Chart(
        {**usual.names, **{Account(name): value for name, value in accounts.items()}}, {**usual.roots, **roots}
    )
    _check_apart(chart)
    return chart


def _check_text(name: str, value: Any) -> None:
    if not isinstance(value, str) or not value or len(value) > _LONGEST or not value.isprintable():
        raise BadAccount(f"{name} is a text of {_LONGEST} characters at most; write it in quotes.")
    if {"{", "}"} & set(value.replace("{currency}", "").replace("{product}", "")):
        raise BadAccount(f"{name}: {value[:60]!r} may hold {{currency}} and {{product}}, and no other name in braces.")


def _check_apart(chart: Chart) -> None:
    """What the desk owes is compared at the end of a period: nothing else may be in that account, or below it."""
    liability = chart.names[Account.LIABILITY]
    for account, name in chart.names.items():
        if account is not Account.LIABILITY and (name == liability or name.startswith(f"{liability}:")):
            raise BadAccount(f"{account}: {name[:60]!r} lies in the account of the liability; give it another.")


def check_for_beancount(chart: Chart) -> None:
    """Refuse names that Beancount would not take. Raises BadAccount with the rule."""
    roots = list(chart.roots.values())
    for kind, root in chart.roots.items():
        if not _is_component(root, is_root=True) or roots.count(root) > 1:
            raise BadAccount(f"{kind}: {root[:60]!r} must begin with a capital letter, and be another for each kind.")
    for account, name in chart.names.items():
        root, *below = chart.name(account, "GBP", "X").split(":")
        if root not in roots:
            raise BadAccount(f"{account}: {name[:60]!r} must begin with {', '.join(roots)}, and a colon behind it.")
        if not below or not all(_is_component(each) for each in below):
            raise BadAccount(
                f"{account}: {name[:60]!r} is no account of Beancount: between colons stand letters, digits and "
                "dashes, first a capital letter or a digit."
            )


def _is_component(text: str, *, is_root: bool = False) -> bool:
    kinds = [unicodedata.category(character) for character in text]
    begins = bool(kinds) and (kinds[0] == "Lu" or (kinds[0] == "Nd" and not is_root))
    goes_on = zip(text[1:], kinds[1:], strict=True)
    return begins and all(character == "-" or kind[0] == "L" or kind == "Nd" for character, kind in goes_on)


_HLEDGERS_OWN: Final = "();[]*!|"


def check_for_hledger(chart: Chart) -> None:
    """Refuse names that hledger would read otherwise. Raises BadAccount with the rule."""
    for account, name in chart.names.items():
        parts = chart.name(account, "GBP", "X").split(":")
        is_split = "  " in name or name != name.strip() or not all(part.strip() for part in parts)
        if is_split or any(character in name for character in _HLEDGERS_OWN):
            raise BadAccount(
                f"{account}: {name[:60]!r} is no account of hledger: one space at most between words, something "
                f"between colons, and none of {' '.join(_HLEDGERS_OWN)}."
            )


def as_beancount_writes(product: str) -> str:
    """A product's short name as a part of an account of Beancount: capital first, letters, digits and dashes."""
    text = "".join(each if each.isascii() and each.isalnum() else "-" for each in product)
    return text[:1].upper() + text[1:] if text[:1].isalnum() else f"X{text}"


def as_hledger_writes(product: str) -> str:
    """A product's short name as a part of an account of hledger."""
    kept = "".join(" " if each in f"{_HLEDGERS_OWN}:" or not each.isprintable() else each for each in product)
    return " ".join(kept.split()) or "X"
