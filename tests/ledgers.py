"""What the accounting tools themselves say of a file of books: whether they take it, and what it adds up to."""

import csv
import os
import shutil
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from models.rules.money import DECIMALS

NEEDED = "GIFTDESK_TESTS_NEED_HLEDGER"
"""Set where a missing hledger is a failure and no reason to skip, as it is in continuous integration."""
TOOLS = ("beancount", "hledger")
# hledger reads in the encoding of the locale.
_UTF_8 = {**os.environ, "LC_ALL": "C.UTF-8"}
Balances = Counter[tuple[str, str]]
"""Minor units by account and currency; what comes to nothing is left out."""
Months = Counter[tuple[str, str, str]]
"""The same by month, as 2026-05, in front."""


def check(tool: str, path: Path) -> str:
    """What a tool has against a file; nothing when it takes it."""
    return _CHECKS[tool](path)


def by_month(tool: str, path: Path) -> Months:
    """What moved on every account of a file in every month, as the tool adds it up."""
    found = _READERS[tool](path)
    return Counter({key: minor for key, minor in found.items() if minor})


def balances(tool: str, path: Path) -> Balances:
    """What every account of a file holds in the end."""
    found: Balances = Counter()
    for (_, account, currency), minor in by_month(tool, path).items():
        found[account, currency] += minor
    return Counter({key: minor for key, minor in found.items() if minor})


def tags(path: Path) -> set[str]:
    """The names of all that hledger reads in the comments of a file."""
    run = subprocess.run([hledger(), "-f", str(path), "tags"], capture_output=True, text=True, check=True, env=_UTF_8)
    return set(run.stdout.splitlines())


def hledger() -> str:
    """Where hledger is. Where it is not, what needs it is skipped, or fails if it must not."""
    found = shutil.which("hledger")
    if found is None and os.environ.get(NEEDED):
        pytest.fail(f"{NEEDED} is set, but hledger is not installed")
    return found or pytest.skip("hledger is not installed")


def bean_check(path: Path) -> str:
    """What Beancount's own command has against a file."""
    found = shutil.which("bean-check", path=str(Path(sys.executable).parent)) or shutil.which("bean-check")
    assert found is not None, "bean-check is not installed"
    return _said([found, "--no-cache", str(path)])


def _by_its_library(path: Path) -> str:
    from beancount import loader

    _, errors, _ = loader.load_file(str(path))
    return "\n".join(error.message for error in errors)


def _hledger_check(path: Path) -> str:
    return _said([hledger(), "check", "--strict", "-f", str(path)])


def _said(command: list[str]) -> str:
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=_UTF_8)
    assert bool(run.returncode) == bool(run.stderr), run
    return run.stderr


_CHECKS = {"beancount": _by_its_library, "hledger": _hledger_check}


def _minor(amount: Decimal, currency: str) -> int:
    minor = amount.scaleb(DECIMALS[currency])
    assert minor == int(minor)
    return int(minor)


def _by_beancount(path: Path) -> Months:
    from beancount import loader
    from beancount.core.data import Transaction

    entries, errors, _ = loader.load_file(str(path))
    assert not errors
    found: Months = Counter()
    for entry in entries:
        for posting in entry.postings if isinstance(entry, Transaction) else ():
            units = posting.units
            assert units is not None
            assert isinstance(units.number, Decimal)
            found[f"{entry.date:%Y-%m}", posting.account, units.currency] += _minor(units.number, units.currency)
    return found


def _by_hledger(path: Path) -> Months:
    asked = ["balance", "--monthly", "--flat", "--layout", "bare", "-O", "csv", "--no-total"]
    run = subprocess.run([hledger(), "-f", str(path), *asked], capture_output=True, text=True, check=True, env=_UTF_8)
    found: Months = Counter()
    for row in csv.DictReader(run.stdout.splitlines()):
        account, currency = row.pop("account"), row.pop("commodity")
        for month, amount in row.items():
            if currency:
                found[month, account, currency] += _minor(Decimal(amount), currency)
    return found


_READERS = {"beancount": _by_beancount, "hledger": _by_hledger}
